"""Encoding one segment: sources in, a piece of MP4 out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rendering.errors import EncoderFailed
from rendering.fonts import face_directory
from rendering.plan import CAPTION_FILE, FONT_FOLDER, SEGMENT_FILE, Segment
from rendering.runner import Progress, ignore_progress, run
from rendering.workspace import lay_in, workspace

_START_S: Final = 120
_PER_FRAME_S: Final = 3


async def encode(
    segment: Segment,
    sources: Mapping[str, Path],
    out: Path,
    *,
    ffmpeg: Path,
    on_progress: Progress = ignore_progress,
    timeout_s: float | None = None,
) -> None:
    """Encode a segment to `out`, which appears whole or not at all.

    Args:
        segment: from `plan`.
        sources: files by hash; those of `segment.sources` are read.
        out: the file to write; one that is there is replaced.
        ffmpeg: the program.
        on_progress: called with video frames done, as FFmpeg reports them and once at the end.
        timeout_s: after which FFmpeg is killed; by default long enough for a slow, shared machine.

    Raises:
        SourceUnreadable: a source is missing.
        EncoderFailed: FFmpeg failed, timed out, or wrote another number of video frames than planned.
        FontNotFound: a text found no font.
    """
    limit_s = _START_S + _PER_FRAME_S * segment.video_frames if timeout_s is None else timeout_s
    with workspace(out) as folder:
        for one in segment.inputs:
            lay_in(folder, one.name, one.sha256, sources)
        if segment.captions is not None:
            (folder / CAPTION_FILE).write_text(segment.captions, encoding="utf-8")
            face_directory(segment.faces, folder / FONT_FOLDER)
        ran = await run(ffmpeg, segment.arguments, cwd=folder, timeout_s=limit_s, on_progress=on_progress)
        if ran.video_frames != segment.video_frames:
            raise EncoderFailed(
                0, f"wrote {ran.video_frames} of {segment.video_frames} video frames\n{ran.log[-1000:]}"
            )
        (folder / SEGMENT_FILE).replace(out)
    on_progress(segment.video_frames)
