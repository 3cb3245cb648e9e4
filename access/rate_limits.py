"""How often an address may try to sign up, sign in or refresh, counted in Redis for all processes."""

import hashlib
import ipaddress
import math
import time
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import BlockingConnectionPool

from access.errors import RateLimited

_DEADLINE_S: Final = 5.0
"""Longest wait for Redis or a free connection. Without counters nobody signs in: errors are passed on."""


@dataclass(frozen=True, slots=True)
class AccountBudgets:
    """How often, in the notation of `limits`: `10 per 5 minutes`.

    An account's own budget is wide and the one of an account *from one address* narrow: guessing from one
    place ends early, while a stranger can hardly lock somebody else out.
    """

    sign_up_per_address: str = "20 per hour"
    sign_in_per_address: str = "60 per 5 minutes"
    sign_in_per_account: str = "100 per hour"
    sign_in_per_account_and_address: str = "10 per 5 minutes"
    refresh_per_address: str = "600 per 5 minutes"


class RateLimits:
    """The budgets and their counters.

    Args:
        redis_url: where the counters are kept.
        budgets: how often.
        key_prefix: what the names of all counters begin with.
        max_connections: to Redis, of this process.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        budgets: AccountBudgets | None = None,
        key_prefix: str = "framewright:limits",
        max_connections: int = 16,
    ) -> None:
        chosen = budgets or AccountBudgets()
        self._sign_up_per_address = parse(chosen.sign_up_per_address)
        self._sign_in_per_address = parse(chosen.sign_in_per_address)
        self._sign_in_per_account = parse(chosen.sign_in_per_account)
        self._sign_in_per_pair = parse(chosen.sign_in_per_account_and_address)
        self._refresh_per_address = parse(chosen.refresh_per_address)
        self._pool = BlockingConnectionPool.from_url(
            redis_url,
            max_connections=max_connections,
            timeout=_DEADLINE_S,
            socket_timeout=_DEADLINE_S,
            socket_connect_timeout=_DEADLINE_S,
        )
        storage = RedisStorage(
            redis_url,
            implementation="redispy",
            key_prefix=key_prefix,
            connection_pool=self._pool,  # type: ignore[arg-type]  # typed as a number, documented as a pool
        )
        self._windows = MovingWindowRateLimiter(storage)

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()

    async def count_sign_up(self, address: str) -> None:
        """Count one try to sign up from an IP address.

        Raises:
            RateLimited: the budget is used up.
        """
        await self._count(self._sign_up_per_address, "sign-up", _network(address))

    async def count_sign_in(self, address: str, account: str) -> None:
        """Count one try to sign in from an IP address to an account, existing or not.

        Args:
            address: of the client.
            account: the e-mail address as a key, or what was typed in its place.

        Raises:
            RateLimited: a budget is used up; successful tries count as well.
        """
        network, account_digest = _network(address), _digest(account)
        await self._count(self._sign_in_per_address, "sign-in", network)
        await self._count(self._sign_in_per_pair, "sign-in-pair", account_digest, network)
        await self._count(self._sign_in_per_account, "sign-in-account", account_digest)

    async def count_refresh(self, address: str) -> None:
        """Count one exchange of a refresh token from an IP address.

        Raises:
            RateLimited: the budget is used up.
        """
        await self._count(self._refresh_per_address, "refresh", _network(address))

    async def _count(self, budget: RateLimitItem, *who: str) -> None:
        if not await self._windows.hit(budget, *who):
            window = await self._windows.get_window_stats(budget, *who)
            raise RateLimited(float(max(1, math.ceil(window.reset_time - time.time()))))


def _network(address: str) -> str:
    """Whom an address belongs to: an IPv6 client commands a whole /64, an IPv4 one a single address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _digest(address)  # a socket's path, or a test client's name
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed.packed[:8] + bytes(8), 64)))
    return str(parsed)


def _digest(text: str) -> str:
    # Addresses of people do not belong into Redis' keys.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
