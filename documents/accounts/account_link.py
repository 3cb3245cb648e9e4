"""What a link in a mail about an account stands for, until it is used or has expired."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, cast

from beanie import Document, PydanticObjectId, UpdateResponse
from pydantic import Field
from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession


class AccountLinkKind(StrEnum):
    """What the link is good for."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a purpose, not a secret
    CHANGE_EMAIL = "CHANGE_EMAIL"


LIFETIME: Final = {
    AccountLinkKind.VERIFY_EMAIL: timedelta(days=3),
    AccountLinkKind.RESET_PASSWORD: timedelta(hours=1),
    AccountLinkKind.CHANGE_EMAIL: timedelta(days=1),
}


class AccountLink(Document):
    """One link. Its token is made from its id and stored nowhere (see `access.mail_tokens`).

    Attributes:
        email: where the mail with the link went.
        email_key: of that address.
        known_key: key of the account's address when the link was made; the link dies when that changes.
        used_at: when it was used; most are good for one use.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    user_id: PydanticObjectId
    kind: AccountLinkKind
    email: str
    email_key: str
    known_key: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    class Settings:
        """Collection `account_links`."""

        name = "account_links"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("user_id", ASCENDING), ("kind", ASCENDING)], name="of_user"),
            IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0),
        ]

    @classmethod
    async def put(
        cls,
        kind: AccountLinkKind,
        user_id: PydanticObjectId,
        *,
        email: str,
        email_key: str,
        known_key: str,
        now: datetime,
        link_id: PydanticObjectId | None = None,
        session: AsyncClientSession | None = None,
    ) -> "AccountLink":
        """Store a link; under a given id only once, and then it is left as it is."""
        link = cls(
            id=link_id or PydanticObjectId(),
            user_id=user_id,
            kind=kind,
            email=email,
            email_key=email_key,
            known_key=known_key,
            created_at=now,
            expires_at=now + LIFETIME[kind],
        )
        values = link.model_dump(by_alias=True, exclude={"id", "revision_id"})
        await cls.get_pymongo_collection().update_one(
            {"_id": link.id}, {"$setOnInsert": values}, upsert=True, session=session
        )
        return link

    @classmethod
    async def in_time(
        cls, link_id: PydanticObjectId, kind: AccountLinkKind, *, now: datetime
    ) -> "AccountLink | None":
        """A link that has not expired, used or not."""
        return await cls.find_one({"_id": link_id, "kind": kind, "expires_at": {"$gt": now}})

    @classmethod
    async def use(
        cls, link_id: PydanticObjectId, kind: AccountLinkKind, *, now: datetime, session: AsyncClientSession
    ) -> "AccountLink | None":
        """Use a link up. None if it was used, has expired or never was."""
        is_good: dict[str, Any] = {"_id": link_id, "kind": kind, "used_at": None, "expires_at": {"$gt": now}}
        link = await cls.find_one(is_good, session=session).update(
            {"$set": {"used_at": now}}, session=session, response_type=UpdateResponse.NEW_DOCUMENT
        )
        return cast("AccountLink | None", link)  # Beanie types this as an update result

    @classmethod
    async def void(
        cls, user_id: PydanticObjectId, *kinds: AccountLinkKind, session: AsyncClientSession
    ) -> None:
        """Make a user's unused links of some kinds worthless."""
        await cls.get_pymongo_collection().delete_many(
            {"user_id": user_id, "kind": {"$in": list(kinds)}, "used_at": None}, session=session
        )
