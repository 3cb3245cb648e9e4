import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs import job_claim, job_queue
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.projects.project import Project, ProjectStatus
from providers.errors import CapabilityUnsupported
from tasks.job_engine.dispatch import ProjectLocked
from tasks.job_engine.policy import JobPolicy
from tasks.job_engine.work import Done, HandOver, Hopeless, Report, Retryable
from tests.studio import Studio, make_project, open_studio

POLICY = JobPolicy(lease_s=1.0, backoff_s=0.05, max_backoff_s=0.2, messages_per_user=3)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    opened = open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"test:{database.name}:",
        policy=POLICY,
    )
    async with opened as studio:
        yield studio


def job_of(kind: JobKind = JobKind.IMAGE, **values: Any) -> Job:
    job_id = PydanticObjectId()
    given = {
        "id": job_id,
        "kind": kind,
        "queue": QUEUE_OF[kind],
        "project_id": PydanticObjectId(),
        "owner_id": PydanticObjectId(),
        "root_id": job_id,
        "queued_at": datetime.now(UTC),
    } | values
    return Job(**given)


async def started(studio: Studio, kind: JobKind = JobKind.IMAGE, **values: Any) -> Job:
    (job,) = await studio.services.dispatcher.start([job_of(kind, **values)])
    return job


async def as_it_is(job: Job) -> Job:
    found = await Job.get(job.id)
    assert found is not None
    return found


class Counted:
    """A handler that counts its calls and its attachments."""

    def __init__(self, *, during: Callable[[], Any] | None = None) -> None:
        self.calls = 0
        self.attached = 0
        self._during = during

    async def __call__(self, job: Job, report: Report) -> Done:
        del job, report
        self.calls += 1
        if self._during is not None:
            await self._during()

        async def attach(session: AsyncClientSession) -> None:
            del session
            self.attached += 1

        return Done(result={"call": self.calls}, attach=attach)


async def lapse(job: Job) -> None:
    """Let a job's lease run out."""
    await Job.get_pymongo_collection().update_one(
        {"_id": job.id}, {"$set": {"lease.expires_at": datetime.now(UTC) - timedelta(seconds=1)}}
    )


async def test_a_job_that_is_delivered_twice_is_done_once(studio: Studio) -> None:
    job = await started(studio)
    work = Counted(during=lambda: asyncio.sleep(0.1))
    engines = [studio.engine({JobKind.IMAGE: work}, owner=name) for name in ("one", "two")]
    await asyncio.gather(*(engine.run(job.id) for engine in engines))
    await engines[0].run(job.id)
    done = await as_it_is(job)
    assert (work.calls, work.attached) == (1, 1)
    assert (done.state, done.progress, done.attempt) == (JobState.SUCCEEDED, 1.0, 1)
    assert done.outbox == []


async def test_a_worker_that_dies_half_way_is_followed_by_another(studio: Studio) -> None:
    job = await started(studio)
    assert await job_claim.claim(job.id, owner="dead", now=datetime.now(UTC), lease_s=0.2) is not None
    work = Counted()
    engine = studio.engine({JobKind.IMAGE: work})
    await engine.run(job.id)
    assert work.calls == 0  # the dead one's lease still holds
    await asyncio.sleep(0.25)
    await engine.run(job.id)
    done = await as_it_is(job)
    assert (done.state, done.deaths, done.attempt) == (JobState.SUCCEEDED, 1, 1)


async def test_a_worker_that_lost_its_lease_changes_nothing(studio: Studio) -> None:
    job = await started(studio)
    second = Counted()

    async def be_overtaken() -> None:
        await lapse(job)
        await studio.engine({JobKind.IMAGE: second}, owner="two").run(job.id)

    first = Counted(during=be_overtaken)
    await studio.engine({JobKind.IMAGE: first}, owner="one").run(job.id)
    done = await as_it_is(job)
    assert (second.attached, first.attached) == (1, 0)
    assert (done.state, done.result) == (JobState.SUCCEEDED, {"call": 1})


async def test_a_handler_is_stopped_as_soon_as_its_lease_is_lost(studio: Studio) -> None:
    job = await started(studio)
    stopped = asyncio.Event()

    async def wait_for_ever() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    running = asyncio.create_task(studio.engine({JobKind.IMAGE: Counted(during=wait_for_ever)}).run(job.id))
    await _until(job, JobState.RUNNING)
    await Job.get_pymongo_collection().update_one({"_id": job.id}, {"$inc": {"lease.token": 1}})
    async with asyncio.timeout(2):
        await running
    assert stopped.is_set()


async def test_a_cancellation_reaches_a_running_handler_within_a_second(studio: Studio) -> None:
    job = await started(studio)
    running = asyncio.create_task(
        studio.engine({JobKind.IMAGE: Counted(during=lambda: asyncio.sleep(60))}).run(job.id)
    )
    await _until(job, JobState.RUNNING)
    await studio.services.dispatcher.cancel(await as_it_is(job))
    async with asyncio.timeout(1):
        await running
    ended = await as_it_is(job)
    assert ended.state is JobState.CANCELED
    assert ended.error is not None
    assert ended.error.code == "CANCELED"
    assert ended.finished_at is not None


async def test_a_provider_that_is_gone_since_the_order_is_no_defect(studio: Studio) -> None:
    async def look_for_it(job: Job, report: Report) -> Done:
        del job, report
        raise CapabilityUnsupported("clip", "There is no key for it.", setting="KEY")

    job = await started(studio)
    await studio.engine({JobKind.IMAGE: look_for_it}).run(job.id)
    ended = await as_it_is(job)
    assert ended.error is not None
    assert (ended.state, ended.attempt, ended.error.code) == (JobState.FAILED, 1, "UNSUPPORTED")
    assert "KEY" in ended.error.message


async def test_a_passing_error_is_tried_again_later_and_a_lasting_one_is_not(studio: Studio) -> None:
    async def be_busy(job: Job, report: Report) -> Done:
        del job, report
        raise Retryable("PROVIDER_UNAVAILABLE", "Busy.")

    async def refuse(job: Job, report: Report) -> Done:
        del job, report
        raise Hopeless("CONTENT_REFUSED", "Not this.")

    engine = studio.engine({JobKind.IMAGE: be_busy, JobKind.MUSIC: refuse})
    busy, refused = await started(studio, max_attempts=2), await started(studio, JobKind.MUSIC)
    await engine.run(refused.id)
    ended = await as_it_is(refused)
    assert ended.error is not None
    assert (ended.state, ended.error.code, ended.error.is_retryable) == (
        JobState.FAILED,
        "CONTENT_REFUSED",
        False,
    )
    await engine.run(busy.id)
    waiting = await as_it_is(busy)
    assert waiting.run_after is not None
    assert (waiting.state, waiting.attempt, waiting.admitted_at) == (JobState.QUEUED, 1, None)
    assert timedelta(0) < waiting.run_after - datetime.now(UTC) < timedelta(seconds=0.1)
    await engine.run(busy.id)
    assert (await as_it_is(busy)).attempt == 1  # not before its time
    await asyncio.sleep(0.1)
    await engine.run(busy.id)
    ended = await as_it_is(busy)
    assert ended.error is not None
    assert (ended.state, ended.attempt, ended.error.code) == (JobState.FAILED, 2, "PROVIDER_UNAVAILABLE")
    assert ended.error.is_retryable


async def test_a_defect_is_masked(studio: Studio) -> None:
    async def break_down(job: Job, report: Report) -> Done:
        del job, report
        raise RuntimeError("the secret plan")

    job = await started(studio, max_attempts=1)
    await studio.engine({JobKind.IMAGE: break_down}).run(job.id)
    ended = await as_it_is(job)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.FAILED, "INTERNAL")
    assert "secret" not in ended.error.message


async def test_a_job_that_kills_its_workers_fails_by_itself(studio: Studio) -> None:
    job = await started(studio)
    for death in range(POLICY.max_deaths):
        claimed = await job_claim.claim(job.id, owner=f"dead {death}", now=datetime.now(UTC), lease_s=1)
        assert claimed is not None
        await lapse(job)
    work = Counted()
    await studio.engine({JobKind.IMAGE: work}).run(job.id)
    ended = await as_it_is(job)
    assert ended.error is not None
    assert (ended.state, ended.error.code, work.calls) == (JobState.FAILED, "WORKER_LOST", 0)


async def test_an_orderly_shutdown_gives_the_job_back_without_counting_it(studio: Studio) -> None:
    job = await started(studio)
    running = asyncio.create_task(
        studio.engine({JobKind.IMAGE: Counted(during=lambda: asyncio.sleep(60))}).run(job.id)
    )
    await _until(job, JobState.RUNNING)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await studio.engine(owner="next").run(job.id)
    done = await as_it_is(job)
    assert (done.state, done.attempt, done.deaths) == (JobState.SUCCEEDED, 1, 0)


async def test_a_shutdown_in_the_middle_of_a_claim_gives_the_job_back(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, written, claim = await started(studio), asyncio.Event(), job_claim.claim

    async def answered_late(*given: Any, **named: Any) -> Job | None:
        claimed = await claim(*given, **named)
        written.set()
        await asyncio.sleep(0.05)
        return claimed

    monkeypatch.setattr(job_claim, "claim", answered_late)
    running = asyncio.create_task(studio.engine().run(job.id))
    await written.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await as_it_is(job)).lease is None
    await studio.engine(owner="next").run(job.id)
    done = await as_it_is(job)
    assert (done.state, done.attempt, done.deaths) == (JobState.SUCCEEDED, 1, 0)


async def test_nobody_waits_behind_anothers_two_hundred_jobs(studio: Studio) -> None:
    busy = PydanticObjectId()
    await studio.services.dispatcher.start([job_of(owner_id=busy) for _ in range(200)])
    assert await _admitted(busy) == POLICY.messages_per_user
    mine = await started(studio)
    assert (await as_it_is(mine)).admitted_at is not None
    first = await Job.find_one({"owner_id": busy, "admitted_at": {"$type": "date"}})
    assert first is not None
    await studio.engine().run(first.id)
    assert await _admitted(busy) == POLICY.messages_per_user


async def test_what_a_person_waits_for_goes_before_the_steps_of_a_production(studio: Studio) -> None:
    owner = PydanticObjectId()
    await studio.services.dispatcher.start([job_of(owner_id=owner, priority=0) for _ in range(6)])
    (urgent,) = await studio.services.dispatcher.start([job_of(owner_id=owner, priority=10)])
    first = await Job.find_one({"owner_id": owner, "admitted_at": {"$type": "date"}})
    assert first is not None
    await studio.engine().run(first.id)
    assert (await as_it_is(urgent)).admitted_at is not None


async def test_a_paused_production_leaves_its_place_to_other_jobs(studio: Studio) -> None:
    owner = studio.context()
    owner_id = owner.require_viewer().user_id
    for _ in range(POLICY.messages_per_user):
        project = await make_project(owner, topic="Bees")
        production = await studio.services.dispatcher.start_production(
            job_of(JobKind.PRODUCTION, owner_id=owner_id, project_id=project.id)
        )
        assert await studio.services.dispatcher.pause(production) is not None
    other = await started(studio, owner_id=owner_id)
    assert (await as_it_is(other)).admitted_at is not None


async def test_a_job_canceled_while_it_hands_over_leaves_no_children(studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, topic="Bees")
    production = await studio.services.dispatcher.start_production(
        job_of(JobKind.PRODUCTION, owner_id=owner.require_viewer().user_id, project_id=project.id)
    )

    async def hand_over(job: Job, report: Report) -> HandOver:
        del report
        await studio.services.dispatcher.cancel(job)
        child = job_of(parent_id=job.id, root_id=job.id, owner_id=job.owner_id, project_id=job.project_id)
        return HandOver([child], stage="ASSETS")

    await studio.engine({JobKind.PRODUCTION: hand_over}).run(production.id)
    assert (await as_it_is(production)).state is JobState.CANCELED
    assert await Job.find({"parent_id": production.id}).count() == 0
    free = await Project.get(project.id)
    assert free is not None
    assert (free.production_id, free.status) == (None, ProjectStatus.DRAFT)


async def test_a_parent_goes_on_when_all_its_children_are_over(studio: Studio) -> None:
    parent = job_of(JobKind.RENDER)
    children = [
        job_of(
            JobKind.SEGMENT,
            parent_id=parent.id,
            root_id=parent.id,
            owner_id=parent.owner_id,
            project_id=parent.project_id,
        )
        for _ in range(2)
    ]

    async def render(job: Job, report: Report) -> Done | HandOver:
        del report
        if not job.checkpoint:
            return HandOver(children, stage="encoding", checkpoint={"planned": True})
        return Done(result={"joined": True})

    await studio.services.dispatcher.start([parent])
    engine = studio.engine({JobKind.RENDER: render})
    await engine.run(parent.id)
    assert (await as_it_is(parent)).is_waiting
    await engine.run(parent.id)  # a message that comes early finds it waiting
    await engine.run(children[0].id)
    assert (await as_it_is(parent)).is_waiting
    await engine.run(children[1].id)
    assert not (await as_it_is(parent)).is_waiting
    await engine.run(parent.id)
    done = await as_it_is(parent)
    assert (done.state, done.attempt, done.result) == (JobState.SUCCEEDED, 1, {"joined": True})


async def test_a_refused_retry_leaves_the_project_free(studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, topic="Bees")
    production = job_of(JobKind.PRODUCTION, owner_id=owner.require_viewer().user_id, project_id=project.id)
    await studio.services.dispatcher.start_production(production)
    await studio.engine().run(production.id)
    assert await studio.services.dispatcher.retry(await as_it_is(production)) is None
    free = await Project.get(project.id)
    assert free is not None
    assert (free.production_id, free.status) == (None, ProjectStatus.COMPLETED)


async def test_two_productions_that_start_at_once_do_not_share_a_project(studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, topic="Bees")
    wanted = [
        job_of(JobKind.PRODUCTION, owner_id=owner.require_viewer().user_id, project_id=project.id)
        for _ in range(4)
    ]
    outcomes = await asyncio.gather(
        *(studio.services.dispatcher.start_production(job) for job in wanted), return_exceptions=True
    )
    (winner,) = [each for each in outcomes if isinstance(each, Job)]
    refusals = [each for each in outcomes if isinstance(each, ProjectLocked)]
    assert [each.production_id for each in refusals] == [winner.id] * 3


async def test_an_order_that_comes_twice_at_once_starts_one_production(studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, topic="Bees")
    orders = [
        job_of(
            JobKind.PRODUCTION,
            owner_id=owner.require_viewer().user_id,
            project_id=project.id,
            idempotency_key="order 1",
        )
        for _ in range(4)
    ]
    jobs = await asyncio.gather(*(studio.services.dispatcher.start_production(job) for job in orders))
    assert len({job.id for job in jobs}) == 1
    assert await Job.find({"project_id": project.id}).count() == 1


async def test_silent_jobs_are_found_again(studio: Studio) -> None:
    job = await started(studio)
    silence = timedelta(seconds=15)
    now = datetime.now(UTC)
    assert job.id not in [each.id async for each in job_queue.silent(now, silence=silence)]
    later = now + timedelta(seconds=16)
    assert job.id in [each.id async for each in job_queue.silent(later, silence=silence)]


async def _admitted(owner_id: PydanticObjectId) -> int:
    return await Job.find(
        {"owner_id": owner_id, "admitted_at": {"$type": "date"}, "finished_at": None}
    ).count()


async def _until(job: Job, state: JobState) -> None:
    async with asyncio.timeout(5):
        while (await as_it_is(job)).state is not state:
            await asyncio.sleep(0.01)
