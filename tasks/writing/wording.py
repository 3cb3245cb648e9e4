"""Words of a language model as documents hold them: cut to their length, and without what cannot be shown."""

import re
from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter, ValidationError

from documents.text import Line, Paragraph, Tag

_LINE: Final = TypeAdapter[str](Line)
_PARAGRAPH: Final = TypeAdapter[str](Paragraph)
_TAG: Final = TypeAdapter[str](Tag)
_LINE_LENGTH: Final = 200
_PARAGRAPH_LENGTH: Final = 5_000
_TAG_LENGTH: Final = 60
_TAGS: Final = 30
_NEVER_SHOWN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def line(text: str | None) -> str | None:
    """One line; None for nothing."""
    cut = " ".join(_NEVER_SHOWN.sub("", text or "").split())[:_LINE_LENGTH].strip()
    return _LINE.validate_python(cut) or None


def paragraph(text: str | None) -> str:
    """A text of at most a paragraph's length."""
    return _PARAGRAPH.validate_python(_NEVER_SHOWN.sub("", text or "").strip()[:_PARAGRAPH_LENGTH])


def search_tags(texts: Iterable[str]) -> list[str]:
    """Words that people search for, each once, as many as are kept."""
    found = (text for each in texts if (text := (line(each) or "")[:_TAG_LENGTH].strip()))
    return list({text.casefold(): text for text in found}.values())[:_TAGS]


def tags(texts: Iterable[str]) -> list[str]:
    """Hashtags without `#`, each once, as many as are kept."""
    kept: dict[str, str] = {}
    for text in texts:
        bare = "".join(_NEVER_SHOWN.sub("", text).replace("#", "").split())[:_TAG_LENGTH]
        try:
            kept.setdefault(bare.casefold(), _TAG.validate_python(bare))
        except ValidationError:
            continue
    return list(kept.values())[:_TAGS]
