"""A user's or a company's own key at a provider, sealed."""

from datetime import datetime
from typing import Annotated, ClassVar, Self

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession


class ProviderKey(Document):
    """A key that is never shown again.

    Args:
        owner_id: the user or the company whose it is.
        is_company: which of the two.
        provider: name of the provider, such as `openai`.
        sealed: the key as `access.sealing` seals it for `provider-key:<id of this document>`.
        hint: its last four characters.
        checked_at: when the provider last took it.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    owner_id: PydanticObjectId
    is_company: bool
    provider: str
    sealed: Annotated[str, Field(repr=False)]
    hint: str
    created_by: PydanticObjectId
    created_at: datetime
    checked_at: datetime

    class Settings:
        """Where keys are kept."""

        name = "provider_keys"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("owner_id", ASCENDING), ("provider", ASCENDING)], name="of_owner", unique=True),
            IndexModel([("sealed", ASCENDING)], name="by_seal"),
        ]

    @property
    def purpose(self) -> str:
        """What the key is sealed for."""
        return f"provider-key:{self.id}"

    @classmethod
    async def of_owner(cls, owner_id: PydanticObjectId) -> list[Self]:
        """The keys of a user or a company, by provider's name."""
        return await cls.find({"owner_id": owner_id}).sort("provider").to_list()

    async def put(self, *, session: AsyncClientSession) -> None:
        """Store this key in the place of its owner's earlier one at the same provider."""
        keys = self.get_pymongo_collection()
        await keys.delete_one({"owner_id": self.owner_id, "provider": self.provider}, session=session)
        values = self.model_dump(by_alias=True, exclude={"revision_id"})
        await keys.insert_one(values, session=session)

    @classmethod
    async def remove(
        cls, owner_id: PydanticObjectId, provider: str, *, session: AsyncClientSession
    ) -> Self | None:
        """Remove a key, as it was; None if there is none."""
        raw = await cls.get_pymongo_collection().find_one_and_delete(
            {"owner_id": owner_id, "provider": provider}, session=session
        )
        return None if raw is None else cls.model_validate(raw)

    async def taken(self, at: datetime) -> Self | None:
        """Remember that the provider took it; the key as it is now, None if another is in its place."""
        raw = await self.get_pymongo_collection().find_one_and_update(
            {"_id": self.id}, {"$set": {"checked_at": at}}, return_document=ReturnDocument.AFTER
        )
        return None if raw is None else type(self).model_validate(raw)
