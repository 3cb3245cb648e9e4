"""Which workers are there, and how much they do at once."""

from datetime import datetime, timedelta
from typing import ClassVar

from beanie import Document
from pydantic import Field
from pymongo import IndexModel

from documents.jobs.job import Queue

_GONE_AFTER = timedelta(seconds=60)


class WorkerPresence(Document):
    """A worker process, as it last reported itself.

    Args:
        id: the worker's name.
        hands: how many pieces of local work it really does side by side.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # Beanie's own is an ObjectId
    queues: list[Queue]
    hands: int
    seen_at: datetime

    class Settings:
        """Where presences live; MongoDB removes those that fell silent."""

        name = "workers"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("seen_at", 1)], expireAfterSeconds=int(_GONE_AFTER.total_seconds()) * 10)
        ]

    @classmethod
    async def report(cls, name: str, *, queues: list[Queue], hands: int, now: datetime) -> None:
        """Say that a worker is there."""
        await cls.get_pymongo_collection().update_one(
            {"_id": name}, {"$set": {"queues": queues, "hands": hands, "seen_at": now}}, upsert=True
        )

    @classmethod
    async def leave(cls, name: str) -> None:
        """Say that a worker is gone."""
        await cls.get_pymongo_collection().delete_one({"_id": name})

    @classmethod
    async def hands_on(cls, queue: Queue, now: datetime) -> int:
        """How many pieces of work of a queue are done side by side now; 1 if no worker is there yet."""
        found = cls.get_pymongo_collection().find(
            {"queues": queue, "seen_at": {"$gt": now - _GONE_AFTER}}, {"hands": 1}
        )
        return sum([raw["hands"] async for raw in found]) or 1
