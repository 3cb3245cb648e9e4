"""The runner: progress, exit codes, silent font failures, and an end with its worker."""

import asyncio
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from rendering.errors import EncoderFailed, FontNotFound
from rendering.runner import run

SOURCE = ("-f", "lavfi", "-i", "color=c=gray:s=128x72:r=30:d=2")

NO_FONT = """[Script Info]
ScriptType: v4.00+
PlayResX: 128
PlayResY: 72
[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Text,No Such Font,20
[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.00,0:00:02.00,Text,words
"""


async def test_progress_rises_to_all_video_frames(ffmpeg_path: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    ran = await run(
        ffmpeg_path, (*SOURCE, "-f", "null", "-"), cwd=tmp_path, timeout_s=30, on_progress=seen.append
    )
    assert ran.video_frames == 60
    assert seen == sorted(set(seen))
    assert seen[-1] == 60


async def test_a_failure_carries_code_and_words(ffmpeg_path: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderFailed) as failed:
        await run(ffmpeg_path, ("-i", "no such file", "-f", "null", "-"), cwd=tmp_path, timeout_s=30)
    assert failed.value.return_code
    assert "No such file" in failed.value.stderr_tail


async def test_a_text_without_a_font_is_an_error(ffmpeg_path: Path, tmp_path: Path) -> None:
    (tmp_path / "captions.ass").write_text(NO_FONT)
    (tmp_path / "fonts").mkdir()
    burn = ("-vf", "ass=filename=captions.ass:fontsdir=fonts", "-f", "null", "-")
    with pytest.raises(FontNotFound, match="failed to find any fallback"):
        await run(ffmpeg_path, (*SOURCE, *burn), cwd=tmp_path, timeout_s=30)


async def test_the_runner_sees_nothing_of_our_environment(
    ffmpeg_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FFREPORT", "file=report.log")
    await run(ffmpeg_path, (*SOURCE, "-f", "null", "-"), cwd=tmp_path, timeout_s=30)
    assert list(tmp_path.iterdir()) == []


async def test_an_event_loop_that_closes_ends_a_run_at_any_moment_of_its_start(
    ffmpeg_path: Path, tmp_path: Path
) -> None:
    endless = ("-re", "-f", "lavfi", "-i", "color=c=gray:s=128x72:r=30", "-f", "null", "-")
    others = asyncio.all_tasks()
    for steps in range(12):
        working = asyncio.create_task(run(ffmpeg_path, endless, cwd=tmp_path, timeout_s=60))
        for _ in range(steps):
            await asyncio.sleep(0)
        for task in asyncio.all_tasks() - others:  # as asyncio.run() does in the end
            task.cancel()
        done, _ = await asyncio.wait([working], timeout=5)
        assert done == {working}, f"still waiting when cancelled after {steps} steps"
        assert working.cancelled()
    assert [one for one in psutil.Process().children() if "ffmpeg" in one.name()] == []


WORKER = """
import asyncio, sys
import asyncio
import sys
import time
from contextlib import suppress
from pathlib import Path

from rendering.runner import run

endless = ("-re", "-f", "lavfi", "-i", "color=c=gray:s=128x72:r=30", "-f", "null", "-")


async def main():
    working = asyncio.create_task(run(Path(sys.argv[1]), endless, cwd=Path(sys.argv[2]), timeout_s=60))
    await asyncio.sleep(0.3)
    print("running", flush=True)
    await working


asyncio.run(main())
"""


async def test_ffmpeg_dies_with_a_worker_that_is_killed(ffmpeg_path: Path, tmp_path: Path) -> None:
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WORKER, ffmpeg_path, tmp_path),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert worker.stdout is not None
        assert await asyncio.wait_for(worker.stdout.readline(), 30) == b"running\n"
        (encoder,) = psutil.Process(worker.pid).children()
        assert "ffmpeg" in encoder.name()
    finally:
        worker.kill()
    await worker.wait()
    begun = time.monotonic()
    # A zombie has ended as well: who reaps it after its parent's death depends on the machine.
    with suppress(psutil.NoSuchProcess):
        while encoder.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() - begun < 1
            await asyncio.sleep(0.02)
