from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Estimate, Job, JobKind, JobState, Queue

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", autouse=True, loop_scope="session")
async def _documents(database: AsyncDatabase[dict[str, Any]]) -> AsyncIterator[None]:
    await init_beanie(database=database, document_models=[Job])
    yield


def running(progress: float, *, spent_s: float, expected_s: float = 0.0) -> Job:
    return Job(
        kind=JobKind.PRODUCTION,
        queue=Queue.HOUSE,
        state=JobState.RUNNING,
        project_id=PydanticObjectId(),
        owner_id=PydanticObjectId(),
        root_id=PydanticObjectId(),
        progress=progress,
        estimate=Estimate(duration_s=expected_s),
        queued_at=NOW,
        started_at=NOW - timedelta(seconds=spent_s),
    )


@pytest.mark.parametrize(
    ("progress", "spent_s", "expected_s", "remaining_s"),
    [
        (0.5, 10, 0, 10.0),
        (0.01, 10, 0, None),
        (0.0, 1, 40, 40.0),
        (0.15, 30, 40, (170 + 34) / 2),
        (0.3, 30, 1, 70.0),
        (0.5, 10, 400, 10.0),
        (1.0, 10, 400, 0.0),
    ],
)
def test_remaining_time_is_the_estimate_at_first_and_the_pace_later(
    progress: float, spent_s: float, expected_s: float, remaining_s: float | None
) -> None:
    job = running(progress, spent_s=spent_s, expected_s=expected_s)
    assert job.remaining_s(NOW) == (None if remaining_s is None else pytest.approx(remaining_s))


def test_nothing_remains_of_a_job_that_does_not_run() -> None:
    job = running(0.5, spent_s=10)
    job.state = JobState.SUCCEEDED
    assert job.remaining_s(NOW) is None
