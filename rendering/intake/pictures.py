"""Decoding a picture that somebody sent, whole, and making small copies of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from rendering.intake.faults import Fault, FileRefused

PIXELS_MAX: Final = 50_000_000
SIDE_MIN: Final = 16
SIDE_MAX: Final = 16_384
_OPAQUE: Final = 255
_MODES: Final = ("RGB", "RGBA")

ImageFile.LOAD_TRUNCATED_IMAGES = False


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture's size as displayed, and whether any of it is transparent."""

    width: int
    height: int
    is_see_through: bool


def look_at_picture(path: Path, opener: str, copies: Mapping[Path, int]) -> PictureFacts:
    """Decode a picture whole and write small copies of it.

    Takes memory for up to `PIXELS_MAX` pixels, about 400 MiB.

    Args:
        path: the file.
        opener: Pillow's only format that may open it.
        copies: where each copy goes, and how long its longer side is at the most; it is WebP, without
            anything that the file told besides.

    Raises:
        FileRefused: it is animated, broken, or too small or large.
        MemoryError: it takes more memory than there is.
    """
    try:
        with Image.open(path, formats=[opener]) as picture:
            _check_size(*picture.size)
            _check_still(picture)
            picture.load()
            ImageOps.exif_transpose(picture, in_place=True)
            for target, side in copies.items():
                _write_copy(picture, target, side)
            return PictureFacts(*picture.size, _is_see_through(picture))
    except UnidentifiedImageError:
        raise FileRefused(Fault.UNREADABLE, f"It begins like {opener} and is none.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(
            Fault.DIMENSIONS, f"It has too many pixels; the whole may have {PIXELS_MAX:,}."
        ) from None
    except (FileRefused, MemoryError):
        raise
    except Exception as broken:
        # Decoders fail in any way on made-up bytes. This runs in a process that is there to fail.
        raise FileRefused(Fault.UNREADABLE, f"It cannot be decoded: {str(broken)[:200]}.") from broken


def _is_see_through(picture: Image.Image) -> bool:
    if not picture.has_transparency_data:
        return False
    coloured = picture if picture.mode in {"RGBA", "LA"} else picture.convert("RGBA")
    return coloured.getchannel("A").getextrema() != (_OPAQUE, _OPAQUE)


def _check_still(picture: Image.Image) -> None:
    if getattr(picture, "n_frames", 1) > 1:
        raise FileRefused(Fault.TYPE_UNSUPPORTED, "It is animated; a picture has one frame.")


def _check_size(width: int, height: int) -> None:
    if min(width, height) < SIDE_MIN or max(width, height) > SIDE_MAX or width * height > PIXELS_MAX:
        raise FileRefused(
            Fault.DIMENSIONS,
            f"It has {width} x {height} pixels; a side may have {SIDE_MIN} to {SIDE_MAX:,}, the whole "
            f"{PIXELS_MAX:,}.",
        )


def _write_copy(picture: Image.Image, target: Path, side: int) -> None:
    small: Image.Image = picture
    if picture.mode not in _MODES:
        small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    scale = min(1.0, side / max(small.size))
    width, height = (max(1, round(length * scale)) for length in small.size)
    small = small.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small.info = {}
    small.save(target, "WEBP", quality=85, method=4)
