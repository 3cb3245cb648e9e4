"""Removes encoded segments that no render has asked for in 30 days."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from documents.jobs.cached_segment import CachedSegment
from storage.object_store import ObjectStore

_A_TURN: Final = 1_000


class SegmentCache:
    """The oldest first.

    Args:
        objects: where the segments lie.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Remove the next ones, the objects first: a death in between leaves their names.

        A render that asks for one at this very moment finds it gone when it joins, and its next attempt
        encodes it again.
        """
        now = self._now()
        unused = await CachedSegment.unused(now, most=_A_TURN)
        if unused:
            await self._objects.delete_many(unused)
            await CachedSegment.forget(unused, now)
