"""A child process that dies with this one, even when this one is killed."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SUPERVISOR = Path(__file__).with_name("supervisor.py")


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run: the argument list, the folder that it runs in, what its environment has on top of ours."""

    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)


class SupervisedProcess:
    """One server process below a supervisor of its own.

    The supervisor reads a pipe from this process. Death signals would follow the thread that started the
    child, and an `atexit` hook does not run after `kill -9`; the end of a pipe arrives in every case.
    """

    def __init__(
        self, launch: Launch, *, log: Path, grace_s: float = 3.0, held_fd: int | None = None
    ) -> None:
        """Start the process; its output replaces what `log` holds.

        Args:
            launch: what to run.
            log: file for standard output and standard error.
            grace_s: seconds between the request to stop and SIGKILL.
            held_fd: a file descriptor that stays open as long as the process may live (a lock).

        Raises:
            OSError: the program cannot be executed.
        """
        self._grace_s = grace_s
        self._supervisor = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", "-S", str(SUPERVISOR)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=() if held_fd is None else (held_fd,),
            start_new_session=True,  # Ctrl+C in a terminal reaches this process, which then stops the server
            bufsize=0,
        )
        order = {
            "argv": list(launch.argv),
            "cwd": str(launch.cwd),
            "env": dict(launch.env),  # through the pipe: secrets do not show in the list of processes
            "log": str(log),
            "grace_s": grace_s,
        }
        self._send(json.dumps(order).encode() + b"\n")
        answer = self._read_answer()
        if "pid" not in answer:
            self.kill()
            raise OSError(f"{launch.argv[0]}: {answer.get('error', 'the supervisor ended')}")
        self.pid = int(answer["pid"])

    def is_running(self) -> bool:
        """Whether the server has not ended yet."""
        return self._supervisor.poll() is None

    def stop(self) -> None:
        """Ask the server to end, kill it when its grace is over, and reap it. A second call does nothing."""
        if self._supervisor.stdin is not None:
            self._supervisor.stdin.close()
        self._reap()

    def kill(self) -> None:
        """End the server with SIGKILL and reap it."""
        self._send(b"k")
        self.stop()

    def _send(self, data: bytes) -> None:
        pipe = self._supervisor.stdin
        if pipe is not None and not pipe.closed:
            with contextlib.suppress(BrokenPipeError):
                os.write(pipe.fileno(), data)

    def _read_answer(self) -> dict[str, str]:
        pipe = self._supervisor.stdout
        if pipe is None:
            return {}
        with pipe:
            line = pipe.readline()
        answer: dict[str, str] = json.loads(line or b"{}")
        return answer

    def _reap(self) -> None:
        try:
            self._supervisor.wait(timeout=self._grace_s + 5)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()  # its server has asked for a death signal
            self._supervisor.wait()
