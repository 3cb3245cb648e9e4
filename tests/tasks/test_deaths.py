"""Workers that are killed at every named point: the production ends as if nothing had happened."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from devstack.stack import StackAddresses
from tasks.job_engine import background
from tasks.job_engine.kill_points import KillPoint
from tests.tasks.crew import Crew
from tests.tasks.studio_site import Outcome, open_site

_SIDE_BY_SIDE = 2
_PAID = {KillPoint.BEFORE_TICKET, KillPoint.AFTER_TICKET, KillPoint.AFTER_ANSWER}
_FREE = tuple(point for point in KillPoint if point not in _PAID)
"""Where a worker can die when nothing costs money."""


@dataclass(frozen=True, slots=True)
class Story:
    """One production, and how many workers died of it."""

    outcome: Outcome
    reached: bool
    deaths: int
    blamed: int


@dataclass
class Stories:
    """Productions that go on side by side while the tests wait for one after another."""

    addresses: StackAddresses
    folder: Path
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SIDE_BY_SIDE))
    _tasks: dict[KillPoint | None, asyncio.Task[Story]] = field(default_factory=dict)

    def begin(self) -> None:
        for point in (None, *_FREE):
            self._tasks[point] = asyncio.create_task(self._tell(point))

    async def end(self) -> None:
        await background.end(*self._tasks.values())

    async def of(self, point: KillPoint | None) -> Story:
        return await self._tasks[point]

    async def _tell(self, point: KillPoint | None) -> Story:
        folder = self.folder / (point or "undisturbed")
        async with (
            self._turn,
            open_site(self.addresses, folder) as site,
            Crew(site.environ(), folder, kill_at=point) as crew,
        ):
            try:
                job_id = await site.order()
                outcome = await site.outcome(job_id)
                blamed = sum([step["deaths"] for step in await site.steps(job_id)])
            except BaseException:
                print(crew.logs())  # noqa: T201 - pytest shows it with the failure
                raise
            return Story(outcome, crew.witness.exists(), crew.deaths, blamed)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stories(stack: StackAddresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stories]:
    told = Stories(stack, tmp_path_factory.mktemp("deaths"))
    told.begin()
    yield told
    await told.end()


async def test_an_undisturbed_production_kills_nobody(stories: Stories) -> None:
    story = await stories.of(None)
    assert (story.reached, story.deaths, story.blamed) == (False, 0, 0)
    frames = story.outcome.tree
    assert [(len(pictures), chosen) for _, pictures, chosen, _ in frames] == [(1, 0)] * 3


@pytest.mark.parametrize("point", _FREE)
async def test_a_worker_killed_at_any_point_is_not_noticed_in_the_result(
    stories: Stories, point: KillPoint
) -> None:
    story = await stories.of(point)
    assert (story.reached, story.deaths) == (True, 1)
    assert story.outcome == (await stories.of(None)).outcome
