"""What people and jobs do to real workers: pause, cancel, kill."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from devstack.stack import StackAddresses
from documents.tree.brief import Resolution
from tasks.job_engine.kill_points import KillPoint
from tests.tasks.crew import Crew
from tests.tasks.studio_site import Outcome, Site, open_site

_A_WHILE_S = 2.0


@pytest_asyncio.fixture(loop_scope="session")
async def site(stack: StackAddresses, tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(stack, tmp_path / "site") as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def undisturbed(stack: StackAddresses, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("sites") / "undisturbed"
    async with open_site(stack, folder) as site, Crew(site.environ(), folder, size=1):
        return await site.outcome(await site.order())


async def test_a_paused_production_outlives_its_workers_and_goes_on(site: Site, undisturbed: Outcome) -> None:
    async with Crew(site.environ(), site.folder) as crew:
        job_id = await site.order()
        await site.until(job_id, kind="IMAGE", state="RUNNING")
        async with site.dispatcher() as dispatcher:
            assert await dispatcher.pause(await site.stored(job_id)) is not None
        await crew.stop()
        before = {step["_id"]: step["state"] for step in await site.steps(job_id)}
        crew.start()
        await asyncio.sleep(_A_WHILE_S)
        after = await site.steps(job_id)
        assert (await site.job(job_id))["state"] == "PAUSED"
        assert {step["_id"] for step in after} == set(before)
        begun = [step for step in after if before[step["_id"]] == "QUEUED" and step["state"] != "QUEUED"]
        assert begun == []
        async with site.dispatcher() as dispatcher:
            assert await dispatcher.resume(await site.stored(job_id)) is not None
        assert await site.outcome(job_id) == undisturbed
        assert crew.deaths == 0


async def test_a_job_that_kills_its_worker_twice_fails_alone_and_can_be_tried_again(
    site: Site, undisturbed: Outcome
) -> None:
    async with Crew(site.environ(), site.folder, size=1, kill_at=KillPoint.AFTER_JOIN) as crew:
        job_id = await site.order()
        await crew.until_death()
        crew.witness.unlink()  # the next worker that comes there dies, too
        ended = await site.ended(job_id)
        assert (ended["state"], ended["error"]["code"]) == ("FAILED", "WORKER_LOST")
        assert crew.deaths == 2
        steps = await site.steps(job_id, kind={"$ne": "PRODUCTION"})
        assert [(each["kind"], each["deaths"]) for each in steps if each["state"] != "SUCCEEDED"] == [
            ("RENDER", 2)
        ]
        project = await site.database["projects"].find_one({"_id": ended["project_id"]})
        assert project is not None
        assert (project["production_id"], project["status"]) == (None, "FAILED")
        async with site.dispatcher() as dispatcher:
            assert await dispatcher.retry(await site.stored(job_id)) is not None
        assert await site.outcome(job_id) == undisturbed


async def test_a_cancellation_ends_ffmpeg_within_a_second(site: Site) -> None:
    async with Crew(site.environ(), site.folder, size=1) as crew:
        job_id = await site.order(resolution=Resolution.P1080)
        await crew.until_encoders(lambda number: number > 0)
        clock = asyncio.get_running_loop().time
        async with site.dispatcher() as dispatcher:
            job = await site.stored(job_id)
            begun = clock()
            await dispatcher.cancel(job)
        await crew.until_encoders(lambda number: number == 0)
        assert clock() - begun < 1.0
        ended = await site.ended(job_id)
        assert (ended["state"], ended["error"]["code"]) == ("CANCELED", "CANCELED")
        await site.until_all_over(job_id)
        assert {step["state"] for step in await site.steps(job_id)} == {"SUCCEEDED", "CANCELED"}
        assert await site.database["renders"].count_documents({}) == 0


async def test_ffmpeg_ends_with_a_killed_worker(site: Site) -> None:
    async with Crew(site.environ(), site.folder, size=1) as crew:
        await site.order(resolution=Resolution.P1080)
        await crew.until_encoders(lambda number: number > 0)
        crew.kill()
        async with asyncio.timeout(1):
            await crew.until_encoders(lambda number: number == 0)
