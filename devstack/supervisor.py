"""A process of its own that runs one server and never outlives whoever asked for it.

Started as a script, with nothing but the standard library. Its orders come in on standard input: first a
line of JSON (`argv`, `cwd`, `env`, `log`, `grace_s`), later `k` to kill. The end of the input means "stop":
that is what the system delivers when the other side dies, by whatever signal. It answers one line of JSON:
`pid` or `error`.
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
from typing import Any

PARENT_CHECK_S = 1.0
PR_SET_PDEATHSIG = 1


def main() -> int:
    """Run the server until it ends or is told to; return its exit status as a shell would."""
    parent = os.getppid()
    with os.fdopen(0, "rb", buffering=0, closefd=False) as orders:
        order = json.loads(orders.readline())
    try:
        child = spawn(order)
    except OSError as error:
        answer(error=str(error))
        return 127
    answer(pid=child.pid)
    if wait_for_end(child, parent=parent) == "kill":
        child.kill()
    else:
        child.terminate()
    try:
        child.wait(timeout=order["grace_s"])
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def spawn(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start the server with its output in its log."""
    libc = ctypes.CDLL(None)

    def die_with_supervisor() -> None:
        # Sound here and not in the asking process: the signal follows the starting thread, and there is one.
        if sys.platform == "linux":
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    with open(order["log"], "wb") as log:  # noqa: PTH123 - pathlib would double the start-up time
        return subprocess.Popen(  # noqa: S603 - the argument list comes from our own modules
            order["argv"],
            cwd=order["cwd"],
            env=os.environ | order["env"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_supervisor,  # noqa: PLW1509 - this process has one thread
        )


def wait_for_end(child: subprocess.Popen[bytes], *, parent: int) -> str:
    """Block until the server ended ("ended"), or is to be stopped ("stop") or killed ("kill")."""
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while child.poll() is None:
        readable, _, _ = select.select([0, ended], [], [], PARENT_CHECK_S)
        if 0 in readable:
            return "kill" if os.read(0, 1) == b"k" else "stop"
        # A forked child of the asking process may hold the pipe open: then only the parent's id tells.
        if os.getppid() != parent:
            return "stop"
    return "ended"


def answer(**facts: object) -> None:
    """Write the one line that the asking process waits for."""
    os.write(1, json.dumps(facts).encode() + b"\n")
    os.close(1)


if __name__ == "__main__":
    sys.exit(main())
