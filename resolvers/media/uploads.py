"""Uploads: announced, sent straight to S3, handed to a worker for checking, canceled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from beanie import PydanticObjectId

from access.errors import NotFound
from documents.errors import CapReached
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.media import upload_life
from documents.media.upload import OPEN, Upload, UploadState
from documents.projects.project import Project
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.media.upload_targets import Destination, require_sender, require_witness
from resolvers.outcome import Outcome, UserError, UserErrorCode
from storage import keys
from storage.errors import ObjectMissing, StorageRefused
from storage.part_transfers import ArrivedPart
from storage.presigned_request import PresignedRequest
from tasks.job_engine.derived import derived_id
from tasks.uploads.targets.registry import TARGETS
from tasks.uploads.targets.target import Taken

_OPEN_FOR: Final = timedelta(hours=1)
_RESUMABLE_FOR: Final = timedelta(days=1)
_AT_ONCE_MAX: Final = 32 * 1024**2
_PART_BYTES: Final = 8 * 1024**2
_PARTS_MAX: Final = 2_000
_PARTS_A_CALL: Final = 100
_SHOWN_OF_PROJECT: Final = 200


@dataclass(frozen=True, slots=True)
class Announced:
    """An upload, and the request that sends its file; None for one that is sent in parts."""

    upload: Upload
    request: PresignedRequest | None


@dataclass(frozen=True, slots=True)
class SignedPart:
    """A request that sends one part, which has `size_bytes`; parts are counted from 1."""

    number: int
    size_bytes: int
    request: PresignedRequest


async def create(
    context: Context,
    destination: Destination,
    *,
    file_name: str,
    mime_type: str,
    size_bytes: int,
    is_resumable: bool | None = None,
) -> Outcome[Announced]:
    """Announce a file and sign the request that sends it.

    Args:
        context: the operation's.
        destination: what it is for.
        file_name: on the sender's machine; only shown.
        mime_type: as the sender believes.
        size_bytes: exactly.
        is_resumable: whether it is sent in parts; None leaves it to the size.

    Raises:
        NotFound, Forbidden: the viewer may not see where it goes, or not send anything there.
    """
    viewer = context.require_viewer()
    await require_sender(context, destination)
    good, faults = checked(Upload, {"file_name": file_name, "mime_type": mime_type}, at="input")
    now, upload_id = context.services.now(), PydanticObjectId()
    in_parts = size_bytes > _AT_ONCE_MAX if is_resumable is None else is_resumable
    draft = Upload.model_construct(
        purpose=destination.purpose,
        project_id=destination.project_id,
        company_id=destination.company_id,
        user_id=destination.user_id,
        target_id=destination.target_id,
        options=dict(destination.options),
    )
    taken = TARGETS[destination.purpose].taken(draft)
    faults += [*destination.faults, *_beyond_rules(taken, mime_type, size_bytes)]
    if faults:
        return Outcome(user_errors=faults)
    media_type = taken.of(mime_type)
    assert media_type is not None  # noqa: S101 - the rules were kept
    upload = Upload(
        **good,
        id=upload_id,
        purpose=destination.purpose,
        project_id=destination.project_id,
        company_id=destination.company_id,
        user_id=destination.user_id,
        target_id=destination.target_id,
        options=dict(destination.options),
        key=_raw_key(destination, upload_id, media_type.extension),
        size_bytes=size_bytes,
        part_size_bytes=max(_PART_BYTES, -(-size_bytes // _PARTS_MAX)) if in_parts else None,
        created_by=viewer.user_id,
        created_at=now,
        expires_at=now + (_RESUMABLE_FOR if in_parts else _OPEN_FOR),
    )
    # Signed first: an upload that nobody can send is not announced.
    request = None if in_parts else await _request(context, upload)
    try:
        await upload_life.announce(upload, context.services.upload_allowance, now=now)
    except CapReached as cap:
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, str(cap))
    return Outcome(Announced(upload, request))


def _beyond_rules(taken: Taken, mime_type: str, size_bytes: int) -> list[UserError]:
    faults = []
    if taken.of(mime_type) is None:
        text = f"Taken are {', '.join(each.mime_type for each in taken.types)}."
        faults.append(UserError(UserErrorCode.INVALID, "input.mimeType", text))
    if not 1 <= size_bytes <= taken.size_bytes:
        text = f"Such a file has 1 to {taken.size_bytes:,} bytes, not {size_bytes:,}."
        faults.append(UserError(UserErrorCode.INVALID, "input.sizeBytes", text))
    return faults


def _raw_key(whose: Destination, upload_id: PydanticObjectId, extension: str) -> str:
    if whose.project_id is not None:
        return keys.project_upload(str(whose.project_id), str(upload_id), extension)
    if whose.company_id is not None:
        return keys.company_upload(str(whose.company_id), str(upload_id), extension)
    return keys.user_file(str(whose.user_id), "uploads", str(upload_id), extension)


async def _request(context: Context, upload: Upload) -> PresignedRequest:
    return await context.services.objects.presign_put(
        upload.key, upload.mime_type, upload.size_bytes, int(_OPEN_FOR.total_seconds())
    )


async def load(context: Context, upload_id: PydanticObjectId, *, to_send: bool) -> Upload:
    """An upload that the viewer may look at, or do something with.

    Raises:
        NotFound: there is none, or it is not the viewer's to see.
        Forbidden: the viewer may see it but not do this.
    """
    context.require_viewer()
    upload = await Upload.get(upload_id)
    if upload is None or upload.state is UploadState.CANCELED:
        raise NotFound("Upload")
    try:
        await require_witness(context, upload)
    except NotFound:
        raise NotFound("Upload") from None
    if to_send:
        await require_sender(context, upload)
    return upload


async def visible(context: Context, upload_id: PydanticObjectId) -> Upload | None:
    """An upload; None if there is none, or it is not the viewer's to see."""
    try:
        return await load(context, upload_id, to_send=False)
    except NotFound:
        return None


async def of_project(project: Project) -> Sequence[Upload]:
    """The newest uploads of a project that the viewer has loaded, in the order of their coming."""
    return await upload_life.newest_of_project(project.id, most=_SHOWN_OF_PROJECT)


async def sign_parts(
    context: Context, upload_id: PydanticObjectId, numbers: Sequence[int]
) -> Outcome[Sequence[SignedPart]]:
    """Sign requests that send parts of a file; one that was sent may be sent again, and replaces it.

    Raises:
        NotFound, Forbidden: the viewer may not see the upload, or not send it.
    """
    upload = await load(context, upload_id, to_send=True)
    if fault := _not_in_parts(context, upload):
        return Outcome.refused(UserErrorCode.INVALID, fault, at="input.uploadId")
    wanted = sorted(set(numbers))
    if not wanted or len(wanted) > _PARTS_A_CALL or wanted[0] < 1 or wanted[-1] > upload.parts_total:
        text = f"Ask for 1 to {_PARTS_A_CALL} parts, numbered from 1 to {upload.parts_total}."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.numbers")
    multipart_id = upload.multipart_id or await _begin_parts(context, upload)
    lasting_s = int(min(_OPEN_FOR, upload.expires_at - context.services.now()).total_seconds())
    return Outcome(
        [
            SignedPart(
                number,
                part_size(upload, number),
                await context.services.objects.parts.presign(
                    upload.key, multipart_id, number, max(1, lasting_s)
                ),
            )
            for number in wanted
        ]
    )


def part_size(upload: Upload, number: int) -> int:
    """How many bytes the part of this number has."""
    size_bytes = upload.part_size_bytes or upload.size_bytes
    return min(size_bytes, upload.size_bytes - (number - 1) * size_bytes)


def _not_in_parts(context: Context, upload: Upload) -> str | None:
    if upload.part_size_bytes is None:
        return "This upload is sent at once, with the request that createUpload returned."
    if upload.state is not UploadState.PENDING:
        return f"This upload is {upload.state.value}: there is nothing more to send."
    if context.services.now() >= upload.expires_at:
        return "This upload has expired: announce it anew with createUpload."
    return None


async def _begin_parts(context: Context, upload: Upload) -> str:
    """Begin the transfer once, however many ask for its first parts at the same time."""
    begun = await context.services.objects.parts.begin(upload.key, upload.mime_type)
    mine = await upload_life.advance(upload.id, {"multipart_id": begun}, condition={"multipart_id": None})
    if mine is not None:
        return begun
    await context.services.objects.parts.break_off(upload.key, begun)
    current = await Upload.get(upload.id)
    if current is None or current.multipart_id is None:
        raise NotFound("Upload")
    return current.multipart_id


async def arrived_parts(context: Context, upload: Upload) -> Sequence[ArrivedPart]:
    """The parts of a file that are there, in order; none before the first and after the last is put on."""
    if upload.multipart_id is None or upload.state is not UploadState.PENDING:
        return []
    try:
        return await context.services.objects.parts.arrived(upload.key, upload.multipart_id)
    except ObjectMissing:  # put together or swept a moment ago
        return []


async def complete(context: Context, upload_id: PydanticObjectId, *, choose: bool | None) -> Outcome[Upload]:
    """Hand an uploaded file to a worker, which looks into it and attaches it.

    Completing twice starts one check, unless the first one failed or was canceled.

    Raises:
        NotFound, Forbidden: the viewer may not see the upload, or not send it.
    """
    upload = await load(context, upload_id, to_send=True)
    if upload.state not in OPEN:
        return Outcome(upload)
    checks = await Job.find({"owner_id": upload.created_by, "idempotency_key": _keys_of(upload_id)}).to_list()
    is_under_way = any(check.state not in {JobState.FAILED, JobState.CANCELED} for check in checks)
    if is_under_way and upload.state is UploadState.CHECKING:
        return Outcome(upload)
    if not is_under_way:
        fault = await _not_there(context, upload)
        if fault is not None:
            return Outcome.refused(UserErrorCode.INVALID, fault, at="input.uploadId", result=upload)
        if choose is not None and choose != upload.options.get("choose"):
            await upload_life.advance(upload_id, {"options.choose": choose})
        # The job comes first: the other way round, a process that dies in between leaves an upload in
        # CHECKING that nobody checks. The worker may then be done before the state is written, which is no
        # refusal.
        await context.services.dispatcher.start([_check(context, upload, number=len(checks))])
    await upload_life.advance(upload_id, {"state": UploadState.CHECKING})
    return Outcome(await load(context, upload_id, to_send=True))


def _keys_of(upload_id: PydanticObjectId) -> dict[str, str]:
    return {"$gte": f"upload:{upload_id}:", "$lt": f"upload:{upload_id};"}


def _check(context: Context, upload: Upload, *, number: int) -> Job:
    """The check of an upload that follows `number` checks that came to nothing; ordered twice, it is one.

    It takes the turns of whoever announced the upload, whoever completes it.
    """
    job_id = derived_id("upload check", upload.id, number)
    return Job(
        id=job_id,
        kind=JobKind.UPLOAD_CHECK,
        queue=QUEUE_OF[JobKind.UPLOAD_CHECK],
        project_id=upload.project_id,
        node_id=upload.id,
        owner_id=upload.created_by,
        root_id=job_id,
        units_total=1,
        idempotency_key=f"upload:{upload.id}:{number}",
        queued_at=context.services.now(),
    )


async def _not_there(context: Context, upload: Upload) -> str | None:
    """Why the file cannot be checked yet, or None; parts that are all there are put together."""
    if upload.state is UploadState.PENDING and context.services.now() >= upload.expires_at:
        return "This upload has expired: announce it anew with createUpload."
    facts = await context.services.objects.stat(upload.key)
    if facts is None and upload.part_size_bytes is not None:
        if fault := await _put_together(context, upload):
            return fault
        facts = await context.services.objects.stat(upload.key)
    if facts is None:
        return "The file has not arrived: send it with the request that createUpload returned."
    if facts.size_bytes != upload.size_bytes:
        return (
            f"{facts.size_bytes} bytes have arrived where {upload.size_bytes} were announced: send it again."
        )
    return None


async def _put_together(context: Context, upload: Upload) -> str | None:
    """Make one object out of all parts; why that is not possible yet, or None."""
    if upload.multipart_id is None:
        return "No part has arrived: ask for requests with signUploadParts and send them."
    objects = context.services.objects
    try:
        parts = await objects.parts.arrived(upload.key, upload.multipart_id)
        arrived = {part.number: part.size_bytes for part in parts}
        missing = [
            number
            for number in range(1, upload.parts_total + 1)
            if arrived.get(number) != part_size(upload, number)
        ]
        if missing:
            named = ", ".join(str(number) for number in missing[:20])
            more = "" if len(missing) <= 20 else f" and {len(missing) - 20} more"  # noqa: PLR2004 - as above
            return f"These parts are missing or not whole: {named}{more}. Send them and complete again."
        await objects.parts.put_together(upload.key, upload.multipart_id, parts)
    except (ObjectMissing, StorageRefused) as refused:
        # Whoever completes at the same time may have put them together a moment ago.
        if not await objects.exists(upload.key):
            return f"The parts could not be put together ({refused}): announce the file anew."
    return None


async def cancel(context: Context, upload_id: PydanticObjectId) -> Outcome[PydanticObjectId]:
    """Forget an upload and what was sent of it; what it has become stays.

    Raises:
        NotFound, Forbidden: the viewer may not see the upload, or not send it.
    """
    upload = await load(context, upload_id, to_send=True)
    now = context.services.now()
    canceled = await upload_life.advance(upload_id, {"state": UploadState.CANCELED, "decided_at": now})
    if canceled is None:
        return Outcome.refused(
            UserErrorCode.INVALID,
            f"This upload is {upload.state.value}: there is nothing left to cancel.",
            at="input.uploadId",
        )
    # What is left if this process dies here, the housekeeper removes.
    if canceled.multipart_id is not None:
        await context.services.objects.parts.break_off(canceled.key, canceled.multipart_id)
    await context.services.objects.delete(canceled.key)
    return Outcome(upload_id)
