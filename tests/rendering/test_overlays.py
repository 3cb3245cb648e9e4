"""Logos and watermarks: inside the safe area, see-through where they are, in every segment."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rendering.captions_layout import safe_area
from rendering.engine import RenderEngine
from rendering.overlays import placed_overlays
from rendering.timeline import Corner, Overlay, Source, SourceKind, VideoFormat
from tests.rendering.library import SMALL, Library
from tests.rendering.video_pixels import Pixels

GREY = (96, 96, 96)
ORANGE = (255, 120, 0)


def plain(library: Library, colour: tuple[int, int, int] = GREY) -> Source:
    path = library.folder / f"plain-{colour[0]}.png"
    Image.new("RGB", (288, 512), colour).save(path)
    return Source(sha256=library.keep(path), kind=SourceKind.IMAGE, extension="png", width=288, height=512)


def ring(library: Library, size: tuple[int, int] = (200, 200), extension: str = "png") -> Overlay:
    """An orange square with a see-through middle, under which a glaring colour is hidden."""
    pixels = np.zeros((size[1], size[0], 4), dtype=np.uint8)
    pixels[...] = (*ORANGE, 255)
    pixels[size[1] // 4 : -size[1] // 4, size[0] // 4 : -size[0] // 4] = (0, 255, 0, 0)
    path = library.folder / f"ring-{size[0]}x{size[1]}.{extension}"
    options: dict[str, Any] = {"lossless": True} if extension == "webp" else {}
    Image.fromarray(pixels).save(path, **options)
    return Overlay(sha256=library.keep(path), extension=extension, width=size[0], height=size[1])


async def colours(video: Path, width: int, height: int, *, ffmpeg: Path) -> Pixels:
    """All video frames in colour: frame, row, column, RGB."""
    process = await asyncio.create_subprocess_exec(
        ffmpeg,
        *("-v", "error", "-nostdin", "-i", video, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"),
        stdout=asyncio.subprocess.PIPE,
    )
    raw, _ = await process.communicate()
    assert process.returncode == 0
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, height, width, 3).astype(np.int16)


async def shown(
    engine: RenderEngine, library: Library, folder: Path, *overlays: Overlay, shots: int = 1
) -> list[Pixels]:
    """The pixels of each segment of a grey video under overlays."""
    timeline = library.timeline(
        *(library.shot(f"s{number}", 0.8, source=plain(library)) for number in range(shots)),
        overlays=overlays,
        profile="standard",
    )
    plan = await engine.plan(timeline)
    found = []
    for segment in plan.segments:
        out = folder / f"{segment.key}.mp4"
        await engine.encode(segment, library.files, out)
        found.append(await colours(out, SMALL.width, SMALL.height, ffmpeg=engine.ffmpeg))
    return found


@pytest.mark.parametrize("extension", ["png", "webp"])
async def test_overlay_shows_its_colours_and_what_is_behind_it(
    engine: RenderEngine, library: Library, tmp_path: Path, extension: str
) -> None:
    overlay = ring(library, extension=extension)
    (place,) = placed_overlays([overlay], SMALL)
    for pixels in await shown(engine, library, tmp_path, overlay, shots=2):
        for picture in (pixels[0], pixels[-1]):
            box = picture[place.y : place.y + place.height, place.x : place.x + place.width]
            quarter = place.height // 8
            assert np.abs(box[quarter, place.width // 2] - ORANGE).max() < 12
            assert np.abs(box[place.height // 2, place.width // 2] - GREY).max() < 8
            # Green was hidden under the see-through middle, and none of it shows at its border.
            assert (box[..., 1] - box[..., 0]).max() < 25
            outside = picture.copy()
            outside[place.y - 4 : place.y + place.height + 4, place.x - 4 : place.x + place.width + 4] = GREY
            assert np.abs(outside - GREY).max() < 12


async def test_opacity_mixes_with_what_is_behind(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    overlay = ring(library).model_copy(update={"opacity": 0.4})
    (place,) = placed_overlays([overlay], SMALL)
    (pixels,) = await shown(engine, library, tmp_path, overlay)
    seen = pixels[0][place.y + place.height // 8, place.x + place.width // 2]
    wanted = [0.4 * over + 0.6 * under for over, under in zip(ORANGE, GREY, strict=True)]
    assert np.abs(seen - np.array(wanted)).max() < 12


async def test_other_overlay_is_other_segments_and_the_same_one_the_same(
    engine: RenderEngine, library: Library
) -> None:
    shot, overlay = library.shot("a", 0.5), ring(library)

    async def key(*overlays: Overlay) -> str:
        return (await engine.plan(library.timeline(shot, overlays=overlays))).segments[0].key

    assert await key(overlay) == await key(overlay.model_copy())
    others = [overlay.model_copy(update={"opacity": 0.5}), ring(library, (100, 50))]
    keys = [await key(), await key(overlay), *[await key(other) for other in others]]
    assert len(set(keys)) == len(keys)
    assert (
        overlay.sha256 in (await engine.plan(library.timeline(shot, overlays=[overlay]))).segments[0].sources
    )


SIDES = st.integers(1, 8_000)


@given(
    st.lists(st.tuples(SIDES, SIDES, st.sampled_from(Corner), st.floats(0.04, 0.5)), max_size=4),
    st.sampled_from([(1080, 1920), (1080, 1080), (1920, 1080), (270, 480), (1080, 1350)]),
)
def test_overlays_stay_inside_the_safe_area(
    given_overlays: list[tuple[int, int, Corner, float]], size: tuple[int, int]
) -> None:
    video_format = VideoFormat(width=size[0], height=size[1])
    overlays = [
        Overlay(sha256="ab" * 32, extension="png", width=width, height=height, corner=corner, size=share)
        for width, height, corner, share in given_overlays
    ]
    area = safe_area(video_format)
    for one in placed_overlays(overlays, video_format):
        assert one.x % 2 == one.y % 2 == one.width % 2 == one.height % 2 == 0
        assert area.left - 2 <= one.x
        assert one.x + one.width <= area.right + 2
        assert area.top - 2 <= one.y
        assert one.y + one.height <= area.bottom + 2


def test_overlays_of_one_corner_stand_below_each_other() -> None:
    overlay = Overlay(sha256="ab" * 32, extension="png", width=100, height=50)
    first, second = placed_overlays([overlay, overlay], SMALL)
    assert second.y >= first.y + first.height
    assert first.x == second.x
