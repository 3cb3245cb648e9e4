"""Whole renders: streams, sound, poster and subtitles of the finished files."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rendering.engine import RenderEngine
from rendering.errors import InspectionFailed, SourceUnreadable
from rendering.inspect import FindingCode
from rendering.timeline import CaptionPreset, CaptionStyle, Motion, MotionKind, VideoFormat
from tests.rendering.library import Library
from tests.rendering.whole_render import render


async def test_a_render_is_what_was_planned(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    timeline = library.timeline(
        library.shot("a", 1.0, voice=library.voice("one two three", 0.8)),
        library.shot("b", 0.53, voice=library.voice("four", 0.4, hertz=330)),
        library.shot("c", 0.8),
        music=library.music(0.7),
    )
    made = await render(engine, timeline, library, tmp_path)
    inspection = await engine.inspect(made.plan, made.finished)
    assert inspection.findings == ()
    inspection.refuse_defects()
    video, audio = inspection.facts.video, inspection.facts.audio
    assert video is not None
    assert audio is not None
    assert video.times == tuple(Fraction(number, 30) for number in range(70))
    assert audio.duration_s == pytest.approx(70 / 30, abs=0.001)
    assert inspection.loudness.integrated_lufs == pytest.approx(-14, abs=1)
    assert made.finished.video_frames == 70
    assert made.finished.size_bytes == made.finished.video.stat().st_size
    head = made.finished.video.read_bytes()[:4096]
    assert b"moov" in head
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "captions.srt",
        "captions.vtt",
        "poster.jpg",
        "video.mp4",
    ]


async def test_the_same_render_is_the_same_bytes_twice(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    timeline = library.timeline(
        library.shot("a", 0.5, voice=library.voice("again", 0.4)),
        library.shot("b", 0.5),
        music=library.music(),
    )
    first = await render(engine, timeline, library, tmp_path / "first")
    second = await render(engine, timeline, library, tmp_path / "second")
    for name in ("video", "poster", "vtt", "srt"):
        assert getattr(first.finished, name).read_bytes() == getattr(second.finished, name).read_bytes()


@pytest.mark.parametrize(
    ("volume", "gain_db"),
    [(0.01, 0), (0.05, 0), (0.9, 0), (0.9, -20)],
    ids=["faint", "low", "loud", "turned"],
)
async def test_any_level_comes_out_at_the_target(
    engine: RenderEngine, library: Library, tmp_path: Path, volume: float, gain_db: float
) -> None:
    voice = library.voice("level", 1.5)
    voice = voice.model_copy(update={"sha256": library.tone(1.5, volume=volume)})
    timeline = library.timeline(library.shot("a", 1.6, voice=voice), voice_gain_db=gain_db)
    made = await render(engine, timeline, library, tmp_path)
    inspection = await engine.inspect(made.plan, made.finished)
    assert inspection.loudness.integrated_lufs == pytest.approx(-14, abs=1)
    assert inspection.loudness.true_peak_dbtp is not None
    assert inspection.loudness.true_peak_dbtp <= -1


async def test_a_silent_timeline_has_a_silent_track(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    made = await render(engine, library.timeline(library.shot("a", 0.5)), library, tmp_path)
    inspection = await engine.inspect(made.plan, made.finished)
    assert inspection.findings == ()
    assert inspection.facts.audio is not None
    assert inspection.loudness.integrated_lufs is None
    assert made.finished.gain_db is None
    assert made.finished.vtt.read_text() == "WEBVTT\n"


async def test_a_voice_that_is_silence_is_found(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    voice = library.voice("nothing", 1.0).model_copy(update={"sha256": library.tone(1.0, volume=0)})
    made = await render(engine, library.timeline(library.shot("a", 1.2, voice=voice)), library, tmp_path)
    (finding,) = (await engine.inspect(made.plan, made.finished)).findings
    assert finding.code is FindingCode.SILENT_VOICE
    assert not finding.is_defect
    assert finding.from_s == pytest.approx(0.1)
    assert finding.to_s == pytest.approx(1.1)


async def test_voices_that_overlap_and_outlast_the_video_are_mixed_and_cut(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    timeline = library.timeline(
        library.shot("a", 1.0, voice=library.voice("too long for its shot", 2.5)),
        library.shot("b", 1.0, voice=library.voice("and this one too", 2.5, hertz=330)),
    )
    made = await render(engine, timeline, library, tmp_path)
    inspection = await engine.inspect(made.plan, made.finished)
    assert inspection.findings == ()
    assert made.finished.vtt.read_text().count("00:00:02.000") == 1


async def test_hostile_words_stand_in_the_subtitles(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    voice = library.voice("{\\b1} '; rm %{pts} [in]", 0.8)
    none = CaptionStyle(preset=CaptionPreset.NONE)
    made = await render(
        engine, library.timeline(library.shot("a", 1.0, voice=voice), captions=none), library, tmp_path
    )
    assert "{\\b1} '; rm %{pts} [in]" in made.finished.vtt.read_text()


async def test_the_poster_shows_a_shot_and_not_the_dark(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    black = tmp_path / "black.png"
    Image.new("RGB", (270, 480)).save(black)
    dark = {"sha256": library.keep(black), "kind": "image", "extension": "png", "width": 270, "height": 480}
    still = Motion(kind=MotionKind.NONE)
    timeline = library.timeline(
        library.shot("a", 0.8, source=dark, motion=still), library.shot("b", 0.8, motion=still)
    )
    made = await render(engine, timeline, library, tmp_path)
    with Image.open(made.finished.poster) as poster:
        assert poster.size == (270, 480)
        assert np.asarray(poster.convert("L")).mean() > 60
    findings = (await engine.inspect(made.plan, made.finished)).findings
    assert [finding.code for finding in findings] == [FindingCode.BLACK]


async def test_another_plan_finds_the_defects(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    made = await render(engine, library.timeline(library.shot("a", 0.5)), library, tmp_path)
    wanted = await engine.plan(
        library.timeline(library.shot("a", 1.0), format=VideoFormat(width=480, height=270, fps=25))
    )
    inspection = await engine.inspect(wanted, made.finished)
    found = {finding.code for finding in inspection.findings if finding.is_defect}
    assert found == {
        FindingCode.SIZE,
        FindingCode.FRAME_RATE,
        FindingCode.FRAME_COUNT,
        FindingCode.FRAME_TIMES,
        FindingCode.DURATION,
    }
    with pytest.raises(InspectionFailed, match="planned is 480 x 270"):
        inspection.refuse_defects()


async def test_a_missing_segment_is_named(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    plan = await engine.plan(library.timeline(library.shot("a", 0.5)))
    with pytest.raises(SourceUnreadable, match=plan.segments[0].key):
        await engine.join(plan, {}, library.files, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
