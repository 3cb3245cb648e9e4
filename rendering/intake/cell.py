"""The other side of `rendering.intake.inside`: starts it, gives it orders, replaces it when it is gone."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from rendering.intake.faults import Fault, FileRefused

_ROOT: Final = Path(__file__).parents[2]


class CellBroken(Exception):
    """The process that opens files ended; the next order starts another."""


class Cells:
    """As many processes as are needed at once, at most `most`; each answers one order after the other."""

    def __init__(self, most: int = 2) -> None:
        self._turns = asyncio.Semaphore(most)
        self._idle: list[subprocess.Popen[bytes]] = []
        self.peak_memory_bytes = 0
        """The most that one look has taken so far."""

    async def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """What was found in a file.

        Raises:
            FileRefused: it does not fit.
            CellBroken: nothing could be found out.
        """
        async with self._turns:
            cell = self._idle.pop() if self._idle else _start()
            try:
                answer = await asyncio.to_thread(_exchange, cell, order)
            except BaseException:  # cancellation included: the answer to this order must not meet another
                cell.kill()
                await asyncio.to_thread(_reap, cell)
                raise
            self._idle.append(cell)
        self.peak_memory_bytes = max(self.peak_memory_bytes, answer.get("memory_bytes", 0))
        if "fault" in answer:
            raise FileRefused(Fault(answer["fault"]), answer["reason"])
        found: dict[str, Any] = answer["found"]
        return found

    async def close(self) -> None:
        """End all processes."""
        while self._idle:
            cell = self._idle.pop()
            cell.kill()
            await asyncio.to_thread(_reap, cell)


def _start() -> subprocess.Popen[bytes]:
    """Start a process that knows nothing of this one: no environment, no files, no working folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "rendering.intake.inside"],
        cwd="/",
        env={
            "PYTHONPATH": str(_ROOT),
            "LC_ALL": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _exchange(cell: subprocess.Popen[bytes], order: dict[str, Any]) -> dict[str, Any]:
    assert cell.stdin is not None  # noqa: S101 - both were asked for
    assert cell.stdout is not None  # noqa: S101 - likewise
    try:
        cell.stdin.write(json.dumps(order).encode() + b"\n")
        cell.stdin.flush()
        line = cell.stdout.readline()
    except (OSError, ValueError) as gone:
        raise CellBroken(str(gone)) from gone
    if not line:
        raise CellBroken(f"ended with {cell.poll()}")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _reap(cell: subprocess.Popen[bytes]) -> None:
    cell.wait()
    for pipe in (cell.stdin, cell.stdout):
        if pipe is not None:
            pipe.close()
