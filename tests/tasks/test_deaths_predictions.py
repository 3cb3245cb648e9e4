"""Workers that die while a service works for them: the work is taken over, and bought once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId

from devstack.stack import StackAddresses
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.projects.project import Project
from documents.tree.brief import Resolution, Style
from documents.tree.script import Frame, Scene, Script
from tasks.job_engine import background
from tasks.job_engine.kill_points import KillPoint
from tests.stand_ins.replicate import ReplicateStandIn
from tests.tasks.crew import Crew
from tests.tasks.studio_site import Site, open_site

POINTS = (KillPoint.BEFORE_TICKET, KillPoint.AFTER_TICKET)
"""Between buying and noting it, and while it is waited for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of an order for a clip, and what it took."""

    job: dict[str, Any]
    clips: list[dict[str, Any]]
    bought: int
    booked: int
    deaths: int


@asynccontextmanager
async def filming(
    stack: StackAddresses, folder: Path, *, kill_at: KillPoint
) -> AsyncIterator[tuple[Site, Crew, ReplicateStandIn]]:
    """An installation whose clips come from a stand-in for Replicate."""
    with ReplicateStandIn() as replicate:
        async with open_site(stack, folder) as site:
            environ = {
                **site.environ(),
                "FRAMEWRIGHT_REPLICATE_API_TOKEN": "r-key",
                "FRAMEWRIGHT_REPLICATE_BASE_URL": replicate.url,
            }
            async with Crew(environ, folder, size=1, kill_at=kill_at) as crew:
                try:
                    yield site, crew, replicate
                except BaseException:
                    print(crew.logs())  # noqa: T201 - pytest shows it with the failure
                    raise


async def order(site: Site) -> PydanticObjectId:
    """Have a clip made from words for somebody new."""
    now, owner_id, job_id = datetime.now(UTC), PydanticObjectId(), PydanticObjectId()
    scene = Scene(title="Bees", clip_prompt="Bees dance", frames=[Frame(narration="Bees dance.")])
    async with site.dispatcher() as dispatcher:
        project = Project(
            title="Bees",
            owner_id=owner_id,
            style=Style(resolution=Resolution.P480),
            script=Script(scenes=[scene]),
            created_at=now,
            updated_at=now,
        )
        await project.insert()
        job = Job(
            id=job_id,
            kind=JobKind.CLIP,
            queue=QUEUE_OF[JobKind.CLIP],
            project_id=project.id,
            node_id=scene.id,
            owner_id=owner_id,
            root_id=job_id,
            payload={"start": "TEXT", "duration_s": 2.0},
            queued_at=now,
        )
        await dispatcher.start([job])
    return job_id


Stories = Mapping[KillPoint, asyncio.Task[Ended]]


async def tell(stack: StackAddresses, folder: Path, point: KillPoint) -> Ended:
    """What comes of a death at a point."""
    async with filming(stack, folder, kill_at=point) as (site, crew, replicate):
        job = await site.ended(await order(site))
        project = await site.database["projects"].find_one({"_id": job["project_id"]})
        assert project is not None
        return Ended(
            job,
            project["script"]["scenes"][0]["clips"],
            len(replicate.predictions),
            await site.database["usage"].count_documents({}),
            crew.deaths,
        )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stories(stack: StackAddresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stories]:
    """All of them side by side: most of their time is waiting."""
    folder = tmp_path_factory.mktemp("deaths")
    told = {point: asyncio.create_task(tell(stack, folder / point, point)) for point in POINTS}
    yield told
    await background.end(*told.values())


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_dies_and_the_prediction_is_bought_once(stories: Stories, point: KillPoint) -> None:
    ended = await stories[point]
    assert (ended.job["state"], ended.job["error"]) == ("SUCCEEDED", None)
    assert (ended.deaths, ended.job["deaths"]) == (1, 1)
    assert ended.bought == 1
    assert ended.booked == 1
    (clip,) = ended.clips
    assert clip["provenance"]["provider"] == "replicate"
