"""Turns within one worker: many jobs side by side, or one job alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Lets jobs work side by side, except for suspects.

    When a worker dies, each of its jobs may have been the cause. They work alone from then on, so that the
    next death has one cause, and none of them is blamed for what another one does.
    """

    def __init__(self) -> None:
        self._working = 0
        self._waiting_suspects = 0
        self._is_alone = False
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def take(self, *, alone: bool) -> AsyncIterator[None]:
        """Wait for a turn and have it; nobody begins while somebody waits to be alone."""
        if alone:
            await self._wait_until_alone()
        else:
            while self._is_alone or self._waiting_suspects:
                await self._wait()
        self._working += 1
        self._is_alone = alone
        try:
            yield
        finally:
            self._working -= 1
            self._is_alone = False
            self._changed.set()

    async def _wait_until_alone(self) -> None:
        self._waiting_suspects += 1
        try:
            while self._working:
                await self._wait()
        finally:
            self._waiting_suspects -= 1
            self._changed.set()

    async def _wait(self) -> None:
        self._changed.clear()
        await self._changed.wait()
