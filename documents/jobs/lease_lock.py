"""A lock that one process holds until it lets go or falls silent."""

from datetime import datetime, timedelta
from typing import ClassVar

from beanie import Document
from pydantic import Field
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError


class LeaseLock(Document):
    """Who holds a lock, and until when."""

    id: str = Field(alias="_id")  # type: ignore[assignment]  # Beanie's own is an ObjectId
    owner: str
    expires_at: datetime

    class Settings:
        """Where locks live."""

        name = "locks"
        indexes: ClassVar[list[IndexModel]] = []

    @classmethod
    async def take(cls, name: str, *, owner: str, now: datetime, for_s: float) -> bool:
        """Take or prolong a lock; False if another one holds it."""
        try:
            await cls.get_pymongo_collection().update_one(
                {"_id": name, "$or": [{"owner": owner}, {"expires_at": {"$lt": now}}]},
                {"$set": {"owner": owner, "expires_at": now + timedelta(seconds=for_s)}},
                upsert=True,
            )
        except DuplicateKeyError:
            return False
        return True

    @classmethod
    async def drop(cls, name: str, *, owner: str) -> None:
        """Let go of a lock, if it is held."""
        await cls.get_pymongo_collection().delete_one({"_id": name, "owner": owner})
