"""Characters that were deleted go with their objects, and so do the objects of pictures that were removed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from documents.writers_room.character import Character
from storage.object_store import ObjectStore
from tasks.making.character_keys import prefix_of

QUIET: Final = timedelta(hours=1)
"""How long after the last change: what is being copied or checked for it has ended by then."""

_A_TURN: Final = 100


class CharacterRemoval:
    """A few at a time.

    Args:
        objects: where their pictures lie.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Remove the next ones: objects first, what names them last."""
        characters = Character.get_pymongo_collection()
        before = self._now() - QUIET
        gone = characters.find({"deleted_at": {"$lt": before, "$type": "date"}}).limit(_A_TURN)
        for raw in await gone.to_list():
            prefix = prefix_of(Character.model_validate(raw))
            await self._objects.delete_many([each.key async for each in self._objects.list(prefix)])
            await characters.delete_one({"_id": raw["_id"]})
        untidy = characters.find({"dropped_keys.0": {"$exists": True}}, {"dropped_keys": 1}).limit(_A_TURN)
        for raw in await untidy.to_list():
            await self._objects.delete_many(raw["dropped_keys"])
            await characters.update_one(
                {"_id": raw["_id"]}, {"$pullAll": {"dropped_keys": raw["dropped_keys"]}}
            )
