"""Seconds to whole video frames: where shots begin, and how far transitions overlap them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import floor
from typing import Final

SAMPLE_RATE: Final = 48_000
"""Samples a second of the finished sound."""

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Slot:
    """A shot's place, in video frames.

    The shot owns `[first, first + frames)`. Its picture is first seen `overlap_in` frames earlier, under the
    transition from the shot before; the last `overlap_out` frames of its own are the transition to the next.
    """

    first: int
    frames: int
    overlap_in: int
    overlap_out: int

    @property
    def body_frames(self) -> int:
        """Frames that show this shot alone; at least one."""
        return self.frames - self.overlap_out

    @property
    def seen_frames(self) -> int:
        """Frames in which the shot is seen at all: the length of its motion."""
        return self.overlap_in + self.frames


def exact(value: float) -> Fraction:
    """Return the number that the float was written as: 0.1 is one tenth."""
    return Fraction(repr(float(value)))


def nearest(value: Fraction) -> int:
    """Round to the nearest whole number, halves up."""
    # round() goes to even and can leave a one-frame shot no frame.
    return floor(value + _HALF)


def cut_points(durations_s: Sequence[Fraction], *, fps: int) -> list[int]:
    """Return the video frame at which each shot ends, shots laid end to end from 0.

    Totals are rounded, not single durations, so that a cut is never more than half a video frame from its
    true time however long the timeline.

    Raises:
        ValueError: a duration is shorter than one video frame.
    """
    for position, duration_s in enumerate(durations_s):
        if duration_s * fps < 1:
            raise ValueError(
                f"shots[{position}].duration_s: is {float(duration_s):g} s; "
                f"a shot lasts at least one video frame, {1 / fps:.4f} s"
            )
    return [nearest(total_s * fps) for total_s in accumulate(durations_s)]


def slots(durations_s: Sequence[Fraction], overlaps_s: Sequence[Fraction], *, fps: int) -> tuple[Slot, ...]:
    """Place shots end to end with overlaps between neighbours.

    Args:
        durations_s: one for each shot, each at least a video frame.
        overlaps_s: how long each shot's transition into the next takes; the last one counts for nothing.
            An overlap is cut down to half of the shorter neighbour, so that each shot is seen alone.
        fps: video frames a second.

    Raises:
        ValueError: a duration is shorter than one video frame, or the two differ in number.
    """
    ends = cut_points(durations_s, fps=fps)
    lengths = [end - start for start, end in pairwise([0, *ends])]
    wanted = [nearest(overlap_s * fps) for overlap_s, _ in zip(overlaps_s, durations_s, strict=True)]
    shorter = [min(pair) for pair in pairwise(lengths)]
    overlaps = [min(want, limit // 2) for want, limit in zip(wanted, shorter, strict=False)]
    return tuple(
        Slot(first=end - length, frames=length, overlap_in=before, overlap_out=after)
        for end, length, before, after in zip(ends, lengths, [0, *overlaps], [*overlaps, 0], strict=True)
    )
