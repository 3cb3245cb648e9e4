"""A provider that offers what `local` cannot do, for tests that order it and have nobody make it."""

from dataclasses import dataclass

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from providers.desk import ProviderDesk
from providers.local.service import LocalService
from providers.protocols.offer import Capability, Offer
from providers.protocols.prediction import Ticket
from providers.service import Account
from tests.stand_ins.key_taker import KeyTaker


@dataclass(frozen=True)
class OfferAlone:
    """A maker that only says what it could do."""

    offer: Offer


class OffersAlone:
    """Everything that `local` refuses, for nothing."""

    name = "paper"
    takes_keys = False

    def __init__(self) -> None:
        done = {name for name, maker in LocalService().makers(None).items() if maker.offer.available}
        self._makers = {
            capability: OfferAlone(Offer(capability, self.name, ("model",), is_free=True))
            for capability in Capability
            if capability not in done
        }

    def makers(self, account: Account | None) -> dict[Capability, OfferAlone]:
        del account
        return self._makers

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:
        del account
        return ()

    async def check(self, key: str) -> None:
        pass

    async def call_off(self, ticket: Ticket, account: Account | None) -> None:
        pass

    async def close(self) -> None:
        pass


def everything_offered() -> ProviderChoice:
    """The local provider, and somebody who offers the rest."""
    settings = {capability: f"PROVIDERS_{capability.name}" for capability in Capability}
    desk = ProviderDesk([LocalService(), OffersAlone(), KeyTaker()], settings)
    return ProviderChoice(desk, Sealing({"s": "s" * 32}))
