"""How often somebody may try what costs a mail, a hash or a guess, counted in Redis for all processes.

What operations cost in general is another budget: `access.cost_budgets`.
"""

import hashlib
import ipaddress
import math
import time
from dataclasses import dataclass, fields
from typing import Final

from beanie import PydanticObjectId
from limits import parse
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
    mail_per_recipient: str = "8 per hour"
    mail_per_address: str = "60 per hour"
    mail_per_user: str = "200 per day"
    guess_per_subject: str = "60 per hour"
    guess_per_subject_and_address: str = "10 per 5 minutes"
    export_per_user: str = "3 per day"

    @classmethod
    def every(cls, budget: str) -> "AccountBudgets":
        """The same budget for everything."""
        return cls(**{field.name: budget for field in fields(cls)})


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
        self._budgets = {field.name: parse(getattr(chosen, field.name)) for field in fields(chosen)}
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
        await self._count("sign_up_per_address", "sign-up", network_of(address))

    async def count_sign_in(self, address: str, account: str, *, is_known: bool = False) -> None:
        """Count one try to sign in from an IP address to an account, existing or not.

        Args:
            address: of the client.
            account: the e-mail address as a key, or what was typed in its place.
            is_known: the account was signed in to from there before: what strangers elsewhere use up of its
                own budget does not keep its owner out.

        Raises:
            RateLimited: a budget is used up; successful tries count as well.
        """
        network, account_digest = network_of(address), _digest(account)
        await self._count("sign_in_per_address", "sign-in", network)
        await self._count("sign_in_per_account_and_address", "sign-in-pair", account_digest, network)
        if not is_known:
            await self._count("sign_in_per_account", "sign-in-account", account_digest)

    async def count_arrival(self, address: str) -> None:
        """Count one step of signing in through a provider from an IP address.

        Raises:
            RateLimited: the budget is used up.
        """
        await self._count("sign_in_per_address", "arrival", network_of(address))

    async def count_refresh(self, address: str) -> None:
        """Count one exchange of a refresh token from an IP address.

        Raises:
            RateLimited: the budget is used up.
        """
        await self._count("refresh_per_address", "refresh", network_of(address))

    async def count_mail(
        self, address: str, recipient: str, *, user_id: PydanticObjectId | None = None
    ) -> None:
        """Count one mail that somebody causes: a verification, a reset, an invitation.

        Counted whether or not a mail is really sent, so that the answer does not tell who has an account.

        Args:
            address: the IP address from which it was asked for.
            recipient: the e-mail address as a key, or what was typed in its place.
            user_id: who asked for it, if signed in; counted instead of the address.

        Raises:
            RateLimited: a budget is used up.
        """
        if user_id is None:
            await self._count("mail_per_address", "mail", network_of(address))
        else:
            await self._count("mail_per_user", "mail-user", str(user_id))
        await self._count("mail_per_recipient", "mail-recipient", _digest(recipient))

    async def count_guess(self, subject: str, address: str) -> None:
        """Count one try at a secret that is short enough to be guessed: a code, a link's password.

        Args:
            subject: what is guessed at, such as `totp:<user id>` or `review-link:<id>`.
            address: of the client.

        Raises:
            RateLimited: a budget is used up; right guesses count as well.
        """
        subject_digest = _digest(subject)
        await self._count("guess_per_subject_and_address", "guess-pair", subject_digest, network_of(address))
        await self._count("guess_per_subject", "guess", subject_digest)

    async def count_export(self, user_id: PydanticObjectId) -> None:
        """Count one export of a user's data.

        Raises:
            RateLimited: the budget is used up.
        """
        await self._count("export_per_user", "export", str(user_id))

    async def _count(self, name: str, *who: str) -> None:
        budget = self._budgets[name]
        if not await self._windows.hit(budget, *who):
            window = await self._windows.get_window_stats(budget, *who)
            raise RateLimited(float(max(1, math.ceil(window.reset_time - time.time()))))


def network_of(address: str) -> str:
    """Under which name an address is counted: an IPv6 client commands a /64, an IPv4 one an address."""
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
