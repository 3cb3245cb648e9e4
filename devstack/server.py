"""What the servers have in common: a folder, a port, a log, a supervised process."""

import re
import shutil
import socket
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from devstack.errors import PortTaken, ServerFailed
from devstack.process import Launch, SupervisedProcess

START_TIMEOUT_S = 60.0
POLL_S = 0.02
PORT_ATTEMPTS = 5
TAIL_BYTES = 4000


class Server(ABC):
    """One server on 127.0.0.1 that can be stopped, killed, wiped and started again on the same port."""

    name: ClassVar[str]
    ready_line: ClassVar[bytes]  # what its log says once it listens: an answer on the port could be another's

    def __init__(self, data_dir: Path, *, port: int | None = None, held_fd: int | None = None) -> None:
        """Prepare a server that keeps its data and its log below `data_dir`.

        Args:
            data_dir: shared by all servers of a stack; each uses a folder of its own in it.
            port: the TCP port, or None to take a free one at the first start.
            held_fd: a file descriptor that stays open while the server may live.
        """
        root = data_dir.resolve()
        self.folder = root / self.name
        self.log = root / "logs" / f"{self.name}.log"
        self._port = port
        self.held_fd = held_fd
        self._process: SupervisedProcess | None = None

    @property
    def port(self) -> int:
        """The TCP port: known from the first start on, and kept from then on."""
        if self._port is None:
            raise RuntimeError(f"{self.name} has not been started and has no port yet.")
        return self._port

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        if self._process is None:
            raise RuntimeError(f"{self.name} does not run.")
        return self._process.pid

    def is_running(self) -> bool:
        """Whether the server was started and has not ended."""
        return self._process is not None and self._process.is_running()

    def start(self) -> None:
        """Start the server and return once it serves. Does nothing when it runs.

        Raises:
            PortTaken: the given port, or the port of an earlier start, belongs to another process.
            ServerFailed: the server ended or was not ready within a minute.
            StackError: its program is missing.
        """
        if self.is_running():
            return
        for directory in (self.folder, self.log.parent):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._port is not None:
            self._start_on(self._port)
            return
        for attempt in range(1, PORT_ATTEMPTS + 1):
            port = free_port()
            try:
                self._start_on(port)
            except PortTaken:  # lost a race against another process
                if attempt == PORT_ATTEMPTS:
                    raise
            else:
                self._port = port
                return

    def stop(self) -> None:
        """End the server in order; its data stay."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """End the server with SIGKILL, as a crash would; its data stay as they are on disk."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def wipe(self) -> None:
        """Remove the data of a server that does not run."""
        if self.is_running():
            raise RuntimeError(f"{self.name} runs: stop it before its data are removed.")
        shutil.rmtree(self.folder, ignore_errors=True)

    @abstractmethod
    def launch(self, port: int) -> Launch:
        """What to run for a server on this port."""

    @abstractmethod
    def settle(self, port: int, deadline: float) -> None:
        """Finish a start once the server listens.

        Args:
            port: where it listens.
            deadline: on the monotonic clock, in seconds.

        Raises:
            TimeoutError: not done at the deadline.
        """

    def _start_on(self, port: int) -> None:
        launch = self.launch(port)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".previous.log"))
        try:
            process = SupervisedProcess(launch, log=self.log, held_fd=self.held_fd)
        except OSError as error:
            raise ServerFailed(self.name, f"cannot be executed ({error})", self.log, "") from error
        try:
            deadline = time.monotonic() + START_TIMEOUT_S
            self._wait_until_listening(process, port, deadline)
            self.settle(port, deadline)
        except TimeoutError as error:
            process.kill()
            raise self._failed(f"was not ready within {START_TIMEOUT_S:.0f} s") from error
        except BaseException:
            process.kill()
            raise
        self._process = process

    def _wait_until_listening(self, process: SupervisedProcess, port: int, deadline: float) -> None:
        while True:
            running = process.is_running()  # asked first: the last words of a dying server are read below
            words = self.log.read_bytes() if self.log.exists() else b""
            if not running:
                if re.search(rb"address (is )?already in use", words, flags=re.IGNORECASE):
                    raise PortTaken(self.name, port)
                raise self._failed("ended while it started")
            if self.ready_line in words:
                return
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(POLL_S)

    def _failed(self, reason: str) -> ServerFailed:
        tail = self.log.read_bytes()[-TAIL_BYTES:].decode(errors="replace") if self.log.exists() else ""
        return ServerFailed(self.name, reason, self.log, tail)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now; another process may still take it first."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
