"""The words of a narration that a picture could show."""

import re
from collections.abc import Iterable
from pathlib import Path

from providers.local.tokens import tokens

MIN_LETTERS = 3
MAX_KEYWORDS = 7
EDGES = re.compile(r"^\W+|\W+$")

# Words that carry grammar rather than sights, of the languages that topics are written in.
STOP_WORDS = frozenset(Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").split())


def keywords(text: str, language: str, *, without: Iterable[str] = ()) -> list[str]:
    """Up to seven words of the text in their order, none twice, none of `without`, none that is grammar."""
    seen = {word.casefold() for word in without}
    found: list[str] = []
    for token in tokens(text, language):
        word = EDGES.sub("", token.text)
        key = word.casefold()
        is_plain_ascii = word.isascii()
        too_short = is_plain_ascii and len(word) < MIN_LETTERS
        if word and not too_short and key not in STOP_WORDS and key not in seen:
            seen.add(key)
            found.append(word)
    return found[:MAX_KEYWORDS]
