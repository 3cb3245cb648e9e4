"""Tasks that run beside something, and end with it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

_NUDGE_S = 0.3


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they are done, whatever they end with.

    More than one cancellation may be needed: Python 3.11's `asyncio.wait_for`, which Redis' client uses to
    send, swallows one that arrives just as the sending succeeds.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_NUDGE_S)


@asynccontextmanager
async def in_background(work: Callable[[], Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Run `work` as long as the context is open."""
    task = asyncio.create_task(work())
    try:
        yield
    finally:
        await end(task)
