"""A server of our own: `python cli.py run` as a child that cannot outlive the demo."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from demo.errors import ServerEnded

CHECKOUT = Path(__file__).parents[1]
READY_WITHIN_S = 180.0  # a first start on a slow disk included
GRACE_S = 40.0  # the server itself waits for what it started
_LAST_WORDS = 15  # lines


class Server:
    """Starts on a free port, is ready when entered, and is gone when left, even after `kill -9`.

    Args:
        data_dir: where the server keeps its data and logs; used by one server at a time.
    """

    def __init__(self, data_dir: Path) -> None:
        self.log = data_dir / "logs" / "demo.log"
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._supervisor: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start, and wait until every part answers.

        Raises:
            ServerEnded: it does not run, or not in time.
        """
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        port = self.url.rpartition(":")[2]
        order = {
            "argv": [sys.executable, str(CHECKOUT / "cli.py"), "run", "--port", port],
            "cwd": str(CHECKOUT),
            # An address for browsers that somebody set is not where this server listens.
            "env": {"FRAMEWRIGHT_PUBLIC_URL": self.url, "PYTHONUNBUFFERED": "1"},
            "log": str(self.log),
            "grace_s": GRACE_S,
        }
        # The supervisor stops the server when our end of its input closes: the system does that for the dead.
        self._supervisor = subprocess.Popen(  # noqa: S603 - our own interpreter and files
            [sys.executable, "-I", "-S", str(CHECKOUT / "devstack" / "supervisor.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C reaches the demo alone, which then stops the server in order
            bufsize=0,
        )
        try:
            self._send(json.dumps(order).encode() + b"\n")
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._supervisor is not None and self._supervisor.poll() is None

    def stop(self) -> None:
        """Stop the server and all that it started; a second call does nothing."""
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is None or supervisor.stdin is None:
            return
        supervisor.stdin.close()
        try:
            supervisor.wait(GRACE_S + 5)
        finally:
            supervisor.kill()  # its server has a death signal
            supervisor.wait()

    def ended(self, what: str) -> ServerEnded:
        """The error that shows the end of the log."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            lines = []
        return ServerEnded(what, self.log, "\n".join(lines[-_LAST_WORDS:]))

    def _send(self, message: bytes) -> None:
        if self._supervisor is None or self._supervisor.stdin is None:
            raise self.ended("The server could not be started.")
        try:
            self._supervisor.stdin.write(message)
        except BrokenPipeError as error:
            raise self.ended("The server could not be started.") from error

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        with httpx.Client(trust_env=False, timeout=5) as http:  # no proxy stands before 127.0.0.1
            while time.monotonic() < deadline:
                if not self.is_running():
                    raise self.ended("The server ended while it started.")
                try:
                    if http.get(f"{self.url}/health/ready").is_success:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.25)
        raise self.ended(f"The server was not ready within {READY_WITHIN_S:.0f} s.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
