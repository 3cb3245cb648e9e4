"""Projects whose 30 days are over go for good, with all that belongs to them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog
from pymongo.asynchronous.client_session import AsyncClientSession

from documents import project_life
from documents.audit_entry import AuditAction, AuditEntry
from documents.holdings import remove_around_project
from documents.project import Project
from documents.transaction import in_transaction
from storage import keys
from storage.object_store import ObjectStore

log = structlog.get_logger()

_A_TURN: Final = 20


class ProjectRemoval:
    """A few at a time.

    Args:
        objects: where their files lie.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Remove the next ones: objects first, the project's own document last."""
        over = {"deleted_at": {"$lt": self._now() - project_life.RESTORABLE_FOR, "$type": "date"}}
        shown = {"company_id": 1, "owner_id": 1}
        found = Project.get_pymongo_collection().find(over, shown).limit(_A_TURN)
        for raw in await found.to_list():
            prefix = keys.project_prefix(str(raw["_id"]))
            await self._objects.delete_many([each.key async for each in self._objects.list(prefix)])
            entry = AuditEntry(
                at=self._now(),
                action=AuditAction.PROJECT_ERASED,
                target_kind="Project",
                target_id=raw["_id"],
                company_id=raw.get("company_id"),
                project_id=raw["_id"],
            )

            async def remove(
                session: AsyncClientSession, entry: AuditEntry = entry, which: dict[str, Any] = raw
            ) -> None:
                if await project_life.erase(which["_id"], session=session):
                    await AuditEntry.write(entry, session=session)

            await remove_around_project(raw["_id"])
            await in_transaction(remove)
            log.info("project removed for good", project_id=str(raw["_id"]))
