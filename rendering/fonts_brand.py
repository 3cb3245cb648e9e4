"""A font that somebody sent, made fit for libass: under a name of ours, and never emboldened."""

import os
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont, TTLibError
from fontTools.varLib.instancer import instantiateVariableFont

from rendering.errors import SourceUnreadable

_HEAVIEST: Final = 900
_BOLD_STYLE: Final = 0b1
_REGULAR, _BOLD, _ITALIC = 1 << 6, 1 << 5, 1 << 0
_WINDOWS: Final = (3, 1, 0x409)


def prepared(path: Path, sha256: str, cache_dir: Path) -> Path:
    """Return a copy of a font that libass finds by the name of its hash; made once in each cache folder.

    A font's own name may be that of another font here, and may hold what means something in a caption
    document. Captions ask for bold: a font that does not say that it is, libass thickens. Of a variable font
    the default instance is taken.

    Raises:
        SourceUnreadable: it cannot be read, or lacks what a font for captions needs.
    """
    made = cache_dir / f"brand-{sha256}.ttf"
    if made.exists():
        return made
    part = made.with_suffix(f".{os.getpid()}.part")
    cache_dir.mkdir(parents=True, exist_ok=True)
    try:
        with TTFont(path, recalcTimestamp=False) as font:
            _renamed(font, f"Brand {sha256[:16]}", source=path.name)
            font.save(part, reorderTables=False)
        part.replace(made)
    except (TTLibError, KeyError, ValueError, AttributeError, OSError) as broken:
        raise SourceUnreadable(path.name, f"the font cannot be used: {broken}") from broken
    finally:
        part.unlink(missing_ok=True)
    return made


def _renamed(font: TTFont, family: str, *, source: str) -> None:
    if "fvar" in font:
        axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        instantiateVariableFont(font, axes, inplace=True)
    if "OS/2" not in font or not font.getBestCmap():
        raise SourceUnreadable(source, "the font has no metrics for Windows, or draws no character")
    names = font["name"]
    names.names = []
    postscript = family.replace(" ", "-")
    for number, text in ((1, family), (2, "Bold"), (3, postscript), (4, family), (6, postscript)):
        names.setName(text, number, *_WINDOWS)
    windows, head = font["OS/2"], font["head"]
    windows.usWeightClass = _HEAVIEST
    windows.fsSelection = windows.fsSelection & ~(_REGULAR | _ITALIC) | _BOLD
    head.macStyle = _BOLD_STYLE
    if windows.usWinAscent + windows.usWinDescent == 0:
        windows.usWinAscent, windows.usWinDescent = font["hhea"].ascent, -font["hhea"].descent
