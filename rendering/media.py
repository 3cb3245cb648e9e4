"""Checking what people upload: the real type by content, decodable, of bounded size."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import filetype  # type: ignore[import-untyped]  # ships no types
from PIL import Image, UnidentifiedImageError

from rendering.audio import AUDIO_DEMUXERS
from rendering.errors import SourceUnreadable
from rendering.picture import CLIP_DEMUXERS
from rendering.probe import probe

PICTURE_PIXELS_MAX: Final = 50_000_000
SIDE_MIN: Final = 16
SIDE_MAX: Final = 16_384
_EXTENSIONS: Final = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
_ORIENTATION: Final = 0x0112
_LYING: Final = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture's type, after its content, and its size in pixels as displayed."""

    extension: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """A sound's type and length."""

    extension: str
    duration_s: float
    sample_rate: int


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """A moving picture's type, size in pixels as displayed, and length."""

    extension: str
    width: int
    height: int
    duration_s: float
    has_sound: bool


def check_picture(path: Path, *, pixels_max: int = PICTURE_PIXELS_MAX) -> PictureFacts:
    """Decode a PNG, JPEG or WebP picture whole.

    Blocks while it decodes, with memory for up to `pixels_max` pixels: call it outside of the event loop.

    Raises:
        SourceUnreadable: it is another type, animated, broken, or too small or large.
    """
    try:
        with Image.open(path, formats=list(_EXTENSIONS)) as picture:
            width, height = picture.size
            if min(width, height) < SIDE_MIN or max(width, height) > SIDE_MAX or width * height > pixels_max:
                raise SourceUnreadable(
                    path.name,
                    f"it has {width} x {height} pixels; a side may have {SIDE_MIN} to {SIDE_MAX}, "
                    f"the whole {pixels_max}",
                )
            if getattr(picture, "n_frames", 1) > 1:
                raise SourceUnreadable(path.name, "it is animated; a picture has one frame")
            extension = _EXTENSIONS[str(picture.format)]
            lies = picture.getexif().get(_ORIENTATION) in _LYING
            picture.load()
    except UnidentifiedImageError:
        raise SourceUnreadable(path.name, "it is not a PNG, JPEG or WebP picture") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise SourceUnreadable(
            path.name, f"it has too many pixels; the whole may have {pixels_max}"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError) as broken:
        raise SourceUnreadable(path.name, f"it cannot be decoded: {broken}") from broken
    return PictureFacts(extension, height, width) if lies else PictureFacts(extension, width, height)


async def check_sound(path: Path, *, ffmpeg: Path, timeout_s: float = 120) -> SoundFacts:
    """Decode a sound whole.

    Raises:
        SourceUnreadable: it is of no type that is taken, is broken, or holds no sound.
        EncoderTimedOut: it takes too long to decode.
    """
    extension = await asyncio.to_thread(_extension, path)
    if extension not in AUDIO_DEMUXERS:
        raise SourceUnreadable(path.name, f"it is not a sound; taken are {', '.join(AUDIO_DEMUXERS)}")
    facts = await probe(path, ffmpeg=ffmpeg, demuxer=AUDIO_DEMUXERS[extension], timeout_s=timeout_s)
    if facts.audio is None or facts.audio.duration_s <= 0:
        raise SourceUnreadable(path.name, "it holds no sound")
    return SoundFacts(extension, facts.audio.duration_s, facts.audio.sample_rate)


async def check_clip(path: Path, *, ffmpeg: Path, timeout_s: float = 120) -> ClipFacts:
    """Read a clip's packets.

    Raises:
        SourceUnreadable: it is of no type that is taken, is broken, holds no moving picture, or is too large.
        EncoderTimedOut: it takes too long to read.
    """
    extension = await asyncio.to_thread(_extension, path)
    if extension not in CLIP_DEMUXERS:
        raise SourceUnreadable(path.name, f"it is not a clip; taken are {', '.join(CLIP_DEMUXERS)}")
    facts = await probe(path, ffmpeg=ffmpeg, demuxer=CLIP_DEMUXERS[extension], timeout_s=timeout_s)
    video = facts.video
    if video is None or not video.times:
        raise SourceUnreadable(path.name, "it holds no moving picture")
    if min(video.width, video.height) < SIDE_MIN or max(video.width, video.height) > SIDE_MAX:
        raise SourceUnreadable(
            path.name,
            f"it has {video.width} x {video.height} pixels; a side may have {SIDE_MIN} to {SIDE_MAX}",
        )
    return ClipFacts(extension, video.width, video.height, video.duration_s, facts.audio is not None)


def _extension(path: Path) -> str:
    """Return the extension of the file's real type, after its first bytes, or an empty one."""
    kind = filetype.guess(path)
    return "" if kind is None else str(kind.extension)
