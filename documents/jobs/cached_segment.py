"""When an encoded segment was last of use: storage itself does not tell when an object was read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from beanie import Document
from pymongo import ASCENDING, IndexModel, UpdateOne

KEPT_UNUSED_FOR: Final = timedelta(days=30)
"""How long a segment is kept that no render has asked for."""

_NOTED_EVERY: Final = timedelta(days=1)


class CachedSegment(Document):
    """One segment, by its key in storage.

    Attributes:
        used_at: when a render last asked for it, to about a day.
    """

    id: str  # type: ignore[assignment]  # a key, where Beanie expects an ObjectId
    used_at: datetime

    class Settings:
        """Collection `cached_segments`."""

        name = "cached_segments"
        indexes: ClassVar[list[Any]] = [IndexModel([("used_at", ASCENDING)], name="unused")]

    @classmethod
    async def note_use(cls, keys: Sequence[str], now: datetime) -> None:
        """Note that a render needs these: before it looks whether they are there."""
        segments = cls.get_pymongo_collection()
        fresh = {"_id": {"$in": list(keys)}, "used_at": {"$gt": now - _NOTED_EVERY}}
        noted = {raw["_id"] async for raw in segments.find(fresh, {"_id": 1})}
        uses = [
            UpdateOne({"_id": key}, {"$max": {"used_at": now}}, upsert=True)
            for key in dict.fromkeys(keys)
            if key not in noted
        ]
        if uses:
            await segments.bulk_write(uses, ordered=False)

    @classmethod
    async def unused(cls, now: datetime, *, most: int) -> list[str]:
        """Keys of segments that nobody has asked for in 30 days."""
        over = {"used_at": {"$lt": now - KEPT_UNUSED_FOR}}
        found = cls.get_pymongo_collection().find(over, {"_id": 1}).sort("used_at", 1).limit(most)
        return [raw["_id"] async for raw in found]

    @classmethod
    async def forget(cls, keys: Sequence[str], now: datetime) -> None:
        """Forget segments that are gone; one that was asked for in the meantime stays noted."""
        await cls.get_pymongo_collection().delete_many(
            {"_id": {"$in": list(keys)}, "used_at": {"$lt": now - KEPT_UNUSED_FOR}}
        )
