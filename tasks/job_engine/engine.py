"""The job engine: claims a job, keeps its lease while a handler works, and records what came of it.

Everything that it does holds when the process dies at any line: the claim is a compare-and-set, the result
is attached in one transaction that carries the fencing token, and whatever follows (news for viewers, the
next job, the waiting parent) is found again by the sweeper.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from beanie import PydanticObjectId
from bson import Binary
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from documents.errors import CapReached, NodeMissing
from documents.jobs import job_claim, job_control, job_end
from documents.jobs.job import Job, JobError, JobKind, JobState
from documents.jobs.job_end import CancelRequested, LeaseLost
from documents.jobs.pace import Pace
from providers.errors import ProviderError
from storage.errors import StorageError
from tasks.buying.provider_errors import for_engine
from tasks.job_engine import background
from tasks.job_engine.announce import Announcer
from tasks.job_engine.dispatch import Dispatcher
from tasks.job_engine.kill_points import KillPoint, KillPoints
from tasks.job_engine.policy import JobPolicy
from tasks.job_engine.progress import ProgressKeeper
from tasks.job_engine.turns import Turns
from tasks.job_engine.work import Done, Handler, HandOver, Hopeless, Retryable

log = structlog.get_logger()

_WATCH_INTERVAL_S = 0.4
_ANSWER_S = 10.0
_MOST_WAITS = 500  # for a busy provider, at the pace that it asks for


def _lasting(error: Exception) -> JobError | None:
    """What a client is told of an error that trying again would not mend; None for a defect."""
    match error:
        case Hopeless():
            return JobError(code=error.code, message=error.message)
        case CapReached():
            return JobError(code="LIMIT_EXCEEDED", message=str(error))
        case NodeMissing():
            return JobError(code="NODE_GONE", message=f"{error} It was removed while this was being made.")
        case _:
            return None


def _passing(error: Exception) -> Retryable:
    """What a client is told of an error that trying again may mend; a defect is logged and masked."""
    match error:
        case Retryable():
            return error
        case StorageError():
            return Retryable("STORAGE_UNAVAILABLE", f"Object storage: {error}")
        case _:
            log.error("a handler has a defect", exc_info=error)
            return Retryable("INTERNAL", f"An internal error ({type(error).__name__}); see the worker's log.")


class Canceled(Exception):
    """The job's cancellation was asked for while it ran."""


class Engine:
    """Runs jobs in one worker process."""

    def __init__(
        self,
        *,
        owner: str,
        client: AsyncMongoClient[dict[str, object]],
        handlers: Mapping[JobKind, Handler],
        dispatcher: Dispatcher,
        announcer: Announcer,
        policy: JobPolicy,
        kill_points: KillPoints,
        now: Callable[[], datetime],
    ) -> None:
        self._owner = owner
        self._client = client
        self._handlers = handlers
        self._dispatcher = dispatcher
        self._announcer = announcer
        self._policy = policy
        self._kill_points = kill_points
        self._now = now
        self._turns = Turns()

    async def run(self, job_id: PydanticObjectId) -> None:
        """Work on a job if it is due; a second delivery of its message finds it held or over.

        Raises:
            asyncio.CancelledError: the process shuts down; the job was given back.
        """
        found = await Job.light(job_id)
        if found is None or not await self._root_goes_on(found):
            return
        alone = found.is_suspect(self._now())
        async with self._turns.take(alone=alone), self._client.start_session() as session:
            job = await self._claimed(job_id, session)
            if job is None:
                return
            if job.deaths and not alone:  # it killed another worker while it waited for this one
                await job_claim.release(job)
                return
            await self._run(job, session)

    async def _claimed(self, job_id: PydanticObjectId, session: AsyncClientSession) -> Job | None:
        """Claim a job; one whose claim is on its way when the process is told to stop is given back."""
        claiming = asyncio.create_task(
            job_claim.claim(
                job_id,
                owner=self._owner,
                now=self._now(),
                lease_s=self._policy.lease_s,
                session_id=Binary.as_uuid(session.session_id["id"]),
            )
        )
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with suppress(PyMongoError):
                if (job := await claiming) is not None:
                    await asyncio.shield(job_claim.release(job))
            raise

    async def _run(self, job: Job, session: AsyncClientSession) -> None:
        with structlog.contextvars.bound_contextvars(job_id=str(job.id), kind=job.kind.value):
            self._kill_points.reach(KillPoint.AFTER_CLAIM)
            try:
                ended = await self._work(job, session)
            except (LeaseLost, PyMongoError) as error:
                log.warning("lease lost or database away, giving the job back", error=str(error))
                await self._give_back(job)
                return
            await self._afterwards(ended)

    async def _root_goes_on(self, job: Job) -> bool:
        """Whether a job may start as far as its root is concerned; puts it back if the root is paused."""
        if job.root_id == job.id:
            return True
        root = await Job.light(job.root_id)
        if root is not None and root.state is JobState.PAUSED and job.state is JobState.QUEUED:
            await job_control.hold(job.id)
            return False
        return True

    async def _work(self, job: Job, session: AsyncClientSession) -> Job:
        """Run the handler and record what came of it, whatever that is."""
        try:
            await self._announcer.job(job)
            self._check_deaths(job)
            return await self._record(job, await self._watched(job), session)
        except asyncio.CancelledError:
            await asyncio.shield(job_claim.release(job))
            raise
        except (Canceled, CancelRequested):
            return await self._end(job, session, JobState.CANCELED, error=job_control.CANCELED)
        except (LeaseLost, PyMongoError):
            raise
        except Exception as error:  # noqa: BLE001 - told apart below, where a defect is logged
            return await self._not_done(job, session, error)

    async def _not_done(self, job: Job, session: AsyncClientSession, error: Exception) -> Job:
        """End a job that can't succeed, or have it tried again."""
        told = for_engine(error) if isinstance(error, ProviderError) else error
        problem = _lasting(told)
        if problem is None:
            return await self._retry(job, session, _passing(told))
        made = told.result if isinstance(told, Hopeless) else None
        return await self._end(job, session, JobState.FAILED, error=problem, result=made)

    def _check_deaths(self, job: Job) -> None:
        if job.deaths >= self._policy.max_deaths:
            raise Hopeless(
                "WORKER_LOST",
                f"{job.deaths} workers died while they worked on this. It may need more memory than they"
                " have, or meet a fault in the program: see the workers' logs.",
            )

    async def _give_back(self, job: Job) -> None:
        """Release a job, unless another worker has it, as soon as MongoDB answers.

        That is often after its lease ran out: what is not released then counts as this worker's death.
        """
        while True:
            try:
                async with asyncio.timeout(_ANSWER_S):
                    await job_claim.release(job)
            except (PyMongoError, TimeoutError):
                await asyncio.sleep(_WATCH_INTERVAL_S)
            else:
                return

    async def _watched(self, job: Job) -> Done | HandOver:
        """Run the handler beside a watch that renews the lease and looks for a cancellation."""
        progress = ProgressKeeper(job, self._announcer, self._now)
        handler = self._handlers[job.kind]

        async def handle() -> Done | HandOver:
            async with progress:
                return await handler(job, progress.report)

        work = asyncio.create_task(handle())
        watch = asyncio.create_task(self._keep_lease(job))
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            watch.result()
            raise LeaseLost
        finally:
            await background.end(work, watch)

    async def _keep_lease(self, job: Job) -> None:
        """Renew the lease until it is lost or the job is canceled.

        Raises:
            LeaseLost: somebody else has the job, or MongoDB did not confirm before the lease ran out.
            Canceled: the job's cancellation was asked for.
        """
        clock = asyncio.get_running_loop().time
        interval = min(_WATCH_INTERVAL_S, self._policy.lease_s / 4)
        lost_at = clock() + self._policy.lease_s
        while True:
            await asyncio.sleep(interval)
            try:
                async with asyncio.timeout(max(0.1, lost_at - clock())):
                    canceled = await job_claim.renew(job, now=self._now(), lease_s=self._policy.lease_s)
            except (PyMongoError, TimeoutError):
                if clock() >= lost_at:
                    raise LeaseLost from None
                continue
            if canceled is None:
                raise LeaseLost
            if canceled:
                raise Canceled
            lost_at = clock() + self._policy.lease_s

    async def _record(self, job: Job, outcome: Done | HandOver, session: AsyncClientSession) -> Job:
        self._kill_points.reach(KillPoint.BEFORE_ATTACH)

        async def transaction(session: AsyncClientSession) -> Job:
            if isinstance(outcome, HandOver):
                return await job_end.hand_over(
                    job,
                    outcome.children,
                    stage=outcome.stage,
                    checkpoint=outcome.checkpoint,
                    now=self._now(),
                    session=session,
                )
            ended = await job_end.end(
                job,
                JobState.SUCCEEDED,
                query=job_claim.held_by(job),
                now=self._now(),
                session=session,
                result=outcome.result,
                work_s=outcome.took.seconds if outcome.took else None,
            )
            if outcome.attach is not None:
                await outcome.attach(session)
            self._kill_points.reach(KillPoint.INSIDE_ATTACH)
            return ended

        recorded = await session.with_transaction(transaction)
        self._kill_points.reach(
            KillPoint.AFTER_HAND_OVER if isinstance(outcome, HandOver) else KillPoint.AFTER_ATTACH
        )
        if isinstance(outcome, Done) and outcome.took is not None:
            took = outcome.took
            await Pace.learn(took.name, seconds=took.seconds, units=took.units)
        return recorded

    async def _end(
        self,
        job: Job,
        session: AsyncClientSession,
        state: JobState,
        *,
        error: JobError,
        result: dict[str, Any] | None = None,
    ) -> Job:
        async def transaction(session: AsyncClientSession) -> Job:
            return await job_end.end(
                job,
                state,
                query=job_claim.held_by(job),
                now=self._now(),
                session=session,
                result=result,
                error=error,
            )

        return await session.with_transaction(transaction)

    async def _retry(self, job: Job, session: AsyncClientSession, error: Retryable) -> Job:
        problem = JobError(code=error.code, message=error.message, is_retryable=True)
        is_wait = error.is_wait and job.waits < _MOST_WAITS
        if job.attempt >= job.max_attempts and not is_wait:
            return await self._end(job, session, JobState.FAILED, error=problem)
        backoff = min(self._policy.max_backoff_s, self._policy.backoff_s * 2 ** (job.attempt - 1))
        delay_s = max(error.after_s or 0.0, backoff * random.uniform(0.5, 1.5))
        queued = await job_end.try_later(
            job, error=problem, delay_s=delay_s, now=self._now(), is_wait=is_wait
        )
        if queued is None:
            raise LeaseLost
        return queued

    async def _afterwards(self, job: Job) -> None:
        """What may be lost here, the sweeper finds."""
        await self._announcer.step(job)
        await self._dispatcher.admit(job.owner_id)
        if job.is_waiting:
            await self._dispatcher.wake(job.id)
        elif job.state.is_over and job.parent_id is not None:
            self._kill_points.reach(KillPoint.BEFORE_WAKE)
            await self._dispatcher.wake(job.parent_id)
