"""What words bring into a picture, read from lexicon.toml."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("lexicon.toml")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_TEXT = 4_000
_LONGEST_ENDING = 3


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case and without accents; what is beyond 4000 characters is not read."""
    folded = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT].casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(_WORD.findall(bare))


@dataclass(frozen=True, slots=True)
class Shelf:
    """One table of the lexicon: stems and what each of them means."""

    meanings: Mapping[str, tuple[str, ...]]

    def found(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """What the words mean, in the words' order, each meaning once."""
        found: dict[str, None] = {}
        for place, word in enumerate(words):
            phrases = ("-".join(words[place : place + length]) for length in (3, 2))
            meant = next((self.meanings[p] for p in phrases if p in self.meanings), None)
            for meaning in meant if meant is not None else self._of(word):
                found[meaning] = None
        return tuple(found)

    def names(self) -> tuple[str, ...]:
        """Every meaning that some word has, in the file's order."""
        return tuple(dict.fromkeys(meaning for found in self.meanings.values() for meaning in found))

    def _of(self, word: str) -> tuple[str, ...]:
        if word in self.meanings:
            return self.meanings[word]
        for ending in range(1, _LONGEST_ENDING + 1):
            stem, rest = word[:-ending], word[-ending:]
            if stem in self.meanings and (len(stem) >= 4 or rest in {"s", "es", "n", "en"}):
                return self.meanings[stem]
        # Beacon-like compounds: Leuchtturmwärter, lighthousekeeper. Long stems only, or "bar" finds barons.
        for length in range(len(word) - _LONGEST_ENDING - 1, 5, -1):
            if word[:length] in self.meanings:
                return self.meanings[word[:length]]
        return ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables: where, when, which weather, seen and drawn how, what is there, what ideas look like."""

    settings: Shelf
    times: Shelf
    weathers: Shelf
    views: Shelf
    styles: Shelf
    subjects: Shelf
    hints: Shelf
    elements: Shelf


def _shelf(table: Mapping[str, str]) -> Shelf:
    meanings: dict[str, list[str]] = {}
    for meaning, stems in table.items():
        for stem in stems.split():
            # A hyphen joins the words of a phrase, which is how plain_words' output is looked up too.
            key = "-".join(plain_words(stem))
            if meaning not in meanings.setdefault(key, []):
                meanings[key].append(meaning)
    return Shelf(MappingProxyType({stem: tuple(found) for stem, found in meanings.items()}))


@cache
def lexicon() -> Lexicon:
    """The lexicon of this package."""
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return Lexicon(**{name: _shelf(table) for name, table in tables.items()})
