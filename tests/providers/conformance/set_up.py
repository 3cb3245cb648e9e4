"""What the suite needs to know of a provider: one entry each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.line import LineLimits, OwnGate
from providers.prices import Price, PriceList
from providers.protocols.offer import Capability, Provides
from providers.service import Service
from tests.providers.conformance.work import SHOWING
from tests.stand_ins.server import Fault, StandIn

KEY = "sk-conformance-0123456789abcdef"
OTHER_KEY = "sk-conformance-fedcba9876543210"
TIMEOUT_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a service is made with."""

    url: str
    prices: PriceList
    gate: OwnGate
    limits: LineLimits = field(default_factory=lambda: LineLimits(calls_at_once=2, failures=10_000))
    timeout_s: float = 20.0
    key: str | None = KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """A provider and its stand-in.

    Args:
        name: of the entry, and of the provider.
        stand_in: makes the stand-in; None for a provider that calls nobody.
        service: makes the provider.
        paths: for each capability a part of the path of the call that buys it; what is not here is not tried.
        price: of every model.
        refusal: what to tell the stand-in so that the provider declines, by capability.
        reasons: what the refusal then says, one of these.
        unusable: what to tell it for an answer that cannot be used and is asked for once more, by capability.
        truncated: likewise for an answer that is cut off.
        bad_request: an answer that refuses a field of the request; None where its answers name no fields.
        bad_field: that field.
        telling_body: an error's body that repeats the key.
        opaque: capabilities whose answers are bytes that only a decoder could tell from nonsense.
        uncounted: capabilities whose answers do not say what they took, so that their price is not known.
    """

    name: str
    stand_in: Callable[[], StandIn] | None
    service: Callable[[Terms], Service]
    paths: Mapping[Capability, str]
    price: Price
    refusal: Mapping[Capability, Fault] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    unusable: Mapping[Capability, Fault] = field(default_factory=dict)
    truncated: Mapping[Capability, Fault] = field(default_factory=dict)
    bad_request: Fault | None = None
    bad_field: str = ""
    telling_body: Callable[[str], bytes] = str.encode
    opaque: frozenset[Capability] = frozenset()
    uncounted: frozenset[Capability] = frozenset()

    @property
    def decoded(self) -> frozenset[Capability]:
        """Capabilities whose answers are told from nonsense."""
        return frozenset(self.paths) - self.opaque

    @property
    def showing(self) -> frozenset[Capability]:
        """Capabilities that are told what must not appear."""
        return frozenset(self.paths) & set(SHOWING)

    @property
    def named(self) -> frozenset[Capability]:
        """Capabilities whose refusals name a field."""
        return frozenset(self.paths if self.bad_request is not None else ())


class Running:
    """A set-up whose stand-in runs; makes services and closes them."""

    def __init__(self, set_up: SetUp, stand_in: StandIn | None) -> None:
        self.set_up = set_up
        self._stand_in = stand_in
        self._services: list[Service] = []
        self._kept: dict[str, Service] = {}

    @property
    def stand_in(self) -> StandIn:
        assert self._stand_in is not None
        return self._stand_in

    def service(self, **terms: Any) -> Service:
        """One on terms of its own; without any, one that is shared by tests that leave it as it was."""
        return self._made(**terms) if terms else self._shared("usual")

    def unpriced(self) -> Service:
        """One for which no price is set."""
        return self._shared("unpriced", prices=PriceList())

    def impatient(self) -> Service:
        """One that does not wait for long."""
        return self._shared("impatient", timeout_s=TIMEOUT_S)

    def _shared(self, name: str, **terms: Any) -> Service:
        if name not in self._kept:
            self._kept[name] = self._made(**terms)
        return self._kept[name]

    def _made(self, **terms: Any) -> Service:
        url = "" if self._stand_in is None else self._stand_in.url
        prices = PriceList({f"{self.set_up.name}/*": self.set_up.price})
        usual: dict[str, Any] = {"url": url, "prices": prices, "gate": OwnGate()}
        made = self.set_up.service(Terms(**usual | terms))
        self._services.append(made)
        return made

    def maker(self, capability: Capability, **terms: Any) -> Provides:
        return self.service(**terms).makers(None)[capability]

    def path(self, capability: Capability) -> str:
        return self.set_up.paths[capability]

    async def close(self) -> None:
        for service in self._services:
            await service.close()
        if self._stand_in is not None:
            await self._stand_in.__aexit__()
