"""Who must look at somebody's rights again, now: all open sockets and streams of a person, on every process.

One topic for everybody, read once by each process: changes of rights are rare, and a socket that waits for
one costs neither a topic nor a question to Redis. What does not get here, because Redis is away, is found
when sockets and streams look again of their own accord.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from beanie import PydanticObjectId

from events.errors import EventsUnavailable, SlowSubscriber
from events.event import Event
from events.hub import Hub
from tasks.job_engine.announce import ACCESS_TOPIC

_log = structlog.get_logger()

_RETRY_S = 1.0


class Alarm:
    """Rings when somebody's rights may have changed; several rings that nobody waited for count as one."""

    def __init__(self) -> None:
        self._rung: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def ring(self) -> None:
        """Wake who waits, or who will."""
        if not self._rung.done():
            self._rung.set_result(None)

    async def wait(self, timeout_s: float, *beside: asyncio.Future[Any]) -> bool:
        """Wait until it rings, until something beside it is done, or until time is over.

        Returns:
            Whether it has rung since the last time.
        """
        await asyncio.wait({self._rung, *beside}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if not self._rung.done():
            return False
        self._rung = asyncio.get_running_loop().create_future()
        return True


class RightsWatch:
    """The alarms of one process."""

    def __init__(self) -> None:
        self._alarms: dict[PydanticObjectId, set[Alarm]] = {}

    @contextmanager
    def alarm(self, subject_id: PydanticObjectId | None) -> Iterator[Alarm]:
        """An alarm for the rights of a user, or of those who opened a review link.

        Look at the rights once after it is set: it knows of nothing that was before.

        Args:
            subject_id: the user or the review link; None for nobody, whose alarm never rings.
        """
        alarm = Alarm()
        if subject_id is None:
            yield alarm
            return
        self._alarms.setdefault(subject_id, set()).add(alarm)
        try:
            yield alarm
        finally:
            alarms = self._alarms[subject_id]
            alarms.discard(alarm)
            if not alarms:
                del self._alarms[subject_id]

    def ring(self, subject_id: PydanticObjectId) -> None:
        """Ring all alarms for somebody."""
        for alarm in self._alarms.get(subject_id, ()):
            alarm.ring()

    def ring_all(self) -> None:
        """Ring every alarm: something may have been missed."""
        for subject_id in self._alarms:
            self.ring(subject_id)

    async def listen(self, hub: Hub) -> None:
        """Ring for what is published, until canceled."""
        while True:
            try:
                async with hub.subscribe(ACCESS_TOPIC) as subscription:
                    self.ring_all()
                    async for event in subscription:
                        if isinstance(event, Event):
                            self.ring(PydanticObjectId(event.type))
                        else:
                            self.ring_all()
            except (EventsUnavailable, SlowSubscriber) as error:
                _log.warning("changes of rights are not heard", error=str(error))
            await asyncio.sleep(_RETRY_S)
