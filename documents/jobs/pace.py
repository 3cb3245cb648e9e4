"""How fast work goes here: learned from each finished job, asked before each production."""

from typing import Any, ClassVar

from beanie import Document
from pydantic import Field
from pymongo import IndexModel

_KEPT_OF_THE_OLD = 0.97


class Pace(Document):
    """Seconds that one unit of a kind of work takes one pair of hands: `seconds` by `units`.

    Both are sums that fade with each measurement, so that large pieces weigh more than small ones, and the
    present more than the past.

    Args:
        id: kind of job and provider, such as `IMAGE:local`.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # Beanie's own is an ObjectId
    seconds: float
    units: float

    class Settings:
        """Where paces live."""

        name = "paces"
        indexes: ClassVar[list[IndexModel]] = []

    @classmethod
    async def learn(cls, name: str, *, seconds: float, units: float) -> None:
        """Take one more measurement into the sums."""
        if units <= 0:
            return

        def faded(total: str, newest: float) -> dict[str, Any]:
            return {"$add": [{"$multiply": [{"$ifNull": [total, 0]}, _KEPT_OF_THE_OLD]}, newest]}

        await cls.get_pymongo_collection().update_one(
            {"_id": name},
            [{"$set": {"seconds": faded("$seconds", seconds), "units": faded("$units", units)}}],
            upsert=True,
        )

    @classmethod
    async def known(cls) -> dict[str, float]:
        """All paces by name, in seconds a unit."""
        found = cls.get_pymongo_collection().find({"units": {"$gt": 0}})
        return {raw["_id"]: raw["seconds"] / raw["units"] async for raw in found}
