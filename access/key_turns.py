"""Turns with a provider's key, counted in Redis for all processes: first come, first served."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from providers.line import OwnGate

log = structlog.get_logger()

_DEADLINE_S: Final = 2.0
"""Longest wait for an answer of Redis."""
_WAITER_S: Final = 5.0
"""After so long without asking again somebody who waits is taken for gone."""
_FIRST_PAUSE_S: Final = 0.03
_LONGEST_PAUSE_S: Final = 0.3

# KEYS: who has a turn (until when, ms), who waits (since when, µs), who is still waiting (until when, ms).
# ARGV: who asks, most turns, lease (ms), how long a waiter counts (ms). Returns whether it is their turn.
_ASK: Final = """
local held, queue, alive, me = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', held, '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', now)) do
  redis.call('ZREM', queue, gone)
  redis.call('ZREM', alive, gone)
end
redis.call('ZADD', queue, 'NX', string.format('%d%06d', tonumber(time[1]), tonumber(time[2])), me)
local free = tonumber(ARGV[2]) - redis.call('ZCARD', held)
if redis.call('ZRANK', queue, me) < free then
  redis.call('ZREM', queue, me)
  redis.call('ZREM', alive, me)
  redis.call('ZADD', held, now + tonumber(ARGV[3]), me)
  redis.call('PEXPIRE', held, tonumber(ARGV[3]) * 2)
  return 1
end
redis.call('ZADD', alive, now + tonumber(ARGV[4]), me)
redis.call('PEXPIRE', queue, tonumber(ARGV[4]) * 2)
redis.call('PEXPIRE', alive, tonumber(ARGV[4]) * 2)
return 0
"""

# KEYS: who has a turn. ARGV: who, lease (ms). A call that goes on counts, even if its lease had run out.
_RENEW: Final = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[2]) * 2)
"""


class RedisGate:
    """A `providers.line.Gate` that all processes share.

    A turn is a lease: it is renewed while it is used, and a process that dies gives it back with the lease's
    end. Where Redis cannot be asked, calls go on, so many at once in each process: limits are a courtesy to
    the provider, which says itself when it is too much.

    Args:
        redis: where turns are kept.
        key_prefix: what the names of all keys begin with.
        lease_s: how long a turn outlives its holder.
    """

    def __init__(self, redis: Redis, key_prefix: str, *, lease_s: float = 30.0) -> None:
        self._redis = redis
        self._prefix = key_prefix
        self._lease_s = lease_s
        self._ask = redis.register_script(_ASK)
        self._renew = redis.register_script(_RENEW)
        self._own = OwnGate()

    @asynccontextmanager
    async def turn(self, name: str, most: int) -> AsyncIterator[None]:
        """Wait for one of `most` turns under this name, and have it."""
        me = uuid.uuid4().hex
        keys = self._keys(name)
        try:
            is_counted = await self._wait(keys, me, most)
            if is_counted:
                over = asyncio.Event()
                renewing = asyncio.create_task(self._keep(keys[0], me, over))
                try:
                    yield
                finally:
                    over.set()
                    await renewing
            else:
                async with self._own.turn(name, most):
                    yield
        finally:
            await self._leave(keys, me)

    async def _wait(self, keys: list[str], me: str, most: int) -> bool:
        """Wait for a turn; False if Redis cannot be asked."""
        pause_s = _FIRST_PAUSE_S
        arguments: list[str | int] = [me, most, int(self._lease_s * 1_000), int(_WAITER_S * 1_000)]
        while True:
            try:
                if await _soon(self._ask(keys=keys, args=arguments)):
                    return True
            except (RedisError, OSError) as error:
                log.warning("turns with providers are not counted: Redis is away", error=str(error))
                return False
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
            pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)

    async def _keep(self, held: str, me: str, over: asyncio.Event) -> None:
        """Renew the lease until it is over."""
        while True:
            try:
                async with asyncio.timeout(self._lease_s / 3):
                    await over.wait()
            except TimeoutError:
                pass
            else:
                return
            try:
                await _soon(self._renew(keys=[held], args=[me, int(self._lease_s * 1_000)]))
            except (RedisError, OSError) as error:
                log.warning("a turn with a provider was not renewed", error=str(error))

    async def _leave(self, keys: list[str], me: str) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for key in keys:
            pipeline.zrem(key, me)
        try:
            await _soon(pipeline.execute())
        except (RedisError, OSError) as error:
            log.warning("a turn with a provider ends with its lease: Redis is away", error=str(error))

    def _keys(self, name: str) -> list[str]:
        # One hash slot for a key, should Redis be a cluster.
        return [f"{self._prefix}:{{{name}}}:{part}" for part in ("held", "queue", "alive")]


async def _soon(asked: Awaitable[Any]) -> Any:
    """What Redis answers. TimeoutError, which is an OSError, if it does not soon."""
    async with asyncio.timeout(_DEADLINE_S):
        return await asked
