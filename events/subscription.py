"""One subscriber's way through a topic: what it missed, then what happens."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from redis.exceptions import RedisError

from events.channel import Channel
from events.cursor import Cursor
from events.errors import SlowSubscriber
from events.event import Event, ResyncReason, ResyncRequired
from events.topic_stream import Entry

_RETRY_S = 0.25

ReadAfter = Callable[[int], Awaitable[list[Entry]]]
"""Reads the entries of the topic's stream that follow a sequence, the first some of them, in order."""


class Subscription:
    """Yields each event behind a position once, in order; ends when the hub stops.

    What the channel keeps comes from there, what is older from Redis, as fast as the subscriber takes it.
    One that has caught up once must keep up: the next step raises `SlowSubscriber` when the channel has
    dropped an event that it has not taken. For one consumer at a time.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        position: int,
        resync: ResyncRequired | None,
        read_after: ReadAfter,
        request_check: Callable[[], Awaitable[None]],
    ) -> None:
        self._channel = channel
        self._position = position
        self._resync = resync
        self._breaks = channel.breaks
        self._has_caught_up = False
        self._replay: deque[Event] = deque()
        self._read_after = read_after
        self._request_check = request_check

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Event | ResyncRequired:
        """Give what comes next, waiting for it without a limit.

        Raises:
            SlowSubscriber: events that were not taken in time are gone; stays so.
        """
        channel = self._channel
        while not channel.is_closed:
            if self._breaks != channel.breaks:
                self._resume_after_break()
            if self._resync is not None:
                resync, self._resync = self._resync, None
                return resync
            if self._replay:
                event = self._replay.popleft()
            elif self._position >= channel.cursor.sequence:
                self._has_caught_up = True
                await channel.moved()
                continue
            elif (kept := channel.event_at(self._position + 1)) is not None:
                self._has_caught_up = True
                event = kept
            elif self._has_caught_up:
                raise SlowSubscriber(channel.topic, behind=channel.cursor.sequence - self._position)
            else:
                await self._fill_replay()
                continue
            self._position = event.cursor.sequence
            return event
        raise StopAsyncIteration

    def _resume_after_break(self) -> None:
        self._breaks = self._channel.breaks
        self._resync = self._channel.resync
        self._replay.clear()
        self._has_caught_up = True
        if self._resync is not None:
            self._position = self._resync.cursor.sequence

    async def _fill_replay(self) -> None:
        """Read on from Redis. What cannot be read now is tried again: only the hub ends a subscription."""
        channel, breaks = self._channel, self._breaks
        try:
            entries = await self._read_after(self._position)
        except (RedisError, OSError):
            await asyncio.sleep(_RETRY_S)
            return
        except ValueError:
            self._skip_to(channel.cursor, ResyncReason.GAP)
            return
        if breaks != channel.breaks:
            return
        if not entries or entries[0].cursor.epoch != channel.cursor.epoch:
            # The history that the channel knows is gone: the reader finds out and breaks it off.
            await self._request_check()
            await asyncio.sleep(_RETRY_S)
        elif entries[0].cursor.sequence != self._position + 1:
            self._skip_to(channel.cursor, ResyncReason.HISTORY_TRIMMED)
        else:
            self._replay.extend(entry.event for entry in entries if entry.event is not None)

    def _skip_to(self, cursor: Cursor, reason: ResyncReason) -> None:
        self._position = cursor.sequence
        self._resync = ResyncRequired(reason, cursor)
