"""A provider as a whole: what it can do with a key, and without one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from providers.protocols.offer import Capability, Offer, Provides, Usage
from providers.protocols.prediction import Ticket


class Whose(StrEnum):
    """Who pays with a key."""

    USER = "USER"
    COMPANY = "COMPANY"
    INSTALLATION = "INSTALLATION"


@dataclass(frozen=True, slots=True)
class Account:
    """A key at a provider. It is never shown, neither here nor anywhere else."""

    key: str = field(repr=False)
    whose: Whose

    @property
    def fingerprint(self) -> str:
        """Tells keys apart without telling them: 16 hexadecimal digits."""
        return hashlib.sha256(b"framewright provider key\0" + self.key.encode()).hexdigest()[:16]


class Service(Protocol):
    """One provider: `openai`, `replicate`, `local`, or one of the operator's own naming."""

    @property
    def name(self) -> str:
        """As settings, styles and provenance call it."""
        ...

    @property
    def takes_keys(self) -> bool:
        """Whether users and companies may bring keys of their own."""
        ...

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:
        """Who does what with this key; None for the installation's own, where one is set or none is needed.

        Cheap, and always the same objects for the same key: what they share (connections, limits) lives here.
        """
        ...

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:
        """What it cannot do with this key, and which setting or key would provide it."""
        ...

    async def check(self, key: str) -> None:
        """Try a key without buying anything.

        Raises:
            KeyRefused: the provider does not take it.
            ProviderUnavailable: it did not answer.
        """
        ...

    async def call_off(self, ticket: Ticket, account: Account | None) -> Usage | None:
        """Stop work that was bought, if it can be stopped; work that is over is left alone.

        Returns:
            What it has taken until then; None where that is not known.

        Raises:
            ProviderUnavailable: it did not answer.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
