"""The picture that stands for a video before it plays: sharp, bright enough, and of one shot alone."""

import asyncio
from pathlib import Path
from typing import Final

import ffmpeg as arguments
import numpy as np
from PIL import Image

from rendering.arguments import argument_list
from rendering.encoding import VIDEO_GLOBAL_ARGUMENTS
from rendering.plan import RenderPlan
from rendering.runner import run

_CANDIDATES: Final = 4
_LEVEL_MIN: Final = 24
_LEVEL_MAX: Final = 240
_SPREAD_MIN: Final = 12


async def make_poster(plan: RenderPlan, video: Path, out: Path, *, ffmpeg: Path, timeout_s: float) -> None:
    """Write a JPEG of the first good video frame, or of the liveliest one if none is good.

    Looked at are the middles of the first shots' bodies, where no transition mixes two pictures.

    Raises:
        EncoderFailed: FFmpeg could not read the video.
    """
    best = -1.0
    candidate = out.with_name("candidate.jpg")
    for slot in plan.slots[:_CANDIDATES]:
        middle_s = (slot.first + slot.body_frames // 2) / plan.timeline.format.fps
        shot = arguments.input(video.name, f="mov", ss=f"{middle_s:.6f}").video
        output = arguments.output(
            shot,
            filename=candidate.name,
            f="image2",
            extra_options={
                "frames:v": "1",
                "update": "1",
                "q:v": "2",
                "c:v": "mjpeg",
                "pix_fmt": "yuvj420p",
                "threads": "1",
                "fflags": "+bitexact",
                "flags:v": "+bitexact",
            },
        )
        await run(ffmpeg, argument_list(output, *VIDEO_GLOBAL_ARGUMENTS), cwd=out.parent, timeout_s=timeout_s)
        level, spread = await asyncio.to_thread(_level_and_spread, candidate)
        is_good = _LEVEL_MIN <= level <= _LEVEL_MAX and spread >= _SPREAD_MIN
        if is_good or spread > best:
            best = spread
            candidate.replace(out)
        if is_good:
            return


def _level_and_spread(path: Path) -> tuple[float, float]:
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("L"), dtype=np.float32)
    return float(pixels.mean()), float(pixels.std())
