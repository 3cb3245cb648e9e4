"""Work that goes on at the provider's for minutes: bought once, whatever happens to whoever waits for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    """Names work that was bought: enough to ask for it again, or to call it off, with the same key.

    Args:
        provider: whose.
        model: that makes it.
        id: the provider's own id of the prediction.
    """

    provider: str
    model: str
    id: str


class Tab(Protocol):
    """Where a maker of long work writes down what it buys, before it waits.

    The order is: where `ticket` is set, buy nothing and go on waiting for it. Otherwise `open` the tab, buy,
    `keep` the ticket, wait. Where `opened_at` is set without a ticket, somebody died between buying and
    keeping: look for the prediction among the provider's newest, made since then from the same input, and
    adopt it instead of buying it again.
    """

    @property
    def ticket(self) -> Ticket | None:
        """What was bought already."""
        ...

    @property
    def opened_at(self) -> datetime | None:
        """When an earlier try was about to buy; None where this is the first."""
        ...

    async def open(self, model: str) -> None:
        """Say that something of this model is about to be bought.

        Raises what stands against that; nothing must be bought then.
        """
        ...

    async def keep(self, ticket: Ticket) -> None:
        """Remember what was bought; whoever takes over goes on with it."""
        ...

    async def discard(self) -> None:
        """Forget the ticket: the prediction failed, and a new try must buy anew."""
        ...


class Unwritten:
    """A tab that nobody keeps: for a maker that answers at once, and for tests of makers."""

    ticket: Ticket | None = None
    opened_at: datetime | None = None

    async def open(self, model: str) -> None:
        """Nothing is kept."""

    async def keep(self, ticket: Ticket) -> None:
        """Keep it as long as this object lives."""
        self.ticket = ticket

    async def discard(self) -> None:
        """Forget it."""
        self.ticket = None
