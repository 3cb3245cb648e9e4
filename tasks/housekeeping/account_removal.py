"""Accounts whose 30 days are over go for good, with all that the table of holdings says is theirs."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts import account_life
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.holdings import HOLDINGS, remove_of_company
from documents.transaction import in_transaction
from storage import keys
from storage.object_store import ObjectStore
from tasks.housekeeping.project_removal import ProjectRemoval

log = structlog.get_logger()

_A_TURN: Final = 10


class AccountRemoval:
    """A few at a time.

    Args:
        objects: where their files lie.
        projects: removes their projects.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, projects: ProjectRemoval, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._projects = projects
        self._now = now

    async def run(self) -> None:
        """Remove the next ones. The account itself goes last: whoever dies before begins again."""
        for user in await account_life.over(self._now(), most=_A_TURN):
            await self._remove(user)

    async def _remove(self, user: User) -> None:
        if user.company_id is not None and await account_life.is_alone_in(user.company_id, user.id):
            await self._remove_company(user.company_id)
        await self._projects.remove_all({"owner_id": user.id})
        await self._remove_objects(keys.user_prefix(str(user.id)))
        for holding in HOLDINGS:
            documents = holding.model.get_pymongo_collection()
            if (doomed := holding.doomed(user)) is not None:
                await documents.delete_many(doomed)
            if holding.scrubbed is not None:
                which, change = holding.scrubbed(user)
                await documents.update_many(which, change)
        now = self._now()
        entry = AuditEntry(at=now, action=AuditAction.ACCOUNT_ERASED, target_kind="User", target_id=user.id)

        async def erase(session: AsyncClientSession) -> None:
            if await account_life.erase(user.id, now=now, session=session):
                await AuditEntry.write(entry, session=session)

        await in_transaction(erase)
        log.info("account removed for good", user_id=str(user.id))

    async def _remove_company(self, company_id: PydanticObjectId) -> None:
        await self._projects.remove_all({"company_id": company_id})
        await self._remove_objects(keys.company_prefix(str(company_id)))
        await remove_of_company(company_id)
        log.info("company removed with its last member", company_id=str(company_id))

    async def _remove_objects(self, prefix: str) -> None:
        await self._objects.delete_many([each.key async for each in self._objects.list(prefix)])
