"""How a user's identities come and go: each one conditional update."""

from datetime import datetime
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from documents.accounts.identity import Identity
from documents.accounts.user import User

MOST: Final = 20


async def with_identity(key: str) -> User | None:
    """The account that an identity opens, suspended or not."""
    return await User.find_one({"identities.key": key})


async def link(
    user_id: PydanticObjectId, identity: Identity, *, now: datetime, session: AsyncClientSession
) -> bool:
    """Let an identity open an account; False if it opens one already, or the account is full of them."""
    room = {
        "_id": user_id,
        "identities.key": {"$ne": identity.key},
        f"identities.{MOST - 1}": {"$exists": False},
    }
    change = {"$push": {"identities": identity.stored()}, "$set": {"updated_at": now}}
    try:
        result = await User.get_pymongo_collection().update_one(room, change, session=session)
    except DuplicateKeyError:
        return False
    return result.matched_count == 1


async def unlink(
    user_id: PydanticObjectId, identity_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
) -> bool:
    """Take an identity away, unless it is the last way into the account; whether it was taken."""
    another_way = [{"password_hash": {"$ne": None}}, {"identities.1": {"$exists": True}}]
    which = {"_id": user_id, "identities._id": identity_id, "$or": another_way}
    change = {"$pull": {"identities": {"_id": identity_id}}, "$set": {"updated_at": now}}
    result = await User.get_pymongo_collection().update_one(which, change, session=session)
    return result.modified_count == 1
