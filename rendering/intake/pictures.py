"""Decoding a picture that somebody sent, whole, and making a small copy of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from rendering.intake.faults import Fault, FileRefused

PIXELS_MAX: Final = 50_000_000
SIDE_MIN: Final = 16
SIDE_MAX: Final = 16_384
THUMBNAIL_SIDE: Final = 480

ImageFile.LOAD_TRUNCATED_IMAGES = False


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture's size in pixels, as displayed."""

    width: int
    height: int


def look_at_picture(path: Path, opener: str, copies: dict[Path, int]) -> PictureFacts:
    """Decode a picture whole and write small copies of it.

    Blocks while it decodes, with memory for up to `PIXELS_MAX` pixels.

    Args:
        path: the file.
        opener: Pillow's only format that may open it.
        copies: where each copy goes, and how long its longer side is at the most; it is WebP, without
            anything that the file told besides.

    Raises:
        FileRefused: it is another type, animated, broken, or too small or large.
        MemoryError: it takes more memory than there is.
    """
    try:
        with Image.open(path, formats=[opener]) as picture:
            _check_size(*picture.size)
            if getattr(picture, "n_frames", 1) > 1:
                raise FileRefused(Fault.TYPE_UNSUPPORTED, "It is animated; a picture has one frame.")
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            for target, side in copies.items():
                _write_copy(upright, target, side)
            return PictureFacts(upright.width, upright.height)
    except UnidentifiedImageError:
        raise FileRefused(Fault.UNREADABLE, f"It begins like {opener} and is none.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(
            Fault.DIMENSIONS, f"It has too many pixels; the whole may have {PIXELS_MAX:,}."
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as broken:
        raise FileRefused(Fault.UNREADABLE, f"It cannot be decoded: {str(broken)[:200]}.") from broken


def _check_size(width: int, height: int) -> None:
    if min(width, height) < SIDE_MIN or max(width, height) > SIDE_MAX or width * height > PIXELS_MAX:
        raise FileRefused(
            Fault.DIMENSIONS,
            f"It has {width} x {height} pixels; a side may have {SIDE_MIN} to {SIDE_MAX:,}, the whole "
            f"{PIXELS_MAX:,}.",
        )


def _write_copy(picture: Image.Image, target: Path, side: int) -> None:
    small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    small.info = {}
    small.save(target, "WEBP", quality=85, method=4)
