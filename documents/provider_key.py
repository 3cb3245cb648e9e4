"""A user's or a company's own key at a provider, sealed."""

from datetime import datetime
from typing import ClassVar

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel


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
    sealed: str
    hint: str
    created_by: PydanticObjectId
    created_at: datetime
    checked_at: datetime

    class Settings:
        """Where keys are kept."""

        name = "provider_keys"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("owner_id", ASCENDING), ("provider", ASCENDING)], name="of_owner", unique=True)
        ]

    @property
    def purpose(self) -> str:
        """What the key is sealed for."""
        return f"provider-key:{self.id}"
