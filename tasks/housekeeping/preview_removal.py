"""Sounds that were made to be heard once go when their day is over."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from documents.media.voice_preview import VoicePreview
from storage import keys
from storage.object_store import ObjectStore

_A_TURN: Final = 200


class PreviewRemoval:
    """A few at a time.

    Args:
        objects: where the sounds lie.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Remove the next ones, the objects first: a death in between leaves their names."""
        over = {"expires_at": {"$lt": self._now()}}
        for preview in await VoicePreview.find(over).limit(_A_TURN).to_list():
            # All that lies there: a worker may have died after it had stored a sound and told of none.
            prefix = keys.voice_preview_prefix(str(preview.owner_id), str(preview.id))
            await self._objects.delete_many([each.key async for each in self._objects.list(prefix)])
            await VoicePreview.get_pymongo_collection().delete_one({"_id": preview.id, **over})
