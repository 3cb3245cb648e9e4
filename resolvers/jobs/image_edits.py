"""Ordering a changed picture: a candidate out of another one, as somebody says in words."""

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import Job, JobKind
from documents.text import Remark
from documents.tree.node import Stored
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs.generation import new_job, start_one
from resolvers.jobs.idempotency import part_of, replayed_many
from resolvers.jobs.providers import registry_for, unsupported
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.images import holder


class _Instruction(Stored):
    """What somebody says that is to change."""

    instruction: Remark


async def edit(
    context: Context,
    project_id: PydanticObjectId,
    image_id: PydanticObjectId,
    *,
    instruction: str,
    choose: bool,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have a candidate picture changed; the changed one stands beside it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the picture, or not produce it.
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
    ordinals = await job_list.next_ordinals(project_id, JobKind.IMAGE_EDIT)
    job = new_job(
        context,
        JobKind.IMAGE_EDIT,
        project_id,
        node_id=frame.id,
        ordinal=ordinals[JobKind.IMAGE_EDIT, frame.id],
        key=key,
        payload={"image_id": str(image_id), "instruction": good["instruction"], "choose": choose},
    )
    return await start_one(context, job, project)
