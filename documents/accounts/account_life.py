"""The end of an account: deleted softly, restored, removed for good."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.user import User
from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.projects.project import Project

RESTORABLE_FOR: Final = timedelta(days=30)
"""As long as a deleted project: what is deleted with an account goes with it."""


async def delete(
    user_id: PydanticObjectId,
    company_id: PydanticObjectId | None,
    *,
    now: datetime,
    session: AsyncClientSession,
) -> bool:
    """Close an account and take its projects out of every list.

    Args:
        user_id: whose.
        company_id: the company that it belongs to then; None for none.
        now: the time of it.
        session: the transaction.

    Returns:
        False if it is closed or gone, or belongs to another company.
    """
    result = await User.get_pymongo_collection().update_one(
        {"_id": user_id, "company_id": company_id, "deleted_at": None},
        {"$set": {"deleted_at": now, "updated_at": now}, "$inc": {"revision": 1}},
        session=session,
    )
    if result.modified_count == 0:
        return False
    await _mark_projects({"owner_id": user_id, "deleted_at": None}, now, at=now, session=session)
    return True


async def restore(user_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession) -> User | None:
    """Open an account again, with the projects that were deleted with it; None if that is not possible.

    What the owner had deleted before stays deleted.
    """
    before: dict[str, Any] | None = await User.get_pymongo_collection().find_one_and_update(
        {"_id": user_id, "deleted_at": {"$gt": now - RESTORABLE_FOR}},
        {"$set": {"deleted_at": None, "updated_at": now}, "$inc": {"revision": 1}},
        session=session,
    )
    if before is None:
        return None
    await _mark_projects(
        {"owner_id": user_id, "deleted_at": before["deleted_at"]}, None, at=now, session=session
    )
    restored: User = User.model_validate({**before, "deleted_at": None})
    return restored


async def _mark_projects(
    which: dict[str, Any], deleted_at: datetime | None, *, at: datetime, session: AsyncClientSession
) -> None:
    event = ChangeEvent(kind=ChangeKind.PROJECT_CHANGED, node_kind="Project", at=at)
    await Project.get_pymongo_collection().update_many(
        which,
        {
            "$set": {"deleted_at": deleted_at, "updated_at": at},
            "$inc": {"revision": 1},
            "$push": {"outbox": event.stored()},
        },
        session=session,
    )


async def is_alone_in(
    company_id: PydanticObjectId, user_id: PydanticObjectId, session: AsyncClientSession | None = None
) -> bool:
    """Whether nobody else belongs to a company, shut out or not."""
    other = {"company_id": company_id, "_id": {"$ne": user_id}}
    return await User.get_pymongo_collection().find_one(other, {"_id": 1}, session=session) is None


async def over(now: datetime, *, most: int) -> Sequence[User]:
    """Accounts that can no longer be restored, those that were closed first."""
    query = {"deleted_at": {"$lt": now - RESTORABLE_FOR, "$type": "date"}}
    return await User.find(query).sort("deleted_at").limit(most).to_list()


async def erase(user_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession) -> bool:
    """Remove the account itself; False if somebody else has done so."""
    result = await User.get_pymongo_collection().delete_one(
        {"_id": user_id, "deleted_at": {"$lt": now - RESTORABLE_FOR, "$type": "date"}}, session=session
    )
    return result.deleted_count == 1
