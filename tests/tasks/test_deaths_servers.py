"""Servers that are killed while a video is produced: it comes out the same."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from devstack.stack import Stack, StackAddresses
from tests.tasks.crew import Crew
from tests.tasks.studio_site import Outcome, open_site

_OUTAGE_S = 3.0  # longer than a lease


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, StackAddresses]]:
    servers = Stack(tmp_path_factory.mktemp("killed"))
    yield servers, servers.start()
    servers.mongodb.kill()
    servers.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def undisturbed(
    own_stack: tuple[Stack, StackAddresses], tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    folder = tmp_path_factory.mktemp("sites") / "undisturbed"
    async with open_site(own_stack[1], folder) as site, Crew(site.environ(), folder, size=1):
        return await site.outcome(await site.order())


async def test_redis_may_lose_everything_twice(
    own_stack: tuple[Stack, StackAddresses], undisturbed: Outcome, tmp_path: Path
) -> None:
    stack, addresses = own_stack
    folder = tmp_path / "site"
    async with open_site(addresses, folder) as site, Crew(site.environ(), folder) as crew:
        job_id = await site.order()
        for kind in ("IMAGE", "SEGMENT"):
            await site.until(job_id, kind=kind, state="RUNNING")
            stack.redis.kill()
            stack.redis.wipe()
            await asyncio.to_thread(stack.redis.start)
        assert await site.outcome(job_id) == undisturbed
        assert crew.deaths == 0
        assert [step["deaths"] for step in await site.steps(job_id, deaths={"$gt": 0})] == []


async def test_mongodb_may_be_killed_and_nobody_is_blamed(
    own_stack: tuple[Stack, StackAddresses], undisturbed: Outcome, tmp_path: Path
) -> None:
    stack, addresses = own_stack
    folder = tmp_path / "site"
    async with open_site(addresses, folder) as site, Crew(site.environ(), folder) as crew:
        job_id = await site.order()
        for kind, outage_s in (("IMAGE", 0.0), ("SEGMENT", _OUTAGE_S)):
            await site.until(job_id, kind=kind, state="RUNNING")
            stack.mongodb.kill()
            await asyncio.sleep(outage_s)
            await asyncio.to_thread(stack.mongodb.start)
        assert await site.outcome(job_id) == undisturbed
        assert crew.deaths == 0
        assert [step["kind"] for step in await site.steps(job_id, state="FAILED")] == []
