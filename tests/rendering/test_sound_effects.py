"""Sound effects in the mix: where they start, how loud they are, and what else they change."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from rendering.engine import RenderEngine
from rendering.timeline import SoundEffect
from tests.rendering.library import Library
from tests.rendering.whole_render import Rendered, render


async def heard(video: Path, ffmpeg: Path) -> npt.NDArray[np.float32]:
    """The left channel, 48 kHz."""
    process = await asyncio.create_subprocess_exec(
        ffmpeg,
        *("-v", "error", "-nostdin", "-i", video, "-af", "pan=mono|c0=c0", "-f", "f32le", "-"),
        stdout=asyncio.subprocess.PIPE,
    )
    raw, _ = await process.communicate()
    assert process.returncode == 0
    return np.frombuffer(raw, dtype=np.float32)


def power(samples: npt.NDArray[np.float32], hertz: float, from_s: float, to_s: float) -> float:
    """How loud one tone is in a stretch."""
    part = samples[int(from_s * 48_000) : int(to_s * 48_000)]
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / 48_000)
    return float(abs((part * turns).sum()) / len(part))


def effect(library: Library, duration_s: float = 0.3, *, hertz: float = 880, **values: Any) -> SoundEffect:
    sha256 = library.tone(duration_s, hertz=hertz)
    return SoundEffect(sha256=sha256, extension="wav", duration_s=duration_s, **values)


async def rendered(
    engine: RenderEngine, library: Library, folder: Path, *shots: Any, **values: Any
) -> Rendered:
    made = await render(engine, library.timeline(*shots, **values), library, folder)
    inspection = await engine.inspect(made.plan, made.finished)
    inspection.refuse_defects()
    assert inspection.loudness.integrated_lufs == pytest.approx(-14, abs=1)
    return made


async def test_an_effect_starts_on_its_sample_after_its_shot(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    shots = (
        library.shot("a", 0.7),
        library.shot("b", 0.8, sounds=(effect(library, start_s=0.25, volume=1.0),)),
    )
    made = await rendered(engine, library, tmp_path, *shots)
    sound = await heard(made.finished.video, engine.ffmpeg)
    assert np.abs(sound[: int(0.94 * 48_000)]).max() < 0.003  # AAC rings a little before
    assert power(sound, 880, 0.96, 1.2) > 0.05
    assert np.abs(sound[int(1.27 * 48_000) :]).max() < 0.003


async def test_effects_lie_beside_voice_and_music_and_ring_on(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    quiet = effect(library, 1.2, hertz=880, start_s=0.4, volume=0.2)
    loud = effect(library, 1.2, hertz=1_320, start_s=0.5, volume=0.4)
    made = await rendered(
        engine,
        library,
        tmp_path,
        library.shot("a", 1.0, voice=library.voice("one two", 0.9), sounds=(quiet, loud)),
        library.shot("b", 1.0),
        music=library.music(0.7),
    )
    sound = await heard(made.finished.video, engine.ffmpeg)
    for hertz in (97, 880, 1_320):
        assert power(sound, hertz, 1.1, 1.5) > 0.001
    ratio = power(sound, 1_320, 0.9, 1.5) / power(sound, 880, 0.9, 1.5)
    assert ratio == pytest.approx(2, rel=0.15)
    assert power(sound, 220, 0.3, 0.9) > power(sound, 880, 0.6, 0.9)
    assert power(sound, 880, 1.75, 2.0) < 0.001


async def test_an_effect_changes_no_segment_and_one_without_volume_nothing(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    del tmp_path
    shot = library.shot("a", 0.7)
    bare = await engine.plan(library.timeline(shot))
    loud = await engine.plan(
        library.timeline(shot.model_copy(update={"sounds": (effect(library, volume=0.5),)}))
    )
    assert [one.key for one in bare.segments] == [one.key for one in loud.segments]
    assert loud.audio_sources - bare.audio_sources == {effect(library).sha256}
