"""Finding things by words of their names: prefixes that an index holds, so that a search is a look-up."""

import unicodedata
from typing import Any, Final

WORDS_MAX: Final = 12
"""How many words of a name can be found, and how many a search looks for."""

PREFIX_MAX: Final = 12
"""Length of the longest prefix that is indexed, in characters."""


def name_key(name: str) -> str:
    """A name as names are compared: without case and accents, its words one blank apart."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = (sign for sign in folded if not unicodedata.combining(sign))
    # Signs part words, and are none themselves: `e-Golf` is found by `golf`.
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters).split())


def name_prefixes(name: str) -> list[str]:
    """The beginnings of a name's words, each once: what a document stores and its index serves."""
    words = name_key(name).split()[:WORDS_MAX]
    return list(
        dict.fromkeys(word[:length] for word in words for length in range(1, min(len(word), PREFIX_MAX) + 1))
    )


def name_filter(text: str) -> dict[str, Any]:
    """A filter for names in which each word of a text begins some word; empty for a text without words.

    The field `name_prefixes` holds what `name_prefixes` gives. Of a word that is longer than any stored
    prefix, the beginning counts.
    """
    words = {word[:PREFIX_MAX] for word in name_key(text).split()[:WORDS_MAX]}
    # MongoDB walks the index by the first one: the longest is the rarest.
    wanted = sorted(words, key=lambda word: (-len(word), word))
    return {"name_prefixes": wanted[0] if len(wanted) == 1 else {"$all": wanted}} if wanted else {}
