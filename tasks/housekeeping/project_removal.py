"""Projects whose 30 days are over go for good, with all that belongs to them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.audit_entry import AuditAction, AuditEntry
from documents.holdings import remove_around_project
from documents.media import library
from documents.projects import project_life
from documents.projects.project import Project
from documents.transaction import in_transaction
from storage import keys
from storage.object_store import ObjectStore
from tasks.housekeeping.copy_removal import CopyRemoval

log = structlog.get_logger()

_A_TURN: Final = 20
_SHOWN: Final = {"company_id": 1}


class ProjectRemoval:
    """A few at a time.

    Args:
        objects: where their files lie.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now
        self._copies = CopyRemoval(objects, now)

    async def run(self) -> None:
        """Remove the next ones: objects first, the project's own document last."""
        over = {"deleted_at": {"$lt": self._now() - project_life.RESTORABLE_FOR, "$type": "date"}}
        found = Project.get_pymongo_collection().find(over, _SHOWN).limit(_A_TURN)
        for raw in await found.to_list():
            await self._remove(raw)

    async def remove_all(self, which: Mapping[str, Any]) -> None:
        """Remove all of some projects, deleted or not."""
        async for raw in Project.get_pymongo_collection().find(which, _SHOWN):
            await self._remove(raw)

    async def _remove(self, raw: Mapping[str, Any]) -> None:
        project_id = raw["_id"]
        await library.forget(project_id)  # first: an entry never points to a file that is gone
        prefix = keys.project_prefix(str(project_id))
        await self._objects.delete_many([each.key async for each in self._objects.list(prefix)])
        await self._copies.remove_of(project_id)
        await remove_around_project(project_id)
        entry = AuditEntry(
            at=self._now(),
            action=AuditAction.PROJECT_ERASED,
            target_kind="Project",
            target_id=project_id,
            company_id=raw.get("company_id"),
            project_id=project_id,
        )

        async def erase(session: AsyncClientSession) -> None:
            if await project_life.erase(project_id, session=session):
                await AuditEntry.write(entry, session=session)

        await in_transaction(erase)
        log.info("project removed for good", project_id=str(project_id))
