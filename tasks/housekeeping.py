"""What time undoes: uploads that never came, projects whose 30 days are over, copies that nobody uses."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from documents.job import Job
from documents.project import Project
from documents.project_life import RESTORABLE_FOR
from documents.render import Render
from documents.upload import Upload
from storage import keys
from storage.object_store import ObjectStore
from tasks.source_shelf import SourceShelf
from tasks.upload_sweep import UploadSweep

log = structlog.get_logger()

_EVERY = timedelta(minutes=10)
_PROJECTS_A_TURN = 20


class Housekeeper:
    """Removes what is over, a little at a time."""

    def __init__(self, objects: ObjectStore, sources: SourceShelf, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._sources = sources
        self._now = now
        self._next = now()
        self.uploads = UploadSweep(objects, now)

    async def sweep(self) -> None:
        """Do a turn of the house if it is time for one."""
        if self._now() < self._next:
            return
        self._next = self._now() + _EVERY
        self._sources.prune()
        await self.uploads.run()
        await self.remove_deleted_projects()

    async def remove_deleted_projects(self) -> None:
        """Remove projects that can no longer be restored: their objects first, the document last."""
        over = {"deleted_at": {"$lt": self._now() - RESTORABLE_FOR, "$type": "date"}}
        async for raw in Project.get_pymongo_collection().find(over, {"_id": 1}).limit(_PROJECTS_A_TURN):
            prefix = keys.project_prefix(str(raw["_id"]))
            await self._objects.delete_many([each.key async for each in self._objects.list(prefix)])
            await Render.find({"project_id": raw["_id"]}).delete()
            await Job.find({"project_id": raw["_id"]}).delete()
            await Upload.find({"project_id": raw["_id"]}).delete()
            await Project.get_pymongo_collection().delete_one({"_id": raw["_id"], **over})
            log.info("project removed for good", project_id=str(raw["_id"]))
