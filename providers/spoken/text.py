"""A written text as it is spoken, and which of its words are said how."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from providers.local.tokens import tokens
from providers.spoken.abbreviations import abbreviation_rules
from providers.spoken.figures import day_rules, figure_rules, span_rules
from providers.spoken.lexicon import Pronunciation, lexicon_rules
from providers.spoken.rule import Reading, Rule, readings
from providers.spoken.signs import sign_rules
from providers.spoken.table import table

# Addresses, handles, versions and dates in figures: nobody knows how they are wanted, so voices read them.
# Every part is bounded or begins where a word does, so that no text takes longer than its length allows.
_LEFT_ALONE = re.compile(
    r"(?<!\w)(?:https?://|www\.)\S+"
    r"|(?<![^\s(<])[^\s@<>()]+@[^\s@<>()]+"
    r"|(?<!\S)[@#][^\W\d]\w*"
    r"|\+\d[\d() /-]{5,30}\d|\(\d{2,5}\) ?[\d /-]{4,30}\d|(?<!\d)\d{2,5}(?:-\d{2,5}){2,9}"
    r"|(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{1,4}"
    r"|(?<!\d)\d{1,9}(?:\.\d{1,9}){2,9}"
)


@dataclass(frozen=True, slots=True)
class SpokenGroup:
    """Written words that belong together, and what is said for them: mostly one word that is said itself."""

    written: tuple[str, ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class SpokenText:
    """What is said, and its parts in the order of the written words, of which none is left out."""

    text: str
    groups: tuple[SpokenGroup, ...]


def spoken_text(text: str, language: str, lexicon: Sequence[Pronunciation] = ()) -> SpokenText:
    """How `text` is read aloud in `language` (a BCP-47 tag): figures, signs and short forms in words.

    The lexicon counts before everything else. What the language's table lacks stays as it is written.
    """
    rules = [*lexicon_rules(lexicon, language), *_rules(language)]
    found = readings(text, rules)
    return SpokenText(_replaced(text, 0, len(text), found), _groups(text, language, found))


def as_it_stands(text: str, language: str) -> SpokenText:
    """A text that is read as it is written, word by word."""
    return SpokenText(text, _groups(text, language, []))


@lru_cache(maxsize=64)
def _rules(language: str) -> tuple[Rule, ...]:
    known = table(language)
    left_alone = Rule(_LEFT_ALONE, lambda match: match[0])
    if known is None:
        return ()
    signs = (*span_rules(known), *sign_rules(known))
    return (left_alone, *day_rules(known), *signs, *abbreviation_rules(known), *figure_rules(known))


def _groups(text: str, language: str, found: list[Reading]) -> tuple[SpokenGroup, ...]:
    """The words, with those taken together that one reading spans."""
    groups: list[SpokenGroup] = []
    written: list[str] = []
    start = end = 0
    ends = [reading.end for reading in found]

    def close() -> None:
        if written:
            groups.append(SpokenGroup(tuple(written), _replaced(text, start, end, found).strip()))
            written.clear()

    for token in tokens(text, language):
        at = bisect_right(ends, token.at)  # the first reading that ends behind the word's start
        if at == len(found) or found[at].start >= token.at:
            close()
            start = token.at
        written.append(token.text)
        end = token.at + len(token.text)
    close()
    return tuple(groups)


def _replaced(text: str, start: int, end: int, found: Sequence[Reading]) -> str:
    parts: list[str] = []
    at = start
    for index in range(bisect_left(found, start, key=_start), bisect_left(found, end, key=_start)):
        reading = found[index]
        parts += [text[at : reading.start], reading.says]
        at = reading.end
    return "".join([*parts, text[at:end]])


def _start(reading: Reading) -> int:
    return reading.start
