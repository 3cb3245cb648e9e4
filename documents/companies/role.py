"""A role: a named set of permissions that users have. Data, so that companies can define their own."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

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
    async def take_turn(cls, role_id: PydanticObjectId, *, session: AsyncClientSession) -> None:
        """Make transactions that concern who has a role run one after another."""
        await cls.get_pymongo_collection().update_one(
            {"_id": role_id}, {"$inc": {"turn": 1}}, session=session
        )

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

    @classmethod
    async def offered(
        cls,
        company_id: PydanticObjectId,
        built_in: Collection[PydanticObjectId],
        *,
        session: AsyncClientSession | None = None,
    ) -> Sequence["Role"]:
        """The built-in roles of these ids and those that a company defined, the built-in ones first.

        A company has few of its own: what defines them keeps a cap.
        """
        raw = cls.get_pymongo_collection().find(
            {"$or": [{"_id": {"$in": list(built_in)}}, {"company_id": company_id}]}, session=session
        )
        roles = [cls.model_validate(each) for each in await raw.to_list()]
        return sorted(roles, key=lambda role: (not role.is_built_in, role.name.casefold(), role.id))

    @classmethod
    async def define(cls, role: "Role", *, session: AsyncClientSession) -> None:
        """Store a role of a company's own."""
        values = role.model_dump(by_alias=True, exclude={"revision_id"})
        await cls.get_pymongo_collection().insert_one(values, session=session)

    @classmethod
    async def change(
        cls,
        role_id: PydanticObjectId,
        company_id: PydanticObjectId,
        values: Mapping[str, Any],
        *,
        expected_revision: int | None,
        session: AsyncClientSession,
    ) -> "Role | None":
        """Set fields of a company's own role; None if it has another revision than expected."""
        expected = {} if expected_revision is None else {"revision": expected_revision}
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": role_id, "company_id": company_id, **expected},
            {"$set": dict(values), "$inc": {"revision": 1}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def drop(
        cls, role_id: PydanticObjectId, company_id: PydanticObjectId, *, session: AsyncClientSession
    ) -> bool:
        """Remove a company's own role; False if it is gone."""
        result = await cls.get_pymongo_collection().delete_one(
            {"_id": role_id, "company_id": company_id}, session=session
        )
        return result.deleted_count == 1
