"""The list by which FFmpeg joins segments, with the exact place of each."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Final

from rendering.frame_grid import nearest

_MICROSECONDS: Final = 1_000_000


def segment_list(names: Sequence[str], video_frames: Sequence[int], *, fps: int) -> str:
    """Return an ffconcat script that plays files end to end, each starting on its own video frame.

    Each file's length stands beside it, in microseconds, FFmpeg's own grain. Without it a segment would begin
    where the container of the one before says that it ends, and MP4 says that in whole milliseconds: after a
    segment of four video frames the picture would be a third of a millisecond early from there on. Starts are
    rounded, not lengths, so that each is within half a microsecond of its time however many come before it.
    One tick of the video's time base is at least sixty times that, so each start rounds to its own tick.

    Args:
        names: plain file names without spaces.
        video_frames: the length of each.
        fps: video frames a second.
    """
    ends = accumulate(video_frames, initial=0)
    starts_us = [nearest(Fraction(end * _MICROSECONDS, fps)) for end in ends]
    lines = ["ffconcat version 1.0"]
    for name, (start_us, end_us) in zip(names, pairwise(starts_us), strict=True):
        seconds, microseconds = divmod(end_us - start_us, _MICROSECONDS)
        lines += [f"file {name}", f"duration {seconds}.{microseconds:06}"]
    return "\n".join(lines) + "\n"
