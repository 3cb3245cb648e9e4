"""One topic inside a process: its latest events, kept once for all subscribers."""

import asyncio
from collections import deque

from events.cursor import Cursor
from events.event import Event, ResyncReason, ResyncRequired
from events.topic_stream import Entry, Tail


class Channel:
    """The last `capacity` events of a topic, and where its reader stands.

    Subscribers hold a position each and take what lies behind it; the channel never waits for them.
    Only the hub's reader moves a channel, so a late answer cannot undo a newer one.
    """

    def __init__(self, topic: str, tail: Tail, *, capacity: int) -> None:
        self.topic = topic
        self.subscribers = 0
        self.is_closed = False
        self.breaks = 0  # how often the history broke off; a subscriber that knows fewer must resync
        self.resync: ResyncRequired | None = None  # the last break
        self._tail = tail
        self._recent: deque[Event] = deque(maxlen=capacity)
        self._moved = asyncio.Event()

    @property
    def tail(self) -> Tail:
        """What the reader saw last."""
        return self._tail

    @property
    def cursor(self) -> Cursor:
        """Where the reader stands."""
        return self._tail.cursor

    def event_at(self, sequence: int) -> Event | None:
        """Give the event of that sequence, or None where it is not kept any more (or not yet read)."""
        index = sequence - self.cursor.sequence + len(self._recent) - 1
        return self._recent[index] if 0 <= index < len(self._recent) else None

    def append(self, entry: Entry) -> None:
        """Take the next entry that was read; one that does not follow the last is a break."""
        cursor, event = entry.cursor, entry.event
        if cursor.epoch != self.cursor.epoch or cursor.sequence != self.cursor.sequence + 1:
            is_same = cursor.epoch == self.cursor.epoch
            reason = ResyncReason.HISTORY_TRIMMED if is_same else ResyncReason.EPOCH_CHANGED
            before = cursor.sequence if event is None else cursor.sequence - 1
            self.break_off(reason, Tail(Cursor(cursor.epoch, before), ""))
        if event is not None:
            self._recent.append(event)
            self._tail = Tail(cursor, event.id)

    def break_off(self, reason: ResyncReason, tail: Tail) -> None:
        """Go on from `tail`: every subscriber is told once to fetch anew."""
        self._recent.clear()
        self._tail = tail
        self.breaks += 1
        self.resync = ResyncRequired(reason, tail.cursor)

    def notify(self) -> None:
        """Let the waiting subscribers look."""
        waited_for, self._moved = self._moved, asyncio.Event()
        waited_for.set()

    def close(self) -> None:
        """End every subscription."""
        self.is_closed = True
        self.notify()

    async def moved(self) -> None:
        """Wait for the next notification."""
        await self._moved.wait()
