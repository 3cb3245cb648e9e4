"""Pauses after failed sign-ins that grow with each further one, kept in Redis for all processes.

Failures are counted for an account *from one network* and for the account as a whole. The latter stops
guessing from many places, and could be used to keep the owner out: it does not hold for networks from which
the account was signed in to before. Accounts that do not exist are counted like any other.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from access.errors import RateLimited
from access.rate_limits import network_of

_DAY_S: Final = 86_400
_KNOWN_FOR_S: Final = 90 * _DAY_S
_MOST_DOUBLINGS: Final = 20

# KEYS: failures, lock. ARGV: seconds that failures are remembered, failures without a pause, the first pause
# and the longest in ms, most doublings.
_FAIL: Final = """
local failures = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[1])
local beyond = failures - tonumber(ARGV[2])
if beyond > 0 then
  local doublings = math.min(beyond - 1, tonumber(ARGV[5]))
  local pause = math.min(tonumber(ARGV[3]) * 2 ^ doublings, tonumber(ARGV[4]))
  redis.call('SET', KEYS[2], '1', 'PX', string.format('%d', pause))
end
return beyond
"""


@dataclass(frozen=True, slots=True)
class Pauses:
    """How pauses grow.

    Args:
        free: failures that no pause follows.
        first_s: the pause after the next one, in seconds; it doubles with each further one.
        longest_s: the longest pause, in seconds.
    """

    free: int
    first_s: float
    longest_s: float


FROM_ONE_NETWORK: Final = Pauses(free=5, first_s=5, longest_s=3_600)
IN_ALL: Final = Pauses(free=50, first_s=5, longest_s=900)


class LockOut:
    """Counts failures and says who has to wait.

    A successful sign-in ends the pauses of its own network and account, and makes the network known for 90
    days. Failures are forgotten a day after the last one.

    Args:
        redis: where it is counted.
        key_prefix: what the names of all keys begin with.
        from_one_network: pauses for an account from one network.
        in_all: pauses for an account from networks that are not known.
    """

    def __init__(
        self,
        redis: Redis,
        key_prefix: str,
        *,
        from_one_network: Pauses = FROM_ONE_NETWORK,
        in_all: Pauses = IN_ALL,
    ) -> None:
        self._redis = redis
        self._prefix = key_prefix
        self._pauses = {"pair": from_one_network, "account": in_all}
        self._fail = redis.register_script(_FAIL)

    async def check(self, account: str, address: str) -> bool:
        """See whether somebody may try to sign in now.

        Args:
            account: the e-mail address as a key, or what was typed in its place.
            address: the IP address.

        Returns:
            Whether the account was signed in to from there before.

        Raises:
            RateLimited: not yet; says when.
        """
        names = self._names(account, address)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.pttl(f"{names['pair']}:lock")
        pipeline.pttl(f"{names['account']}:lock")
        pipeline.exists(names["known"])
        pair_ms, account_ms, is_known = await pipeline.execute()
        waits_ms = max(pair_ms, 0 if is_known else account_ms)
        if waits_ms > 0:
            raise RateLimited(max(1.0, waits_ms / 1_000))
        return bool(is_known)

    async def failed(self, account: str, address: str) -> bool:
        """Count a failure.

        Returns:
            Whether it is the first of a row that a pause follows.
        """
        names = self._names(account, address)
        is_first = False
        for name, pauses in self._pauses.items():
            beyond = await self._fail(
                keys=[f"{names[name]}:failures", f"{names[name]}:lock"],
                args=[
                    _DAY_S,
                    pauses.free,
                    int(pauses.first_s * 1_000),
                    int(pauses.longest_s * 1_000),
                    _MOST_DOUBLINGS,
                ],
            )
            is_first = is_first or int(beyond) == 1
        return is_first

    async def succeeded(self, account: str, address: str) -> None:
        """Forget failures, and remember the network: its owner has proved to be there."""
        names = self._names(account, address)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.delete(f"{names['pair']}:failures", f"{names['pair']}:lock")
        pipeline.delete(f"{names['account']}:failures", f"{names['account']}:lock")
        pipeline.set(names["known"], "1", ex=_KNOWN_FOR_S)
        await pipeline.execute()

    async def forgiven(self, account: str) -> None:
        """Forget the failures of an account as a whole: its owner has proved to be one in another way."""
        name = self._names(account, "")["account"]
        await self._redis.delete(f"{name}:failures", f"{name}:lock")

    def _names(self, account: str, address: str) -> dict[str, str]:
        # One hash slot for an account, should Redis be a cluster; addresses of people stay out of its keys.
        digest = hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()
        head = f"{self._prefix}:{{{digest}}}"
        network = network_of(address)
        return {
            "pair": f"{head}:pair:{network}",
            "account": f"{head}:account",
            "known": f"{head}:known:{network}",
        }
