"""Who belongs to which company, with which role: reads and writes inside the transactions that govern it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.standing import STANDING, Standing, read_standing
from documents.accounts.user import User
from documents.companies.role import USER_ROLE_ID

_ACTIVE: Final[dict[str, Any]] = {"is_suspended": False, "deleted_at": None}


async def standing(user_id: PydanticObjectId, session: AsyncClientSession | None = None) -> Standing | None:
    """What a user is, as the transaction sees it; None if gone or suspended."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"_id": user_id}},
        {"$project": {"user_id": "$_id"}},
        *STANDING,
    ]
    cursor = await User.get_pymongo_collection().aggregate(pipeline, session=session)
    found = await cursor.to_list(1)
    return read_standing(found[0]) if found else None


async def member(
    company_id: PydanticObjectId, user_id: PydanticObjectId, session: AsyncClientSession | None = None
) -> User | None:
    """A member of the company, suspended or not; None for anybody else."""
    raw = await User.get_pymongo_collection().find_one(
        {"_id": user_id, "company_id": company_id, "deleted_at": None}, session=session
    )
    return None if raw is None else User.model_validate(raw)


async def is_member_with_address(
    company_id: PydanticObjectId, email_key: str, session: AsyncClientSession
) -> bool:
    """Whether the account of an address belongs to the company."""
    return (
        await User.get_pymongo_collection().find_one(
            {"email_key": email_key, "company_id": company_id}, {"_id": 1}, session=session
        )
        is not None
    )


async def join(
    user_id: PydanticObjectId,
    company_id: PydanticObjectId,
    role_id: PydanticObjectId,
    *,
    now: datetime,
    session: AsyncClientSession,
) -> bool:
    """Make somebody outside of companies a member.

    False for who belongs to a company already, has a role of the platform's, or is shut out.
    """
    result = await User.get_pymongo_collection().update_one(
        {"_id": user_id, "company_id": None, "role_id": {"$in": [None, USER_ROLE_ID]}, **_ACTIVE},
        {
            "$set": {
                "company_id": company_id,
                "role_id": role_id,
                "company_joined_at": now,
                "updated_at": now,
            }
        },
        session=session,
    )
    return result.modified_count == 1


async def leave(
    user_id: PydanticObjectId, company_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
) -> bool:
    """Take a member out of the company; False if the user is none."""
    outside = {"company_id": None, "role_id": USER_ROLE_ID, "company_joined_at": None, "updated_at": now}
    result = await User.get_pymongo_collection().update_one(
        {"_id": user_id, "company_id": company_id}, {"$set": outside}, session=session
    )
    return result.modified_count == 1


async def give_role(
    user_id: PydanticObjectId,
    company_id: PydanticObjectId,
    role_id: PydanticObjectId,
    *,
    now: datetime,
    session: AsyncClientSession,
) -> bool:
    """Give a member another role; False if the user is none."""
    result = await User.get_pymongo_collection().update_one(
        {"_id": user_id, "company_id": company_id},
        {"$set": {"role_id": role_id, "updated_at": now}},
        session=session,
    )
    return result.modified_count == 1


async def hold_place(
    user_id: PydanticObjectId, company_id: PydanticObjectId, *, session: AsyncClientSession
) -> bool:
    """Make sure that somebody stays a member until the transaction ends; False if the user is none.

    It writes the user's document, so that a removal at the same time begins anew and sees what is done here.
    """
    result = await User.get_pymongo_collection().update_one(
        {"_id": user_id, "company_id": company_id, **_ACTIVE}, {"$inc": {"revision": 1}}, session=session
    )
    return result.matched_count == 1


async def first_with_role(
    company_id: PydanticObjectId,
    role_ids: Collection[PydanticObjectId],
    *,
    besides: PydanticObjectId | None,
    session: AsyncClientSession | None = None,
) -> PydanticObjectId | None:
    """Any member with one of these roles who is not shut out and not `besides`; always the same one."""
    raw = await User.get_pymongo_collection().find_one(
        {
            "company_id": company_id,
            "role_id": {"$in": list(role_ids)},
            "_id": {"$ne": besides},
            **_ACTIVE,
        },
        {"_id": 1},
        sort=[("_id", 1)],
        session=session,
    )
    return None if raw is None else PydanticObjectId(raw["_id"])


async def holders(
    company_id: PydanticObjectId, role_id: PydanticObjectId, *, most: int, session: AsyncClientSession
) -> Sequence[PydanticObjectId]:
    """Members with a role, at most so many."""
    cursor = User.get_pymongo_collection().find(
        {"company_id": company_id, "role_id": role_id}, {"_id": 1}, session=session
    )
    return [raw["_id"] for raw in await cursor.limit(most).to_list()]


async def others(
    company_id: PydanticObjectId, user_id: PydanticObjectId, *, most: int, session: AsyncClientSession
) -> Sequence[PydanticObjectId]:
    """Members besides this one, at most so many."""
    cursor = User.get_pymongo_collection().find(
        {"company_id": company_id, "_id": {"$ne": user_id}}, {"_id": 1}, session=session
    )
    return [raw["_id"] for raw in await cursor.limit(most).to_list()]


async def without_second_factor(
    company_id: PydanticObjectId, *, most: int, session: AsyncClientSession
) -> Sequence[PydanticObjectId]:
    """Members who have not confirmed a second factor, at most so many."""
    cursor = User.get_pymongo_collection().find(
        {"company_id": company_id, "totp.confirmed_at": None}, {"_id": 1}, session=session
    )
    return [raw["_id"] for raw in await cursor.limit(most).to_list()]


async def has_second_factor(user_id: PydanticObjectId, session: AsyncClientSession) -> bool:
    """Whether a user has confirmed a second factor."""
    found = {"_id": user_id, "totp.confirmed_at": {"$ne": None}}
    return await User.get_pymongo_collection().find_one(found, {"_id": 1}, session=session) is not None
