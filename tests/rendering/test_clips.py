"""Clips in shots: where they begin, how they go on, and what is shown when they are over."""

from pathlib import Path

import numpy as np
import pytest

from rendering.engine import RenderEngine
from rendering.timeline import Transition
from tests.rendering.library import Library, make_clip
from tests.rendering.video_pixels import luma
from tests.rendering.whole_render import render

CUT = Transition()


async def greys(engine: RenderEngine, library: Library, folder: Path, *shots: object) -> list[int]:
    """Which picture of the clip each video frame shows, by its grey."""
    made = await render(engine, library.timeline(*shots), library, folder)  # type: ignore[arg-type]
    pixels = await luma(made.finished.video, 270, 480, ffmpeg=engine.ffmpeg)
    # The clip says full-range grey in a limited-range file: 16 to 235 of 255.
    return [int(np.round((frame.mean() - 20) / 15)) for frame in pixels]


@pytest.mark.parametrize("trim_start_s", [1.0, 1.15, 1.2, 7.5])
async def test_a_clip_that_is_over_holds_its_last_picture(
    engine: RenderEngine, library: Library, tmp_path: Path, trim_start_s: float
) -> None:
    clip = await make_clip(library, 1.2, fps=10, ffmpeg=engine.ffmpeg)
    shot = library.shot("b", 0.5, source=clip, trim_start_s=trim_start_s, transition=CUT)
    shown = await greys(engine, library, tmp_path, shot)
    assert len(shown) == 15
    assert set(shown[7:]) == {11}
    assert shown[0] == min(11, int(trim_start_s * 10))


async def test_the_end_of_a_clip_can_be_left_out(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await make_clip(library, 1.2, fps=10, ffmpeg=engine.ffmpeg)
    shot = library.shot("b", 1.0, source=clip, trim_start_s=0.2, trim_end_s=0.5, transition=CUT)
    shown = await greys(engine, library, tmp_path, shot)
    assert (shown[0], shown[-1]) == (2, 6)


async def test_a_clip_can_wait_for_its_time(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    clip = await make_clip(library, 1.2, fps=10, ffmpeg=engine.ffmpeg)
    cross = Transition(kind="crossfade", duration_s=0.2)
    before = library.shot("a", 0.5, transition=cross)
    shot = library.shot("b", 0.8, source=clip, plays_at_s=0.2, transition=CUT)
    shown = await greys(engine, library, tmp_path, before, shot)
    own = shown[15:]  # its own start; it was seen six frames earlier
    assert own[:6] == [0] * 6
    assert own[6:12] == [0, 0, 0, 1, 1, 1]


async def test_one_clip_goes_on_from_shot_to_shot(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    clip = await make_clip(library, 1.2, fps=10, ffmpeg=engine.ffmpeg)
    shots = [
        library.shot("a", 0.5, source=clip, transition=CUT),
        library.shot("b", 0.5, source=clip, trim_start_s=0.5, transition=CUT),
        library.shot("c", 0.5, source=clip, trim_start_s=1.0, transition=CUT),
    ]
    shown = await greys(engine, library, tmp_path, *shots)
    assert shown == [min(11, number // 3) for number in range(45)]
