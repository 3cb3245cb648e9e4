"""A line to a provider with one key: so many calls at once, each with its time, none while all fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from providers.errors import ProviderUnavailable


@dataclass(frozen=True, slots=True)
class LineLimits:
    """How a line is used.

    Args:
        calls_at_once: with one key, over all processes.
        failures: calls that fail in a row before the line is closed.
        closed_s: for how long it then is.
    """

    calls_at_once: int = 4
    failures: int = 5
    closed_s: float = 30.0


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

    @asynccontextmanager
    async def call(self, *, timeout_s: float) -> AsyncIterator[None]:
        """Run one call: `async with line.call(timeout_s=60): answer = await client.…`.

        What the body raises of `providers.errors` passes through: translate the client's errors inside.

        Raises:
            ProviderUnavailable: the time is up.
        """
        async with self._gate.turn(self._name, self._limits.calls_at_once):
            try:
                async with asyncio.timeout(timeout_s):
                    yield
            except TimeoutError as error:
                raise ProviderUnavailable(
                    self._provider, f"it did not answer within {timeout_s:.0f} s."
                ) from error
