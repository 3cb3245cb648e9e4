"""Encoding one segment: exact, repeatable, safe to stop, and showing what it should."""

import asyncio
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from rendering.engine import RenderEngine
from rendering.errors import EncoderFailed, EncoderTimedOut, SourceUnreadable
from rendering.plan import Segment
from rendering.probe import probe
from rendering.segment import encode
from rendering.timeline import (
    CaptionPreset,
    CaptionStyle,
    Motion,
    MotionKind,
    SourceKind,
    TextEffect,
    TextEffectKind,
    Timeline,
    Transition,
    TransitionKind,
    VideoFormat,
)
from tests.rendering.library import SMALL, Library
from tests.rendering.video_pixels import Pixels, luma
from tests.rendering.whole_render import render

HOSTILE = "%{pts} {\\b1}x '; rm : \\N [in] $5 & <b> %d"


async def pixels_of(
    engine: RenderEngine, timeline: Timeline, library: Library, folder: Path, number: int = 0
) -> Pixels:
    plan = await engine.plan(timeline)
    out = folder / f"{plan.segments[number].key}.mp4"
    await engine.encode(plan.segments[number], library.files, out)
    size = timeline.format
    return await luma(out, size.width, size.height, ffmpeg=engine.ffmpeg)


async def long_segment(engine: RenderEngine, library: Library) -> Segment:
    timeline = library.timeline(
        library.shot("long", 600.0, source=library.picture(1, (1080, 1920))),
        format=VideoFormat.named("9:16", "1080p"),
        profile="high",
    )
    return (await engine.plan(timeline)).segments[0]


async def test_segments_have_exactly_the_planned_frames(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    timeline = library.timeline(
        library.shot("a", 0.1), library.shot("b", 0.77), library.shot("c", 0.1), format=SMALL
    )
    plan = await engine.plan(timeline)
    for segment in plan.segments:
        seen: list[int] = []
        out = tmp_path / f"{segment.key}.mp4"
        await engine.encode(segment, library.files, out, seen.append)
        facts = await probe(out, ffmpeg=engine.ffmpeg, demuxer="mov")
        assert facts.video is not None
        assert facts.audio is None
        assert facts.video.times == tuple(Fraction(n, 30) for n in range(segment.video_frames))
        assert seen[-1] == segment.video_frames
    assert [segment.video_frames for segment in plan.segments] == [2, 1, 22, 1, 3]


async def test_the_same_segment_is_the_same_bytes_twice(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    shot = library.shot("a", 1.0, voice=library.voice("twice the same", 0.8))
    plan = await engine.plan(library.timeline(shot, library.shot("b", 1.0)))
    for segment in plan.segments[:2]:
        outs = [tmp_path / "first.mp4", tmp_path / "elsewhere" / "second.mp4"]
        await asyncio.gather(*(engine.encode(segment, library.files, out) for out in outs))
        assert outs[0].read_bytes() == outs[1].read_bytes()


async def test_canceling_kills_ffmpeg_within_a_second_and_leaves_no_file(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    segment = await long_segment(engine, library)
    out = tmp_path / "out" / "long.mp4"
    task = asyncio.create_task(engine.encode(segment, library.files, out))
    me = psutil.Process()
    await asyncio.sleep(1)
    children = [one for one in me.children() if "ffmpeg" in one.name()]
    assert len(children) == 1
    begun = asyncio.get_running_loop().time()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.get_running_loop().time() - begun < 1
    assert not any(child.is_running() for child in children)
    assert list(out.parent.iterdir()) == []


async def test_running_out_of_time_kills_ffmpeg(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    segment = await long_segment(engine, library)
    with pytest.raises(EncoderTimedOut, match=r"within 0\.3 s"):
        await encode(segment, library.files, tmp_path / "x.mp4", ffmpeg=engine.ffmpeg, timeout_s=0.3)
    assert [one for one in psutil.Process().children() if "ffmpeg" in one.name()] == []
    assert not (tmp_path / "x.mp4").exists()


async def test_a_broken_picture_fails_with_ffmpegs_own_words(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    timeline = library.timeline(library.shot("a", 0.5))
    (segment,) = (await engine.plan(timeline)).segments
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnot a picture")
    with pytest.raises(EncoderFailed) as failed:
        await engine.encode(segment, {timeline.shots[0].source.sha256: broken}, tmp_path / "x.mp4")
    assert "Invalid data found" in failed.value.stderr_tail
    assert not (tmp_path / "x.mp4").exists()


async def test_a_playlist_in_disguise_reads_no_other_file(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    timeline = library.timeline(library.shot("a", 0.5))
    (segment,) = (await engine.plan(timeline)).segments
    secret = next(iter(library.files.values()))
    disguised = tmp_path / "disguised.png"
    disguised.write_text(f"ffconcat version 1.0\nfile {secret}\n")
    with pytest.raises(EncoderFailed):
        await engine.encode(segment, {timeline.shots[0].source.sha256: disguised}, tmp_path / "x.mp4")


async def test_a_missing_source_is_named(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    timeline = library.timeline(library.shot("a", 0.5))
    (segment,) = (await engine.plan(timeline)).segments
    with pytest.raises(SourceUnreadable, match=timeline.shots[0].source.sha256):
        await engine.encode(segment, {}, tmp_path / "x.mp4")


@pytest.mark.parametrize("size", [(961, 333), (333, 961), (97, 97), (16, 1600), (1600, 16)])
@pytest.mark.parametrize("frame", [(270, 480), (480, 480), (480, 270)])
async def test_any_picture_fills_any_frame(
    engine: RenderEngine, library: Library, tmp_path: Path, size: tuple[int, int], frame: tuple[int, int]
) -> None:
    source = library.picture(3, size)
    timeline = library.timeline(
        library.shot("a", 0.1, source=source), format=VideoFormat(width=frame[0], height=frame[1])
    )
    frames = await pixels_of(engine, timeline, library, tmp_path)
    assert frames.shape == (3, frame[1], frame[0])
    # The test pictures have no black: an edge that is nearly black would be a border.
    edges = [frames[:, 0, :], frames[:, -1, :], frames[:, :, 0], frames[:, :, -1]]
    assert min(edge.max() for edge in edges) > 40


@pytest.mark.parametrize("extension", ["jpg", "webp"])
async def test_jpeg_and_webp_pictures_are_shown(
    engine: RenderEngine, library: Library, tmp_path: Path, extension: str
) -> None:
    still = Motion(kind=MotionKind.NONE)
    png, other = library.picture(5), library.picture(5, extension=extension)
    shown = [
        await pixels_of(
            engine, library.timeline(library.shot("a", 0.1, source=one, motion=still)), library, tmp_path
        )
        for one in (png, other)
    ]
    assert np.abs(shown[0] - shown[1]).mean() < 4


async def test_what_is_see_through_is_black(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    path = tmp_path / "alpha.png"
    image = Image.new("RGBA", (270, 480), (255, 255, 255, 0))
    image.paste((255, 255, 255, 255), (0, 240, 270, 480))
    image.save(path)
    source = {"sha256": library.keep(path), "kind": "image", "extension": "png", "width": 270, "height": 480}
    shot = library.shot("a", 0.1, source=source, motion=Motion(kind=MotionKind.NONE))
    frames = await pixels_of(engine, library.timeline(shot), library, tmp_path)
    assert frames[0, :200].max() < 30
    assert frames[0, 280:].min() > 225


@pytest.mark.parametrize("kind", [kind for kind in MotionKind if kind is not MotionKind.RECTANGLES])
async def test_motion_moves_evenly_and_none_stands_still(
    engine: RenderEngine, library: Library, tmp_path: Path, kind: MotionKind
) -> None:
    shot = library.shot("a", 1.0, motion=Motion(kind=kind))
    frames = await pixels_of(engine, library.timeline(shot, profile="standard"), library, tmp_path)
    steps = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2))
    whole = np.abs(frames[-1] - frames[0]).mean()
    if kind is MotionKind.NONE:
        assert whole < 1
    else:
        assert whole > 10
        assert steps.min() > 0.2
        # A shaking picture has steps of nothing and of a whole pixel.
        assert steps.max() < 3 * np.median(steps)


async def test_pans_go_where_they_say(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    source = library.picture(5)
    ends = {}
    for kind in (MotionKind.PAN_LEFT, MotionKind.PAN_RIGHT, MotionKind.PAN_UP, MotionKind.PAN_DOWN):
        shot = library.shot("a", 0.5, source=source, motion=Motion(kind=kind))
        frames = await pixels_of(engine, library.timeline(shot), library, tmp_path)
        ends[kind] = (frames[0], frames[-1])
    for there, back in (
        (MotionKind.PAN_LEFT, MotionKind.PAN_RIGHT),
        (MotionKind.PAN_UP, MotionKind.PAN_DOWN),
    ):
        assert np.abs(ends[there][0] - ends[back][1]).mean() < 4
        assert np.abs(ends[there][0] - ends[there][1]).mean() > 10


async def test_captions_are_in_the_picture(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    shot = library.shot("a", 1.0, voice=library.voice("words to see", 0.8))
    with_words = await pixels_of(engine, library.timeline(shot), library, tmp_path)
    none = CaptionStyle(preset=CaptionPreset.NONE)
    without = await pixels_of(engine, library.timeline(shot, captions=none), library, tmp_path)
    changed = np.abs(with_words - without)[15] > 60
    rows = np.flatnonzero(changed.any(axis=1))
    assert changed.sum() > 300
    assert 240 < rows.min() < rows.max() < 450


async def test_text_that_looks_like_code_is_drawn_as_it_stands(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    still = Motion(kind=MotionKind.NONE)
    sizes = []
    for text in (HOSTILE, "x"):
        effect = TextEffect(kind=TextEffectKind.TITLE, text=text)
        shot = library.shot("a", 1.0, motion=still, texts=(effect,), voice=library.voice(text, 0.8))
        frames = await pixels_of(engine, library.timeline(shot), library, tmp_path)
        bare = await pixels_of(
            engine, library.timeline(library.shot("a", 1.0, motion=still)), library, tmp_path
        )
        sizes.append(int((np.abs(frames[20] - bare[20]) > 60).sum()))
    assert sizes[0] > 4 * sizes[1] > 0


async def test_a_clip_is_trimmed_sped_up_and_held_at_its_end(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    made = await render(engine, library.timeline(library.shot("a", 1.0)), library, tmp_path)
    clip = {
        "sha256": library.keep(made.finished.video),
        "kind": SourceKind.CLIP,
        "extension": "mp4",
        "width": 270,
        "height": 480,
    }
    whole = await luma(made.finished.video, 270, 480, ffmpeg=engine.ffmpeg)
    shot = library.shot("b", 1.0, source=clip, trim_start_s=0.5)
    trimmed = await pixels_of(engine, library.timeline(shot), library, tmp_path)
    fast = await pixels_of(
        engine, library.timeline(library.shot("b", 0.4, source=clip, speed=2.0)), library, tmp_path
    )
    assert len(trimmed) == 30
    assert np.abs(trimmed[0] - whole[15]).mean() < 3
    assert np.abs(trimmed[10] - whole[25]).mean() < 3
    assert np.abs(trimmed[29] - whole[29]).mean() < 3
    assert np.abs(fast[10] - whole[20]).mean() < 3


async def test_a_clip_goes_on_smoothly_from_its_body_into_a_transition(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    made = await render(engine, library.timeline(library.shot("a", 1.5)), library, tmp_path)
    clip = {
        "sha256": library.keep(made.finished.video),
        "kind": SourceKind.CLIP,
        "extension": "mp4",
        "width": 270,
        "height": 480,
    }
    timeline = library.timeline(library.shot("b", 1.0, source=clip), library.shot("c", 1.0))
    whole = await luma(made.finished.video, 270, 480, ffmpeg=engine.ffmpeg)
    transition = await pixels_of(engine, timeline, library, tmp_path, number=1)
    assert np.abs(transition[0] - whole[21]).mean() < 3


@pytest.mark.parametrize("kind", [kind for kind in TransitionKind if kind is not TransitionKind.CUT])
async def test_every_transition_leads_from_one_picture_to_the_other(
    engine: RenderEngine, library: Library, tmp_path: Path, kind: TransitionKind
) -> None:
    still = Motion(kind=MotionKind.NONE)
    shots = [
        library.shot(
            name,
            0.8,
            motion=still,
            source=library.picture(seed),
            transition=Transition(kind=kind, duration_s=0.4),
        )
        for name, seed in (("a", 1), ("b", 4))
    ]
    timeline = library.timeline(*shots)
    before, between, after = [
        await pixels_of(engine, timeline, library, tmp_path, number) for number in range(3)
    ]
    assert len(between) == 12
    distances = [[float(np.abs(shown - end).mean()) for shown in between] for end in (before[-1], after[0])]
    # A thirteenth of the way in, a slide has shifted visibly and a fade through black is half dark.
    assert distances[0][0] < 0.95 * distances[0][-1]
    assert distances[1][-1] < 0.95 * distances[1][0]
    assert distances[0][6] > 12
    # Beyond the picture there is nothing to read, which shows as a dark edge.
    inner = between[:, 8:-8, 8:-8].min()
    assert between.min() > inner - 25


def test_nothing_is_left_running() -> None:
    assert [one for one in psutil.Process(os.getpid()).children() if "ffmpeg" in one.name()] == []
