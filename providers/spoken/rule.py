"""A rule says how one kind of writing is read."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_END_OF_SENTENCE = re.compile(r"\s*$|\s+[\"\u201c\u201e\u00bb(]?[A-Z\u00c0-\u00de\u00bf\u00a1]|[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Rule:
    """What it applies to, and what is said for it: None leaves the match as it is, open to later rules.

    `says` may answer with the matched text itself: then no later rule touches it.
    """

    pattern: re.Pattern[str]
    says: Callable[[re.Match[str]], str | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """Characters from `start` up to `end` of a text, and what is said for them."""

    start: int
    end: int
    says: str


def readings(text: str, rules: list[Rule]) -> list[Reading]:
    """What the rules find, in the text's order; an earlier rule's find is not touched by a later one."""
    found: list[Reading] = []
    taken = bytearray(len(text))
    for rule in rules:
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if start == end or any(taken[start:end]):
                continue
            says = rule.says(match)
            if says is not None:
                found.append(Reading(start, end, says))
                taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda reading: reading.start)


def ends_sentence(match: re.Match[str]) -> bool:
    """Whether a sentence ends with what was found, as what follows begins one."""
    return _END_OF_SENTENCE.match(match.string, match.end()) is not None


def any_of(written: list[str]) -> str:
    """A pattern of these texts, the longest first; a space in them is any white space."""
    longest_first = sorted(written, key=len, reverse=True)
    return "|".join(re.escape(text).replace(r"\ ", r"\s+") for text in longest_first)
