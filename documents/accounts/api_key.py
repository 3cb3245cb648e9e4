"""A key with which a program acts for a user, within scopes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.standing import STANDING, Standing, read_standing
from documents.accounts.user import User
from documents.text import Title

MOST_PER_USER: Final = 50
KEPT_AFTER_EXPIRY: Final = timedelta(days=30)
"""How long a key that ran out is still listed, so that its owner sees why a program stopped."""

_USE_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """Whose key it is and what it may do.

    Args:
        user_id: its owner.
        scopes: names of the permissions that it was given.
        standing: what the owner is now.
    """

    user_id: PydanticObjectId
    scopes: tuple[str, ...]
    standing: Standing


class ApiKey(Document):
    """A key. Revoking removes it; the audit trail remembers it.

    Attributes:
        name: what its owner calls it.
        secret_hash: digest of its secret.
        hint: how its text begins, so that its owner can tell keys apart.
        scopes: names of permissions (see `access.permissions.KEY_SCOPES`), the most that it may do.
        expires_at: from then on it is refused; None for never.
        last_used_at: to about a minute, None for never.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    user_id: PydanticObjectId
    name: Title
    secret_hash: Annotated[bytes, Field(repr=False)]
    hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None

    class Settings:
        """Collection `api_keys`."""

        name = "api_keys"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("user_id", ASCENDING), ("_id", DESCENDING)], name="newest_of_user"),
            IndexModel(
                [("expires_at", ASCENDING)],
                name="expiry",
                expireAfterSeconds=int(KEPT_AFTER_EXPIRY.total_seconds()),
            ),
        ]

    @classmethod
    async def add(cls, key: "ApiKey", *, session: AsyncClientSession) -> bool:
        """Store a key, in a transaction; False if its owner has as many as one may have."""
        await User.take_turn(key.user_id, session=session)
        keys = cls.get_pymongo_collection()
        count = await keys.count_documents({"user_id": key.user_id}, limit=MOST_PER_USER, session=session)
        if count >= MOST_PER_USER:
            return False
        values = key.model_dump(by_alias=True, exclude={"revision_id"})
        await keys.insert_one(values, session=session)
        return True

    @classmethod
    async def of_user(cls, user_id: PydanticObjectId) -> list["ApiKey"]:
        """All keys of a user, the newest first."""
        return await cls.find({"user_id": user_id}).sort("-_id").limit(MOST_PER_USER).to_list()

    @classmethod
    async def revoke(
        cls, key_id: PydanticObjectId, user_id: PydanticObjectId, *, session: AsyncClientSession
    ) -> "ApiKey | None":
        """Remove a user's key; it is refused from here on. None if the user has no such key."""
        raw = await cls.get_pymongo_collection().find_one_and_delete(
            {"_id": key_id, "user_id": user_id}, session=session
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def standing(
        cls, key_id: PydanticObjectId, *, secret_hash: bytes, now: datetime
    ) -> KeyStanding | None:
        """Whose key this is, once its secret is found right; None if it is unknown, over or its owner gone.

        One round trip, and a second one about once a minute, which notes the use.
        """
        is_open = {"$or": [{"expires_at": None}, {"expires_at": {"$gt": now}}]}
        pipeline: list[dict[str, Any]] = [
            {"$match": {"_id": key_id, "secret_hash": secret_hash, **is_open}},
            {"$project": {"user_id": 1, "scopes": 1, "last_used_at": 1}},
            *STANDING,
        ]
        keys = cls.get_pymongo_collection()
        found = await (await keys.aggregate(pipeline)).to_list(1)
        if not found:
            return None
        last_used_at, stale = found[0].get("last_used_at"), now - _USE_NOTED_EVERY
        if last_used_at is None or last_used_at < stale:
            # Of many requests at once one writes; a clock that is behind sets nothing back.
            unnoted = {"_id": key_id, "$or": [{"last_used_at": None}, {"last_used_at": {"$lt": stale}}]}
            await keys.update_one(unnoted, {"$set": {"last_used_at": now}})
        return KeyStanding(found[0]["user_id"], tuple(found[0]["scopes"]), read_standing(found[0]))
