import asyncio
import hashlib
import io
import subprocess
import sys
import time
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from providers.errors import InvalidRequest
from providers.local.loudness import integrated_lufs
from providers.local.music import LocalComposer, TimedMusic
from providers.protocols.sound import MusicRequest

ROOT = Path(__file__).parents[3]
MEASURE = "ebur128=peak=true:framelog=quiet"
MOODS = LocalComposer().offer.styles


def samples(music: TimedMusic) -> NDArray[np.float64]:
    with wave.open(io.BytesIO(music.data)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (48_000, 2, 2)
        heard = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2) / 32_768
    assert len(heard) == round(music.duration_s * 48_000)
    return np.asarray(heard)


@pytest.mark.parametrize("mood", MOODS)
async def test_each_mood_is_clean_and_loops(mood: str) -> None:
    music = await LocalComposer().compose(MusicRequest(mood, 12, seed=5))
    heard = samples(music)
    assert music.loopable
    assert np.abs(heard).max() <= 10 ** (-1 / 20)
    assert np.abs(heard.mean(axis=0)).max() < 1e-4
    assert integrated_lufs(heard) == pytest.approx(-18, abs=1)
    # The step over the seam is no larger than the steps around it: no click.
    ring = np.abs(np.diff(np.concatenate([heard[-480:], heard[:480]]), axis=0))
    assert ring[479].max() <= 1.5 * np.median(ring, axis=0).max() + 0.01
    # No step anywhere stands out of its neighbourhood as a click would.
    assert np.abs(np.diff(heard, axis=0)).max() < 0.3
    bars = music.duration_s * music.tempo_bpm / 60 / 4
    assert bars == pytest.approx(round(bars), abs=1e-6)
    assert round(bars) % 4 == 0


@pytest.mark.parametrize("mood", MOODS)
async def test_each_mood_has_body_middle_and_width(mood: str) -> None:
    heard = samples(await LocalComposer().compose(MusicRequest(mood, 20, seed=1)))
    power = np.abs(np.fft.rfft(heard.mean(axis=1))) ** 2
    hertz = np.fft.rfftfreq(len(heard), 1 / 48_000)
    total = power.sum()
    assert power[hertz < 30].sum() / total < 0.02
    assert power[hertz < 120].sum() / total < 0.65
    assert power[(hertz >= 200) & (hertz < 2_000)].sum() / total > 0.2
    sides = heard[:, 0] - heard[:, 1]
    assert 0.02 < (sides**2).mean() / (heard**2).mean() < 1.5
    # Never silent for a second.
    seconds = (heard[: len(heard) // 48_000 * 48_000].reshape(-1, 48_000 * 2) ** 2).mean(axis=1)
    assert seconds.min() > 1e-5


async def test_ffmpeg_measures_the_same_loudness_and_true_peak(tmp_path: Path) -> None:
    music = await LocalComposer().compose(MusicRequest("uplifting", 12, seed=3))
    path = tmp_path / "music.wav"
    path.write_bytes(music.data)
    run = await asyncio.to_thread(
        subprocess.run,
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-nostdin",
            "-hide_banner",
            "-i",
            str(path),
            "-af",
            MEASURE,
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    told = dict(line.strip().split(":", 1) for line in run.stderr.splitlines() if line.count(":") == 1)
    assert float(told["I"].split()[0]) == pytest.approx(integrated_lufs(samples(music)), abs=0.3)
    assert float(told["Peak"].split()[0]) <= -1


async def test_same_request_gives_same_bytes_in_another_process_and_seeds_differ() -> None:
    program = (
        "import asyncio, hashlib; from providers.local.music import LocalComposer as C;"
        "from providers.protocols.sound import MusicRequest as R;"
        "print(hashlib.sha256(asyncio.run(C().compose(R('playful', 6, 9))).data).hexdigest())"
    )
    process = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    composer = LocalComposer()
    made = [(await composer.compose(MusicRequest("playful", 6, seed))).data for seed in (9, 9, 10)]
    assert hashlib.sha256(made[0]).hexdigest() == process.stdout.strip()
    assert made[0] == made[1] != made[2]


async def test_long_music_is_a_loop_of_about_a_minute_at_most() -> None:
    music = await LocalComposer().compose(MusicRequest("calm", 3_600, seed=0))
    assert 40 < music.duration_s <= 65
    assert music.loopable
    short = await LocalComposer().compose(MusicRequest("calm", 10, seed=0))
    assert 10 <= short.duration_s < 20


async def test_tempo_is_kept_within_one_percent() -> None:
    music = await LocalComposer().compose(MusicRequest(" Epic ", 5, seed=0, tempo_bpm=101.3))
    assert music.tempo_bpm == pytest.approx(101.3, rel=0.01)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (MusicRequest("angry", 10, 0), "mood"),
        (MusicRequest("calm", 0, 0), "duration_s"),
        (MusicRequest("calm", float("nan"), 0), "duration_s"),
        (MusicRequest("calm", 10, 0, tempo_bpm=500), "tempo_bpm"),
    ],
)
async def test_unusable_requests_name_the_field(request_: MusicRequest, field: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await LocalComposer().compose(request_)
    assert refusal.value.field == field


async def test_event_loop_goes_on_while_music_is_made() -> None:
    task = asyncio.create_task(LocalComposer().compose(MusicRequest("calm", 30, seed=0)))
    longest_s = 0.0
    while not task.done():
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        longest_s = max(longest_s, time.perf_counter() - before)
    assert (await task).duration_s >= 30
    assert longest_s < 1
