"""Where joined segments start: on their own video frame, however many there are."""

import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.encoding import TIME_BASE_PER_FRAME
from rendering.engine import RenderEngine
from rendering.probe import probe
from rendering.segment_list import segment_list
from rendering.timeline import Motion, MotionKind, VideoFormat
from tests.rendering.library import Library


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=300), st.sampled_from([24, 25, 30, 60]))
def test_every_start_rounds_to_its_own_tick(lengths: list[int], fps: int) -> None:
    names = [f"{number}.mp4" for number in range(len(lengths))]
    head, *lines = segment_list(names, lengths, fps=fps).splitlines()
    assert head == "ffconcat version 1.0"
    assert lines[::2] == [f"file {name}" for name in names]
    ticks = fps * TIME_BASE_PER_FRAME
    start_s, first = Fraction(0), 0
    for line, length in zip(lines[1::2], lengths, strict=True):
        assert round(start_s * ticks) == first * TIME_BASE_PER_FRAME
        start_s += Fraction(line.removeprefix("duration "))
        first += length


@pytest.mark.parametrize(("fps", "count"), [(30, 300), (24, 40), (25, 40), (60, 40)])
async def test_hundreds_of_segments_keep_every_video_frame_on_the_grid(
    engine: RenderEngine, library: Library, tmp_path: Path, fps: int, count: int
) -> None:
    chosen = random.Random(fps)
    # Every short length: MP4 rounds that of four frames at 30 fps to another millisecond than the rest.
    lengths = [*range(-(-fps // 10), 19), *(chosen.randint(6, 12) for _ in range(count))][:count]
    chosen.shuffle(lengths)
    source = library.picture(1, (64, 64))
    still = Motion(kind=MotionKind.NONE)
    shots = [
        library.shot(str(number), length / fps, source=source, motion=still, transition={"kind": "cut"})
        for number, length in enumerate(lengths)
    ]
    plan = await engine.plan(library.timeline(*shots, format=VideoFormat(width=64, height=64, fps=fps)))
    assert [segment.video_frames for segment in plan.segments] == lengths
    files: dict[str, Path] = {}
    for segment in plan.segments:
        if segment.key not in files:  # the same picture for the same time is the same segment
            files[segment.key] = tmp_path / f"{segment.key}.mp4"
            await engine.encode(segment, library.files, files[segment.key])
    finished = await engine.join(plan, files, library.files, tmp_path / "out")
    facts = await probe(finished.video, ffmpeg=engine.ffmpeg, demuxer="mov")
    assert facts.video is not None
    assert facts.video.times == tuple(Fraction(number, fps) for number in range(sum(lengths)))
