"""Words whose reading somebody has settled."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from providers.local.tokens import phrase_parser
from providers.spoken.rule import Rule


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """What is said for a word or several, wherever they are written.

    One that is written in small letters alone is found in any case; one with a capital only as it stands.
    """

    written: str
    spoken: str


def lexicon_rules(lexicon: Sequence[Pronunciation], language: str) -> list[Rule]:
    """One rule for each entry, those with the longest writing first; of two alike the first one counts.

    Whole words are found, and no parts of words, save in languages without spaces.
    """
    bounded = phrase_parser(language) is None
    longest_first = sorted(lexicon, key=lambda entry: len(entry.written), reverse=True)
    return [_rule(entry, bounded=bounded) for entry in longest_first if entry.written.strip()]


def _rule(entry: Pronunciation, *, bounded: bool) -> Rule:
    written = entry.written.strip()
    pattern = r"\s+".join(re.escape(part) for part in written.split())
    if bounded and written[0].isalnum():
        pattern = r"(?<!\w)" + pattern
    if bounded and written[-1].isalnum():
        pattern += r"(?!\w)"
    is_any_case = written == written.lower()
    return Rule(re.compile(pattern, re.IGNORECASE if is_any_case else 0), lambda _: entry.spoken)
