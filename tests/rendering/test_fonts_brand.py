"""A font that a company sent: drawn as it is, under a name that nobody else has, with the shelf behind it."""

from pathlib import Path

import font_roboto
import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from rendering.engine import RenderEngine
from rendering.errors import SourceUnreadable
from rendering.fonts import FontShelf
from rendering.fonts_brand import prepared
from rendering.timeline import BrandFont, Timeline, VideoFormat
from tests.rendering.library import Library
from tests.rendering.video_pixels import Pixels, luma

LARGER = VideoFormat(width=540, height=960)
HOSTILE = "x}{\\an7\\fs200,Roboto Black"


def sent_font(
    library: Library, source: str = font_roboto.RobotoThin, letters: str | None = None
) -> BrandFont:
    """A thin font, with a name that would be an order to libass."""
    path = library.folder / f"{Path(source).stem}-{letters}.ttf"
    with TTFont(source) as font:
        if letters is not None:
            subsetter = Subsetter(Options(name_IDs=["*"]))
            subsetter.populate(text=letters)
            subsetter.subset(font)
        for number in (1, 4):
            font["name"].setName(HOSTILE, number, 3, 1, 0x409)
        font.save(path)
    return BrandFont(sha256=library.keep(path), extension="ttf")


def captioned(library: Library, text: str, font: BrandFont | None) -> Timeline:
    shot = library.shot("a", 1.0, voice=library.voice(text, 0.9))
    return library.timeline(shot, font=font, format=LARGER)


async def drawn(engine: RenderEngine, library: Library, timeline: Timeline, folder: Path) -> Pixels:
    plan = await engine.plan(timeline, library.files)
    out = folder / f"{plan.segments[0].key}.mp4"
    await engine.encode(plan.segments[0], library.files, out)
    return await luma(out, LARGER.width, LARGER.height, ffmpeg=engine.ffmpeg)


async def test_captions_are_drawn_in_the_brands_font_and_not_thickened(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    text = "Bees dance to give directions"
    thin = await drawn(engine, library, captioned(library, text, sent_font(library)), tmp_path)
    black = await drawn(engine, library, captioned(library, text, None), tmp_path)
    letters = [int((pixels[12] > 200).sum()) for pixels in (thin, black)]  # white; the picture is darker
    assert 0 < letters[0] < 0.6 * letters[1]


async def test_letters_that_the_font_lacks_come_from_the_shelf(
    engine: RenderEngine, library: Library
) -> None:
    font = sent_font(library, letters="Bes")
    (segment,) = (await engine.plan(captioned(library, "Bees dance", font), library.files)).segments
    families = {face.family for face in segment.faces}
    assert families == {f"Brand {font.sha256[:16]}", "Roboto Black"}
    assert segment.captions is not None
    assert HOSTILE not in segment.captions


async def test_font_is_part_of_the_segments_key(engine: RenderEngine, library: Library) -> None:
    plans = [
        await engine.plan(captioned(library, "Bees", font), library.files)
        for font in (None, sent_font(library), sent_font(library, font_roboto.RobotoLight))
    ]
    assert len({plan.segments[0].key for plan in plans}) == 3


def test_a_font_is_prepared_to_the_same_bytes_everywhere(library: Library, tmp_path: Path) -> None:
    font = sent_font(library)
    path = library.files[font.sha256]
    copies = [prepared(path, font.sha256, tmp_path / name) for name in ("one", "two")]
    assert copies[0].read_bytes() == copies[1].read_bytes()
    face = FontShelf(tmp_path / "one", fetch=None).brand_face(path, font.sha256)
    assert (face.family, face.weight) == (f"Brand {font.sha256[:16]}", 900)


async def test_file_that_is_no_font_is_told_by_its_name(engine: RenderEngine, library: Library) -> None:
    path = library.folder / "broken.ttf"
    path.write_bytes(b"\0\1\0\0 not a font")
    broken = BrandFont(sha256=library.keep(path), extension="ttf")
    with pytest.raises(SourceUnreadable):
        await engine.plan(captioned(library, "Bees", broken), library.files)
    with pytest.raises(SourceUnreadable, match="missing"):
        await engine.plan(captioned(library, "Bees", broken))
