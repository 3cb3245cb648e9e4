"""Who looks at what in a project, for as long as they keep saying so.

It is kept in Redis and nowhere else. Every tab says it again several times a minute, nothing needs it when
Redis is lost (everybody has said it again half a minute later), and telling it needs Redis anyway; a
collection would pay for each of these sentences with a replicated write, and count the tabs of a project
only in a transaction. What nobody says again is gone for whoever reads from its expiry on, to the millisecond
and by the readers' clock: that somebody still has to take it out of Redis makes no difference to them.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

import orjson
from beanie import PydanticObjectId
from redis.asyncio import Redis
from redis.exceptions import RedisError

from events.errors import EventsUnavailable

MOST_PER_PROJECT: Final = 100
"""Tabs that are present in one project at a time."""
TAB: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What the name of a tab looks like."""

_KEPT_MS: Final = 60_000  # after the last expiry, so that it can still be told
_SWEPT_AT_ONCE: Final = 500

# KEYS: entries of the project, when each entry of all projects is due. ARGV: the entry's name, its value, now
# and its expiry (ms), most entries, what the entry is called among those that are due, how long to keep (ms).
# Returns {0, since}: said again; {1, since}: came, or moved; {-1, 0}: no room.
_REPORT: Final = """
local entries, due = KEYS[1], KEYS[2]
local name, now = ARGV[1], tonumber(ARGV[3])
local new, before, told = cjson.decode(ARGV[2]), redis.call('HGET', entries, name), 1
if before then
  local old = cjson.decode(before)
  if old.place == new.place and old.until_ms > now then
    new.since_ms, told = old.since_ms, 0
  end
elseif redis.call('HLEN', entries) >= tonumber(ARGV[5]) then
  local lapsed = 0
  local all = redis.call('HGETALL', entries)
  for index = 1, #all, 2 do
    if cjson.decode(all[index + 1]).until_ms <= now then
      redis.call('HDEL', entries, all[index])
      lapsed = lapsed + 1
    end
  end
  if lapsed == 0 then return {-1, '0'} end
end
redis.call('HSET', entries, name, cjson.encode(new))
redis.call('ZADD', due, ARGV[4], ARGV[6])
redis.call('PEXPIREAT', entries, string.format('%.0f', tonumber(ARGV[4]) + tonumber(ARGV[7])))
return {told, string.format('%.0f', new.since_ms)}
"""

# KEYS: as above. ARGV: the entry's name, what it is called among those that are due, the latest expiry (ms)
# at which it goes. Returns whether it went.
_END: Final = """
local expiry = redis.call('ZSCORE', KEYS[2], ARGV[2])
if not expiry or tonumber(expiry) > tonumber(ARGV[3]) then return 0 end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
"""
_EVER: Final = 2**53


class Activity(Enum):
    """What somebody does at a node."""

    LOOKING = "LOOKING"
    EDITING = "EDITING"


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose presence it is: one tab of a session, or of a guest.

    Args:
        subject_id: the user; of a guest, the review link. Whose rights count.
        holder_id: the session; of a guest, the guest.
        tab: as the client calls it, TAB.
        guest_name: as the guest gave it; None for a user.
    """

    subject_id: PydanticObjectId
    holder_id: PydanticObjectId
    tab: str
    guest_name: str | None = None

    @property
    def name(self) -> str:
        """Of the entry, inside its project."""
        return f"{self.subject_id}:{self.holder_id}:{self.tab}"


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is there.

    Args:
        node: kind and id of the node; None for the project as a whole.
        since: when the tab came to this node, or began to do this there.
        expires_at: from then on it is not there, unless it says so again.
    """

    seat: Seat
    node: tuple[str, PydanticObjectId] | None
    activity: Activity
    since: datetime
    expires_at: datetime


class PresenceBoard:
    """Who is present, in all projects.

    Each method raises EventsUnavailable where Redis cannot be asked. All keys share one hash slot, because
    a script touches two of them.
    """

    def __init__(self, redis: Redis, key_prefix: str) -> None:
        self._redis = redis
        self._head = f"{key_prefix}:{{presence}}"
        self._due = f"{self._head}:due"
        self._report = redis.register_script(_REPORT)
        self._end = redis.register_script(_END)

    async def report(self, project_id: PydanticObjectId, present: Present) -> tuple[Present, bool] | None:
        """Say that somebody is there, or still there.

        Args:
            project_id: where.
            present: who; `since` is the present.

        Returns:
            The entry as it stands, and whether others have something new to see; None if there is no room.
        """
        now_ms = _ms(present.since)
        arguments: list[str | bytes | int] = [
            present.seat.name,
            _stored(present),
            now_ms,
            _ms(present.expires_at),
            MOST_PER_PROJECT,
            _member(project_id, present.seat.name),
            _KEPT_MS,
        ]
        try:
            told, since = await self._report(keys=self._keys(project_id), args=arguments)
        except (RedisError, OSError) as error:
            raise EventsUnavailable from error
        if told < 0:
            return None
        stands = Present(present.seat, present.node, present.activity, _at(int(since)), present.expires_at)
        return stands, bool(told)

    async def end(self, project_id: PydanticObjectId, seat: Seat) -> bool:
        """Take somebody away; False if they were not there."""
        return await self._take(project_id, seat.name, expired_by=_EVER)

    async def present(self, project_id: PydanticObjectId, *, now: datetime) -> Sequence[Present]:
        """Who says to be there, those who came first in front; whether they still may is not looked at."""
        try:
            values = await self._redis.hvals(self._keys(project_id)[0])
        except (RedisError, OSError) as error:
            raise EventsUnavailable from error
        found = [_read(orjson.loads(value)) for value in values]
        return sorted(
            (each for each in found if each.expires_at > now), key=lambda each: (each.since, each.seat.name)
        )

    async def remove_expired(self, *, now: datetime) -> set[PydanticObjectId]:
        """Take away who did not say it again; the projects in which somebody was.

        Of several processes that do it at once, one takes each entry.
        """
        try:
            members = await self._redis.zrange(
                self._due, "-inf", _ms(now), byscore=True, offset=0, num=_SWEPT_AT_ONCE
            )
        except (RedisError, OSError) as error:
            raise EventsUnavailable from error
        left = set()
        for project_id, name in [_named(each) for each in members]:
            if await self._take(project_id, name, expired_by=_ms(now)):
                left.add(project_id)
        return left

    async def projects_of(self, subject_id: PydanticObjectId) -> set[PydanticObjectId]:
        """The projects in which a user, or somebody who came by a review link, is present."""
        return {project_id async for project_id in self._projects_of(subject_id)}

    async def _projects_of(self, subject_id: PydanticObjectId) -> AsyncIterator[PydanticObjectId]:
        try:
            async for member, _ in self._redis.zscan_iter(self._due, match=f"*|{subject_id}:*", count=1_000):
                yield _named(member)[0]
        except (RedisError, OSError) as error:
            raise EventsUnavailable from error

    async def _take(self, project_id: PydanticObjectId, name: str, *, expired_by: int) -> bool:
        arguments: list[str | bytes | int] = [name, _member(project_id, name), expired_by]
        try:
            return bool(await self._end(keys=self._keys(project_id), args=arguments))
        except (RedisError, OSError) as error:
            raise EventsUnavailable from error

    def _keys(self, project_id: PydanticObjectId) -> list[str]:
        return [f"{self._head}:of:{project_id}", self._due]


def _member(project_id: PydanticObjectId, name: str) -> str:
    return f"{project_id}|{name}"


def _named(member: Any) -> tuple[PydanticObjectId, str]:
    text = member.decode() if isinstance(member, bytes) else str(member)
    project_id, _, name = text.partition("|")
    return PydanticObjectId(project_id), name


def _stored(present: Present) -> bytes:
    node = "" if present.node is None else f"{present.node[0]}:{present.node[1]}"
    return orjson.dumps(
        {
            "seat": present.seat.name,
            # An equals sign before the name: Lua and JSON do not agree on what is not there.
            "guest": "" if present.seat.guest_name is None else f"={present.seat.guest_name}",
            "place": f"{present.activity.value}:{node}",
            "since_ms": _ms(present.since),
            "until_ms": _ms(present.expires_at),
        }
    )


def _read(raw: dict[str, Any]) -> Present:
    subject_id, holder_id, tab = raw["seat"].split(":")
    activity, kind, *node_id = raw["place"].split(":")
    guest_name = raw["guest"].removeprefix("=") if raw["guest"] else None
    return Present(
        Seat(PydanticObjectId(subject_id), PydanticObjectId(holder_id), tab, guest_name),
        (kind, PydanticObjectId(node_id[0])) if node_id else None,
        Activity(activity),
        _at(raw["since_ms"]),
        _at(raw["until_ms"]),
    )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1_000)


def _at(ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)
