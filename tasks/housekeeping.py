"""What time undoes: uploads that never came, projects whose 30 days are over, copies that nobody uses."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from documents.job import Job
from documents.project import Project
from documents.project_life import RESTORABLE_FOR
from documents.render import Render
from documents.upload import UploadState
from storage import keys
from storage.object_store import ObjectStore
from tasks.source_shelf import SourceShelf

log = structlog.get_logger()

_EVERY = timedelta(minutes=10)
_PROJECTS_A_TURN = 20
_GRACE = timedelta(hours=1)


class Housekeeper:
    """Removes what is over, a little at a time."""

    def __init__(self, objects: ObjectStore, sources: SourceShelf, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._sources = sources
        self._now = now
        self._next = now()

    async def sweep(self) -> None:
        """Do a turn of the house if it is time for one."""
        if self._now() < self._next:
            return
        self._next = self._now() + _EVERY
        self._sources.prune()
        await self.remove_expired_uploads()
        await self.remove_deleted_projects()

    async def remove_expired_uploads(self) -> None:
        """Forget uploads that were announced and not completed in time, and what came of them."""
        expired = {"state": UploadState.PENDING, "expires_at": {"$lt": self._now() - _GRACE}}
        projects = Project.get_pymongo_collection()
        indexed = {"uploads.state": UploadState.PENDING, "uploads": {"$elemMatch": expired}}
        found = projects.find(indexed, {"uploads": 1}).limit(_PROJECTS_A_TURN)
        async for raw in found:
            project_uploads = [
                upload
                for upload in raw["uploads"]
                if upload["state"] == UploadState.PENDING and upload["expires_at"] < self._now() - _GRACE
            ]
            await self._objects.delete_many([upload["key"] for upload in project_uploads])
            await projects.update_one(
                {"_id": raw["_id"]},
                {"$pull": {"uploads": {"_id": {"$in": [u["_id"] for u in project_uploads]}, **expired}}},
            )

    async def remove_deleted_projects(self) -> None:
        """Remove projects that can no longer be restored: their objects first, the document last."""
        over = {"deleted_at": {"$lt": self._now() - RESTORABLE_FOR, "$type": "date"}}
        async for raw in Project.get_pymongo_collection().find(over, {"_id": 1}).limit(_PROJECTS_A_TURN):
            prefix = keys.project_prefix(str(raw["_id"]))
            await self._objects.delete_many([each.key async for each in self._objects.list(prefix)])
            await Render.find({"project_id": raw["_id"]}).delete()
            await Job.find({"project_id": raw["_id"]}).delete()
            await Project.get_pymongo_collection().delete_one({"_id": raw["_id"], **over})
            log.info("project removed for good", project_id=str(raw["_id"]))
