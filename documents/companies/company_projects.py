"""What becomes of projects when somebody leaves the company that they belong to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.media import library
from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.projects.project import Project


async def keep(
    company_id: PydanticObjectId,
    owner_id: PydanticObjectId,
    heir_id: PydanticObjectId,
    *,
    now: datetime,
    session: AsyncClientSession,
) -> Sequence[PydanticObjectId]:
    """Give all that somebody owns in a company to somebody else of it; which projects these were.

    The folders that they lay in are the old owner's: they lie in none now.
    """
    change: dict[str, dict[str, Any]] = {
        "$set": {"owner_id": heir_id, "folder_id": None},
        "$pull": {"collaborators": {"user_id": heir_id}},
    }
    return await _change_all({"company_id": company_id, "owner_id": owner_id}, change, now, session)


async def release(
    company_id: PydanticObjectId, owner_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
) -> Sequence[PydanticObjectId]:
    """Let all that somebody owns in a company go with that person; which projects these were."""
    change = {"$set": {"company_id": None}}
    return await _change_all({"company_id": company_id, "owner_id": owner_id}, change, now, session)


async def unshare(
    company_id: PydanticObjectId, user_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
) -> Sequence[PydanticObjectId]:
    """Take somebody off the collaborators of all projects of a company; which projects these were."""
    shared = {"company_id": company_id, "collaborators.user_id": user_id}
    return await _change_all(shared, {"$pull": {"collaborators": {"user_id": user_id}}}, now, session)


async def _change_all(
    which: dict[str, Any], change: dict[str, dict[str, Any]], now: datetime, session: AsyncClientSession
) -> Sequence[PydanticObjectId]:
    projects = Project.get_pymongo_collection()
    found = [raw["_id"] for raw in await projects.find(which, {"_id": 1}, session=session).to_list()]
    if found:
        event = ChangeEvent(kind=ChangeKind.PROJECT_CHANGED, node_kind="Project", at=now)
        await projects.update_many(
            {"_id": {"$in": found}},
            {
                **change,
                "$set": {**change.get("$set", {}), "updated_at": now},
                "$inc": {"revision": 1},
                "$push": {"outbox": event.stored()},
            },
            session=session,
        )
        await library.follow(found, session=session)
    return found
