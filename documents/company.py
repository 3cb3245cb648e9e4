"""A company: a tenant with members, brand assets, a car catalogue and projects that members may see."""

from datetime import datetime
from typing import Annotated, ClassVar

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import IndexModel

from documents.text import Title


class Company(Document):
    """A tenant.

    Attributes:
        name: what members see.
        requires_second_factor: members without one are kept out of the company until they set one up.
        revision: raised with each change.
        car_model_count: how many models its catalogue has.
    """

    model_config = ConfigDict(extra="ignore")

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    name: Title
    requires_second_factor: bool = False
    created_by: PydanticObjectId
    revision: int = 0
    car_model_count: int = 0
    created_at: datetime
    updated_at: datetime

    class Settings:
        """Collection `companies`."""

        name = "companies"
        indexes: ClassVar[list[IndexModel]] = []

    @classmethod
    async def light(cls, company_id: PydanticObjectId) -> "Company | None":
        """A company without its assets."""
        raw = await cls.get_pymongo_collection().find_one({"_id": company_id}, {"assets": 0})
        return None if raw is None else cls.model_validate(raw)
