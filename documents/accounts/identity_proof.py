"""A provider vouched for somebody just now: kept for a few minutes, until the web application asks for it."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

LIFETIME: Final = timedelta(minutes=5)


class IdentityProof(Document):
    """What a provider said, and who may use it.

    Attributes:
        code_hash: digest of the code that the browser was given.
        challenge: digest of what the web application keeps to itself: a stolen code is worth nothing.
        provider: key of the provider.
        key: issuer and subject (see `documents.accounts.identity.key_of`).
        email: None if the provider tells none.
        name: as the provider has it, unchecked.
        locale: likewise.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    code_hash: Annotated[bytes, Field(repr=False)]
    challenge: Annotated[str, Field(repr=False)]
    provider: str
    key: str
    email: str | None
    is_email_verified: bool
    name: str
    locale: str
    expires_at: datetime

    class Settings:
        """Collection `identity_proofs`."""

        name = "identity_proofs"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("code_hash", ASCENDING)], name="by_code", unique=True),
            IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0),
        ]

    @classmethod
    async def open_one(cls, code_hash: bytes, *, challenge: str, now: datetime) -> "IdentityProof | None":
        """The proof behind a code, unused and in time, for whoever began it."""
        return await cls.find_one(
            {"code_hash": code_hash, "challenge": challenge, "expires_at": {"$gt": now}}
        )

    async def use(self, *, session: AsyncClientSession) -> bool:
        """Use it up, in a transaction; False if somebody was faster."""
        result = await self.get_pymongo_collection().delete_one({"_id": self.id}, session=session)
        return result.deleted_count == 1
