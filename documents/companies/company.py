"""A company: a tenant with members, brand assets, a car catalogue and projects that members may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.text import Title
from documents.tree.lexicon import LexiconEntry


class Company(Document):
    """A tenant.

    Attributes:
        name: what members see.
        requires_second_factor: members without one are kept out of the company until they set one up.
        provider_preferences: for a capability the provider that its projects use unless they name one.
        pronunciation: how words are said in all its projects.
        car_model_count: how many models its catalogue has.
        revision: raised with each change of the company itself.
        governed: raised by each change of its members, roles and invitations (see `hold`).
    """

    model_config = ConfigDict(extra="ignore")

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    name: Title
    requires_second_factor: bool = False
    created_by: PydanticObjectId
    revision: int = 0
    provider_preferences: dict[str, str] = Field(default_factory=dict)
    pronunciation: list[LexiconEntry] = Field(default_factory=list)
    car_model_count: int = 0
    governed: int = 0
    created_at: datetime
    updated_at: datetime

    class Settings:
        """Collection `companies`."""

        name = "companies"
        indexes: ClassVar[list[IndexModel]] = []

    @classmethod
    async def light(
        cls, company_id: PydanticObjectId, session: AsyncClientSession | None = None
    ) -> "Company | None":
        """A company without its assets."""
        raw = await cls.get_pymongo_collection().find_one({"_id": company_id}, {"assets": 0}, session=session)
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def lexicon_of(cls, company_id: PydanticObjectId) -> tuple[LexiconEntry, ...]:
        """How words are said in a company's projects."""
        own = {"_id": company_id}
        raw = await cls.get_pymongo_collection().find_one(own, {"pronunciation": 1}) or {}
        return tuple(LexiconEntry.model_validate(entry) for entry in raw.get("pronunciation", ()))

    @classmethod
    async def hold(cls, company_id: PydanticObjectId, session: AsyncClientSession) -> bool:
        """Make the transactions that call this first come one after the other; False if there is no company.

        Each writes the company's document, so that of two at once one begins anew and sees what the other
        did: rules that span documents ("one administrator stays") hold however requests race.
        """
        result = await cls.get_pymongo_collection().update_one(
            {"_id": company_id}, {"$inc": {"governed": 1}}, session=session
        )
        return result.modified_count == 1

    @classmethod
    async def change(
        cls,
        company_id: PydanticObjectId,
        values: Mapping[str, Any],
        *,
        expected_revision: int | None,
        now: datetime,
        session: AsyncClientSession,
    ) -> "Company | None":
        """Set fields of the company itself; None if it has another revision than expected."""
        expected = {} if expected_revision is None else {"revision": expected_revision}
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": company_id, **expected},
            {"$set": {**values, "updated_at": now}, "$inc": {"revision": 1}},
            projection={"assets": 0},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)
