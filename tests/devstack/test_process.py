import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from devstack.process import Launch, SupervisedProcess

ROOT = Path(__file__).parents[2]
VANISH_WITHIN_S = 5.0
ASKING = """
import sys, time
from pathlib import Path
from devstack.stack import Stack

stack = Stack(Path(sys.argv[1]))
stack.start()
servers = (stack.mongodb, stack.redis, stack.objects)
print(*(f"{server.pid}:{server.port}" for server in servers), flush=True)
time.sleep(600)
"""


def has_vanished(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def vanish(pids: list[int]) -> bool:
    deadline = time.monotonic() + VANISH_WITHIN_S
    while time.monotonic() < deadline:
        if all(has_vanished(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def sleeper(tmp_path: Path, *words: str) -> SupervisedProcess:
    return SupervisedProcess(
        Launch(words or ("sleep", "600"), cwd=tmp_path), log=tmp_path / "log", grace_s=0.3
    )


def test_a_killed_parent_leaves_no_server_and_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKING, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as asking:
        assert asking.stdout is not None
        servers = [tuple(map(int, word.split(":"))) for word in asking.stdout.readline().split()]
        assert len(servers) == 3
        supervisors = [child.pid for child in psutil.Process(asking.pid).children()]
        asking.send_signal(signal.SIGKILL)
        asking.wait()
        assert vanish([pid for pid, _ in servers] + supervisors)
    connections = psutil.net_connections("tcp4")
    listening = {c.laddr.port for c in connections if c.laddr and c.status == psutil.CONN_LISTEN}
    assert listening.isdisjoint(port for _, port in servers)


def test_a_killed_supervisor_takes_its_server_along(tmp_path: Path) -> None:
    before = {child.pid for child in psutil.Process().children()}
    process = sleeper(tmp_path)
    (supervisor,) = {child.pid for child in psutil.Process().children()} - before
    os.kill(supervisor, signal.SIGKILL)
    assert vanish([process.pid])
    assert not process.is_running()
    process.stop()


def test_a_server_that_ignores_the_request_to_stop_is_killed_after_its_grace(tmp_path: Path) -> None:
    process = sleeper(tmp_path, "sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.05; done")
    while "deaf" not in (tmp_path / "log").read_text():
        time.sleep(0.01)
    began = time.monotonic()
    process.stop()
    assert 0.3 <= time.monotonic() - began < 3
    assert has_vanished(process.pid)


def test_a_server_that_ended_by_itself_is_noticed(tmp_path: Path) -> None:
    process = sleeper(tmp_path, "sh", "-c", "echo last words; exit 3")
    deadline = time.monotonic() + 5
    while process.is_running() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process.is_running()
    assert (tmp_path / "log").read_text() == "last words\n"
    process.stop()
    process.kill()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such-program"):
        sleeper(tmp_path, "no-such-program")


def test_secrets_in_the_environment_do_not_show_in_the_list_of_processes(tmp_path: Path) -> None:
    launch = Launch(["sh", "-c", 'echo "$SECRET"; sleep 600'], cwd=tmp_path, env={"SECRET": "s3cr3t"})
    process = SupervisedProcess(launch, log=tmp_path / "log", grace_s=0.3)
    try:
        own = psutil.Process(process.pid)
        assert "s3cr3t" not in " ".join(own.cmdline() + (own.parent() or own).cmdline())
        while not (tmp_path / "log").read_text():
            time.sleep(0.01)
        assert (tmp_path / "log").read_text() == "s3cr3t\n"
    finally:
        process.kill()
