"""Looking into an uploaded file before it becomes what it was sent for.

A file that does not fit is an answer and not a failure: the job succeeds, the upload is REFUSED with the
reason, and what was sent is deleted. The job fails only where nothing could be found out.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.media import upload_life
from documents.media.upload import OPEN, Upload, UploadRefusal, UploadState
from documents.tree.asset import Origin, Provenance, StoredFile, Thumbnail
from rendering.intake.faults import FileRefused
from rendering.intake.looked import Limits, Looked
from rendering.intake.media_types import JPEG, WEBP, Medium
from storage.errors import ObjectTooLarge
from tasks.job_engine.derived import derived_id
from tasks.job_engine.kill_points import KillPoint
from tasks.job_engine.work import Done, Report
from tasks.uploads.targets.registry import TARGETS
from tasks.uploads.targets.target import CheckedFile, Listener, TargetRefused, UploadTarget
from tasks.workshop import Workshop

_THUMBNAIL_TYPES: Final = {Medium.PICTURE: WEBP, Medium.FILM: JPEG}


async def check_upload(shop: Workshop, job: Job, report: Report) -> Done:
    """Compare, look into and store an uploaded file, then attach it."""
    assert job.node_id is not None  # noqa: S101 - a check is made for an upload
    upload = await Upload.get(job.node_id)
    if upload is None:
        return Done(result={"state": UploadState.CANCELED.value})
    if upload.state not in OPEN:
        if upload.state is UploadState.REFUSED:
            await shop.objects.delete(upload.key)  # whoever refused it may not have come so far
        return Done(result={"state": upload.state.value, "reason": upload.reason})
    report(0, 1, stage="checking")
    check = _Check(shop, job, upload)
    try:
        return await check.run()
    except TargetRefused as refused:
        return await check.refuse(refused)
    except FileRefused as refused:
        return await check.refuse(TargetRefused(UploadRefusal(refused.fault.value), refused.reason))


class _Check:
    """One check of one upload."""

    def __init__(self, shop: Workshop, job: Job, upload: Upload) -> None:
        self._shop = shop
        self._job = job
        self._upload = upload
        self._target: UploadTarget = TARGETS[upload.purpose]

    async def run(self) -> Done:
        """Fetch the file, look into it, store what is kept of it.

        Raises:
            TargetRefused, FileRefused: it is not taken.
        """
        upload, shop = self._upload, self._shop
        await self._target.place(upload, shop.caps, "")  # before anything is fetched for it
        with _folder(shop.scratch / f"{self._job.id}-{self._job.fence}.upload") as folder:
            path = folder / "file"
            await self._fetch(path)
            sha256 = await asyncio.to_thread(_sha256, path)
            same = await self._target.place(upload, shop.caps, sha256)
            if same is not None:
                return self._attachment_again(same, sha256)
            taken = self._target.taken(upload)
            announced = taken.of(upload.mime_type)
            if announced is None:
                raise TargetRefused(UploadRefusal.TYPE_UNSUPPORTED, f"{upload.mime_type} is not taken.")
            limits = Limits(duration_s=taken.duration_s, picture_side=taken.picture_side)
            looked = await shop.intake.look(
                path, announced=announced, taken=tuple(taken.types), limits=limits
            )
            checked = await self._store(looked, sha256)
        shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
        if isinstance(self._target, Listener):
            checked = await self._target.listen(shop, self._job, upload, checked)
        return await self._attachment(checked, sha256)

    async def _fetch(self, path: Path) -> None:
        upload, objects = self._upload, self._shop.objects
        stored = await objects.stat(upload.key)
        if stored is None:
            raise TargetRefused(
                UploadRefusal.MISSING, "The file is no longer there: announce and send it again."
            )
        # The request can be sent again at any time until it expires: the size is compared before the
        # download, bounds it, and is compared once more with what came of it.
        if stored.size_bytes != upload.size_bytes:
            raise _other_size(upload, stored.size_bytes)
        try:
            await objects.get_file(upload.key, path, max_bytes=upload.size_bytes)
            size_bytes = await asyncio.to_thread(lambda: path.stat().st_size)
        except ObjectTooLarge as grown:
            text = f"More than the {upload.size_bytes} bytes that were announced arrived."
            raise TargetRefused(UploadRefusal.SIZE_DIFFERS, text) from grown
        if size_bytes != upload.size_bytes:
            raise _other_size(upload, size_bytes)

    async def _store(self, looked: Looked, sha256: str) -> CheckedFile:
        upload, shop = self._upload, self._shop
        asset_id = derived_id(self._job.id, upload.purpose.value, sha256)
        key = await self._target.key(upload, asset_id, looked.stored_type.extension)
        thumbnail = None
        if looked.thumbnail is not None:
            kind = _THUMBNAIL_TYPES[looked.media_type.medium]
            thumbnail = Thumbnail(
                key=await self._target.key(upload, derived_id(asset_id, "thumbnail"), kind.extension),
                mime_type=kind.mime_type,
            )
        named = [key, *([thumbnail.key] if thumbnail else [])]
        if not await upload_life.about_to_store(upload.id, *named):
            raise TargetRefused(UploadRefusal.MISSING, "The upload was called off.")
        await shop.objects.put_file(key, looked.path, looked.stored_type.mime_type)
        if thumbnail is not None and looked.thumbnail is not None:
            await shop.objects.put_file(thumbnail.key, looked.thumbnail, thumbnail.mime_type)
        is_copy = looked.path.name != "file"
        return CheckedFile(
            asset_id=asset_id,
            file=StoredFile(
                key=key,
                sha256=await asyncio.to_thread(_sha256, looked.path) if is_copy else sha256,
                size_bytes=await asyncio.to_thread(lambda: looked.path.stat().st_size),
                mime_type=looked.stored_type.mime_type,
                thumbnail=thumbnail,
                waveform=looked.waveform,
            ),
            provenance=Provenance(
                origin=Origin.UPLOADED,
                created_by=upload.created_by,
                job_id=self._job.id,
                created_at=shop.now(),
            ),
            width=looked.width,
            height=looked.height,
            duration_s=looked.duration_s,
            facts=looked.facts,
        )

    async def _attachment(self, checked: CheckedFile, sha256: str) -> Done:
        upload, shop = self._upload, self._shop
        earlier = await upload_life.same_bytes(upload, sha256)
        values = {
            "asset_id": checked.asset_id,
            "sha256": sha256,
            "duplicate_of": None if earlier is None else earlier.id,
        }

        async def attach(session: AsyncClientSession) -> None:
            if not await self._decide(UploadState.ATTACHED, values, session):
                return  # canceled in the meantime: the file is not wanted
            try:
                await self._target.attach(upload, checked, shop.caps, now=shop.now(), session=session)
            except TargetRefused as late:
                await self._decide_again(late, session)

        return Done(result={"asset_id": str(checked.asset_id), "key": checked.file.key}, attach=attach)

    def _attachment_again(self, asset_id: PydanticObjectId, sha256: str) -> Done:
        upload, shop = self._upload, self._shop

        async def attach(session: AsyncClientSession) -> None:
            earlier = await Upload.find_one({"asset_id": asset_id, **upload.owner}, session=session)
            values = {
                "asset_id": asset_id,
                "sha256": sha256,
                "duplicate_of": None if earlier is None else earlier.id,
            }
            if not await self._decide(UploadState.ATTACHED, values, session):
                return
            try:
                await self._target.attach_again(upload, asset_id, shop.caps, now=shop.now(), session=session)
            except TargetRefused as late:
                await self._decide_again(late, session)

        return Done(result={"asset_id": str(asset_id)}, attach=attach)

    async def refuse(self, why: TargetRefused) -> Done:
        """Write the refusal, then delete the file: whoever dies in between leaves the reason, not a riddle.

        The conditional update needs no transaction with the job's end: it happens once, and a second delivery
        finds it.
        """
        values = {"reason": why.message, "reason_code": why.code.value}
        if not await self._decide(UploadState.REFUSED, values, None):
            return Done(result={"state": UploadState.CANCELED.value})
        await self._shop.objects.delete(self._upload.key)
        return Done(result={"state": UploadState.REFUSED.value, **values})

    async def _decide(
        self, state: UploadState, values: dict[str, Any], session: AsyncClientSession | None
    ) -> bool:
        """Write what came of the upload; False if it was decided or called off in the meantime."""
        decided = {"state": state, "decided_at": self._shop.now(), **values}
        return await upload_life.advance(self._upload.id, decided, session=session) is not None

    async def _decide_again(self, late: TargetRefused, session: AsyncClientSession) -> None:
        """Turn into a refusal what was taken a moment ago in the same transaction."""
        await upload_life.advance(
            self._upload.id,
            {
                "state": UploadState.REFUSED,
                "reason": late.message,
                "reason_code": late.code,
                "asset_id": None,
                "duplicate_of": None,
            },
            from_states=(UploadState.ATTACHED,),
            session=session,
        )


def _other_size(upload: Upload, arrived_bytes: int) -> TargetRefused:
    return TargetRefused(
        UploadRefusal.SIZE_DIFFERS,
        f"{arrived_bytes} bytes have arrived where {upload.size_bytes} were announced.",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """A folder for one check, gone afterwards with all that it holds."""
    path.mkdir(mode=0o700)
    try:
        yield path
    finally:
        for each in path.iterdir():
            each.unlink()
        path.rmdir()
