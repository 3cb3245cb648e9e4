"""A clip's own sound in the mix: when it is heard, how loud, and how it gives way."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rendering.engine import RenderEngine
from rendering.runner import run
from rendering.timeline import Source, Transition
from tests.rendering.library import Library, make_clip
from tests.rendering.test_sound_effects import effect, heard, power, rendered

CUT = Transition()


async def sounding(
    library: Library,
    engine: RenderEngine,
    duration_s: float,
    *,
    hertz: float = 440,
    late_s: float = 0.0,
    level: float = 0.125,
) -> Source:
    """A clip with a steady tone of its own, which begins some time after its picture."""
    silent = await make_clip(library, duration_s, fps=10, ffmpeg=engine.ffmpeg)
    path = library.folder / f"sounding-{duration_s}-{hertz}-{late_s}-{level}.mp4"
    tone = f"sine=frequency={hertz}:sample_rate=44100:duration={duration_s - late_s},volume={8 * level}"
    arguments = [
        *("-i", str(library.files[silent.sha256].resolve())),
        *("-itsoffset", f"{late_s}", "-f", "lavfi", "-i", tone),
        *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-ac", "1", str(path.resolve())),
    ]
    await run(engine.ffmpeg, arguments, cwd=library.folder, timeout_s=60)
    return silent.model_copy(update={"sha256": library.keep(path)})


def largest_step(samples: np.ndarray[Any, Any]) -> float:
    return float(np.abs(np.diff(samples)).max())


async def test_a_clip_is_heard_from_its_own_time_until_its_shot_ends(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await sounding(library, engine, 2.0)
    shots = (
        library.shot("a", 0.5, transition=CUT),
        library.shot("b", 0.6, source=clip, source_volume=0.8, transition=CUT),
        library.shot("c", 0.5),
    )
    made = await rendered(engine, library, tmp_path, *shots)
    sound = await heard(made.finished.video, engine.ffmpeg)
    assert np.abs(sound[: int(0.47 * 48_000)]).max() < 0.01
    assert power(sound, 440, 0.52, 1.08) > 0.05
    assert np.abs(sound[int(1.13 * 48_000) :]).max() < 0.01


async def test_a_silent_clip_stays_silent(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    clip = await sounding(library, engine, 1.0)
    voice = library.voice("one two", 0.8)
    made = await rendered(engine, library, tmp_path, library.shot("a", 1.0, source=clip, voice=voice))
    assert clip.sha256 not in made.plan.audio_sources
    sound = await heard(made.finished.video, engine.ffmpeg)
    assert power(sound, 440, 0.2, 0.8) < 0.002
    assert power(sound, 220, 0.2, 0.8) > 0.02


async def test_it_lies_beside_voice_effects_and_music_as_loud_as_it_is_set(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await sounding(library, engine, 2.0)
    ratios = []
    for volume in (0.2, 0.8):
        shot = library.shot(
            "a",
            1.5,
            source=clip,
            source_volume=volume,
            voice=library.voice("one two", 1.2),
            sounds=(effect(library, 1.2, hertz=880, start_s=0.1),),
        )
        made = await rendered(engine, library, tmp_path / f"{volume}", shot, music=library.music(0.7))
        sound = await heard(made.finished.video, engine.ffmpeg)
        for hertz in (97, 220, 440, 880):
            assert power(sound, hertz, 0.3, 1.2) > 0.001
        ratios.append(power(sound, 440, 0.3, 1.2) / power(sound, 880, 0.3, 1.2))
    assert ratios[1] / ratios[0] == pytest.approx(4, rel=0.05)


async def test_a_clip_as_loud_as_can_be_clips_nothing_beside_all_else(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await sounding(library, engine, 3.0, level=1.0)
    shot = library.shot(
        "a",
        2.5,
        source=clip,
        source_volume=1.0,
        voice=library.voice("one two", 2.2),
        sounds=(effect(library, 2.0, hertz=880, volume=1.0),),
    )
    made = await rendered(engine, library, tmp_path, shot, music=library.music(0.7))
    inspection = await engine.inspect(made.plan, made.finished)
    assert (inspection.loudness.true_peak_dbtp or 0.0) <= -1


async def test_a_clip_that_plays_on_sounds_on_without_a_seam(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await sounding(library, engine, 3.0)
    lengths = (0.51, 0.57, 0.49)  # none of them on the grid of video frames
    starts = (0.0, 0.51, 1.08)
    shots = [
        library.shot(
            str(number),
            length,
            source=clip,
            source_volume=1.0,
            trim_start_s=start,
            plays_at_s=0.0 if number else None,
            transition=CUT,
        )
        for number, (length, start) in enumerate(zip(lengths, starts, strict=True))
    ]
    made = await rendered(engine, library, tmp_path, *shots)
    sound = await heard(made.finished.video, engine.ffmpeg)
    steady = sound[int(0.1 * 48_000) : int(1.45 * 48_000)]
    level = np.abs(steady).max()
    assert largest_step(steady) < level * 2 * np.pi * 440 / 48_000 * 1.1  # no more than the tone itself
    windows = steady[: len(steady) // 120 * 120].reshape(-1, 120)  # longer than a swing of the tone
    assert np.abs(windows).max(axis=1).min() > 0.8 * level  # it never dips


async def test_one_clips_sound_gives_way_to_the_next_under_a_transition(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    low, high = await sounding(library, engine, 2.0), await sounding(library, engine, 2.0, hertz=1_000)
    cross = Transition(kind="crossfade", duration_s=0.4)
    shots = (
        library.shot("a", 1.0, source=low, source_volume=1.0, transition=cross),
        library.shot("b", 1.0, source=high, source_volume=1.0),
    )
    made = await rendered(engine, library, tmp_path, *shots)
    sound = await heard(made.finished.video, engine.ffmpeg)
    assert power(sound, 1_000, 0.2, 0.55) < 0.003  # not seen yet
    early, late = (0.6, 0.7), (0.9, 1.0)
    assert power(sound, 440, *early) > 2 * power(sound, 1_000, *early)
    assert power(sound, 1_000, *late) > 2 * power(sound, 440, *late)
    assert power(sound, 440, 1.05, 1.9) < 0.003


async def test_a_clip_that_is_over_is_silent_and_one_that_waits_is_too(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await sounding(library, engine, 1.0)
    shot = library.shot(
        "a", 1.6, source=clip, source_volume=1.0, trim_start_s=0.3, trim_end_s=0.2, plays_at_s=0.4
    )
    made = await rendered(engine, library, tmp_path, shot)
    sound = await heard(made.finished.video, engine.ffmpeg)
    assert np.abs(sound[: int(0.37 * 48_000)]).max() < 0.01
    assert power(sound, 440, 0.42, 0.88) > 0.05
    assert np.abs(sound[int(0.93 * 48_000) :]).max() < 0.01


async def test_a_sound_that_begins_after_its_picture_keeps_its_time(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await sounding(library, engine, 2.0, late_s=0.5)
    made = await rendered(engine, library, tmp_path, library.shot("a", 1.2, source=clip, source_volume=1.0))
    sound = await heard(made.finished.video, engine.ffmpeg)
    assert np.abs(sound[: int(0.45 * 48_000)]).max() < 0.01
    assert power(sound, 440, 0.55, 1.1) > 0.05


@pytest.mark.parametrize(("extension", "codec"), [("mp4", "aac"), ("mkv", "flac"), ("webm", "libopus")])
async def test_a_sound_that_is_cut_into_keeps_its_time(
    engine: RenderEngine, library: Library, tmp_path: Path, extension: str, codec: str
) -> None:
    path = library.folder / f"late.{extension}"
    arguments = [
        *("-f", "lavfi", "-i", "testsrc2=s=96x160:r=10:d=2"),
        *("-f", "lavfi", "-i", "aevalsrc=0.2*sin(880*PI*t)*gte(t\\,1):s=48000:d=2"),
        *("-c:v", "libvpx" if extension == "webm" else "libx264", "-c:a", codec, str(path.resolve())),
    ]
    await run(engine.ffmpeg, arguments, cwd=library.folder, timeout_s=60)
    source = Source(
        sha256=library.keep(path), kind="clip", extension=extension, width=96, height=160, duration_s=2.0
    )
    shot = library.shot("a", 1.2, source=source, source_volume=1.0, trim_start_s=0.6)
    made = await rendered(engine, library, tmp_path, shot)
    sound = await heard(made.finished.video, engine.ffmpeg)
    loud = np.abs(sound) > 0.3 * np.abs(sound).max()
    assert int(loud.argmax()) / 48_000 == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("speed", [0.3, 2.0])
async def test_a_clip_at_another_speed_keeps_its_pitch(
    engine: RenderEngine, library: Library, tmp_path: Path, speed: float
) -> None:
    clip = await sounding(library, engine, 1.0)
    shot = library.shot("a", 0.9, source=clip, source_volume=1.0, speed=speed)
    made = await rendered(engine, library, tmp_path, shot)
    sound = await heard(made.finished.video, engine.ffmpeg)
    assert power(sound, 440, 0.1, 0.4) > 0.03
    assert (power(sound, 440, 0.6, 0.85) > 0.03) == (speed < 1)  # twice as fast it is over


async def test_its_loudness_changes_no_segment(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    del tmp_path
    clip = await sounding(library, engine, 1.0)
    shot = library.shot("a", 0.7, source=clip)
    quiet = await engine.plan(library.timeline(shot))
    loud = await engine.plan(library.timeline(shot.model_copy(update={"source_volume": 0.5})))
    assert [one.key for one in quiet.segments] == [one.key for one in loud.segments]
    assert loud.audio_sources - quiet.audio_sources == {clip.sha256}
