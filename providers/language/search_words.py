"""Tags of a video on YouTube: what people search for, which nobody sees."""

from collections.abc import Iterable
from typing import Final

TAGS_CHARACTERS: Final = 500
"""Of all tags together, a comma between two, and two quotation marks around one with a space."""

_FORBIDDEN: Final = str.maketrans(dict.fromkeys(',<>#"', " "))
LONGEST: Final = 60


def search_words(found: Iterable[str]) -> tuple[str, ...]:
    """Those that YouTube takes: each once, the first ones that fit, without commas, `<`, `>` and `#`."""
    taken: dict[str, str] = {}
    left = TAGS_CHARACTERS
    for text in found:
        words = " ".join(text.translate(_FORBIDDEN).split())[:LONGEST].rstrip()
        cost = len(words) + 1 + 2 * (" " in words)
        if words and words.casefold() not in taken and cost <= left:
            taken[words.casefold()] = words
            left -= cost
    return tuple(taken.values())
