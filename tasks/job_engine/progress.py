"""How far a job has come: reported often, kept and published twice a second."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import structlog
from beanie import PydanticObjectId
from pymongo.errors import PyMongoError

from documents.jobs import job_claim
from documents.jobs.job import Job, JobState
from tasks.job_engine import background
from tasks.job_engine.announce import Announcer

log = structlog.get_logger()

_INTERVAL_S = 0.4


class ProgressKeeper:
    """Writes and publishes the newest report at intervals while the work goes on."""

    def __init__(self, job: Job, announcer: Announcer, now: Callable[[], datetime]) -> None:
        self._job = job
        self._announcer = announcer
        self._now = now
        self._newest: tuple[int, int, str | None] | None = None
        self._task: asyncio.Task[None] | None = None

    def report(self, done: int, total: int, *, stage: str | None = None) -> None:
        """Note that `done` of `total` units are done."""
        self._newest = (done, total, stage)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._task is not None:
            await background.end(self._task)

    async def _keep(self) -> None:
        written = None
        while True:
            await asyncio.sleep(_INTERVAL_S)
            if self._newest is None or self._newest == written:
                continue
            written = self._newest
            try:
                await self._write(*written)
            except PyMongoError as error:
                log.warning("progress not kept", error=str(error))

    async def _write(self, done: int, total: int, stage: str | None) -> None:
        job = self._job
        job.units_done, job.units_total = done, total
        base, span = job.checkpoint.get("progress_span", (0.0, 0.0))
        behind = base + span  # what the children did, if there were any
        job.progress = behind + (1 - behind) * min(1.0, done / total) if total else behind
        job.stage = stage or job.stage
        if not await job_claim.save_progress(
            job, progress=job.progress, stage=job.stage, units=(done, total)
        ):
            return
        now = self._now()
        await self._announcer.progressed(job, remaining_s=job.remaining_s(now), now=now)
        if job.parent_id is not None:
            await self._carry_up(job.parent_id)

    async def _carry_up(self, parent_id: PydanticObjectId) -> None:
        """Give the parents the sum of their children's progress, weighted by what each should take."""
        while True:
            parent = await _sum_up(parent_id)
            if parent is None:
                return
            now = self._now()
            await self._announcer.progressed(parent, remaining_s=parent.remaining_s(now), now=now)
            if parent.parent_id is None:
                return
            parent_id = parent.parent_id


async def _sum_up(parent_id: PydanticObjectId) -> Job | None:
    """Write a waiting parent's progress, never less than it was; None if it does not wait."""
    jobs = Job.get_pymongo_collection()
    parent = await Job.light(parent_id)
    if parent is None or not parent.is_waiting:
        return None
    share = {"$max": ["$estimate.duration_s", 0.01]}
    done = {"$cond": [{"$eq": ["$state", JobState.SUCCEEDED]}, 1.0, "$progress"]}
    sums: list[dict[str, Any]] = await (
        await jobs.aggregate(
            [
                {"$match": {"parent_id": parent_id, "queued_at": parent.checkpoint["handed_over_at"]}},
                {
                    "$group": {
                        "_id": None,
                        "weight": {"$sum": share},
                        "done": {"$sum": {"$multiply": [share, done]}},
                        "units_done": {"$sum": "$units_done"},
                        "units_total": {"$sum": "$units_total"},
                    }
                },
            ]
        )
    ).to_list()
    if not sums:
        return None
    found = sums[0]
    base, span = parent.checkpoint.get("progress_span", (0.0, 1.0))
    progress = base + span * found["done"] / found["weight"]
    units = {"units_done": found["units_done"], "units_total": found["units_total"]}
    await jobs.update_one(
        {"_id": parent_id, "is_waiting": True}, {"$max": {"progress": progress}, "$set": units}
    )
    parent.progress = max(parent.progress, progress)
    parent.units_done, parent.units_total = found["units_done"], found["units_total"]
    return parent
