"""Live events for one process: one reader in Redis, any number of subscribers."""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeAlias, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import RedisError

from events.channel import Channel
from events.cursor import Cursor
from events.errors import EventsUnavailable
from events.event import ResyncReason, ResyncRequired
from events.subscription import Subscription
from events.topic_stream import Entry, Tail, TopicKeys, TopicOpener, entry_of

_logger = logging.getLogger(__name__)

_FIRST_RETRY_S = 0.05
_LAST_RETRY_S = 2.0
_PAGE = 200  # entries that a replay reads at a time
_CHECKED_AT_ONCE = 200  # topics
_WAKE_IDLE_S = 3_600

_Entries: TypeAlias = list[tuple[bytes, dict[bytes, bytes]]]


class Hub:
    """Reads the topics that have subscribers, all of them over one connection, and fans them out.

    A second connection finds where topics stand, replays what subscribers missed, and wakes the reader when a
    topic was added. Redis may go away and come back: subscriptions stay, go on where they were if it kept its
    data, and get one `ResyncRequired` if it did not. Every `check_every_s` seconds the reader looks whether
    the topics' histories are still those that it knows.
    """

    def __init__(
        self,
        redis_url: str,
        prefix: str,
        *,
        capacity: int = 1_024,
        idle_s: int = 86_400,
        check_every_s: float = 5.0,
    ) -> None:
        """Connect to nothing yet.

        Args:
            redis_url: where the publishers publish.
            prefix: of every key, as the publishers have it.
            capacity: events that a subscriber may fall behind before it is closed.
            idle_s: a topic without publications and subscribers is forgotten after so many seconds.
            check_every_s: at the latest after this a Redis without its data is noticed, even when idle.
        """
        self._keys = TopicKeys(prefix)
        self._capacity = capacity
        # A few reads fit behind a subscriber, so that it gets to run before it counts as slow.
        self._read_at_once = max(1, capacity // 4)
        self._check_every_s = check_every_s
        self._wake_key = self._keys.wake(secrets.token_hex(8))
        self._wake_id = "0-0"
        self._is_woken = False
        self._is_check_due = False
        self._channels: dict[str, Channel] = {}
        self._reading: asyncio.Task[None] | None = None
        # A failed read must come to light, not be repeated unseen: the data behind it may be gone.
        self._reader = _client(
            redis_url, name="events-reader", timeout_s=check_every_s + 5, retry=Retry(NoBackoff(), 0)
        )
        self._asker = _client(
            redis_url,
            name="events-asker",
            timeout_s=5,
            retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), 2),
        )
        self._checker = TopicOpener(self._reader, self._keys, idle_s=idle_s)
        self._opener = TopicOpener(self._asker, self._keys, idle_s=idle_s)

    async def start(self) -> None:
        """Begin to read; Redis need not be there yet. A hub is started once."""
        self._reading = asyncio.create_task(self._read_always(), name="events-reader")

    async def stop(self) -> None:
        """End every subscription, then let go of Redis."""
        # Once is not enough: on Python 3.11 the wait_for inside redis-py loses one that meets a result.
        while self._reading is not None and not self._reading.done():
            self._reading.cancel()
            await asyncio.wait([self._reading], timeout=0.1)
        await self._reader.aclose()
        await self._asker.aclose()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def cursor(self, topic: str) -> Cursor:
        """Give the place after the topic's last event.

        Taken before something is loaded, and handed on with it, it leaves no event out between the load and a
        later subscription.

        Raises:
            EventsUnavailable: Redis could not be asked.
        """
        return (await self._open(topic)).cursor

    @asynccontextmanager
    async def subscribe(self, topic: str, after: Cursor | None = None) -> AsyncIterator[Subscription]:
        """Receive a topic's events, each once and in order: those behind `after`, then those to come.

        Without `after`, receive what is published from the moment that the context is entered.

        Raises:
            EventsUnavailable: Redis could not be asked where the topic stands, or the hub does not run.
        """
        tail = await self._open(topic)
        if self._reading is None or self._reading.done():
            raise EventsUnavailable("The hub does not run.")
        channel = self._channels.get(topic)
        is_new = channel is None
        if channel is None:
            channel = self._channels[topic] = Channel(topic, tail, capacity=self._capacity)
        channel.subscribers += 1
        try:
            if is_new:
                await self._wake()
            elif tail.cursor.epoch != channel.cursor.epoch:
                await self._request_check()
            yield self._subscription(channel, tail.cursor, after)
        finally:
            channel.subscribers -= 1
            if not channel.subscribers:
                del self._channels[topic]

    def _subscription(self, channel: Channel, now: Cursor, after: Cursor | None) -> Subscription:
        # A channel of another epoch than Redis names is about to break off, or has done so since.
        end = now if now.epoch == channel.cursor.epoch else channel.cursor
        position, resync = end.sequence, None
        if after is not None:
            if after.epoch != end.epoch:
                resync = ResyncRequired(ResyncReason.EPOCH_CHANGED, end)
            elif after.sequence > max(end.sequence, channel.cursor.sequence):
                resync = ResyncRequired(ResyncReason.GAP, end)
            else:
                position = after.sequence
        return Subscription(
            channel,
            position=position,
            resync=resync,
            read_after=partial(self._read_after, channel.topic),
            request_check=self._request_check,
        )

    async def _open(self, topic: str) -> Tail:
        try:
            return await self._opener.open(topic)
        except (RedisError, OSError) as error:
            raise EventsUnavailable(f"Redis could not be asked about {topic!r}.") from error

    async def _read_after(self, topic: str, sequence: int) -> list[Entry]:
        # redis-py's types cover every protocol; ours is fixed to RESP2, undecoded.
        first_id = f"{sequence + 1}-0"
        found = cast(
            "_Entries", await self._asker.xrange(self._keys.stream(topic), min=first_id, count=_PAGE)
        )
        return [entry_of(topic, stream_id, fields) for stream_id, fields in found]

    async def _request_check(self) -> None:
        self._is_check_due = True
        await self._wake()

    async def _wake(self) -> None:
        """End the reader's wait. One wake is enough for all that is added before the reader looks."""
        if self._is_woken:
            return
        self._is_woken = True
        try:
            pipeline = self._asker.pipeline(transaction=False)
            pipeline.xadd(self._wake_key, {"": ""}, maxlen=1, approximate=False)
            pipeline.expire(self._wake_key, _WAKE_IDLE_S)
            await pipeline.execute()
        except (RedisError, OSError):
            # The reader has lost Redis as well, or looks again when its wait is over.
            self._is_woken = False
        except BaseException:
            self._is_woken = False
            raise

    async def _read_always(self) -> None:
        delay_s = _FIRST_RETRY_S
        try:
            while True:
                try:
                    await self._check()
                    due_s = time.monotonic() + self._check_every_s
                    while not self._is_check_due and (left_s := due_s - time.monotonic()) > 0:
                        await self._read(left_s)
                        delay_s = _FIRST_RETRY_S
                except (RedisError, OSError) as error:
                    _logger.warning("Redis cannot be read, next attempt in about %.2f s: %r", delay_s, error)
                    await asyncio.sleep(delay_s * random.uniform(0.5, 1))
                    delay_s = min(delay_s * 2, _LAST_RETRY_S)
        finally:
            for channel in self._channels.values():
                channel.close()

    async def _check(self) -> None:
        """See whether the topics' histories are still those that were read so far."""
        self._is_check_due = False
        channels = list(self._channels.values())
        for start in range(0, len(channels), _CHECKED_AT_ONCE):
            some = {channel.topic: channel for channel in channels[start : start + _CHECKED_AT_ONCE]}
            tails = await self._checker.check({topic: channel.tail for topic, channel in some.items()})
            for topic, channel in some.items():
                if tails[topic].cursor.epoch != channel.cursor.epoch:
                    channel.break_off(ResyncReason.EPOCH_CHANGED, tails[topic])
                    channel.notify()

    async def _read(self, wait_s: float) -> None:
        """Wait for entries of any topic and hand them to its channel."""
        self._is_woken = False
        channels = {self._keys.stream(topic).encode(): channel for topic, channel in self._channels.items()}
        positions: dict[Any, Any] = {self._wake_key: self._wake_id}
        for key, channel in channels.items():
            positions[key] = f"{channel.cursor.sequence}-0"
        wait_ms = max(1, int(wait_s * 1000))
        found = await self._reader.xread(positions, count=self._read_at_once, block=wait_ms)
        for key, entries in cast("list[tuple[bytes, _Entries]]", found):
            if key in channels:
                _hand_over(channels[key], entries)
            else:
                self._wake_id = entries[-1][0].decode()


def _hand_over(channel: Channel, entries: _Entries) -> None:
    for stream_id, fields in entries:
        try:
            channel.append(entry_of(channel.topic, stream_id, fields))
        except ValueError:
            _logger.exception("Entry %r of %r cannot be read and is left out", stream_id, channel.topic)
            left_out = Cursor(channel.cursor.epoch, int(stream_id.partition(b"-")[0]))
            event_id = fields.get(b"id", b"").decode(errors="replace")
            channel.break_off(ResyncReason.GAP, Tail(left_out, event_id))
    channel.notify()


def _client(redis_url: str, *, name: str, timeout_s: float, retry: Retry) -> Redis:
    """One connection, made when it is first needed, and again when it was lost; its users take turns."""
    pool = BlockingConnectionPool.from_url(
        redis_url,
        max_connections=1,
        timeout=timeout_s,
        socket_timeout=timeout_s,
        socket_connect_timeout=5,
        retry=retry,
        client_name=name,
        protocol=2,
        decode_responses=False,
    )
    return Redis.from_pool(pool)
