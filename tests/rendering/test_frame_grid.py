"""Whole-frame arithmetic: cuts never drift, overlaps leave every shot a body."""

from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.frame_grid import cut_points, exact, slots

RATES = st.sampled_from([24, 25, 30, 60])
DURATIONS = st.fractions(min_value=Fraction(1, 10), max_value=Fraction(60), max_denominator=10_000)
OVERLAPS = st.fractions(min_value=0, max_value=5, max_denominator=1000)


@given(st.lists(DURATIONS, min_size=1, max_size=80), RATES)
def test_cuts_never_drift(durations_s: list[Fraction], fps: int) -> None:
    for cut, end_s in zip(cut_points(durations_s, fps=fps), accumulate(durations_s), strict=True):
        assert abs(cut - end_s * fps) <= Fraction(1, 2)


@given(st.lists(st.tuples(DURATIONS, OVERLAPS), min_size=1, max_size=40), RATES)
def test_slots_tile_the_video_and_overlaps_take_at_most_half(
    shots: list[tuple[Fraction, Fraction]], fps: int
) -> None:
    placed = slots([duration for duration, _ in shots], [overlap for _, overlap in shots], fps=fps)
    assert placed[0].first == 0
    assert placed[0].overlap_in == placed[-1].overlap_out == 0
    assert all(slot.body_frames >= 1 for slot in placed)
    for before, after in pairwise(placed):
        assert before.first + before.frames == after.first
        assert before.overlap_out == after.overlap_in
        assert before.overlap_out <= min(before.frames, after.frames) / 2


def test_a_duration_under_one_frame_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"shots\[1\]\.duration_s: is 0\.01 s; a shot lasts at least one"):
        cut_points([Fraction(1), Fraction(1, 100)], fps=30)


def test_floats_mean_what_they_were_written_as() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(2) == 2
