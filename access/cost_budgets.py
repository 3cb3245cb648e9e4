"""What everybody's operations may cost over time, counted in Redis for all processes.

A budget is a token bucket: it holds its whole amount at first, every operation takes its cost out, and it
fills again evenly. `limits` has windows alone, which keep an entry for each unit, or guess when there is room
again; here one round trip charges several buckets or none, and says exactly what is left and when.
"""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, cast

import structlog
from limits import parse
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from access.errors import RateLimited
from access.rate_limits import network_of
from access.viewer import Guest, Viewer

log = structlog.get_logger()

_PATIENCE_S: Final = 0.5
"""Longest wait for Redis: beyond it the operation runs uncharged."""

_AWAY_S: Final = 5.0
"""For so long nothing is charged after Redis did not answer, so that not each operation waits for it."""

_CHARGE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full_at, retry_us, refused_by = {}, 0, 0
for i, key in ipairs(KEYS) do
  local amount, period_us = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local cost = math.min(tonumber(ARGV[1]), amount)
  local known = tonumber(redis.call('GET', key) or '0')
  full_at[i] = math.max(known, now) + math.ceil(cost * period_us / amount)
  local early_us = full_at[i] - period_us - now
  if early_us > retry_us then
    retry_us, refused_by = early_us, i
  end
end
local answer = {retry_us, refused_by}
for i, key in ipairs(KEYS) do
  local amount, period_us = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  if refused_by == 0 then
    redis.call('SET', key, string.format('%.0f', full_at[i]), 'PX', math.ceil((full_at[i] - now) / 1000))
  else
    full_at[i] = math.max(tonumber(redis.call('GET', key) or '0'), now)
  end
  answer[2 * i + 1] = math.floor((period_us - (full_at[i] - now)) * amount / period_us)
  answer[2 * i + 2] = full_at[i] - now
end
return answer
"""
"""Generic cell rate algorithm: a key holds the time, in microseconds, at which its bucket is full again."""


@dataclass(frozen=True, slots=True)
class CostBudgets:
    """How much, in the notation of `limits`: `300000 per minute` holds 300,000 and gains 5,000 a second.

    Args:
        cost_per_user: of a user, over all sessions and API keys together.
        cost_per_api_key: of one API key, within its user's.
        cost_per_address: of an IP address whose operations nobody is signed in for, guests included.
    """

    cost_per_user: str = "600000 per minute"
    cost_per_api_key: str = "300000 per minute"
    cost_per_address: str = "300000 per minute"


@dataclass(frozen=True, slots=True)
class Charge:
    """What an operation cost and what is left of the budget that is nearest to its end.

    Args:
        budget: which one: `user`, `api-key` or `address`.
        limit: the most that it holds.
        window_s: in which an empty one fills.
        requested: what the operation cost.
        remaining: what may be spent at once now.
        reset_s: seconds until the budget is full again.
    """

    budget: str
    limit: int
    window_s: int
    requested: int
    remaining: int
    reset_s: float


class CostExceeded(RateLimited):
    """A budget is used up for now.

    Args:
        retry_after_s: seconds until an operation of this cost is accepted.
        charge: how the budget stands; nothing was taken from it.
    """

    def __init__(self, retry_after_s: float, charge: Charge) -> None:
        super().__init__(retry_after_s)
        self.charge = charge


@dataclass(frozen=True, slots=True)
class _Bucket:
    name: str
    limit: int
    window_s: int
    key: str


class CostMeter:
    """Charges operations to whoever asks for them.

    Args:
        redis_url: where the buckets are kept.
        budgets: how much.
        key_prefix: what the names of all buckets begin with.
        max_connections: to Redis, of this process.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        budgets: CostBudgets | None = None,
        key_prefix: str = "framewright:costs",
        max_connections: int = 16,
    ) -> None:
        chosen = budgets or CostBudgets()
        self._items = {field.name: parse(getattr(chosen, field.name)) for field in fields(chosen)}
        self._prefix = key_prefix
        self._pool = BlockingConnectionPool.from_url(
            redis_url,
            max_connections=max_connections,
            timeout=_PATIENCE_S,
            socket_timeout=_PATIENCE_S,
            socket_connect_timeout=_PATIENCE_S,
        )
        self._charge = Redis(connection_pool=self._pool).register_script(_CHARGE)
        self._away_until_s = 0.0

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()

    async def charge(self, cost: int, principal: Viewer | Guest | None, address: str) -> Charge | None:
        """Take an operation's cost out of the budgets of whoever asks, all of them or none.

        An operation that costs more than a budget holds takes the whole budget.

        Args:
            cost: of the operation.
            principal: who asks; a guest and nobody are known by their address alone.
            address: the IP address.

        Returns:
            What is left; None where Redis does not answer. The limit fails open: without Redis the API
            answers slower and tells no news, but people can go on with their work; what guards secrets
            (`access.rate_limits`) fails closed.

        Raises:
            CostExceeded: a budget is used up for now.
        """
        buckets = self._buckets(principal, address)
        answer = await self._answer(cost, buckets)
        if answer is None:
            return None
        retry_us, refused_by, *states = answer
        stands = [
            Charge(
                budget=bucket.name,
                limit=bucket.limit,
                window_s=bucket.window_s,
                requested=cost,
                remaining=max(0, states[2 * i]),
                reset_s=states[2 * i + 1] / 1e6,
            )
            for i, bucket in enumerate(buckets)
        ]
        if refused_by:
            raise CostExceeded(max(1.0, math.ceil(retry_us / 1e6)), stands[refused_by - 1])
        return min(stands, key=lambda stand: stand.remaining)

    async def _answer(self, cost: int, buckets: Sequence[_Bucket]) -> list[int] | None:
        if time.monotonic() < self._away_until_s:
            return None
        arguments = [cost, *(n for each in buckets for n in (each.limit, each.window_s * 1_000_000))]
        try:
            async with asyncio.timeout(_PATIENCE_S):
                found: Any = await self._charge(keys=[each.key for each in buckets], args=arguments)
        except (RedisError, OSError) as error:  # a TimeoutError is an OSError
            self._away_until_s = time.monotonic() + _AWAY_S
            log.warning("operations are not charged", cause=type(error).__name__)
            return None
        return cast("list[int]", found)

    def _buckets(self, principal: Viewer | Guest | None, address: str) -> list[_Bucket]:
        if not isinstance(principal, Viewer):
            return [self._bucket("address", "cost_per_address", network_of(address))]
        user = self._bucket("user", "cost_per_user", str(principal.user_id))
        if principal.api_key_id is None:
            return [user]
        return [user, self._bucket("api-key", "cost_per_api_key", str(principal.api_key_id))]

    def _bucket(self, name: str, setting: str, who: str) -> _Bucket:
        item = self._items[setting]
        return _Bucket(name, item.amount, item.get_expiry(), f"{self._prefix}:{name}:{who}")
