"""The words of a written text: what captions light up one after another, and where each one stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import budoux

from providers.protocols.speech import SpokenWord

# Scripts written without spaces, by language; budoux cuts them into phrases.
UNSPACED = {
    "ja": budoux.load_default_japanese_parser,
    "zh": budoux.load_default_simplified_chinese_parser,
    "zh-hant": budoux.load_default_traditional_chinese_parser,
    "yue": budoux.load_default_traditional_chinese_parser,
    "th": budoux.load_default_thai_parser,
}
TRADITIONAL = {"hant", "tw", "hk", "mo"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written, and the character, from 0, at which it starts."""

    text: str
    at: int


def phrase_parser(language: str) -> budoux.Parser | None:
    """What cuts an unspaced language into phrases; None for a language that puts spaces between words."""
    primary, *rest = language.replace("_", "-").lower().split("-")
    key = "zh-hant" if primary == "zh" and TRADITIONAL & set(rest) else primary
    return _loaded(key) if key in UNSPACED else None


@lru_cache(maxsize=len(UNSPACED))
def _loaded(key: str) -> budoux.Parser:
    return UNSPACED[key]()


def tokens(text: str, language: str) -> tuple[Token, ...]:
    """The text cut at white space, and between phrases where the language has no spaces.

    Nothing but white space is lost: the tokens laid end to end are the text without it.
    """
    parser = phrase_parser(language)
    found: list[Token] = []
    for match in re.finditer(r"\S+", text):
        at = match.start()
        for part in parser.parse(match.group()) if parser else [match.group()]:
            found.append(Token(part, at))
            at += len(part)
    return tuple(found)


def weight(text: str) -> int:
    """How long a word takes, against others: its letters and digits, plus a little for having a start."""
    return 1 + sum(character.isalnum() for character in text)


def timed(
    words: Sequence[Token], starts_s: Sequence[float | None], duration_s: float
) -> tuple[SpokenWord, ...]:
    """Each word with its time: it ends when the next one starts, the last one with the speech.

    A word whose start is not known (None) shares the time from the last known start to the next one in
    proportion to `weight`. Starts that go backwards are taken as not known.
    """
    known: list[tuple[int, float]] = []
    for index, start_s in enumerate(starts_s):
        if start_s is not None and start_s < duration_s and (not known or start_s > known[-1][1]):
            known.append((index, start_s))
    if not known or known[0][0] > 0:
        # What stands before the first known word is read from the very start.
        known.insert(0, (0, 0.0))
        if len(known) > 1 and known[1][1] <= 0:
            del known[1]
    known.append((len(words), duration_s))
    spoken: list[SpokenWord] = []
    for (first, from_s), (end, to_s) in pairwise(known):
        total = sum(weight(word.text) for word in words[first:end])
        passed = 0
        for word in words[first:end]:
            start_s = from_s + (to_s - from_s) * passed / total
            passed += weight(word.text)
            spoken.append(SpokenWord(word.text, start_s, from_s + (to_s - from_s) * passed / total))
    return tuple(spoken)
