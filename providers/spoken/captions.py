"""When each written word is shown, by the times of what is spoken for it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from providers.local.tokens import weight
from providers.protocols.speech import SpokenWord
from providers.spoken.text import SpokenText


def says_the_same(spoken: SpokenText, words: Sequence[SpokenWord]) -> bool:
    """Whether the words are the spoken text's own, white space apart: then `shown_words` may be asked."""
    return bool(words) and _packed("".join(word.text for word in words)) == _packed(spoken.text)


def shown_words(spoken: SpokenText, words: Sequence[SpokenWord]) -> tuple[SpokenWord, ...]:
    """The written words with the times of their groups.

    The words laid end to end are the spoken text, however they are cut: a group begins and ends where its
    letters do. Several written words of one group share its time in proportion to their letters.
    """
    letters = _Letters(words)
    shown: list[SpokenWord] = []
    at = 0
    for group in spoken.groups:
        length = len(_packed(group.spoken))
        start_s = letters.begins_s(at)
        end_s = max(start_s, letters.ended_s(at + length)) if length else start_s
        at += length
        total = sum(weight(word) for word in group.written)
        passed = 0
        for word in group.written:
            from_s = start_s + (end_s - start_s) * passed / total
            passed += weight(word)
            to_s = min(end_s, start_s + (end_s - start_s) * passed / total)
            shown.append(SpokenWord(word, from_s, to_s))
    return tuple(shown)


class _Letters:
    """When each letter of some words is heard; a word's time is shared by its letters."""

    def __init__(self, words: Sequence[SpokenWord]) -> None:
        self._words = [word for word in words if _packed(word.text)]
        self._places = [0, *accumulate(len(_packed(word.text)) for word in self._words)]

    def begins_s(self, letter: int) -> float:
        """When the letter at that place begins; past the last one, when that ends."""
        if letter >= self._places[-1]:
            return self._words[-1].end_s
        return self._time(bisect_right(self._places, letter) - 1, letter)

    def ended_s(self, letters: int) -> float:
        """When the first so many letters are over."""
        return self._time(max(0, bisect_left(self._places, letters) - 1), letters)

    def _time(self, index: int, letter: int) -> float:
        word, from_letter, to_letter = self._words[index], self._places[index], self._places[index + 1]
        share = (letter - from_letter) / (to_letter - from_letter)
        return word.end_s if letter == to_letter else word.start_s + share * (word.end_s - word.start_s)


def _packed(text: str) -> str:
    return "".join(text.split())
