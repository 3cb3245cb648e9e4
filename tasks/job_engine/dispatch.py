"""Getting jobs to workers: stored first, admitted by turn, then hinted at."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from beanie import PydanticObjectId
from dramatiq.errors import BrokerConnectionError
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError
from redis.exceptions import RedisError

from documents.jobs import job_control, job_end, job_list, job_queue
from documents.jobs.job import Job, JobKind, JobNotice, JobState, Queue
from tasks.job_engine.announce import Announcer
from tasks.job_engine.broker import Sender
from tasks.job_engine.policy import JobPolicy

log = structlog.get_logger()

_DUPLICATE_KEY = 11_000


class ProjectLocked(Exception):
    """Another production holds the project.

    Args:
        production_id: the one that does, or None if the project is gone.
    """

    def __init__(self, production_id: PydanticObjectId | None) -> None:
        super().__init__(f"Production {production_id} is running.")
        self.production_id = production_id


def _queued_notice(job: Job) -> JobNotice:
    return JobNotice(state=job.state, progress=job.progress, stage=job.stage, at=job.queued_at)


async def _first_of_their_keys(jobs: Sequence[Job]) -> list[Job]:
    """In each job's place the stored one with its idempotency key, or itself where there is none."""
    keys = [job.idempotency_key for job in jobs if job.idempotency_key is not None]
    if not keys:
        return list(jobs)
    found = await Job.find({"owner_id": jobs[0].owner_id, "idempotency_key": {"$in": keys}}).to_list()
    by_key = {job.idempotency_key: job for job in found}
    return [job if job.idempotency_key is None else by_key.get(job.idempotency_key, job) for job in jobs]


async def _locked(project_id: PydanticObjectId) -> ProjectLocked:
    """The refusal that names who holds a project."""
    holder = await Job.find_one(
        {"project_id": project_id, "kind": JobKind.PRODUCTION, "state": {"$in": job_end.UNFINISHED}}
    )
    return ProjectLocked(holder.id if holder else None)


class Dispatcher:
    """Starts, stops and hands out jobs; shared by the API and the workers."""

    def __init__(
        self,
        *,
        client: AsyncMongoClient[dict[str, object]],
        sender: Sender,
        announcer: Announcer,
        policy: JobPolicy,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._sender = sender
        self._announcer = announcer
        self._policy = policy
        self._now = now

    async def room(self, owner_id: PydanticObjectId) -> int:
        """How many more orders of a user there is room for; orders that race may exceed it a little."""
        most = self._policy.unfinished_per_user
        return most - await job_list.unfinished_orders(owner_id, most=most)

    async def start(self, jobs: list[Job]) -> list[Job]:
        """Store new jobs of one user and admit what may run.

        A job whose idempotency key the user has used already is not made again: the first one is returned.
        """
        for job in jobs:
            self._prepare(job)
        try:
            await Job.get_pymongo_collection().insert_many(
                [job_end.stored(job) for job in jobs], ordered=False
            )
        except BulkWriteError as error:
            problems = (error.details or {}).get("writeErrors", ())
            if any(problem["code"] != _DUPLICATE_KEY for problem in problems):
                raise
            started = await _first_of_their_keys(jobs)
        else:
            started = jobs
        await self._announcer.jobs([job for job in started if job.state is JobState.QUEUED])
        await self.admit(jobs[0].owner_id)
        return started

    async def store(self, jobs: list[Job], session: AsyncClientSession) -> None:
        """Store new jobs in a transaction of the caller's, who then calls `admit`; the sweeper does, too."""
        for job in jobs:
            self._prepare(job)
        await Job.get_pymongo_collection().insert_many([job_end.stored(job) for job in jobs], session=session)

    async def start_production(self, production: Job) -> Job:
        """Store a production and give it the project.

        Raises:
            ProjectLocked: another one holds it; nothing was stored.
        """
        (known,) = await _first_of_their_keys([production])
        if known is not production:
            return known
        self._prepare(production)

        async def transaction(session: AsyncClientSession) -> bool:
            if not await job_control.lock_project(production, self._now(), session):
                return False
            await Job.get_pymongo_collection().insert_one(job_end.stored(production), session=session)
            return True

        try:
            async with self._client.start_session() as session:
                stored = await session.with_transaction(transaction)
        except DuplicateKeyError:  # the same order came twice at the same time
            (first,) = await _first_of_their_keys([production])
            return first
        if not stored:
            (first,) = await _first_of_their_keys([production])
            if first is not production:
                return first
            raise await _locked(production.in_project)
        await self._announcer.step(production)
        await self.admit(production.owner_id)
        return production

    def _prepare(self, job: Job) -> None:
        if "max_attempts" not in job.model_fields_set:
            job.max_attempts = self._policy.max_attempts
        job.outbox = [_queued_notice(job)]

    async def admit(self, owner_id: PydanticObjectId) -> None:
        """Hand a user's next jobs to the broker, as many as the user's turn allows."""
        most, silence = self._policy.messages_per_user, timedelta(seconds=self._policy.silence_s)
        for queue in Queue:
            for job in await job_queue.admit(owner_id, queue, most=most, now=self._now(), silence=silence):
                await self.hint(job)

    async def wake(self, parent_id: PydanticObjectId) -> None:
        """Let a parent go on if its children are over."""
        if await job_end.wake(parent_id):
            parent = await Job.light(parent_id)
            if parent is not None:
                silence = timedelta(seconds=self._policy.silence_s)
                await job_queue.mark_sent(parent_id, self._now(), silence=silence)
                await self.hint(parent)

    async def hint(self, job: Job) -> None:
        """Send a message for a job; if Redis is away, the sweeper sends it later."""
        try:
            await self._sender.send(job)
        except (BrokerConnectionError, RedisError, OSError) as error:
            log.warning("message not sent yet", job_id=str(job.id), error=str(error))

    async def cancel(self, job: Job) -> None:
        """End a job and all that descends from it; running work stops within a second."""
        await self.end_canceled(await job_control.request_cancel(job.id, self._now()))

    async def end_canceled(self, among: Sequence[PydanticObjectId] | None = None) -> None:
        """End the jobs that are to be canceled and that nobody works on; all of them, or some of `among`."""
        for job in await job_control.canceled_without_worker(self._now(), among):

            async def transaction(session: AsyncClientSession, job: Job = job) -> Job | None:
                return await job_control.end_canceled(job, self._now(), session)

            async with self._client.start_session() as session:
                ended = await session.with_transaction(transaction)
            if ended is not None:
                await self._announcer.step(ended)
                if ended.parent_id is not None:
                    await self.wake(ended.parent_id)

    async def pause(self, job: Job) -> Job | None:
        """Start no more steps of a production; None if it is not running."""
        return await self._change(job, job_control.pause)

    async def resume(self, job: Job) -> Job | None:
        """Go on with a paused production; None if it is not paused."""
        resumed = await self._change(job, job_control.resume)
        if resumed is not None:
            await job_control.let_go(resumed.id)
            await self.admit(resumed.owner_id)
            if resumed.is_waiting:
                await self.wake(resumed.id)
            else:
                await self.hint(resumed)
        return resumed

    async def retry(self, job: Job, *, by: PydanticObjectId | None = None) -> Job | None:
        """Do a failed or canceled job again, for `by`, or for its owner; None if it is in another state.

        Raises:
            ProjectLocked: it is a production and another one holds the project.
        """
        again = await self._change(job, partial(job_control.start_again, by=by))
        if again is None:
            current = await Job.get(job.id)
            may_be_retried = current is not None and current.state in {JobState.FAILED, JobState.CANCELED}
            if job.kind is JobKind.PRODUCTION and may_be_retried:
                raise await _locked(job.in_project)
            return None
        await self.admit(again.owner_id)
        return again

    async def _change(
        self,
        job: Job,
        how: Callable[[Job, datetime, AsyncClientSession], Awaitable[bool]],
    ) -> Job | None:
        async def transaction(session: AsyncClientSession) -> bool:
            is_done = await how(job, self._now(), session)
            if not is_done:
                await session.abort_transaction()  # what it wrote before it found out does not count
            return is_done

        async with self._client.start_session() as session:
            changed = await session.with_transaction(transaction)
        if not changed:
            return None
        current = await Job.get(job.id)
        if current is not None:
            await self._announcer.step(current)
        return current
