import asyncio
from contextlib import AsyncExitStack

from tasks.job_engine.turns import Turns


async def test_jobs_work_side_by_side() -> None:
    turns = Turns()
    async with asyncio.timeout(1), turns.take(alone=False), turns.take(alone=False):
        pass


async def test_a_suspect_works_alone_and_is_not_overtaken() -> None:
    turns, begun = Turns(), list[str]()
    let_go = asyncio.Event()

    async def work(name: str, *, alone: bool) -> None:
        async with turns.take(alone=alone):
            begun.append(name)
            await let_go.wait()

    async with AsyncExitStack() as first:
        await first.enter_async_context(turns.take(alone=False))
        waiting = [
            asyncio.create_task(work("suspect", alone=True)),
            asyncio.create_task(work("fresh", alone=False)),
        ]
        await asyncio.sleep(0.01)
        assert begun == []
    await asyncio.sleep(0.01)
    assert begun == ["suspect"]
    let_go.set()
    await asyncio.gather(*waiting)
    assert begun == ["suspect", "fresh"]


async def test_a_suspect_that_no_longer_waits_holds_nobody_up() -> None:
    turns = Turns()

    async def suspect() -> None:
        async with turns.take(alone=True):
            raise AssertionError

    async with turns.take(alone=False):
        waiting = asyncio.create_task(suspect())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(1), turns.take(alone=False):
            pass
