import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from providers.alignment.warping import warped

sizes = st.integers(min_value=1, max_value=300)


@given(sizes, sizes, st.integers(min_value=0, max_value=9))
def test_the_way_goes_through_every_row_and_never_back(first: int, second: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    way = warped(chance.normal(size=(first, 3)), chance.normal(size=(second, 3)))
    assert len(way) == first
    assert way[0] >= 0
    assert way[-1] < second
    assert (np.diff(way) >= 0).all()


def test_a_stretched_sequence_is_found_in_itself() -> None:
    rows = np.cumsum(np.random.default_rng(1).normal(size=(400, 4)), axis=0)
    places = np.concatenate([np.arange(0, 200, 0.5), np.arange(200, 400, 2)]).astype(int)
    way = warped(rows[places], rows)
    assert np.abs(way - places).max() <= 2


def test_minutes_take_a_coarser_first_pass() -> None:
    rows = np.cumsum(np.random.default_rng(2).normal(size=(26_000, 2)), axis=0)
    assert np.abs(warped(rows, rows) - np.arange(26_000)).max() <= 2
