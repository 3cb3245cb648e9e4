"""How one topic lies in Redis: its keys, its entries, and how its history begins.

A topic is one stream. An entry's id is `<sequence>-0`, and every entry names its epoch, so what a reader gets
says by itself whether it belongs to the history that the reader knows. A history begins at the clock's
microseconds rather than at 1: when Redis lost everything, a reader that waits behind an old position is
woken by the first entry of the new history, and sees the new epoch.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from events.cursor import Cursor
from events.event import Event

# Both scripts begin with this. Sequences stay below 2**53, so Lua's numbers hold them exactly.
_LAST_ENTRY = """
local stream, published = KEYS[1], KEYS[2]
local function number_of(entry) return tonumber(string.match(entry[1], '^%d+')) end
local function text_of(number) return string.format('%.0f', number) end
local function clock()
  local now = redis.call('TIME')
  return now[1] * 1000000 + now[2]
end
local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
"""

# KEYS: stream, published ids. ARGV: epoch to begin with, idle time (s), most entries kept, then id, type and
# payload of each draft. Returns the epoch and each draft's sequence.
PUBLISH = (
    _LAST_ENTRY
    + """
local epoch, sequence = ARGV[1], nil
if last then
  epoch, sequence = last[2][2], number_of(last)
else
  redis.call('DEL', published)
  sequence = clock()
end
local reply = {epoch}
for i = 4, #ARGV, 3 do
  local before = redis.call('ZSCORE', published, ARGV[i])
  if before then
    reply[#reply + 1] = text_of(tonumber(before))
  else
    sequence = sequence + 1
    local text = text_of(sequence)
    redis.call('XADD', stream, 'MAXLEN', ARGV[3], text .. '-0',
      'epoch', epoch, 'id', ARGV[i], 'type', ARGV[i + 1], 'payload', ARGV[i + 2])
    redis.call('ZADD', published, text, ARGV[i])
    reply[#reply + 1] = text
  end
end
local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
redis.call('ZREMRANGEBYSCORE', published, '-inf', '(' .. text_of(number_of(first)))
redis.call('EXPIRE', stream, ARGV[2])
redis.call('EXPIRE', published, ARGV[2] + 60)
return reply
"""
)

# KEYS: stream, published ids. ARGV: epoch to begin with, idle time (s), then what the caller has seen: epoch
# ('' for nothing), sequence and event id. Returns epoch, sequence and event id of the last entry.
# Redis may come back from an older copy of its data and give the sequences after it to other events. A reader
# that has seen what is not there ends such a history, lest old cursors pass for places among the new events.
_OPEN = (
    _LAST_ENTRY
    + """
if last and last[2][2] == ARGV[3] then
  local seen = redis.call('XRANGE', stream, ARGV[4] .. '-0', ARGV[4] .. '-0')[1]
  if tonumber(ARGV[4]) > number_of(last) or (seen and (seen[2][4] or '') ~= ARGV[5]) then
    redis.call('DEL', stream)
    last = nil
  end
end
if not last then
  redis.call('DEL', published)
  last = {text_of(clock()) .. '-0', {'epoch', ARGV[1]}}
  redis.call('XADD', stream, last[1], 'epoch', ARGV[1])
end
redis.call('EXPIRE', stream, ARGV[2])
redis.call('EXPIRE', published, ARGV[2] + 60)
return {last[2][2], text_of(number_of(last)), last[2][4] or ''}
"""
)


@dataclass(frozen=True, slots=True)
class TopicKeys:
    """Where the topics of one installation lie."""

    prefix: str

    def stream(self, topic: str) -> str:
        """The events themselves."""
        return f"{self.prefix}:events:{topic}"

    def published(self, topic: str) -> str:
        """Ids of the events in the stream, each with its sequence."""
        return f"{self.prefix}:published:{topic}"

    def wake(self, reader_id: str) -> str:
        """The control stream of one reader, which ends its wait."""
        return f"{self.prefix}:wake:{reader_id}"


def new_epoch() -> str:
    """Name a history; it comes into use only if there is none."""
    return secrets.token_urlsafe(9)


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a topic's history. `event_id` is empty where the history has begun without an event."""

    cursor: Cursor
    event_id: str


def tail_of(reply: list[bytes]) -> Tail:
    """Read what the opening script answered."""
    epoch, sequence, event_id = reply
    return Tail(Cursor(epoch.decode(), int(sequence)), event_id.decode())


class TopicOpener:
    """Finds the end of a topic's history, beginning one where there is none, and keeps it from expiring."""

    def __init__(self, redis: Redis, keys: TopicKeys, *, idle_s: int) -> None:
        self._redis = redis
        self._keys = keys
        self._idle_s = idle_s
        self._script: AsyncScript = redis.register_script(_OPEN)

    async def open(self, topic: str) -> Tail:
        """Give the topic's end as it is now."""
        return tail_of(await self._script(self._keys_of(topic), [new_epoch(), self._idle_s, "", 0, ""]))

    async def check(self, seen: Mapping[str, Tail]) -> dict[str, Tail]:
        """Give the ends of many topics in one round trip.

        A history that does not hold what was seen of it is ended, and another begun.
        """
        # The context lets go of the connection even when the first load of the script is broken off.
        async with self._redis.pipeline(transaction=False) as pipeline:
            for topic, tail in seen.items():
                seen_of_it: list[str | int] = [tail.cursor.epoch, tail.cursor.sequence, tail.event_id]
                await self._script(self._keys_of(topic), [new_epoch(), self._idle_s, *seen_of_it], pipeline)
            replies = await pipeline.execute()
        return {topic: tail_of(reply) for topic, reply in zip(seen, replies, strict=True)}

    def _keys_of(self, topic: str) -> list[str]:
        return [self._keys.stream(topic), self._keys.published(topic)]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a topic's stream. `event` is None where the entry only begins a history."""

    cursor: Cursor
    event: Event | None


def entry_of(topic: str, stream_id: bytes, fields: Mapping[bytes, bytes]) -> Entry:
    """Read an entry as `PUBLISH` and the opening script write them.

    Raises:
        ValueError: something else wrote to the stream.
    """
    try:
        cursor = Cursor(fields[b"epoch"].decode(), int(stream_id.partition(b"-")[0]))
        if b"id" not in fields:
            return Entry(cursor, None)
        payload = orjson.loads(fields[b"payload"])
        return Entry(cursor, Event(fields[b"id"].decode(), topic, fields[b"type"].decode(), payload, cursor))
    except KeyError as missing:
        raise ValueError(f"entry {stream_id!r} of {topic!r} has no field {missing}") from missing
