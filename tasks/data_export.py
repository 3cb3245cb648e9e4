"""Writing a user's archive: a zip of JSON and files, part by part.

In memory are a chunk of one file, and of each entry its line in the archive's table of contents.
"""

import asyncio
import hashlib
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Final

from bson import json_util
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.data_export import DataExport
from documents.accounts.user import User
from documents.holdings import HOLDINGS, Holding
from documents.jobs import job_end
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.projects.project import Project
from documents.tree.asset import StoredFile
from mail.template import MailTemplate
from storage import keys
from storage.errors import ObjectMissing, RangeRefused
from storage.object_store import ListedObject
from tasks.job_engine.derived import derived_id
from tasks.job_engine.kill_points import KillPoint
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop

_JSON: Final = json_util.JSONOptions(
    json_mode=json_util.JSONMode.RELAXED, datetime_representation=json_util.DatetimeRepresentation.ISO8601
)
_BATCH: Final = 100
_README: Final = """\
All that is yours here, as of {at}.

data/   one JSON file for each kind of thing, in MongoDB's extended JSON: an id stands as {{"$oid": "…"}}.
        What is left out are secrets such as hashes of passwords, and bookkeeping of programs.
files/  pictures, voices, videos and uploads of your projects and of your account, under the names by which
        the JSON speaks of them (`key`).
"""


async def export_data(shop: Workshop, job: Job, report: Report) -> Done:
    """Write the archive of the job's owner and offer it for a week."""
    export = await DataExport.get(job.payload["export_id"])
    user = await User.get(job.owner_id)
    if export is None or user is None:
        raise Hopeless("ACCOUNT_GONE", "The account was removed while its data were being collected.")
    if export.file is not None:
        return Done(result={"key": export.file.key})
    folder = shop.scratch / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{job.id}-{job.fence}.zip"
    try:
        await _Archive(shop, user, path, report).write()
        sha256, size_bytes = await asyncio.to_thread(_measure, path)
        key = keys.user_file(str(user.id), "exports", str(export.id), "zip")
        await shop.objects.put_file(key, path, "application/zip")
    finally:
        path.unlink(missing_ok=True)
    shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
    file = StoredFile(key=key, sha256=sha256, size_bytes=size_bytes, mime_type="application/zip")

    async def attach(session: AsyncClientSession) -> None:
        if await DataExport.finish(export.id, file, now=shop.now(), session=session):
            letter = job_end.stored(_letter(user, export, shop.now()))
            await Job.get_pymongo_collection().insert_one(letter, session=session)

    return Done(result={"key": key}, attach=attach)


def _letter(user: User, export: DataExport, now: datetime) -> Job:
    """The mail that says so; the sweeper admits it."""
    job_id = derived_id("export mail", export.id)
    return Job(
        id=job_id,
        kind=JobKind.MAIL,
        queue=QUEUE_OF[JobKind.MAIL],
        owner_id=user.id,
        root_id=job_id,
        idempotency_key=f"mail:{MailTemplate.DATA_EXPORTED}:{export.id}",
        payload={
            "template": MailTemplate.DATA_EXPORTED.value,
            "to": user.email,
            "locale": user.locale,
            "about": export.id,
            "values": {"name": user.name},
        },
        queued_at=now,
    )


def _measure(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


class _Archive:
    """One archive in the making."""

    def __init__(self, shop: Workshop, user: User, path: Path, report: Report) -> None:
        self._shop = shop
        self._user = user
        self._path = path
        self._report = report

    async def write(self) -> None:
        """Write everything: texts first, then files."""
        with zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            archive.writestr("README.txt", _README.format(at=self._shop.now().isoformat(timespec="seconds")))
            for holding in HOLDINGS:
                if holding.exported is not None:
                    await self._documents(archive, holding)
            total, done = 0, 0
            async for _ in self._files():
                total += 1
            async for listed in self._files():
                self._report(done, max(total, done + 1), stage="collecting")
                await self._file(archive, listed)
                done += 1

    async def _documents(self, archive: zipfile.ZipFile, holding: Holding) -> None:
        """A collection as one JSON array, of which a hundred documents are in memory at a time."""
        assert holding.exported is not None  # noqa: S101 - `write` looked
        hidden = dict.fromkeys(holding.hidden, 0) or None
        found = holding.model.get_pymongo_collection().find(
            holding.exported(self._user), hidden, batch_size=_BATCH
        )
        with archive.open(f"data/{holding.name}.json", "w", force_zip64=True) as file:
            separator = b"[\n"
            async for raw in found:
                line = json_util.dumps(raw, json_options=_JSON, ensure_ascii=False).encode(errors="replace")
                await asyncio.to_thread(file.write, separator + line)
                separator = b",\n"
            file.write(b"[]\n" if separator == b"[\n" else b"\n]\n")

    async def _files(self) -> AsyncIterator[ListedObject]:
        """Objects of the account and of its projects, save for what is only a cache, and older archives."""
        own = keys.user_prefix(str(self._user.id))
        async for listed in self._shop.objects.list(own):
            if not listed.key.startswith((f"{own}segments/", f"{own}exports/")):
                yield listed
        projects = Project.get_pymongo_collection().find({"owner_id": self._user.id}, {"_id": 1})
        async for raw in projects:
            async for listed in self._shop.objects.list(keys.project_prefix(str(raw["_id"]))):
                yield listed

    async def _file(self, archive: zipfile.ZipFile, listed: ListedObject) -> None:
        """One object, as it is: media do not get smaller. One that is gone by now is left out."""
        entry = zipfile.ZipInfo(f"files/{listed.key}", listed.modified_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED
        chunks = self._chunks(listed)
        try:
            first = await anext(chunks, b"")
        except (ObjectMissing, RangeRefused):
            return
        with archive.open(entry, "w", force_zip64=True) as file:
            await asyncio.to_thread(file.write, first)
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)

    async def _chunks(self, listed: ListedObject) -> AsyncIterator[bytes]:
        if listed.size_bytes:
            async for chunk in self._shop.objects.read_range(listed.key, 0, listed.size_bytes):
                yield chunk
