"""A provider's account that opens a user's account."""

from datetime import datetime

from beanie import PydanticObjectId
from pydantic import Field

from documents.tree.node import Stored


class Identity(Stored):
    """Embedded in its user, in `identities`.

    Attributes:
        key: issuer and subject (see `key_of`); no two users have the same.
        provider: key of the provider that it came by, as the operator named it then.
        email: the address there when it was linked, empty if it was not told; for people to tell them apart.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    key: str
    provider: str
    email: str = ""
    linked_at: datetime


def key_of(issuer: str, subject: str) -> str:
    """What identifies a person for good: who vouches, and the id there. An address does neither."""
    return f"{issuer} {subject}"
