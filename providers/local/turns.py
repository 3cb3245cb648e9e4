"""Work for the processor, beside the event loop: as much at once as there are cores, the rest in turn."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from providers.errors import ProviderUnavailable

Parameters = ParamSpec("Parameters")
ResultT = TypeVar("ResultT")


def cores() -> int:
    """How many cores this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


class Stopwatch:
    """How long a turn's work took, waiting for the turn left out."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    @property
    def ms(self) -> int:
        """Milliseconds since the turn began."""
        return round((time.perf_counter() - self._began) * 1000)


class Turns:
    """The turns of one maker; more work than cores would only make every piece of it slower.

    It belongs to the event loop that it is first waited on in, as the maker that owns it does.
    """

    def __init__(self, at_once: int | None = None) -> None:
        """Without `at_once`, as many turns at a time as there are cores."""
        places = at_once or cores()
        self._free = asyncio.Semaphore(places)
        # As many threads as turns: work that nobody waits for any more still holds its thread.
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="local-provider")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Stopwatch]:
        """Wait for a turn, without a limit, and hold it; the watch starts when it begins."""
        async with self._free:
            yield Stopwatch()

    async def in_thread(
        self,
        limit_s: float,
        work: Callable[Parameters, ResultT],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> ResultT:
        """What `work` gives, computed in a thread; for the holder of a turn.

        A thread cannot be stopped: when the caller is cancelled or the limit is reached, the work ends
        unheard. It must therefore be bounded by the size of its input.

        Raises:
            ProviderUnavailable: it took longer than `limit_s`; a machine less busy may do it.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limit_s):
                return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))
        except TimeoutError as error:
            raise ProviderUnavailable("local", f"The work took more than {limit_s:.0f} s.") from error
