"""The render engine: one FFmpeg and one font shelf, and all that is done with them."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rendering.fonts import FontShelf
from rendering.inspect import Inspection
from rendering.inspect import inspect as compare
from rendering.join import Finished
from rendering.join import join as join_segments
from rendering.plan import RenderPlan, Segment, plan
from rendering.runner import Progress, ignore_progress
from rendering.segment import encode
from rendering.timeline import Timeline


@dataclass(frozen=True, slots=True)
class RenderEngine:
    """What a worker renders with.

    `encoder` tells this build of FFmpeg from others, in every segment's key.
    """

    ffmpeg: Path
    fonts: FontShelf
    encoder: str

    @classmethod
    def start(cls, ffmpeg: Path, fonts: FontShelf) -> Self:
        """Take up a program, known by the hash of its file. Blocks for about a tenth of a second.

        Raises:
            OSError: the program is not there.
        """
        with ffmpeg.open("rb") as file:
            return cls(ffmpeg, fonts, hashlib.file_digest(file, "sha256").hexdigest())

    async def plan(self, timeline: Timeline, sources: Mapping[str, Path] | None = None) -> RenderPlan:
        """Cut a timeline into segments; see `rendering.plan.plan`."""
        return await asyncio.to_thread(
            plan, timeline, fonts=self.fonts, encoder=self.encoder, sources=sources
        )

    async def encode(
        self,
        segment: Segment,
        sources: Mapping[str, Path],
        out: Path,
        on_progress: Progress = ignore_progress,
    ) -> None:
        """Encode one segment; see `rendering.segment.encode`."""
        await encode(segment, sources, out, ffmpeg=self.ffmpeg, on_progress=on_progress)

    async def join(
        self,
        planned: RenderPlan,
        segment_files: Mapping[str, Path],
        sources: Mapping[str, Path],
        out_dir: Path,
        on_progress: Progress = ignore_progress,
    ) -> Finished:
        """Join encoded segments; see `rendering.join.join`."""
        return await join_segments(
            planned, segment_files, sources, out_dir, ffmpeg=self.ffmpeg, on_progress=on_progress
        )

    async def inspect(self, planned: RenderPlan, finished: Finished) -> Inspection:
        """Compare a finished video with its plan; see `rendering.inspect.inspect`."""
        return await compare(planned, finished, ffmpeg=self.ffmpeg)
