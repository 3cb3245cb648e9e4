"""Hashtags as the platforms take them."""

import unicodedata
from collections.abc import Iterable

MAX_HASHTAGS = 30
MAX_CHARACTERS = 60


def hashtags(found: Iterable[str]) -> tuple[str, ...]:
    """Letters, marks, digits and underscores alone, without `#`; none twice, none of digits only, 30 at most.

    Several that came as one text, `#one #two`, are taken apart.
    """
    tags: dict[str, str] = {}
    for text in found:
        for part in text.split("#") if "#" in text else [text]:
            tag = "".join(character for character in part if _belongs(character))
            if tag and not tag.isdigit() and len(tag) <= MAX_CHARACTERS:
                tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:MAX_HASHTAGS]


def _belongs(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in {"L", "M", "N"}
