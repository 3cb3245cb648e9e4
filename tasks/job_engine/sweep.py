"""The sweeper: finds what was lost between two lines of somebody's code, and sees that it goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from pymongo.errors import PyMongoError

from documents.jobs import job_claim, job_control, job_queue
from documents.jobs.job import Job, JobState
from documents.jobs.lease_lock import LeaseLock
from storage.errors import StorageError
from tasks.housekeeping.housekeeping import Housekeeper
from tasks.job_engine.announce import Announcer
from tasks.job_engine.background import in_background
from tasks.job_engine.dispatch import Dispatcher
from tasks.job_engine.policy import JobPolicy

log = structlog.get_logger()

_LOCK = "sweep"
_UNTOLD_AFTER_SWEEPS = 2


class Sweeper:
    """Runs in every worker; one of them sweeps at a time."""

    def __init__(
        self,
        *,
        owner: str,
        dispatcher: Dispatcher,
        announcer: Announcer,
        housekeeper: Housekeeper,
        policy: JobPolicy,
        now: Callable[[], datetime],
    ) -> None:
        self._owner = owner
        self._dispatcher = dispatcher
        self._announcer = announcer
        self._housekeeper = housekeeper
        self._policy = policy
        self._now = now

    async def run(self) -> None:
        """Sweep at intervals until canceled; a failed sweep is followed by the next."""
        async with in_background(self._break_off_lapsed):  # a sweep may itself wait for a dead one's locks
            await self._sweep_at_intervals()

    async def _break_off_lapsed(self) -> None:
        while True:
            await asyncio.sleep(self._policy.sweep_interval_s)
            try:
                await job_claim.break_off_lapsed(self._now())
            except PyMongoError as error:
                log.warning("transactions of the dead not broken off", error=str(error))
            except Exception:
                log.exception("breaking off the transactions of the dead has a defect")

    async def _sweep_at_intervals(self) -> None:
        while True:
            await asyncio.sleep(self._policy.sweep_interval_s)
            try:
                async with asyncio.timeout(max(30.0, 10 * self._policy.sweep_interval_s)):
                    if await self._is_my_turn():
                        await self.once()
            except (PyMongoError, TimeoutError) as error:
                log.warning("sweep failed", error=str(error))

    async def _is_my_turn(self) -> bool:
        lease_s = max(2.0, 3 * self._policy.sweep_interval_s)
        return await LeaseLock.take(_LOCK, owner=self._owner, now=self._now(), for_s=lease_s)

    async def once(self) -> None:
        """One sweep over everything that may have been left undone; what one step meets stops no other."""
        untold = timedelta(seconds=_UNTOLD_AFTER_SWEEPS * self._policy.sweep_interval_s)
        steps: tuple[Callable[[], Awaitable[object]], ...] = (
            self._dispatcher.end_canceled,
            self._wake_parents,
            self._free_held,
            self._send_again,
            self._admit,
            lambda: self._announcer.sweep(self._now(), older_than=untold),
            self._housekeeper.sweep,
        )
        for step in steps:
            try:
                await step()
            except (PyMongoError, StorageError, OSError) as error:
                log.warning("a sweep could not be finished", error=str(error))
            except Exception:
                log.exception("a step of the sweep has a defect")

    async def _admit(self) -> None:
        for owner_id in await job_queue.owners_waiting(self._now()):
            await self._dispatcher.admit(owner_id)

    async def _send_again(self) -> None:
        silence = timedelta(seconds=self._policy.silence_s)
        async for job in job_queue.silent(self._now(), silence=silence):
            await self._dispatcher.hint(job)

    async def _wake_parents(self) -> None:
        waiting = Job.get_pymongo_collection().find(
            {"state": JobState.RUNNING, "is_waiting": True}, {"_id": 1}
        )
        async for raw in waiting:
            await self._dispatcher.wake(raw["_id"])

    async def _free_held(self) -> None:
        for root_id in await job_control.held_roots():
            root = await Job.light(root_id)
            if root is None or root.state is not JobState.PAUSED:
                await job_control.let_go(root_id)
