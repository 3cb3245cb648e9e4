"""How far the housekeeping has come in a list that it walks through a little at a time."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from beanie import Document, PydanticObjectId

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_ID: Final = PydanticObjectId("0" * 24)


class HouseMark(Document):
    """A place in a list that is ordered by time and id.

    Attributes:
        id: which walk.
        at: time of the document that was seen last.
        last_id: its id.
    """

    id: str  # type: ignore[assignment]  # a name, where Beanie expects an ObjectId
    at: datetime = _START
    last_id: PydanticObjectId = _FIRST_ID

    class Settings:
        """Collection `house_marks`."""

        name = "house_marks"
        indexes: ClassVar[list[Any]] = []

    @classmethod
    async def of(cls, name: str) -> "HouseMark":
        """Where a walk stands; at the start if it never began."""
        raw = await cls.get_pymongo_collection().find_one({"_id": name})
        return cls(id=name) if raw is None else cls.model_validate(raw)

    async def move(self, at: datetime, last_id: PydanticObjectId) -> None:
        """Remember how far the walk has come."""
        await self.get_pymongo_collection().update_one(
            {"_id": self.id}, {"$set": {"at": at, "last_id": last_id}}, upsert=True
        )
        self.at, self.last_id = at, last_id
