"""One user's unfinished orders are limited; what is over makes room again."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs import job_end
from documents.jobs.job import Job, JobKind
from resolvers.jobs import generation, jobs
from resolvers.outcome import UserErrorCode
from tasks.job_engine.policy import JobPolicy
from tests.studio import Studio, make_frame, make_project, open_studio
from tests.tasks.test_engine import job_of


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    opened = open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"test:{database.name}:",
        policy=JobPolicy(unfinished_per_user=3),
    )
    async with opened as studio:
        yield studio


async def test_orders_beyond_the_limit_start_nothing_and_those_that_end_make_room(studio: Studio) -> None:
    context = studio.context()
    owner = context.require_viewer().user_id
    project = await make_project(context, frames=[make_frame() for _ in range(4)])
    frame_ids = [frame.id for _, frame in project.frames()]

    async def draw(many: int) -> list[UserErrorCode]:
        outcome = await generation.draw_images(
            context,
            project.id,
            frame_ids=frame_ids[:many],
            count=1,
            choose=True,
            seed=None,
            idempotency_key=None,
        )
        return [error.code for error in outcome.user_errors]

    assert await draw(4) == [UserErrorCode.LIMIT_EXCEEDED]
    assert await Job.find({"owner_id": owner}).count() == 0
    assert await draw(3) == []
    assert await draw(1) == [UserErrorCode.LIMIT_EXCEEDED]
    first = await Job.find_one({"owner_id": owner})
    assert first is not None
    await jobs.cancel(context, first.id)
    assert await draw(1) == []
    retried = await jobs.retry(context, first.id)
    assert [error.code for error in retried.user_errors] == [UserErrorCode.LIMIT_EXCEEDED]


async def test_what_jobs_start_of_themselves_is_not_counted_and_the_count_uses_its_index(
    studio: Studio,
) -> None:
    context = studio.context()
    owner = context.require_viewer().user_id
    parent = PydanticObjectId()
    for kind, parent_id in ((JobKind.SEGMENT, parent), (JobKind.IMAGE, parent), (JobKind.MAIL, None)):
        await Job.get_pymongo_collection().insert_one(
            job_end.stored(job_of(kind, owner_id=owner, parent_id=parent_id, root_id=parent))
        )
    assert await studio.services.dispatcher.room(owner) == 3
    question = {"owner_id": owner, "kind": {"$in": ["IMAGE"]}, "parent_id": None, "finished_at": None}
    plan = await Job.get_pymongo_collection().find(question).explain()
    assert "unfinished_orders" in str(plan["queryPlanner"]["winningPlan"])
