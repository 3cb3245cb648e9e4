"""What is left of uploads: those that never came, those called off, raw files of those that were decided."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from documents.jobs.job import Job
from documents.media import upload_life
from documents.media.upload import OPEN, Upload, UploadState
from storage.object_store import ObjectStore

log = structlog.get_logger()

GRACE: Final = timedelta(hours=1)
"""How long after its time an upload is left alone: a request that was signed may still be on its way."""

ABANDONED_AFTER: Final = timedelta(days=1)
"""How long a file that was sent, and whose check came to nothing, waits for another try."""

SHOWN_FOR: Final = timedelta(days=7)
"""How long an upload that was refused or called off can still be asked for."""

_A_TURN: Final = 200


class UploadSweep:
    """Removes what uploads leave behind, a little at a time."""

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Sweep once: objects first, what names them last: a death in between leaves the names."""
        now = self._now()
        due = {"is_swept": False, "expires_at": {"$lt": now - GRACE}}
        found = Upload.get_pymongo_collection().find(due).sort("expires_at", 1).limit(_A_TURN)
        for raw in await found.to_list():
            await self._sweep(Upload.model_validate(raw))
        over = [UploadState.REFUSED.value, UploadState.CANCELED.value]
        await Upload.get_pymongo_collection().delete_many(
            {"state": {"$in": over}, "decided_at": {"$lt": now - SHOWN_FOR}, "is_swept": True}
        )

    async def _sweep(self, upload: Upload) -> None:
        if upload.state in OPEN:
            if not await self._is_abandoned(upload):
                return
            values: dict[str, Any] = {"state": UploadState.CANCELED, "decided_at": self._now()}
            decided = await upload_life.advance(
                upload.id, values, from_states=(upload.state,), condition={"revision": upload.revision}
            )
            if decided is None:
                return
            log.info("upload given up", upload_id=str(upload.id), state=upload.state.value)
            upload = decided
        if upload.multipart_id is not None:
            await self._objects.parts.break_off(upload.key, upload.multipart_id)
        is_kept = upload.state is UploadState.ATTACHED and not upload.is_released
        await self._objects.delete_many([upload.key, *(() if is_kept else upload.stored_keys)])
        await Upload.get_pymongo_collection().update_one(
            {"_id": upload.id, "is_released": upload.is_released}, {"$set": {"is_swept": True}}
        )

    async def _is_abandoned(self, upload: Upload) -> bool:
        """Whether nobody will send or check it any more."""
        if upload.state is UploadState.PENDING:
            return True
        if upload.expires_at > self._now() - ABANDONED_AFTER:
            return False
        checks = Job.find({"node_id": upload.id, "owner_id": upload.created_by})
        return all([check.state.is_over async for check in checks])
