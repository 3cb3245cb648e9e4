"""Pictures taken out of clips."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rendering.clip_picture import take_picture
from rendering.engine import RenderEngine
from rendering.errors import SourceUnreadable
from tests.rendering.library import Library, make_clip


def grey(path: Path) -> float:
    with Image.open(path) as picture:
        return float(np.asarray(picture.convert("L")).mean())


@pytest.mark.parametrize(("at_s", "index"), [(None, 11), (0.0, 0), (0.3, 3), (0.26, 2), (99.0, 11)])
async def test_the_picture_that_is_shown_then(
    engine: RenderEngine, library: Library, tmp_path: Path, at_s: float | None, index: int
) -> None:
    clip = await make_clip(library, 1.2, fps=10, ffmpeg=engine.ffmpeg)
    out = tmp_path / "picture.png"
    path = library.files[clip.sha256]
    taken = await take_picture(path, out, demuxer="mov", ffmpeg=engine.ffmpeg, at_s=at_s)
    assert (taken.index, taken.width, taken.height) == (index, 96, 160)
    with Image.open(out) as picture:
        assert picture.size == (96, 160)
    assert grey(out) == pytest.approx(20 + 15 * index, abs=4)


async def test_a_sound_has_no_picture(engine: RenderEngine, library: Library, tmp_path: Path) -> None:
    sound = library.files[library.tone(0.3)]
    with pytest.raises(SourceUnreadable, match="no moving picture"):
        await take_picture(sound, tmp_path / "p.png", demuxer="wav", ffmpeg=engine.ffmpeg)
    assert not (tmp_path / "p.png").exists()
