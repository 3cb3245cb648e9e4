"""A tab as a job has one, in memory, that notes what is written on it and may die while that is done."""

from datetime import UTC, datetime

from providers.protocols.prediction import Ticket


class WorkerDied(Exception):
    pass


class WrittenTab:
    def __init__(self, ticket: Ticket | None = None, opened_at: datetime | None = None) -> None:
        self.ticket = ticket
        self.opened_at = opened_at
        self.written: list[str] = []
        self.dies_on_keep = False

    async def open(self, model: str) -> None:
        del model
        self.opened_at = datetime.now(UTC)
        self.written.append("open")

    async def keep(self, ticket: Ticket) -> None:
        if self.dies_on_keep:
            self.dies_on_keep = False
            raise WorkerDied
        self.ticket = ticket
        self.written.append("keep")

    async def discard(self) -> None:
        self.ticket = self.opened_at = None
        self.written.append("discard")
