"""A sound as plain samples."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rendering.errors import EncoderFailed, SourceUnreadable
from rendering.intake import limits
from rendering.intake.media_types import MediaType
from rendering.runner import run

LONGEST_S: Final = 1_800.0
TIMEOUT_S: Final = 120.0
_SAMPLES: Final = "samples.f32"


async def mono_samples(path: Path, kind: MediaType, *, rate_hz: int, ffmpeg: Path) -> NDArray[np.float64]:
    """The sound of a file, its channels mixed to one, in -1 to 1; of a longer one the first half hour.

    The file may be anybody's: one demuxer opens it, with bounded memory.

    Raises:
        SourceUnreadable: it holds no sound that can be decoded.
        EncoderTimedOut: it takes too long.
    """
    source = await asyncio.to_thread(path.absolute)
    with tempfile.TemporaryDirectory(prefix="samples-") as name:
        folder = Path(name)
        arguments = [
            *("-threads", "1", "-protocol_whitelist", "file,pipe"),
            *("-f", kind.opener, "-i", str(source), "-t", f"{LONGEST_S:.0f}"),
            *("-map", "0:a:0", "-ac", "1", "-ar", str(rate_hz), "-f", "f32le", _SAMPLES),
        ]
        try:
            await run(ffmpeg, arguments, cwd=folder, timeout_s=TIMEOUT_S, memory_bytes=limits.MEMORY_BYTES)
        except EncoderFailed as failed:
            raise SourceUnreadable(path.name, "it holds no sound that can be decoded") from failed
        samples = await asyncio.to_thread(np.fromfile, folder / _SAMPLES, "<f4")
    if not len(samples):
        raise SourceUnreadable(path.name, "it holds no sound")
    return np.clip(np.nan_to_num(samples.astype(np.float64)), -1.0, 1.0)
