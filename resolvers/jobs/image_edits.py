"""Ordering a changed picture: a candidate out of another one, as somebody says in words."""

from collections.abc import Mapping
from typing import Final

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import Job, JobKind
from documents.media.upload import UploadPurpose
from documents.projects.project import Project
from documents.text import Remark
from documents.tree.node import Stored
from providers.protocols.offer import Capability
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs.generation import new_job, start_one
from resolvers.jobs.idempotency import part_of, replayed_many
from resolvers.jobs.providers import registry_for, unsupported
from resolvers.media.uploads import load
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.images import holder
from tasks.uploads.targets.edit_mask import mask_key

_MASK: Final = "input.maskUploadId"


class _Instruction(Stored):
    """What somebody says that is to change."""

    instruction: Remark


async def edit(
    context: Context,
    project_id: PydanticObjectId,
    image_id: PydanticObjectId,
    *,
    instruction: str,
    mask_upload_id: PydanticObjectId | None,
    choose: bool,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have a candidate picture changed; the changed one stands beside it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, the picture or the mask, or not produce it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    frame = holder(project, image_id)
    key = part_of(idempotency_key, frame.id, 0)
    known = await replayed_many(
        context, idempotency_key, JobKind.IMAGE_EDIT, project_id, parts=[key] if key else None
    )
    if known:
        return Outcome(next(iter(known.result or []), None), known.user_errors)
    good, faults = checked(_Instruction, {"instruction": instruction}, at="input")
    if faults:
        return Outcome(user_errors=faults)
    most = context.services.caps.candidates_per_frame
    if len(frame.images) >= most:
        text = f"A frame has at most {most} candidates: remove some with deleteImage."
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text, at="input.imageId")
    registry = await registry_for(context, project)
    if fault := unsupported(registry, Capability.IMAGE_EDIT, provider=project.style.image_provider):
        return Outcome(user_errors=[fault])
    mask: Mapping[str, str] | None = None
    if mask_upload_id is not None:
        found = await _mask(context, project, image_id, mask_upload_id, registry)
        if isinstance(found, UserError):
            return Outcome(user_errors=[found])
        mask = found
    ordinals = await job_list.next_ordinals(project_id, JobKind.IMAGE_EDIT)
    job = new_job(
        context,
        JobKind.IMAGE_EDIT,
        project_id,
        node_id=frame.id,
        ordinal=ordinals[JobKind.IMAGE_EDIT, frame.id],
        key=key,
        payload={
            "image_id": str(image_id),
            "instruction": good["instruction"],
            "mask": mask,
            "choose": choose,
        },
    )
    return await start_one(context, job, project)


async def _mask(
    context: Context,
    project: Project,
    image_id: PydanticObjectId,
    upload_id: PydanticObjectId,
    registry: ProviderRegistry,
) -> Mapping[str, str] | UserError:
    """What a job needs to know of a mask, or why it is of no use here.

    Raises:
        NotFound: the upload is not there, or not the viewer's to see.
    """
    style = project.style
    editor = registry.image_editor(style.image_provider)
    if editor.model_for_mask(style.image_model) is None:
        who = style.image_model or editor.offer.provider
        text = f"{who} takes no mask: leave it out, or choose an image provider with `takesMasks`."
        return UserError(UserErrorCode.UNSUPPORTED, _MASK, text)
    upload = await load(context, upload_id, to_send=False)
    if upload.purpose is not UploadPurpose.EDIT_MASK or upload.target_id != image_id:
        text = "This upload is no mask of this picture: send one for the target `editMask` with its id."
        return UserError(UserErrorCode.INVALID, _MASK, text)
    if upload.asset_id is None or upload.sha256 is None:
        text = f"The mask is {upload.state.value}, not ATTACHED: {upload.reason or 'wait for its check.'}"
        return UserError(UserErrorCode.INVALID, _MASK, text)
    key = mask_key(upload, upload.asset_id)
    if not await context.services.objects.exists(key):
        return UserError(UserErrorCode.INVALID, _MASK, "The mask is gone: send it again.")
    return {"key": key, "sha256": upload.sha256}
