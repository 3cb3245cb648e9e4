"""Removes what tries of a translation have copied that did not come to a project.

A translation stores all objects before the project that names them, so a worker that dies, or a job that
fails or is called off, leaves objects of a project that never was. Each try copies to a place of its own, and
what the one that succeeds has copied is the project's. So what is removed here is what no try will use.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from beanie import PydanticObjectId

from documents.house_mark import HouseMark
from documents.jobs.job import Job, JobKind
from storage import keys
from storage.object_store import ObjectStore
from tasks.writing.project_copy import copy_id

log = structlog.get_logger()

QUIET: Final = timedelta(days=1)
"""How long a job must be over: a worker that lost its lease may still be copying."""

_WALK: Final = "translations to tidy"
_A_TURN: Final = 50
_SHOWN: Final = {"finished_at": 1, "fence": 1, "result.project_id": 1}


class CopyRemoval:
    """Walks through the translations in the order in which they ended.

    Args:
        objects: where the copies lie.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Look at the next translations that have been over for a while."""
        mark = await HouseMark.of(_WALK)
        reached = [{"finished_at": {"$gt": mark.at}}, {"finished_at": mark.at, "_id": {"$gt": mark.last_id}}]
        over = {
            "kind": JobKind.TRANSLATION.value,
            "finished_at": {"$gte": mark.at, "$lt": self._now() - QUIET},
            "$or": reached,
        }
        found = Job.get_pymongo_collection().find(over, _SHOWN).sort([("finished_at", 1), ("_id", 1)])
        for raw in await found.limit(_A_TURN).to_list():
            await self._remove(raw)
            await mark.move(raw["finished_at"], raw["_id"])

    async def remove_of(self, project_id: PydanticObjectId) -> None:
        """Remove what translations of a project have left, before their jobs are forgotten with it."""
        ordered = {"project_id": project_id, "kind": JobKind.TRANSLATION.value}
        async for raw in Job.get_pymongo_collection().find(ordered, _SHOWN):
            await self._remove(raw)

    async def _remove(self, raw: Mapping[str, Any]) -> None:
        made = raw.get("result", {}).get("project_id")
        for fence in range(1, raw["fence"] + 1):
            tried = copy_id(raw["_id"], fence)
            if str(tried) == made:
                continue
            left = [each.key async for each in self._objects.list(keys.project_prefix(str(tried)))]
            await self._objects.delete_many(left)
            if left:
                log.info(
                    "copies of a project that never was removed", job_id=str(raw["_id"]), count=len(left)
                )
