"""Work in batches that one answer can hold."""

from collections.abc import Callable, Sequence
from typing import TypeVar

ItemT = TypeVar("ItemT")


def batches(
    items: Sequence[ItemT], *, length: Callable[[ItemT], int], most: int, longest: int
) -> list[tuple[ItemT, ...]]:
    """The items in their order, at least one batch; none has more than `most` or is longer than `longest`.

    An item that is longer by itself has a batch of its own.
    """
    made: list[tuple[ItemT, ...]] = []
    current: list[ItemT] = []
    total = 0
    for item in items:
        size = length(item)
        if current and (len(current) == most or total + size > longest):
            made.append(tuple(current))
            current, total = [], 0
        current.append(item)
        total += size
    return [*made, tuple(current)]
