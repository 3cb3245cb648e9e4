"""Tells the viewers of projects who went without saying so: in silence, or because their rights ended."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from beanie import PydanticObjectId

from events.errors import EventsUnavailable, SlowSubscriber
from events.event import Event
from events.hub import Hub
from events.presence import PresenceBoard
from tasks.job_engine.announce import ACCESS_TOPIC, Announcer
from tasks.job_engine.background import in_background

log = structlog.get_logger()

_EVERY_S: Final = 1.0


class PresenceWatch:
    """Runs in every process that serves the API; each one that went is told of once.

    What is told is no more than a hint to look again. Dying between a look and its news loses the news, and
    so does a Redis that is away; what is read is right all the same.

    Args:
        board: who is present.
        announcer: tells.
        now: the clock.
    """

    def __init__(self, board: PresenceBoard, announcer: Announcer, *, now: Callable[[], datetime]) -> None:
        self._board = board
        self._announcer = announcer
        self._now = now

    async def run(self, hub: Hub) -> None:
        """Watch, until canceled."""
        async with in_background(self._tell_expired):
            await self._tell_changed_rights(hub)

    async def _tell_expired(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                for project_id in await self._board.remove_expired(now=self._now()):
                    await self._announcer.presence(project_id, now=self._now())
            except EventsUnavailable as error:
                log.warning("who went is not told", error=str(error))
            except Exception:
                log.exception("telling who went has a defect")

    async def _tell_changed_rights(self, hub: Hub) -> None:
        while True:
            try:
                async with hub.subscribe(ACCESS_TOPIC) as subscription:
                    async for event in subscription:
                        if isinstance(event, Event):
                            await self._tell_of(PydanticObjectId(event.type), event.id)
            except (EventsUnavailable, SlowSubscriber) as error:
                log.warning("changes of rights are not heard", error=str(error))
            await asyncio.sleep(_EVERY_S)

    async def _tell_of(self, subject_id: PydanticObjectId, cause: str) -> None:
        for project_id in await self._board.projects_of(subject_id):
            # Every process hears of it, and all call their news by the same name: it is told once.
            await self._announcer.presence(project_id, now=self._now(), event_id=f"presence:{cause}")
