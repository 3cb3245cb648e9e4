"""A provider that can do nothing but say whether it takes a key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from providers.errors import KeyRefused, ProviderUnavailable
from providers.protocols.offer import Capability, Offer, Provides
from providers.protocols.prediction import Ticket
from providers.service import Account


@dataclass
class KeyTaker:
    """Takes keys that begin with `good`; is away for those that begin with `away`; refuses all others."""

    name: str = "acme"
    takes_keys: bool = True
    asked: list[str] = field(default_factory=list)

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:
        del account
        return {}

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:
        del account
        return ()

    async def check(self, key: str) -> None:
        self.asked.append(key)
        if key.startswith("away"):
            raise ProviderUnavailable(self.name, f"HTTP 503 for {key}.")
        if not key.startswith("good"):
            raise KeyRefused(self.name, f"Incorrect key {key}.")

    async def call_off(self, ticket: Ticket, account: Account | None) -> None:
        del ticket, account

    async def close(self) -> None:
        pass
