"""Runs each set-up's stand-in once for the module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from providers.protocols.offer import Capability
from tests.providers.conformance.set_up import Running, SetUp
from tests.providers.conformance.set_ups import SET_UPS
from tests.providers.conformance.work import WORK


class Bench:
    """What runs, by the name of its set-up."""

    def __init__(self) -> None:
        self._running: dict[str, Running] = {}

    async def running(self, set_up: SetUp) -> Running:
        if set_up.name not in self._running:
            stand_in = None if set_up.stand_in is None else await set_up.stand_in().__aenter__()
            self._running[set_up.name] = Running(set_up, stand_in)
            if stand_in is not None:
                await self._acquaint(self._running[set_up.name])
        running = self._running[set_up.name]
        if set_up.stand_in is not None:
            running.stand_in.forget()
        return running

    async def _acquaint(self, running: Running) -> None:
        """Let the provider find out what its server lacks, so that no test's fault is spent on that."""
        for capability in running.set_up.paths:
            await WORK[capability](running.maker(capability))

    async def close(self) -> None:
        for running in self._running.values():
            await running.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def running(bench: Bench, set_up: SetUp) -> Running:
    return await bench.running(set_up)


def cases(*, calls: bool = True, where: str = "paths") -> pytest.MarkDecorator:
    """Every capability of every set-up that its `where` has."""
    found = [
        pytest.param(set_up, capability, id=f"{set_up.name}-{capability}")
        for set_up in SET_UPS
        if set_up.stand_in is not None or not calls
        for capability in Capability
        if capability in getattr(set_up, where)
    ]
    return pytest.mark.parametrize(("set_up", "capability"), found)


def set_ups(*, calls: bool = True) -> pytest.MarkDecorator:
    """Every set-up; with `calls` those that call somebody."""
    found = [pytest.param(each, id=each.name) for each in SET_UPS if each.stand_in is not None or not calls]
    return pytest.mark.parametrize("set_up", found)
