"""Words as letters that can be compared: what two spellings of one word have in common."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters and digits of some words, end to end, and of which word each one is."""

    letters: str
    owners: tuple[int, ...]
    starts: tuple[bool, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> "Letters":
        """Case, accents and punctuation are left out: they are not heard."""
        letters: list[str] = []
        owners: list[int] = []
        starts: list[bool] = []
        for index, word in enumerate(words):
            heard = plain(word)
            letters.append(heard)
            owners.extend([index] * len(heard))
            starts.extend(place == 0 for place in range(len(heard)))
        return cls("".join(letters), tuple(owners), tuple(starts))


def plain(text: str) -> str:
    """The letters and digits of a text, in one case, without the marks upon them.

    Marks that are letters of their own, as the vowels of Hindi and Thai are, stay.
    """
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        character
        for character in spread
        if character.isalnum() or (unicodedata.category(character) in {"Mc", "Mn"} and _is_vowel(character))
    )


def _is_vowel(mark: str) -> bool:
    return unicodedata.combining(mark) == 0
