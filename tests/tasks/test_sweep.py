"""The sweeper goes on whatever it meets, and sends no more than it must."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs import job_claim, job_control, job_end, job_queue
from documents.jobs.job import Job, JobKind, JobState, Queue
from documents.jobs.job_claim import held_by
from tasks.housekeeping.housekeeping import Housekeeper
from tasks.job_engine.policy import JobPolicy
from tasks.job_engine.sweep import Sweeper
from tasks.rendering.source_shelf import SourceShelf
from tests.studio import Studio, open_studio
from tests.tasks.test_engine import as_it_is, job_of, started

POLICY = JobPolicy(lease_s=1.0, messages_per_user=3, silence_s=15.0)
SILENCE = timedelta(seconds=POLICY.silence_s)


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


def sweeper(studio: Studio, tmp_path: Any) -> Sweeper:
    services = studio.services
    return Sweeper(
        owner="test",
        dispatcher=services.dispatcher,
        announcer=services.announcer,
        housekeeper=Housekeeper(
            services.objects, SourceShelf(tmp_path, services.objects), services.sealing, services.now
        ),
        policy=POLICY,
        now=services.now,
    )


async def test_a_job_of_a_kind_from_the_future_stops_nobody(studio: Studio, tmp_path: Any) -> None:
    jobs = Job.get_pymongo_collection()
    strange = job_end.stored(job_of()) | {"kind": "HOLOGRAM", "admitted_at": datetime.now(UTC)}
    waiting = job_end.stored(job_of()) | {"kind": "HOLOGRAM", "priority": 99}
    innocent = job_of(owner_id=waiting["owner_id"])
    await jobs.insert_many([strange, waiting, job_end.stored(innocent)])
    await sweeper(studio, tmp_path).once()
    assert (await as_it_is(innocent)).admitted_at is not None
    await jobs.delete_many({"kind": "HOLOGRAM"})


async def test_the_pause_between_two_messages_doubles_until_somebody_takes_the_job(studio: Studio) -> None:
    job = await started(studio)
    now = datetime.now(UTC)
    sent = []
    for minute in range(60):
        later = now + timedelta(minutes=minute)
        sent += [later async for each in job_queue.silent(later, silence=SILENCE) if each.id == job.id]
    assert 4 <= len(sent) <= 8
    pauses = [after - before for before, after in pairwise(sent)]
    assert pauses == sorted(pauses)
    claimed = await job_claim.claim(job.id, owner="w", now=now, lease_s=1.0)
    assert claimed is not None
    assert (claimed.sends, claimed.send_again_at) == (0, None)


async def test_a_full_queue_keeps_nothing_from_another_one(studio: Studio) -> None:
    owner = PydanticObjectId()
    for _ in range(5):
        await started(studio, JobKind.SEGMENT, owner_id=owner)
    image = await started(studio, JobKind.IMAGE, owner_id=owner)
    assert (await as_it_is(image)).admitted_at is not None
    segments = {"owner_id": owner, "queue": Queue.RENDER, "admitted_at": {"$type": "date"}}
    assert await Job.get_pymongo_collection().count_documents(segments) == POLICY.messages_per_user


async def test_a_child_that_is_about_to_be_canceled_starts_afresh_when_its_parent_is_retried(
    studio: Studio,
) -> None:
    now = datetime.now(UTC)
    parent = await started(studio, JobKind.RENDER)
    child = job_of(JobKind.SEGMENT, parent_id=parent.id, root_id=parent.id, owner_id=parent.owner_id)
    await Job.get_pymongo_collection().insert_one(job_end.stored(child))
    worker = await job_claim.claim(child.id, owner="slow", now=now, lease_s=60)
    assert worker is not None
    bought = {"picture": {"ticket": {"provider": "p", "model": "m", "id": "1"}}}
    assert await job_claim.save_checkpoint(worker, {"purchases": bought})
    await job_control.request_cancel(child.id, now)
    claimed = await job_claim.claim(parent.id, owner="w", now=now, lease_s=60)
    assert claimed is not None
    async with studio.client.start_session() as session:
        await session.with_transaction(
            lambda inside: job_end.hand_over(
                claimed, [child], stage="encoding", checkpoint={}, now=now, session=inside
            )
        )
    again = await as_it_is(child)
    assert (again.state, again.cancel_requested_at) == (JobState.QUEUED, None)
    assert again.checkpoint == {"purchases": bought}, "what was bought for it is not bought once more"
    assert await Job.get_pymongo_collection().find_one(held_by(worker)) is None


async def test_the_questions_of_a_sweep_are_answered_by_indexes(studio: Studio) -> None:
    del studio
    jobs, now = Job.get_pymongo_collection(), datetime.now(UTC)
    questions: list[dict[str, Any]] = [
        {"is_held": True},
        {"outbox.at": {"$lt": now}},
        {"state": JobState.RUNNING, "lease.expires_at": {"$lt": now}},
        {"state": JobState.QUEUED, "admitted_at": {"$type": "date"}, "send_again_at": {"$lt": now}},
    ]
    plans = await asyncio.gather(*(jobs.find(question).explain() for question in questions))
    stages = [str(plan["queryPlanner"]["winningPlan"]) for plan in plans]
    assert ["COLLSCAN" in stage for stage in stages] == [False] * len(questions)
