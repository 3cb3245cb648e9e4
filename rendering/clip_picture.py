"""A single picture taken out of a clip: the last one, or the one that is shown at a given time."""

import asyncio
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rendering.errors import SourceUnreadable
from rendering.frame_grid import exact
from rendering.intake.limits import MEMORY_BYTES
from rendering.probe import probe
from rendering.runner import run
from rendering.workspace import workspace

_TIMEOUT_S: Final = 120.0
_PICTURE: Final = "picture.png"
_FOR_SURE: Final = 8
"""Pictures before the last one that are decoded for it: the last packets of a broken clip may hold none."""


@dataclass(frozen=True, slots=True)
class ClipPicture:
    """The picture's size in pixels as displayed, and its position in the clip, counted from 0."""

    width: int
    height: int
    index: int


async def take_picture(
    clip: Path, out: Path, *, demuxer: str, ffmpeg: Path, at_s: float | None = None
) -> ClipPicture:
    """Write one picture of a clip as PNG.

    Args:
        clip: the file; nobody need have looked into it before.
        out: where the picture goes; it appears whole or not at all.
        demuxer: the only one that may open the clip.
        ffmpeg: the program.
        at_s: seconds after the clip begins; None for its last picture. Past the end the last one is taken.

    Raises:
        SourceUnreadable: it holds no moving picture, or is broken.
        EncoderFailed, EncoderTimedOut: FFmpeg could not decode it.
    """
    facts = await probe(clip, ffmpeg=ffmpeg, demuxer=demuxer, timeout_s=_TIMEOUT_S, memory_bytes=MEMORY_BYTES)
    video = facts.video
    if video is None or not video.times:
        raise SourceUnreadable(clip.name, "it holds no moving picture")
    index = len(video.times) - 1
    if at_s is not None:
        shown = video.times[0] + exact(at_s)
        index = max(0, min(index, bisect_right(video.times, shown) - 1))
    source = await asyncio.to_thread(clip.absolute)
    is_last = index == len(video.times) - 1
    with workspace(out) as folder:
        chosen = f"gte(n,{max(0, index - _FOR_SURE)})" if is_last else f"eq(n,{index})"
        await run(
            ffmpeg,
            [
                *("-threads", "1", "-filter_threads", "1", "-protocol_whitelist", "file,pipe"),
                *("-f", demuxer, "-i", str(source), "-map", "0:V:0"),
                *("-vf", f"select='{chosen}'", "-fps_mode", "passthrough"),
                *(() if is_last else ("-frames:v", "1")),
                *("-f", "image2", "-update", "1", "-c:v", "png", "-fflags", "+bitexact", _PICTURE),
            ],
            cwd=folder,
            timeout_s=_TIMEOUT_S,
            memory_bytes=MEMORY_BYTES,
        )
        made = folder / _PICTURE
        if not made.is_file():
            raise SourceUnreadable(clip.name, "no picture of it can be decoded")
        made.replace(out)
    return ClipPicture(video.width, video.height, index)
