"""Decoding a film or a sound that somebody sent, whole, by FFmpeg with bounded memory and time."""

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from rendering.errors import EncoderFailed, EncoderTimedOut, SourceUnreadable
from rendering.intake import limits
from rendering.intake.faults import Fault, FileRefused
from rendering.intake.media_types import MediaType
from rendering.probe import MediaFacts, VideoFacts, probe
from rendering.runner import run

SIDE_MIN: Final = 16
SIDE_MAX: Final = 4_096
FRAME_PIXELS_MAX: Final = 4_096 * 2_304
FPS_MAX: Final = 120
SHORTEST_S: Final = 0.05
PEAKS: Final = 400
_PROBE_S: Final = 60.0
_DECODE_S: Final = 20 * 60.0
_PEAK_RATE: Final = 8_000
_SLACK_S: Final = 1.0
_THUMBNAIL: Final = "thumbnail.jpg"
_PEAKS_FILE: Final = "peaks.raw"


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """A film's size in pixels as displayed, and its length."""

    width: int
    height: int
    duration_s: float
    has_sound: bool


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """A sound's length and its peaks, from 0 to 255 at equal distances."""

    duration_s: float
    waveform: bytes


async def look_at_film(
    path: Path, kind: MediaType, thumbnail: Path, *, longest_s: float, ffmpeg: Path
) -> FilmFacts:
    """Decode a film whole and take a picture out of it.

    Raises:
        FileRefused: it is broken, holds no moving picture, or is too large or long.
    """
    facts = await _probed(path, kind, longest_s=longest_s, ffmpeg=ffmpeg)
    video = facts.video
    if video is None or not video.times:
        raise FileRefused(Fault.UNREADABLE, "It holds no moving picture.")
    duration_s = max(video.duration_s, 0.0)
    _check_frames(video)
    _check_length(duration_s, longest_s)
    arguments = [
        *_opened(path, kind),
        *("-map", "0:V:0", "-f", "null", "-"),
        *(
            "-map",
            "0:V:0",
            "-vf",
            _small(duration_s),
            "-frames:v",
            "1",
            "-q:v",
            "4",
            "-f",
            "image2",
            "-update",
            "1",
        ),
        _THUMBNAIL,
    ]
    await _run(ffmpeg, arguments, path.parent, timeout_s=_DECODE_S)
    has_sound = facts.audio is not None and facts.audio.duration_s > 0
    made = path.parent / _THUMBNAIL
    if not await asyncio.to_thread(made.exists):
        raise FileRefused(Fault.UNREADABLE, "It holds no picture that can be decoded.")
    await asyncio.to_thread(made.replace, thumbnail)
    return FilmFacts(video.width, video.height, duration_s, has_sound)


async def look_at_sound(path: Path, kind: MediaType, *, longest_s: float, ffmpeg: Path) -> SoundFacts:
    """Decode a sound whole and take its peaks.

    Raises:
        FileRefused: it is broken, holds no sound, or is too long.
    """
    facts = await _probed(path, kind, longest_s=longest_s, ffmpeg=ffmpeg)
    if facts.audio is None or facts.audio.duration_s <= 0:
        raise FileRefused(Fault.UNREADABLE, "It holds no sound.")
    _check_length(facts.audio.duration_s, longest_s)
    arguments = [
        *_opened(path, kind),
        *("-map", "0:a:0", "-ac", "1", "-ar", str(_PEAK_RATE), "-f", "s16le", _PEAKS_FILE),
    ]
    await _run(ffmpeg, arguments, path.parent, timeout_s=_PROBE_S)
    return SoundFacts(facts.audio.duration_s, await asyncio.to_thread(_peaks, path.parent / _PEAKS_FILE))


def _check_frames(video: VideoFacts) -> None:
    low, high = sorted((video.width, video.height))
    if low < SIDE_MIN or high > SIDE_MAX or low * high > FRAME_PIXELS_MAX:
        raise FileRefused(
            Fault.DIMENSIONS,
            f"It has {video.width} x {video.height} pixels; a side may have {SIDE_MIN} to {SIDE_MAX:,}, the "
            f"whole {FRAME_PIXELS_MAX:,}.",
        )
    if video.duration_s > 0 and len(video.times) / video.duration_s > FPS_MAX + 1:
        raise FileRefused(Fault.DIMENSIONS, f"It has more than {FPS_MAX} pictures a second.")


def _check_length(duration_s: float, longest_s: float) -> None:
    if not SHORTEST_S <= duration_s <= longest_s:
        raise FileRefused(
            Fault.DURATION, f"It lasts {duration_s:,.2f} s; it may last {SHORTEST_S:g} to {longest_s:,.0f} s."
        )


async def _probed(path: Path, kind: MediaType, *, longest_s: float, ffmpeg: Path) -> MediaFacts:
    try:
        facts = await probe(
            path,
            ffmpeg=ffmpeg,
            demuxer=kind.opener,
            timeout_s=_PROBE_S,
            longest_s=longest_s + _SLACK_S,
            memory_bytes=limits.MEMORY_BYTES,
        )
    except SourceUnreadable as broken:
        raise FileRefused(Fault.UNREADABLE, "It cannot be decoded: it is broken or cut off.") from broken
    except EncoderTimedOut as slow:
        raise _too_costly() from slow
    except EncoderFailed as failed:
        raise FileRefused(Fault.UNREADABLE, "It cannot be decoded.") from failed
    except (ValueError, ZeroDivisionError, KeyError, IndexError, OverflowError) as strange:
        raise FileRefused(Fault.UNREADABLE, "It says of itself what makes no sense.") from strange
    if facts.said_s is not None and facts.said_s > longest_s + _SLACK_S:
        raise FileRefused(
            Fault.DURATION, f"It says that it lasts {facts.said_s:,.0f} s; it may last {longest_s:,.0f} s."
        )
    _check_all_there(facts)
    return facts


def _check_all_there(facts: MediaFacts) -> None:
    """Refuse a file that says that it is longer than what came of it."""
    lasts_s = max(
        facts.video.duration_s if facts.video else 0.0, facts.audio.duration_s if facts.audio else 0.0
    )
    if facts.said_s is not None and lasts_s < 0.9 * facts.said_s - _SLACK_S:
        raise FileRefused(
            Fault.UNREADABLE,
            f"It is cut off: it says that it lasts {facts.said_s:.1f} s, and has {lasts_s:.1f} s.",
        )


def _opened(path: Path, kind: MediaType) -> list[str]:
    return [
        *("-xerror", "-filter_threads", "1", "-threads", "1", "-protocol_whitelist", "file,pipe"),
        *("-f", kind.opener, "-i", str(path.absolute())),
    ]


def _small(duration_s: float) -> str:
    """A picture from a third of the film, by its times from the start."""
    return (
        f"select='gte(t-start_t,{min(duration_s / 3, 10.0):.3f})',"
        "scale='min(480,iw)':'min(480,ih)':force_original_aspect_ratio=decrease,format=yuvj420p"
    )


async def _run(ffmpeg: Path, arguments: list[str], folder: Path, *, timeout_s: float) -> None:
    try:
        await run(ffmpeg, arguments, cwd=folder, timeout_s=timeout_s, memory_bytes=limits.MEMORY_BYTES)
    except EncoderTimedOut as slow:
        raise _too_costly() from slow
    except EncoderFailed as failed:
        raise FileRefused(Fault.UNREADABLE, "It cannot be decoded to its end.") from failed


def _too_costly() -> FileRefused:
    return FileRefused(
        Fault.TOO_COSTLY, "Looking into it takes more memory or time than any honest file takes."
    )


def _peaks(path: Path) -> bytes:
    size = path.stat().st_size // 2
    if not size:
        return bytes(PEAKS)
    samples = np.memmap(path, dtype="<i2", mode="r", shape=(size,))
    edges = np.linspace(0, size, min(PEAKS, size) + 1).astype(int)
    peaks = [
        int(max(abs(int(part.min())), abs(int(part.max()))))
        for part in (samples[start:end] for start, end in pairwise(edges))
    ]
    return bytes(min(255, peak * 255 // 32_767) for peak in peaks)
