"""Two workers, one sweeper and an impatient person, in any order: nothing is lost, nothing is done twice."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

import pytest
from beanie import PydanticObjectId
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession

from devstack.stack import StackAddresses
from documents.jobs import job_claim, job_end
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.jobs.job_end import LeaseLost
from documents.projects.project import Project
from tasks.job_engine.dispatch import ProjectLocked
from tasks.job_engine.policy import JobPolicy
from tasks.job_engine.work import Done, HandOver, Hopeless, Report, Retryable
from tests.studio import Studio, make_project, open_studio

POLICY = JobPolicy(lease_s=3, backoff_s=0.5, max_backoff_s=2, messages_per_user=3, max_deaths=2)
STEPS = 3
ResultT = TypeVar("ResultT")


class Loop:
    """An event loop in a thread: Hypothesis calls rules one by one, without a loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Awaitable[ResultT]) -> ResultT:
        async def wait() -> ResultT:
            return await work

        return asyncio.run_coroutine_threadsafe(wait(), self._loop).result(timeout=60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class World:
    """A studio with a clock that only the test moves, and a record of what was attached."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self.attached: Counter[PydanticObjectId] = Counter()
        self.fate: Callable[[], None] = lambda: None
        self.studio: Studio
        self._opened = AsyncExitStack()
        self._name = f"test_{uuid4().hex}"

    def now(self) -> datetime:
        return self.time

    async def open(self, stack: StackAddresses) -> None:
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            stack.mongodb_url, tz_aware=True, uuidRepresentation="standard"
        )
        await self._opened.enter_async_context(client)
        self._opened.push_async_callback(client.drop_database, self._name)
        self.studio = await self._opened.enter_async_context(
            open_studio(
                client=client,
                database=client[self._name],
                redis_url=stack.redis_url,
                prefix=f"test:{self._name}:",
                policy=POLICY,
                now=self.now,
            )
        )

    async def close(self) -> None:
        await self._opened.aclose()

    async def step(self, job: Job, report: Report) -> Done:
        """A handler that ends as the test's last word says."""
        del report
        self.fate()

        async def attach(session: AsyncClientSession) -> None:
            # In the job's own transaction: one that aborts leaves no mark.
            marks = Project.get_pymongo_collection()
            await marks.update_one({"_id": job.project_id}, {"$push": {"marks": job.id}}, session=session)

        return Done(attach=attach)

    async def produce(self, job: Job, report: Report) -> Done | HandOver:
        """A production of a few steps, one stage."""
        children = await Job.find({"parent_id": job.id}).to_list()
        wanted = [child for child in children if child.state is not JobState.SUCCEEDED]
        if job.checkpoint and wanted:
            raise Hopeless("STEP_FAILED", "A step did not succeed.")
        if not children:
            wanted = [self._child(job, number) for number in range(STEPS)]
        if wanted:
            return HandOver(wanted, stage="ASSETS", checkpoint={"handed": True})
        return await self.step(job, report)

    def _child(self, job: Job, number: int) -> Job:
        return Job(
            kind=JobKind.IMAGE,
            queue=QUEUE_OF[JobKind.IMAGE],
            project_id=job.project_id,
            owner_id=job.owner_id,
            parent_id=job.id,
            root_id=job.id,
            ordinal=number,
            max_attempts=2,
            queued_at=self.now(),
        )


class EngineMachine(RuleBasedStateMachine):
    """Random lives of jobs."""

    loop: ClassVar[Loop]
    world: ClassVar[World]

    @initialize(productions=st.integers(1, 2), singles=st.integers(0, 3))
    def begin(self, productions: int, singles: int) -> None:
        self.stale: list[Job] = []
        self.loop.run(self._begin(productions, singles))

    async def _begin(self, productions: int, singles: int) -> None:
        world = self.world
        await Job.get_pymongo_collection().delete_many({})
        await Project.get_pymongo_collection().delete_many({})
        owner = world.studio.context()
        self.owner_id = owner.require_viewer().user_id
        for _ in range(productions):
            project = await make_project(owner, topic="Bees")
            await world.studio.services.dispatcher.start_production(
                self._root(JobKind.PRODUCTION, project.id)
            )
        if singles:
            project = await make_project(owner, topic="Bees")
            await world.studio.services.dispatcher.start(
                [self._root(JobKind.MUSIC, project.id) for _ in range(singles)]
            )

    def _root(self, kind: JobKind, project_id: PydanticObjectId) -> Job:
        job_id = PydanticObjectId()
        return Job(
            id=job_id,
            kind=kind,
            queue=QUEUE_OF[kind],
            project_id=project_id,
            owner_id=self.owner_id,
            root_id=job_id,
            max_attempts=2,
            queued_at=self.world.now(),
        )

    async def _jobs(self) -> list[Job]:
        return await Job.find({}).sort("_id").to_list()

    async def _any(self, number: int, *states: JobState) -> Job | None:
        found = [job for job in await self._jobs() if not states or job.state in states]
        return found[number % len(found)] if found else None

    @rule(number=st.integers(0, 20), worker=st.sampled_from(["one", "two"]), fate=st.sampled_from("ssssrh"))
    def work(self, number: int, worker: str, fate: str) -> None:
        """A worker gets a message and does the job, or fails at it."""
        self.loop.run(self._work(number, worker, fate))

    async def _work(self, number: int, worker: str, fate: str) -> None:
        job = await self._any(number)
        if job is not None:
            self.world.fate = _FATES[fate]
            await self._engine(worker).run(job.id)
            self.world.fate = _FATES["s"]

    def _engine(self, owner: str) -> Any:
        every = dict.fromkeys(JobKind, self.world.step) | {JobKind.PRODUCTION: self.world.produce}
        return self.world.studio.engine(every, owner=owner)

    @rule(number=st.integers(0, 20))
    def die(self, number: int) -> None:
        """A worker claims a job and is never heard of again, or comes back much too late."""
        self.loop.run(self._die(number))

    async def _die(self, number: int) -> None:
        job = await self._any(number)
        if job is not None:
            await self._claim(job)

    async def _claim(self, job: Job) -> None:
        claimed = await job_claim.claim(job.id, owner="dead", now=self.world.now(), lease_s=POLICY.lease_s)
        if claimed is not None:
            self.stale.append(claimed)

    @precondition(lambda self: self.stale)
    @rule(number=st.integers(0, 20))
    def overtake(self, number: int) -> None:
        """Another worker takes up what a dead one left, and dies as well."""
        self.world.time += timedelta(seconds=POLICY.lease_s + 1)
        self.loop.run(self._claim(self.stale[number % len(self.stale)]))

    @precondition(lambda self: self.stale)
    @rule(number=st.integers(0, 20))
    def renew(self, number: int) -> None:
        """A worker says that it is still there; only with the newest token does that help."""
        self.loop.run(self._renew(self.stale[number % len(self.stale)]))

    async def _renew(self, claimed: Job) -> None:
        before = await Job.get(claimed.id)
        kept = await job_claim.renew(claimed, now=self.world.now(), lease_s=POLICY.lease_s)
        assert (kept is not None) == _holds(before, claimed)

    @precondition(lambda self: self.stale)
    @rule(number=st.integers(0, 20))
    def end_late(self, number: int) -> None:
        """A worker that was thought dead comes with its result; only with the newest token is it taken."""
        self.loop.run(self._end_late(self.stale[number % len(self.stale)]))

    async def _end_late(self, claimed: Job) -> None:
        before = await Job.get(claimed.id)
        held = _holds(before, claimed)

        async def transaction(session: AsyncClientSession) -> None:
            await job_end.end(
                claimed,
                JobState.SUCCEEDED,
                query=job_claim.held_by(claimed),
                now=self.world.now(),
                session=session,
            )
            marks = Project.get_pymongo_collection()
            await marks.update_one(
                {"_id": claimed.project_id}, {"$push": {"marks": claimed.id}}, session=session
            )

        if claimed.kind is JobKind.PRODUCTION:
            return  # its handler decides when it ends
        try:
            async with self.world.studio.client.start_session() as session:
                await session.with_transaction(transaction)
        except LeaseLost:
            assert not held
            assert await Job.get(claimed.id) == before
        else:
            assert held
            if claimed.parent_id is not None:
                await self.world.studio.services.dispatcher.wake(claimed.parent_id)

    @rule(seconds=st.sampled_from([0.3, 1, 4]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.world.time += timedelta(seconds=seconds)

    @rule(number=st.integers(0, 20))
    def cancel(self, number: int) -> None:
        """Somebody has second thoughts."""
        self.loop.run(self._steer(number, "cancel"))

    @rule(number=st.integers(0, 20))
    def pause(self, number: int) -> None:
        """Somebody wants to think."""
        self.loop.run(self._steer(number, "pause"))

    @rule(number=st.integers(0, 20))
    def resume(self, number: int) -> None:
        """Somebody has thought."""
        self.loop.run(self._steer(number, "resume", JobState.PAUSED))

    @rule(number=st.integers(0, 20))
    def retry(self, number: int) -> None:
        """Somebody does not give up."""
        self.loop.run(self._steer(number, "retry"))

    async def _steer(self, number: int, how: str, *states: JobState) -> None:
        job = await self._any(number, *states)
        if job is None:
            return
        try:
            await getattr(self.world.studio.services.dispatcher, how)(job)
        except ProjectLocked:
            assert how == "retry"

    @rule()
    def sweep(self) -> None:
        """The sweeper comes by."""
        self.loop.run(self._sweep())

    async def _sweep(self) -> None:
        dispatcher = self.world.studio.services.dispatcher
        await dispatcher.end_canceled()
        for job in await self._jobs():
            if job.state is JobState.RUNNING and job.is_waiting:
                await dispatcher.wake(job.id)
        await dispatcher.admit(self.owner_id)

    @invariant()
    def results_are_attached_once_to_jobs_that_succeeded(self) -> None:
        self.loop.run(self._check_results())

    async def _check_results(self) -> None:
        marks: Counter[PydanticObjectId] = Counter()
        async for raw in Project.get_pymongo_collection().find({}):
            marks.update(raw.get("marks", ()))
        succeeded = {job.id for job in await self._jobs() if job.state is JobState.SUCCEEDED}
        assert set(marks) == succeeded
        assert all(count == 1 for count in marks.values())

    @invariant()
    def a_project_is_held_by_its_unfinished_production_alone(self) -> None:
        self.loop.run(self._check_locks())

    async def _check_locks(self) -> None:
        jobs = {job.id: job for job in await self._jobs()}
        holders = {
            job.project_id: job.id
            for job in jobs.values()
            if job.kind is JobKind.PRODUCTION and not job.state.is_over
        }
        async for raw in Project.get_pymongo_collection().find({}, {"production_id": 1}):
            assert raw["production_id"] == holders.get(raw["_id"])
        for job in jobs.values():
            assert (job.finished_at is not None) == job.state.is_over
            assert job.lease is None or job.state is JobState.RUNNING
            assert not (job.is_waiting and job.state.is_over)

    def teardown(self) -> None:
        """Left to a worker and the sweeper alone, every job comes to its end."""
        if hasattr(self, "owner_id"):
            self.loop.run(self._drain())

    async def _drain(self) -> None:
        for _ in range(60):
            await self._sweep()
            for job in await self._jobs():
                if job.state is JobState.PAUSED:
                    await self.world.studio.services.dispatcher.resume(job)
                elif not job.state.is_over:
                    await self._engine("last").run(job.id)
            self.world.time += timedelta(seconds=POLICY.lease_s + 1)
            if all(job.state.is_over for job in await self._jobs()):
                break
        unfinished = [(job.kind, job.state) for job in await self._jobs() if not job.state.is_over]
        assert not unfinished
        await self._check_results()
        await self._check_locks()


def _holds(current: Job | None, claimed: Job) -> bool:
    """Whether this claim is still the newest one."""
    return (
        current is not None
        and claimed.lease is not None
        and current.lease is not None
        and current.state is JobState.RUNNING
        and current.lease.token == claimed.lease.token
    )


def _fail_for_now() -> None:
    raise Retryable("BUSY", "Later.")


def _fail_for_good() -> None:
    raise Hopeless("REFUSED", "Never.")


_FATES: dict[str, Callable[[], None]] = {"s": lambda: None, "r": _fail_for_now, "h": _fail_for_good}


@pytest.fixture(scope="module")
def world(stack: StackAddresses) -> Iterator[tuple[Loop, World]]:
    loop, world = Loop(), World()
    loop.run(world.open(stack))
    yield loop, world
    loop.run(world.close())
    loop.close()


def test_any_order_of_events_loses_no_job_and_attaches_no_result_twice(world: tuple[Loop, World]) -> None:
    EngineMachine.loop, EngineMachine.world = world
    EngineMachine.TestCase.settings = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    EngineMachine.TestCase("runTest").runTest()
