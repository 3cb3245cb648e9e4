"""Reading the audit trail: the newest first, narrowed down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from documents.audit_entry import AuditAction, AuditEntry
from documents.newest_first import Page, Window, page


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries a list holds; None means no matter which. One of each is served by its own index.

    Args:
        actions: one of these was done.
        actor_id: this user did it.
        target_id: it was done to this.
        project_id: it was done in this project.
        since: not before this time.
        until: before this time.
    """

    actions: Sequence[AuditAction] | None = None
    actor_id: PydanticObjectId | None = None
    target_id: PydanticObjectId | None = None
    project_id: PydanticObjectId | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> dict[str, Any]:
        """As MongoDB is asked."""
        wanted: dict[str, Any] = {
            "actor_id": self.actor_id,
            "target_id": self.target_id,
            "project_id": self.project_id,
            "action": None if self.actions is None else {"$in": [each.value for each in self.actions]},
        }
        query = {name: value for name, value in wanted.items() if value is not None}
        bounds = {"$gte": self.since, "$lt": self.until}
        if times := {sign: time for sign, time in bounds.items() if time is not None}:
            query["at"] = times
        return query


async def of_company(company_id: PydanticObjectId, wanted: AuditFilter, window: Window) -> Page[AuditEntry]:
    """What was done in a company."""
    return await page(AuditEntry, {"company_id": company_id, **wanted.query()}, window, by="at")


async def of_everything(wanted: AuditFilter, window: Window) -> Page[AuditEntry]:
    """What was done anywhere."""
    return await page(AuditEntry, wanted.query(), window, by="at")


async def about_user(user_id: PydanticObjectId, window: Window) -> Page[AuditEntry]:
    """What a user did, and what others did to the user's account; of others neither address nor browser."""
    concerns = {"$or": [{"actor_id": user_id}, {"target_id": user_id}]}
    found = await page(AuditEntry, concerns, window, by="at")
    members = [
        each
        if each.actor_id == user_id
        else each.model_copy(update={"address": "", "user_agent": "", "session_id": None, "api_key_id": None})
        for each in found.members
    ]
    return Page(members, found.has_more, window)
