"""Dynamic time warping: which moment of one sequence is which moment of another.

A coarse pass over averaged rows finds the way, a fine one looks for it again in a corridor around the coarse
one. So time and memory grow with the length of the speech and not with its square, save for the coarse pass,
which is sixty-four times smaller, and coarser still for speech of several minutes.
"""

import numpy as np
from numpy.typing import NDArray

COARSER = 8
COARSE_ROWS_MAX = 3_000
CORRIDOR = 7.5  # coarse rows to either side
Rows = NDArray[np.float64]
Path = NDArray[np.intp]


def warped(first: Rows, second: Rows) -> Path:
    """For each row of `first` the row of `second` that it is, as numbers that never fall.

    Both begin and end together. A row of `first` that is several of `second` gets their middle.
    """
    if min(len(first), len(second)) < 2 * COARSER:
        every = np.zeros(len(first), dtype=np.intp)
        return _way(first, second, every, np.full(len(first), len(second)))
    times = max(COARSER, -(-max(len(first), len(second)) // COARSE_ROWS_MAX))
    ours, theirs = _coarser(first, times), _coarser(second, times)
    coarse = _way(ours, theirs, np.zeros(len(ours), dtype=np.intp), np.full(len(ours), len(theirs)))
    middle = np.interp(np.arange(len(first)) / times, np.arange(len(coarse)), coarse) * times
    reach = round(CORRIDOR * times)
    start = np.clip(middle - reach, 0, len(second) - 1).astype(np.intp)
    end = np.clip(middle + reach, 1, len(second)).astype(np.intp)
    start[0], end[-1] = 0, len(second)
    # A way steps to the next column or stays: a corridor that jumps is widened until it has such steps.
    end[:-1] = np.maximum(end[:-1], start[1:] + 1)
    return _way(first, second, start, end)


def _coarser(rows: Rows, times: int) -> Rows:
    padded = np.pad(rows, ((0, -len(rows) % times), (0, 0)), mode="edge")
    return np.asarray(padded.reshape(-1, times, rows.shape[1]).mean(axis=1))


def _way(first: Rows, second: Rows, start: Path, end: Path) -> Path:
    """The cheapest way through the columns from `start` up to `end` of each row."""
    squares = (second**2).sum(axis=1)
    costs: list[Rows] = []
    for row, each in enumerate(first):
        near = slice(start[row], end[row])
        apart = np.sqrt(np.maximum(squares[near] - 2 * second[near] @ each + each @ each, 0.0))
        if row == 0:
            before = np.full(len(apart), np.inf)
            before[0] = 0.0
        else:
            above = np.full(len(second) + 1, np.inf)
            above[start[row - 1] + 1 : end[row - 1] + 1] = costs[-1]
            before = np.minimum(above[start[row] + 1 : end[row] + 1], above[start[row] : end[row]])
        # min over k <= j of (before[k] + apart[k] + … + apart[j]): coming from the left as well, at once.
        total = np.cumsum(apart)
        costs.append(np.minimum.accumulate(before - total + apart) + total)
    return _back(costs, start)


def _back(costs: list[Rows], start: Path) -> Path:
    """The way from the last cell to the first, as the middle column of each row."""

    def cost(row: int, column: int) -> float:
        at = column - start[row]
        return float(costs[row][at]) if row >= 0 and 0 <= at < len(costs[row]) else np.inf

    row, column = len(costs) - 1, int(start[-1]) + len(costs[-1]) - 1
    lowest, highest = np.zeros(len(costs), dtype=np.intp), np.zeros(len(costs), dtype=np.intp)
    highest[row] = column
    while row or column:
        lowest[row] = column
        steps = ((row - 1, column - 1), (row - 1, column), (row, column - 1))
        next_row, column = min(steps, key=lambda step: cost(*step))
        if next_row != row:
            row = next_row
            highest[row] = column
    return (lowest + highest) // 2
