"""What a service keeps open for each key: clients, limits, makers. Bounded, since anybody may bring a key."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

from providers.service import Account

_MOST_KEYS: Final = 256


class Closable(Protocol):
    """Something with connections."""

    async def close(self) -> None:
        """Close them."""
        ...


AccountT = TypeVar("AccountT", bound=Account | None)
OpenT = TypeVar("OpenT", bound=Closable)


class KeyRing(Generic[AccountT, OpenT]):
    """One thing for each key, the keys used last kept.

    Args:
        make: opens it for an account; None is the installation's own, where a service needs no key.
    """

    def __init__(self, make: Callable[[AccountT], OpenT]) -> None:
        self._make = make
        self._open: OrderedDict[tuple[str, str] | None, OpenT] = OrderedDict()

    def of(self, account: AccountT) -> OpenT:
        """The one for this key. Whoever has another still may use it; it closes when it is let go."""
        name = None if account is None else (account.fingerprint, account.whose.value)
        if name not in self._open:
            self._open[name] = self._make(account)
        self._open.move_to_end(name)
        while len(self._open) > _MOST_KEYS:
            self._open.popitem(last=False)
        return self._open[name]

    async def close(self) -> None:
        """Close all."""
        while self._open:
            _, opened = self._open.popitem()
            await opened.close()
