"""Looking into an uploaded file before it becomes a candidate picture of its frame.

A file that does not fit is an answer and not a failure: the job succeeds, the upload is REFUSED with the
reason, and what was sent is deleted. The job fails only where nothing could be found out.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents import upload_list
from documents.asset import Origin, Provenance, StoredFile
from documents.errors import CapReached, NodeMissing
from documents.job import Job
from documents.project import Project
from documents.script import Frame, Image, Scene
from documents.tree import TreeEditor
from documents.upload import OPEN, PICTURE_EXTENSIONS, Upload, UploadState
from rendering.errors import SourceUnreadable
from rendering.media import PictureFacts, check_picture
from storage import keys
from storage.errors import ObjectTooLarge
from tasks.derived import derived_id
from tasks.kill_points import KillPoint
from tasks.work import Done, Report
from tasks.workshop import Workshop

_FRAME_GONE: Final = "The frame was removed while the picture was being checked."


class _Refused(Exception):
    """The file does not fit; the message is for the person who sent it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A picture that fits, stored under its own key."""

    image: Image
    frame_id: PydanticObjectId


async def check_upload(shop: Workshop, job: Job, report: Report) -> Done:
    """Compare, decode and store an uploaded picture, then offer it as a candidate of its frame."""
    project = await shop.project(job.in_project)
    upload = next((upload for upload in project.uploads if upload.id == job.node_id), None)
    if upload is None:
        return Done(result={"state": "CANCELED"})
    if upload.state not in OPEN:
        if upload.state is UploadState.REFUSED:
            await shop.objects.delete(upload.key)  # whoever refused it may not have come so far
        return Done(result={"state": upload.state.value, "reason": upload.reason})
    report(0, 1, stage="checking")
    try:
        found = await _found(shop, job, project, upload)
    except _Refused as refused:
        return await _refuse(shop, job, upload, str(refused))
    shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
    return _attachment(shop, job, upload, found)


async def _found(shop: Workshop, job: Job, project: Project, upload: Upload) -> _Found:
    scene, frame = _frame(project, upload.frame_id)
    if len(frame.images) >= shop.caps.candidates_per_frame:
        raise _Refused(f"At most {shop.caps.candidates_per_frame} candidates of a frame: remove one first.")
    stored = await shop.objects.stat(upload.key)
    if stored is None:
        raise _Refused("The file is no longer there: announce and send it again.")
    # The request can be sent again at any time until it expires: the size is compared before the download,
    # bounds it, and is compared once more with what came of it.
    if stored.size_bytes != upload.size_bytes:
        raise _Refused(_other_size(upload, stored.size_bytes))
    path = shop.scratch / f"{job.id}-{job.fence}.upload"
    try:
        try:
            await shop.objects.get_file(upload.key, path, max_bytes=upload.size_bytes)
        except ObjectTooLarge as grown:
            raise _Refused(f"More than the {upload.size_bytes} bytes that were announced arrived.") from grown
        facts, sha256, size_bytes = await asyncio.to_thread(_look, path)
        if size_bytes != upload.size_bytes:
            raise _Refused(_other_size(upload, size_bytes))
        mime_type = next(mime for mime, each in PICTURE_EXTENSIONS.items() if each == facts.extension)
        if mime_type != upload.mime_type:
            raise _Refused(f"This is {mime_type}, where {upload.mime_type} was announced.")
        image_id = derived_id(job.id, "image", sha256)
        key = keys.scene_asset(str(project.id), str(scene.id), "images", str(image_id), facts.extension)
        await shop.objects.put_file(key, path, mime_type)
    finally:
        path.unlink(missing_ok=True)
    image = Image(
        id=image_id,
        file=StoredFile(key=key, sha256=sha256, size_bytes=size_bytes, mime_type=mime_type),
        width=facts.width,
        height=facts.height,
        provenance=Provenance(
            origin=Origin.UPLOADED, created_by=upload.created_by, job_id=job.id, created_at=shop.now()
        ),
    )
    return _Found(image, frame.id)


def _other_size(upload: Upload, arrived_bytes: int) -> str:
    return f"{arrived_bytes} bytes have arrived where {upload.size_bytes} were announced."


def _frame(project: Project, frame_id: PydanticObjectId) -> tuple[Scene, Frame]:
    for scene, frame in project.frames():
        if frame.id == frame_id:
            return scene, frame
    raise _Refused(_FRAME_GONE)


def _look(path: Path) -> tuple[PictureFacts, str, int]:
    try:
        facts = check_picture(path)
    except SourceUnreadable as unreadable:
        reason = unreadable.reason
        raise _Refused(f"{reason[0].upper()}{reason[1:]}.") from unreadable
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return facts, sha256, path.stat().st_size


def _attachment(shop: Workshop, job: Job, upload: Upload, found: _Found) -> Done:
    async def attach(session: AsyncClientSession) -> None:
        values: dict[str, Any] = {"state": UploadState.ATTACHED, "asset_id": found.image.id}
        if not await _advance(shop, job, upload, values, session):
            return  # canceled in the meantime: the picture is not wanted
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        try:
            await editor.add_image(found.frame_id, found.image, choose=bool(job.payload.get("choose", True)))
        except (CapReached, NodeMissing) as late:
            reason = f"{late} Remove one first." if isinstance(late, CapReached) else _FRAME_GONE
            values = {"state": UploadState.REFUSED, "reason": reason, "asset_id": None}
            await _advance(shop, job, upload, values, session, from_states=(UploadState.ATTACHED,))

    return Done(result={"image_id": str(found.image.id), "key": found.image.file.key}, attach=attach)


async def _refuse(shop: Workshop, job: Job, upload: Upload, reason: str) -> Done:
    """Write the refusal, then delete the file: whoever dies in between leaves the reason, not a riddle.

    The conditional update needs no transaction with the job's end: it happens once, and a second delivery
    finds it.
    """
    values = {"state": UploadState.REFUSED.value, "reason": reason}
    if not await _advance(shop, job, upload, values, None):
        return Done(result={"state": "CANCELED"})
    await shop.objects.delete(upload.key)
    return Done(result=values)


async def _advance(
    shop: Workshop,
    job: Job,
    upload: Upload,
    values: dict[str, Any],
    session: AsyncClientSession | None,
    *,
    from_states: tuple[UploadState, ...] = OPEN,
) -> bool:
    """Write what came of an upload; False if it was forgotten or decided in the meantime."""
    try:
        await upload_list.advance(
            job.in_project, upload.id, values, from_states=from_states, now=shop.now(), session=session
        )
    except NodeMissing:
        return False
    return True
