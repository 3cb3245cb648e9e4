"""A line to a provider with one key: so many calls at once, each with its time, none while all fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from providers.breaker import Breaker
from providers.errors import ProviderBusy, ProviderUnavailable

_AGAIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class LineLimits:
    """How a line is used.

    Args:
        calls_at_once: with one key, over all processes.
        failures: calls that fail in a row before the line is closed.
        closed_s: for how long it then is; after that a single call tries it.
        longest_wait_s: how long a call waits for its turn.
    """

    calls_at_once: int = 4
    failures: int = 5
    closed_s: float = 30.0
    longest_wait_s: float = 60.0


class Gate(Protocol):
    """Lets so many through at once."""

    def turn(self, name: str, most: int) -> AbstractAsyncContextManager[None]:
        """Wait for one of `most` turns under this name, and have it."""
        ...


class OwnGate:
    """A gate for one process."""

    def __init__(self) -> None:
        self._turns: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def turn(self, name: str, most: int) -> AsyncIterator[None]:
        """Wait and have it."""
        async with self._turns.setdefault(name, asyncio.Semaphore(most)):
            yield


class Line:
    """Every call to a provider goes through one of these.

    Turns are shared with all processes, as the gate has it. Whether the line is closed each process finds
    out for itself: that takes it a few calls, and nobody's wrong network closes it for others.

    Args:
        provider: its name, for messages.
        key_name: tells lines of one provider apart: an account's fingerprint, or empty.
        limits: how it is used.
        gate: shared by all lines.
    """

    def __init__(self, provider: str, key_name: str, *, limits: LineLimits, gate: Gate) -> None:
        self._provider = provider
        self._name = f"{provider}:{key_name}"
        self._limits = limits
        self._gate = gate
        self._breaker = Breaker(provider, failures=limits.failures, closed_s=limits.closed_s)

    @asynccontextmanager
    async def call(self, *, timeout_s: float) -> AsyncIterator[None]:
        """Run one call: `async with line.call(timeout_s=60): answer = await client.…`.

        What the body raises of `providers.errors` passes through: translate the client's errors inside.

        Raises:
            ProviderBusy: the line is closed, or no turn came in time.
            ProviderUnavailable: the time is up.
        """
        self._breaker.check()
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._limits.longest_wait_s):
                    await held.enter_async_context(self._gate.turn(self._name, self._limits.calls_at_once))
            except TimeoutError as error:
                why = "too many calls with this key are under way."
                raise ProviderBusy(self._provider, why, retry_after_s=_AGAIN_S) from error
            with self._breaker.attempt():
                try:
                    async with asyncio.timeout(timeout_s):
                        yield
                except TimeoutError as error:
                    raise ProviderUnavailable(
                        self._provider, f"it did not answer within {timeout_s:.0f} s."
                    ) from error
