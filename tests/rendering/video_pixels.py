"""Decoded video frames as arrays, to look at what a render really shows."""

import asyncio
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.int16]


async def luma(video: Path, width: int, height: int, *, ffmpeg: Path) -> Pixels:
    """Return all video frames' brightness: frame, row, column."""
    process = await asyncio.create_subprocess_exec(
        ffmpeg,
        *("-v", "error", "-nostdin", "-i", video, "-pix_fmt", "gray", "-f", "rawvideo", "-"),
        stdout=asyncio.subprocess.PIPE,
    )
    raw, _ = await process.communicate()
    assert process.returncode == 0
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, height, width).astype(np.int16)
