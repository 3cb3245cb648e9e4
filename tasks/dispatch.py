"""Getting jobs to workers: stored first, admitted by turn, then hinted at."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from beanie import PydanticObjectId
from dramatiq.errors import BrokerConnectionError
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError
from redis.exceptions import RedisError

from documents import job_control, job_end, job_queue
from documents.job import Job, JobKind
from tasks.announce import Announcer
from tasks.broker import Sender
from tasks.policy import JobPolicy

log = structlog.get_logger()


class ProjectLocked(Exception):
    """Another production holds the project.

    Args:
        production_id: the one that does, or None if the project is gone.
    """

    def __init__(self, production_id: PydanticObjectId | None) -> None:
        super().__init__(f"Production {production_id} is running.")
        self.production_id = production_id


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

    async def start(self, jobs: list[Job]) -> list[Job]:
        """Store new jobs of one user and admit what may run.

        A job whose idempotency key the user has used already is not made again: the first one is returned.
        """
        started = []
        for job in jobs:
            try:
                await Job.get_pymongo_collection().insert_one(job_end.stored(job))
                started.append(job)
            except DuplicateKeyError:
                first = await Job.find_one({"owner_id": job.owner_id, "idempotency_key": job.idempotency_key})
                started.append(first or job)
        await self.admit(jobs[0].owner_id)
        return started

    async def start_production(self, production: Job) -> Job:
        """Store a production and give it the project.

        Raises:
            ProjectLocked: another one holds it; nothing was stored.
        """
        known = production.idempotency_key and await Job.find_one(
            {"owner_id": production.owner_id, "idempotency_key": production.idempotency_key}
        )
        if known:
            return known

        async def transaction(session: AsyncClientSession) -> bool:
            if not await job_control.lock_project(production, self._now(), session):
                return False
            await Job.get_pymongo_collection().insert_one(job_end.stored(production), session=session)
            return True

        async with self._client.start_session() as session:
            stored = await session.with_transaction(transaction)
        if not stored:
            holder = await Job.find_one(
                {
                    "project_id": production.project_id,
                    "kind": JobKind.PRODUCTION,
                    "state": {"$in": job_end.UNFINISHED},
                }
            )
            raise ProjectLocked(holder.id if holder else None)
        await self._announcer.project(production.project_id)
        await self.admit(production.owner_id)
        return production

    async def admit(self, owner_id: PydanticObjectId) -> None:
        """Hand a user's next jobs to the broker, as many as the user's turn allows."""
        for job in await job_queue.admit(owner_id, most=self._policy.messages_per_user, now=self._now()):
            await self.hint(job)

    async def wake(self, parent_id: PydanticObjectId) -> None:
        """Let a parent go on if its children are over."""
        if await job_end.wake(parent_id):
            parent = await Job.get(parent_id)
            if parent is not None:
                await job_queue.mark_sent(parent_id, self._now())
                await self.hint(parent)

    async def hint(self, job: Job) -> None:
        """Send a message for a job; if Redis is away, the sweeper sends it later."""
        try:
            await self._sender.send(job)
        except (BrokerConnectionError, RedisError, OSError) as error:
            log.warning("message not sent yet", job_id=str(job.id), error=str(error))

    async def cancel(self, job: Job) -> None:
        """End a job and all that descends from it; running work stops within a second."""
        now = self._now()
        await job_control.request_cancel(await job_control.family(job.id), now)
        await self.end_canceled()

    async def end_canceled(self) -> None:
        """End the jobs that are to be canceled and that nobody works on."""
        for job in await job_control.canceled_without_worker(self._now()):

            async def transaction(session: AsyncClientSession, job: Job = job) -> Job | None:
                return await job_control.end_canceled(job, self._now(), session)

            async with self._client.start_session() as session:
                ended = await session.with_transaction(transaction)
            if ended is not None:
                await self._announcer.project(ended.project_id)
                await self._announcer.job(ended)
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

    async def retry(self, job: Job) -> Job | None:
        """Do a failed or canceled job again; None if it is not over.

        Raises:
            ProjectLocked: it is a production and another one holds the project.
        """
        again = await self._change(job, job_control.start_again)
        if again is None:
            current = await Job.get(job.id)
            if job.kind is JobKind.PRODUCTION and current is not None and current.state.is_over:
                raise ProjectLocked(None)
            return None
        await self.admit(again.owner_id)
        return again

    async def _change(
        self,
        job: Job,
        how: Callable[[Job, datetime, AsyncClientSession], Awaitable[bool]],
    ) -> Job | None:
        async def transaction(session: AsyncClientSession) -> bool:
            return await how(job, self._now(), session)

        async with self._client.start_session() as session:
            changed = await session.with_transaction(transaction)
        if not changed:
            return None
        current = await Job.get(job.id)
        if current is not None:
            await self._announcer.project(current.project_id)
            await self._announcer.job(current)
        return current
