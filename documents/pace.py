"""How fast work goes here: learned from each finished job, asked before each production."""

from typing import ClassVar

from beanie import Document
from pydantic import Field
from pymongo import IndexModel

_NEWEST_WEIGHS = 0.2


class Pace(Document):
    """Seconds that one unit of a kind of work takes one pair of hands.

    Args:
        id: kind of job and provider, such as `IMAGE:local`.
        seconds_per_unit: moving average; the newest measurement weighs a fifth.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # Beanie's own is an ObjectId
    seconds_per_unit: float

    class Settings:
        """Where paces live."""

        name = "paces"
        indexes: ClassVar[list[IndexModel]] = []

    @classmethod
    async def learn(cls, name: str, *, seconds: float, units: float) -> None:
        """Take one more measurement into the average."""
        if units <= 0:
            return
        measured = seconds / units
        older = {"$multiply": ["$seconds_per_unit", 1 - _NEWEST_WEIGHS]}
        average = {"$add": [older, measured * _NEWEST_WEIGHS]}
        await cls.get_pymongo_collection().update_one(
            {"_id": name},
            [
                {
                    "$set": {
                        "seconds_per_unit": {
                            "$cond": [{"$gt": ["$seconds_per_unit", None]}, average, measured]
                        }
                    }
                }
            ],
            upsert=True,
        )

    @classmethod
    async def known(cls) -> dict[str, float]:
        """All paces by name, in seconds a unit."""
        return {raw["_id"]: raw["seconds_per_unit"] async for raw in cls.get_pymongo_collection().find({})}
