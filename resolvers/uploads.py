"""Uploads: announced, sent straight to S3, handed to a worker for checking, forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents import upload_list
from documents.errors import NodeMissing
from documents.job import QUEUE_OF, Job, JobKind, JobState
from documents.project import Project
from documents.upload import (
    OPEN,
    PICTURE_BYTES_MAX,
    PICTURE_EXTENSIONS,
    Upload,
    UploadPurpose,
    UploadState,
)
from resolvers.changes import Removed, answer, remove
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from storage import keys
from storage.object_store import PresignedRequest
from tasks.derived import derived_id

_OPEN_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Announced:
    """An upload, and the request that sends its file."""

    upload: Upload
    request: PresignedRequest


async def create(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    values: Mapping[str, Any],
) -> Outcome[Announced]:
    """Announce a picture for a frame and sign the request that sends it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
        NodeMissing: the frame is gone.
    """
    viewer = context.require_viewer()
    await context.projects.check(project_id, Permission.PROJECT_EDIT)
    good, faults = checked(Upload, values, at="input")
    faults += _beyond_rules(values)
    if faults:
        return Outcome(user_errors=faults)
    now = context.services.now()
    upload_id = PydanticObjectId()
    extension = PICTURE_EXTENSIONS[good["mime_type"]]
    upload = Upload(
        **good,
        id=upload_id,
        purpose=UploadPurpose.FRAME_IMAGE,
        frame_id=frame_id,
        key=keys.project_upload(str(project_id), str(upload_id), extension),
        created_by=viewer.user_id,
        created_at=now,
        expires_at=now + _OPEN_FOR,
    )
    # Signed first: an upload that nobody can send is not announced.
    request = await context.services.objects.presign_put(
        upload.key, upload.mime_type, upload.size_bytes, int(_OPEN_FOR.total_seconds())
    )
    outcome: Outcome[Any] = await answer(context, upload_list.announce(project_id, upload, now=now))
    if outcome.user_errors:
        return outcome
    assert isinstance(outcome.result, Upload)  # noqa: S101 - what was just added
    return Outcome(Announced(outcome.result, request))


def _beyond_rules(values: Mapping[str, Any]) -> list[UserError]:
    faults = []
    if values["mime_type"] not in PICTURE_EXTENSIONS:
        text = f"Taken are {', '.join(PICTURE_EXTENSIONS)}."
        faults.append(UserError(UserErrorCode.INVALID, "input.mimeType", text))
    if not 1 <= values["size_bytes"] <= PICTURE_BYTES_MAX:
        text = f"A picture has 1 to {PICTURE_BYTES_MAX} bytes, not {values['size_bytes']}."
        faults.append(UserError(UserErrorCode.INVALID, "input.sizeBytes", text))
    if not values["file_name"].strip():
        faults.append(UserError(UserErrorCode.INVALID, "input.fileName", "Must not be empty."))
    return faults


async def complete(
    context: Context, project_id: PydanticObjectId, upload_id: PydanticObjectId, *, choose: bool
) -> Outcome[Upload]:
    """Hand an uploaded file to a worker, which looks into it and makes it a candidate of its frame.

    Completing twice starts one check, unless the first one failed or was canceled.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the upload, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    upload = _upload(project, upload_id)
    if upload.state not in OPEN:
        return Outcome(upload)
    checks = await Job.find(
        {"project_id": project_id, "kind": JobKind.UPLOAD_CHECK, "node_id": upload_id}
    ).to_list()
    is_under_way = any(check.state not in {JobState.FAILED, JobState.CANCELED} for check in checks)
    if is_under_way and upload.state is UploadState.CHECKING:
        return Outcome(upload)
    if not is_under_way:
        fault = await _not_there(context, upload)
        if fault is not None:
            return Outcome.refused(UserErrorCode.INVALID, fault, at="input.uploadId", result=upload)
        # The job comes first: the other way round, a process that dies in between leaves an upload in
        # CHECKING that nobody checks. The worker may then be done before the state is written, which is no
        # refusal.
        check = _check(context, project_id, upload_id, number=len(checks), choose=choose)
        await context.services.dispatcher.start([check])
    try:
        return await answer(
            context,
            upload_list.advance(
                project_id,
                upload_id,
                {"state": UploadState.CHECKING},
                from_states=OPEN,
                now=context.services.now(),
            ),
        )
    except NodeMissing:
        return Outcome(_upload(await context.projects.load(project_id, Permission.PROJECT_EDIT), upload_id))


def _check(
    context: Context,
    project_id: PydanticObjectId,
    upload_id: PydanticObjectId,
    *,
    number: int,
    choose: bool,
) -> Job:
    """The check of an upload that follows `number` checks that came to nothing; ordered twice, it is one."""
    job_id = derived_id("upload check", upload_id, number)
    return Job(
        id=job_id,
        kind=JobKind.UPLOAD_CHECK,
        queue=QUEUE_OF[JobKind.UPLOAD_CHECK],
        project_id=project_id,
        node_id=upload_id,
        owner_id=context.require_viewer().user_id,
        root_id=job_id,
        units_total=1,
        idempotency_key=f"upload:{upload_id}:{number}",
        payload={"choose": choose},
        queued_at=context.services.now(),
    )


async def _not_there(context: Context, upload: Upload) -> str | None:
    """Why the file cannot be checked yet, or None."""
    if upload.state is UploadState.PENDING and context.services.now() >= upload.expires_at:
        return "This upload has expired: announce it anew with createUpload."
    facts = await context.services.objects.stat(upload.key)
    if facts is None:
        return "The file has not arrived: send it with the request that createUpload returned."
    if facts.size_bytes != upload.size_bytes:
        return (
            f"{facts.size_bytes} bytes have arrived where {upload.size_bytes} were announced: send it again."
        )
    return None


async def cancel(
    context: Context, project_id: PydanticObjectId, upload_id: PydanticObjectId
) -> Outcome[Removed]:
    """Forget an upload and what was sent of it; a picture that it has become stays.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the upload, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    upload = _upload(project, upload_id)
    change = upload_list.forget(project_id, upload_id, now=context.services.now())
    outcome: Outcome[Removed] = await remove(context, Removed("Upload", project_id, upload_id), change)
    await context.services.objects.delete(upload.key)
    return outcome


def _upload(project: Project, upload_id: PydanticObjectId) -> Upload:
    for upload in project.uploads:
        if upload.id == upload_id:
            return upload
    raise NotFound("Upload")
