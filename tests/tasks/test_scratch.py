import os
import signal
import subprocess
import sys
from pathlib import Path

from tasks.scratch import scratch_folder

CHECKOUT = Path(__file__).parents[2]
_WORKER = """
import sys, time
from pathlib import Path
from tasks.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "half.mp4").write_bytes(b"x")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_a_folder_is_gone_with_its_worker(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "half.mp4").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_worker_left_behind_goes_and_what_a_living_one_uses_stays(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", _WORKER, str(tmp_path)]
    with subprocess.Popen(arguments, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        left = Path(worker.stdout.readline().strip())
        with scratch_folder(tmp_path) as folder:
            assert (left / "half.mp4").exists()
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            with scratch_folder(tmp_path):
                assert not left.exists()
                assert folder.exists()
    assert list(tmp_path.iterdir()) == []
