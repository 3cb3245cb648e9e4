"""How words are said that a voice would say wrongly."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from documents.text import LanguageTag, Title
from documents.tree.node import Section, Stored

ENTRIES_MAX = 500


class LexiconEntry(Stored):
    """One word or name.

    Args:
        written: as it stands in the text and in captions.
        spoken: as a voice is to read it, in ordinary letters.
        language: where the entry counts; None in every language.
    """

    written: Title
    spoken: Title
    language: LanguageTag | None = None


class Pronunciation(Section):
    """A project's own lexicon; it goes before its company's."""

    entries: Annotated[list[LexiconEntry], Field(max_length=ENTRIES_MAX)] = Field(default_factory=list)


def touching(entries: Sequence[LexiconEntry], text: str, language: str) -> list[LexiconEntry]:
    """Those of the entries that may change how a text in `language` is read, in their order.

    An entry for `pt` counts in `pt-BR` too, one for `pt-BR` not in `pt`.
    """
    words = _folded(text)
    return [
        entry
        for entry in entries
        if (entry.language is None or f"{language}-".startswith(f"{entry.language}-"))
        and _folded(entry.written) in words
    ]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
