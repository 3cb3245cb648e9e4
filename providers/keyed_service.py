"""A provider behind a key: what all such providers have in common."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from providers.protocols.offer import Capability, Offer, Provides, Usage
from providers.protocols.prediction import Ticket
from providers.service import Account, Whose

_MOST_KEYS: Final = 256
"""Keys that things are kept open for: anybody may bring one."""


class Keyed(Protocol):
    """What is open for one key: connections, limits, and all that is made with it."""

    @property
    def makers(self) -> Mapping[Capability, Provides]:
        """Who does what."""
        ...

    async def check(self) -> None:
        """Try the key without buying anything. Raises KeyRefused and ProviderUnavailable."""
        ...

    async def call_off(self, ticket: Ticket) -> Usage | None:
        """Stop work that was bought with it; what it took, if that is known. What is over is left alone."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class KeyedService(ABC):
    """Opens what a key needs when the key is first used, and keeps it; keys that were used last are kept.

    A subclass imports its provider's SDK in `_open` alone: it takes up to half a second, which a process that
    has no key for it need not spend.

    Args:
        name: as settings, styles and provenance call it.
        own: the installation's account; None where people bring theirs.
        offers: what it does with a key, and with which models.
        advice: what to do where there is no key.
        takes_keys: whether people may bring keys of their own.
    """

    def __init__(
        self,
        name: str,
        *,
        own: Account | None,
        offers: Mapping[Capability, Sequence[str]],
        advice: str,
        takes_keys: bool = True,
    ) -> None:
        self.name = name
        self.takes_keys = takes_keys
        self._own = own
        self._offers = offers
        self._advice = advice
        self._keys: OrderedDict[tuple[str, Whose], Keyed] = OrderedDict()
        if own is not None:
            self._of(own)  # now rather than while somebody waits for an answer

    @abstractmethod
    def _open(self, account: Account) -> Keyed:
        """Open what this key needs."""

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:
        """All that it does; nothing without a key."""
        account = account or self._own
        return {} if account is None else self._of(account).makers

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:
        """What a key would provide, where there is none."""
        if account is not None or self._own is not None:
            return ()
        return tuple(
            Offer(
                capability=capability,
                provider=self.name,
                models=tuple(models),
                available=False,
                reason_unavailable=self._advice,
            )
            for capability, models in self._offers.items()
        )

    async def check(self, key: str) -> None:
        """Try a key without buying anything. Raises KeyRefused and ProviderUnavailable."""
        keyed = self._open(Account(key, Whose.USER))
        try:
            await keyed.check()
        finally:
            await keyed.close()

    async def call_off(self, ticket: Ticket, account: Account | None) -> Usage | None:
        """Stop work that was bought; work that is over, or whose key is gone, is left alone."""
        account = account or self._own
        return None if account is None else await self._of(account).call_off(ticket)

    async def close(self) -> None:
        """Close all connections."""
        while self._keys:
            _, keyed = self._keys.popitem()
            await keyed.close()

    def _of(self, account: Account) -> Keyed:
        """What is open for this key. One that has to make room is not closed: it may still be at work."""
        name = (account.fingerprint, account.whose)
        if name not in self._keys:
            self._keys[name] = self._open(account)
        self._keys.move_to_end(name)
        while len(self._keys) > _MOST_KEYS:
            self._keys.popitem(last=False)
        return self._keys[name]
