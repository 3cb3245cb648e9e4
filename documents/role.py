"""A role: a named set of permissions that users have. Data, so that companies can define their own."""

from typing import Annotated, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, IndexModel

from documents.text import Paragraph, Title

USER_ROLE_ID: Final = PydanticObjectId("75736572726f6c6500000001")
"""The role of everybody who was given no other."""


class Role(Document):
    """A named set of permissions.

    Attributes:
        name: what people see; unique within a company.
        permissions: names of permissions (see `access.permissions`); one that a newer version has dropped
            means nothing.
        company_id: the company that defined it, None for a built-in one.
        is_built_in: the same in every installation; nobody changes it.
        revision: raised with each change.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    name: Title
    description: Paragraph = ""
    permissions: list[str]
    company_id: PydanticObjectId | None = None
    is_built_in: bool = False
    revision: int = 0

    class Settings:
        """Collection `roles`."""

        name = "roles"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("company_id", ASCENDING), ("name", ASCENDING)], name="name_unique", unique=True)
        ]

    @classmethod
    async def put_built_in(
        cls, role_id: PydanticObjectId, *, name: str, description: str, permissions: list[str]
    ) -> None:
        """Store a built-in role under its id, whatever was there before."""
        values = {
            "name": name,
            "description": description,
            "permissions": permissions,
            "company_id": None,
            "is_built_in": True,
            "revision": 0,
        }
        await cls.get_pymongo_collection().update_one({"_id": role_id}, {"$set": values}, upsert=True)
