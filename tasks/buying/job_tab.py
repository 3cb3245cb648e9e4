"""The tab that a maker of long work writes on, in the job's checkpoint."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from documents.jobs import job_claim
from documents.jobs.job import Job
from documents.jobs.job_end import LeaseLost
from providers.protocols.prediction import Ticket
from tasks.job_engine.kill_points import KillPoint, KillPoints


def purchases(job: Job) -> dict[str, dict[str, Any]]:
    """What a job has bought and is buying, by `Order.entry`."""
    return dict(job.checkpoint.get("purchases", {}))


class JobTab:
    """A tab that stands in the job's checkpoint under a purchase's name.

    Args:
        job: that buys.
        name: the purchase's.
        now: the clock.
        kill_points: where tests let a worker die.
        afford: sets aside what the model costs that a maker has chosen; raises what stands against it.
        paid_with: whose key pays (`whose_key`, `company_id`), for whoever calls it off.
    """

    def __init__(
        self,
        job: Job,
        name: str,
        now: Callable[[], datetime],
        kill_points: KillPoints | None = None,
        *,
        afford: Callable[[str], Awaitable[None]] | None = None,
        paid_with: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self._paid_with = dict(paid_with or {})
        self._job, self._now, self._afford = job, now, afford
        self._kill_points = kill_points or KillPoints()

    @property
    def entry(self) -> dict[str, Any]:
        """All that stands there."""
        return purchases(self._job).get(self.name, {})

    @property
    def ticket(self) -> Ticket | None:
        """What was bought already."""
        found = self.entry.get("ticket")
        return None if found is None else Ticket(**found)

    @property
    def opened_at(self) -> datetime | None:
        """When an earlier try was about to buy."""
        return self.entry.get("opened_at")

    async def open(self, model: str) -> None:
        """Say that something is about to be bought. Raises LeaseLost, and what `afford` raises."""
        if self._afford is not None:
            await self._afford(model)
        await self._write({"opened_at": self._now()})

    async def keep(self, ticket: Ticket) -> None:
        """Remember what was bought. Raises LeaseLost."""
        self._kill_points.reach(KillPoint.BEFORE_TICKET)
        values = {each.name: getattr(ticket, each.name) for each in fields(ticket)}
        await self._write(self.entry | {"ticket": values, "paid_with": self._paid_with})
        self._kill_points.reach(KillPoint.AFTER_TICKET)

    async def discard(self) -> None:
        """Forget it. Raises LeaseLost."""
        await self._write({})

    async def _write(self, entry: dict[str, Any]) -> None:
        checkpoint = {**self._job.checkpoint, "purchases": purchases(self._job) | {self.name: entry}}
        if not await job_claim.save_checkpoint(self._job, checkpoint):
            raise LeaseLost
        self._job.checkpoint = checkpoint
