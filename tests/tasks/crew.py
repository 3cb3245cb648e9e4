"""Real worker processes, and somebody who starts those again that died."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from devstack.process import Launch, SupervisedProcess
from tasks.job_engine import background
from tasks.job_engine.kill_points import KillPoint

CHECKOUT = Path(__file__).parents[2]
_QUEUES = "generate,render,publish,house"
_LOOK_INTERVAL_S = 0.05


class Crew:
    """The workers of one installation.

    Args:
        environ: their settings.
        folder: for their logs, and for what they cache.
        size: how many there are; each serves all queues.
        kill_at: where the first one that comes there dies.
    """

    def __init__(
        self, environ: Mapping[str, str], folder: Path, *, size: int = 2, kill_at: KillPoint | None = None
    ) -> None:
        self.deaths = 0
        self._death = asyncio.Event()
        self.witness = folder / "witness"
        self._environ = environ
        self._folder = folder
        self._size = size
        self._kill_at = kill_at
        self._workers: list[SupervisedProcess] = []
        self._started = 0
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def start(self) -> None:
        """Start all workers and keep them running."""
        self._workers = [self._start_one() for _ in range(self._size)]
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Tell all workers to end, and wait until they have."""
        if self._keeper is not None:
            await background.end(self._keeper)
            self._keeper = None
        workers, self._workers = self._workers, []
        await asyncio.gather(*(asyncio.to_thread(worker.stop) for worker in workers))

    def kill(self) -> None:
        """Kill all workers as a machine that fails does; they are started again."""
        for worker in self._workers:
            os.kill(worker.pid, signal.SIGKILL)

    async def until_death(self) -> None:
        """Wait until the first worker has died; another one only just begins to start."""
        await self._death.wait()

    def logs(self) -> str:
        """What all workers said."""
        return "\n".join(log.read_text() for log in sorted(self._folder.glob("worker-*.log")))

    async def until_encoders(self, are_enough: Callable[[int], bool]) -> None:
        """Wait until as many FFmpeg processes as this work in the crew's folder, whoever started them."""
        while True:
            if are_enough(await asyncio.to_thread(self._encoders)):
                return
            await asyncio.sleep(0.02)

    def _encoders(self) -> int:
        found = 0
        for process in psutil.process_iter(["name", "cwd"]):
            name, cwd = process.info["name"], process.info["cwd"]  # the dead that are not buried have no cwd
            found += name.startswith("ffmpeg") and bool(cwd) and Path(cwd).is_relative_to(self._folder)
        return found

    def _start_one(self) -> SupervisedProcess:
        self._started += 1
        order = ["--kill-at", self._kill_at, "--kill-witness", str(self.witness)] if self._kill_at else []
        argv = [sys.executable, str(CHECKOUT / "cli.py"), "work", "--queues", _QUEUES, "--threads", "3"]
        launch = Launch([*argv, *order], CHECKOUT, self._environ)
        log = self._folder / f"worker-{self._started}.log"
        return SupervisedProcess(launch, log=log, grace_s=20.0)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_INTERVAL_S)
            for index, worker in enumerate(self._workers):
                if not worker.is_running():
                    self.deaths += 1
                    self._death.set()
                    worker.stop()
                    self._workers[index] = self._start_one()
