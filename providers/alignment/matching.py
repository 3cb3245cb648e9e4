"""Which letters of one text are which letters of another: a global alignment (Needleman and Wunsch, 1970)."""

import numpy as np
from numpy.typing import NDArray

from providers.alignment.letters import Letters

SAME = 4
BOTH_START = 2  # two words that begin alike are more likely one word than two that meet in their middle
BOTH_GO_ON = 1
OTHER = -3
LEFT_OUT = -2
_FROM_ABOVE, _FROM_LEFT = 1, 2


def same_letters(first: Letters, second: Letters) -> list[tuple[int, int]]:
    """Pairs of places with the same letter, both rising, so that as much as possible is alike.

    Takes time and memory with the product of both lengths, a byte for each pair: for texts of some thousand
    letters.
    """
    if not first.letters or not second.letters:
        return []
    across = _codes(second.letters)
    starts = np.asarray(second.starts)
    steps = LEFT_OUT * np.arange(len(across) + 1)
    above = steps.copy()
    moves = np.zeros((len(first.letters), len(across) + 1), dtype=np.int8)
    for row, code in enumerate(_codes(first.letters)):
        alike = across == code
        likeness = starts * BOTH_START if first.starts[row] else ~starts * BOTH_GO_ON
        worth = np.where(alike, SAME + likeness, OTHER)
        best = above + LEFT_OUT
        moves[row] = _FROM_ABOVE
        along = above[:-1] + worth
        is_along = along >= best[1:]
        best[1:][is_along] = along[is_along]
        moves[row, 1:][is_along] = 0
        # Coming from the left, any number of columns at once: the best so far, less what was left out since.
        reached = np.maximum.accumulate(best - steps) + steps
        # Of two ways that are as good the one whose letters stand earlier: a word is not drawn apart.
        from_left = np.concatenate(([False], reached[:-1] + LEFT_OUT >= best[1:]))
        moves[row][from_left] = _FROM_LEFT
        above = reached
    return _pairs(moves, first.letters, second.letters)


def _codes(letters: str) -> NDArray[np.int32]:
    return np.frombuffer(letters.encode("utf-32-le"), dtype="<i4")


def _pairs(moves: NDArray[np.int8], first: str, second: str) -> list[tuple[int, int]]:
    row, column = len(first), len(second)
    pairs: list[tuple[int, int]] = []
    while row and column:
        move = moves[row - 1, column]
        if move == _FROM_ABOVE:
            row -= 1
        elif move == _FROM_LEFT:
            column -= 1
        else:
            row, column = row - 1, column - 1
            if first[row] == second[column]:
                pairs.append((row, column))
    return pairs[::-1]
