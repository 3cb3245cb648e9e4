"""Reading a font that somebody sent, table by table, and writing a clean one."""

import logging
import unicodedata
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import TTFont, getTableModule
from PIL import ImageFont

from rendering.intake.faults import Fault, FileRefused

_NEEDED: Final = ("cmap", "head", "hhea", "hmtx", "maxp", "name")
_KEPT: Final = frozenset(
    {
        *_NEEDED,
        *(
            "OS/2",
            "post",
            "glyf",
            "loca",
            "CFF ",
            "CFF2",
            "GDEF",
            "GPOS",
            "GSUB",
            "kern",
            "BASE",
            "vhea",
            "vmtx",
        ),
        *("fvar", "avar", "gvar", "HVAR", "MVAR", "STAT", "COLR", "CPAL"),
    }
)
"""What a clean font has. Hinting, drawings as SVG, signatures and what nobody knows are left out."""
_GLYPHS_MAX: Final = 65_535
_NAME_MAX: Final = 100  # characters
_FAMILY, _STYLE = 1, 2

logging.getLogger("fontTools").setLevel(logging.CRITICAL)


def load_tables() -> None:
    """Load what reads the tables, which fontTools does as it meets them."""
    for tag in _KEPT:
        getTableModule(tag)


def look_at_font(path: Path, clean: Path) -> dict[str, str | int | float | bool]:
    """Read every table of a font, write it anew without what has no place in it, and draw with that.

    Returns family, style and number of glyphs.

    Raises:
        FileRefused: it is broken, or lacks what a font needs.
        MemoryError: it takes more memory than there is.
    """
    try:
        facts = _cleaned(path, clean)
        ImageFont.truetype(str(clean), 48).getmask("Framewright 0123456789")
    except (FileRefused, MemoryError):
        raise
    except Exception as broken:
        # A parser may fail in any way on made-up bytes. This runs in a process that is there to fail.
        reason = str(broken)[:200] or type(broken).__name__
        raise FileRefused(Fault.UNREADABLE, f"It cannot be read as a font: {reason}.") from broken
    return facts


def _cleaned(path: Path, clean: Path) -> dict[str, str | int | float | bool]:
    font = TTFont(path, lazy=False, recalcTimestamp=False, checkChecksums=2)
    missing = [tag for tag in _NEEDED if tag not in font]
    if missing or not ("glyf" in font or "CFF " in font or "CFF2" in font):
        raise FileRefused(
            Fault.UNREADABLE, f"It lacks what a font needs: {', '.join(missing) or 'outlines'}."
        )
    for tag in list(font.keys()):
        if tag == "GlyphOrder":
            continue
        if tag not in _KEPT:
            font.getTableData(tag)  # its sum is compared all the same
            del font[tag]
        else:
            font[tag]  # read now, so that what is broken shows
    glyphs = len(font.getGlyphOrder())
    if not 1 <= glyphs <= _GLYPHS_MAX:
        raise FileRefused(Fault.DIMENSIONS, f"It has {glyphs:,} glyphs; a font has 1 to {_GLYPHS_MAX:,}.")
    if "glyf" in font:
        for name in font.getGlyphOrder():
            font["glyf"][name].expand(font["glyf"])
    if not font.getBestCmap():
        raise FileRefused(Fault.UNREADABLE, "It maps no character to a glyph.")
    font.save(clean, reorderTables=False)
    return {"family": _name(font, _FAMILY), "style": _name(font, _STYLE), "glyphs": glyphs}


def _name(font: Any, number: int) -> str:
    """A name out of the font, as far as it can be shown."""
    found = str(font["name"].getDebugName(number) or "")
    shown = "".join(each for each in found if not unicodedata.category(each).startswith("C"))
    return shown.strip()[:_NAME_MAX]
