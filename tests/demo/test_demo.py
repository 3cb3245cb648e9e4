"""The whole way: a server of its own, a project, a production, and a file in the end."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import imageio_ffmpeg
import psutil
import pytest

CHECKOUT = Path(__file__).parents[2]


async def start(data_dir: Path, *arguments: str) -> asyncio.subprocess.Process:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("FRAMEWRIGHT_", "DEMO_"))
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "demo",
        *arguments,
        cwd=CHECKOUT,
        env={**kept, "FRAMEWRIGHT_DATA_DIR": str(data_dir), "FRAMEWRIGHT_CACHE_DIR": str(data_dir / "cache")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=_hear_interrupts,
    )


def _hear_interrupts() -> None:
    """Undo what a shell does to its background jobs, and they to their children: SIGINT is ignored there."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def left_over(data_dir: Path) -> list[str]:
    """Processes that run on the data directory."""
    found = []
    for process in psutil.process_iter():
        try:
            place = process.environ().get("FRAMEWRIGHT_DATA_DIR")
        except psutil.Error:
            continue
        if place == str(data_dir):
            found.append(" ".join(process.cmdline()))
    return found


async def gone(data_dir: Path) -> bool:
    for _ in range(300):
        if not left_over(data_dir):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_a_script_becomes_a_video_and_nothing_is_left_running(tmp_path: Path) -> None:
    script, video, data_dir = tmp_path / "tale.txt", tmp_path / "new" / "tale.mp4", tmp_path / "data"
    script.write_text("The lamp turns all night. Ships see it, and go around the rocks.\n")
    demo = await start(
        data_dir, "--script", str(script), "--out", str(video), "--resolution", "480", "--profile", "preview"
    )
    output, _ = await demo.communicate()
    said = output.decode()
    assert demo.returncode == 0, said
    for part in ("tale", "estimate", "pictures", "voices", "render", "join", "480x854", "make run"):
        assert part in said
    assert "\x1b" not in said
    facts = next(iter(imageio_ffmpeg.read_frames(str(video))))
    assert facts["source_size"] == (480, 854)
    assert 3 < facts["duration"] < 15
    assert oct((data_dir / "demo-account.json").stat().st_mode)[-3:] == "600"
    assert await gone(data_dir)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_whatever_ends_it_ends_the_server(tmp_path: Path, number: signal.Signals) -> None:
    demo = await start(tmp_path / "data", "--out", str(tmp_path / "never.mp4"))
    assert demo.stdout is not None
    while not (await demo.stdout.readline()).startswith(b"server"):
        pass
    demo.send_signal(number)
    assert await demo.wait() != 0
    assert await gone(tmp_path / "data")


async def test_a_script_that_cannot_be_read_is_named_before_anything_starts(tmp_path: Path) -> None:
    demo = await start(tmp_path / "data", "--script", str(tmp_path / "none.txt"))
    output, _ = await demo.communicate()
    assert demo.returncode == 1
    assert "none.txt cannot be read" in output.decode()
    assert not (tmp_path / "data").exists()
