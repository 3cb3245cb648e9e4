"""Removes objects of projects that no document names any more: removed candidates, replaced voices, strays.

Whoever takes an asset out of a tree need not think of its object, and a worker that dies between storing and
attaching leaves nothing behind for good. A project is looked through once it has been quiet for a day.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from beanie import PydanticObjectId

from documents.house_mark import HouseMark
from documents.jobs.job import Job, JobState
from documents.jobs.render import Render
from documents.media import library
from documents.media.upload import Upload
from documents.projects.project import Project
from documents.tree.script_version import ScriptVersion
from storage import keys
from storage.object_store import ObjectStore

log = structlog.get_logger()

QUIET: Final = timedelta(days=1)
"""How long nobody may have changed a project, and how old an object must be."""

_WALK: Final = "projects to tidy"
_A_TURN: Final = 50
_UNFINISHED: Final = [state.value for state in JobState if not state.is_over]


class ProjectTidying:
    """Walks through the projects in the order in which they were changed.

    Args:
        objects: what is looked through.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Look through the next projects that have become quiet."""
        mark = await HouseMark.of(_WALK)
        reached = [{"updated_at": {"$gt": mark.at}}, {"updated_at": mark.at, "_id": {"$gt": mark.last_id}}]
        quiet = {"updated_at": {"$gte": mark.at, "$lt": self._now() - QUIET}, "$or": reached}
        found = Project.get_pymongo_collection().find(quiet, {"updated_at": 1})
        for raw in await found.sort([("updated_at", 1), ("_id", 1)]).limit(_A_TURN).to_list():
            await self.tidy(raw["_id"])
            await mark.move(raw["updated_at"], raw["_id"])

    async def tidy(self, project_id: PydanticObjectId) -> int:
        """Remove a project's old objects that nothing names; how many there were.

        Objects are listed first and references read after: what is attached in between counts. While jobs
        are unfinished nothing is removed: they store before they attach, and their end changes the project,
        which brings it here again. Nor is anything when the project is changed while references are read: a
        script may have gone from the versions into the tree, or back, and have been seen in neither.
        """
        prefix, before = keys.project_prefix(str(project_id)), self._now() - QUIET
        old = {each.key async for each in self._objects.list(prefix) if each.modified_at < before}
        if not old:
            return 0
        revision = await _revision(project_id)
        unnamed = old - await self._named(project_id, prefix)
        unfinished = {"project_id": project_id, "state": {"$in": _UNFINISHED}}
        if not unnamed or await Job.get_pymongo_collection().find_one(unfinished, {"_id": 1}):
            return 0
        if await _revision(project_id) != revision:
            return 0
        await library.forget(project_id, unnamed)
        await self._objects.delete_many(unnamed)
        log.info("objects without a name removed", project_id=str(project_id), count=len(unnamed))
        return len(unnamed)

    async def _named(self, project_id: PydanticObjectId, prefix: str) -> set[str]:
        """Keys that any document of the project holds, wherever in it they stand.

        A job that failed may be retried, with what it has bought, or the sources that its render was frozen
        with. An upload's raw file and leftovers are its own sweep's business, as long as the upload is
        remembered. One document is in memory at a time: scripts and their versions are of megabytes.
        """
        of_project = {"project_id": project_id}
        retryable = {**of_project, "state": {"$ne": JobState.SUCCEEDED.value}}
        holders = [
            Project.get_pymongo_collection().find({"_id": project_id}),
            ScriptVersion.get_pymongo_collection().find(of_project).batch_size(1),
            Render.get_pymongo_collection().find(of_project),
            Upload.get_pymongo_collection().find({**of_project, "is_swept": False}),
            Job.get_pymongo_collection().find(
                retryable, {"payload": 1, "result": 1, "checkpoint.sources": 1, "checkpoint.purchases": 1}
            ),
        ]
        return {
            text
            for found in holders
            async for document in found
            for text in _texts(document)
            if text.startswith(prefix)
        }


async def _revision(project_id: PydanticObjectId) -> int | None:
    raw = await Project.get_pymongo_collection().find_one({"_id": project_id}, {"revision": 1})
    return None if raw is None else raw["revision"]


def _texts(value: Any) -> Iterator[str]:
    """Every text inside of a stored value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
