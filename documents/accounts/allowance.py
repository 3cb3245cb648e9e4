"""What a person may have bought with the installation's keys, where it is not what everybody may."""

from typing import ClassVar

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.projects.money import Micros


class Allowance(Document):
    """One person's.

    Args:
        id: the user's.
        limit_micros: their own limit; None for everybody's.
        turns: raised by each reservation. Of two at the same time one meets the other's write and begins
            again, so that each sees what the others have reserved.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(alias="_id")
    limit_micros: Micros | None = None
    turns: int = 0

    class Settings:
        """Where allowances live."""

        name = "allowances"
        indexes: ClassVar[list[IndexModel]] = []

    @classmethod
    async def limit_of(
        cls, user_id: PydanticObjectId, everybodys: int | None, session: AsyncClientSession | None = None
    ) -> int | None:
        """A person's limit in micros, where everybody has this one; None for no limit."""
        raw = await cls.get_pymongo_collection().find_one({"_id": user_id}, session=session)
        own: int | None = None if raw is None else raw.get("limit_micros")
        return everybodys if own is None else own

    @classmethod
    async def take_turn(cls, user_id: PydanticObjectId, session: AsyncClientSession) -> None:
        """Make this transaction meet all others that reserve for the same person."""
        await cls.get_pymongo_collection().update_one(
            {"_id": user_id}, {"$inc": {"turns": 1}}, upsert=True, session=session
        )

    @classmethod
    async def grant(
        cls, user_id: PydanticObjectId, limit_micros: int | None, session: AsyncClientSession
    ) -> None:
        """Give a person a limit of their own; None for everybody's."""
        await cls.get_pymongo_collection().update_one(
            {"_id": user_id}, {"$set": {"limit_micros": limit_micros}}, upsert=True, session=session
        )
