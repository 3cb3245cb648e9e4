"""Text that people write: bounded, and free of characters that nobody can see or type."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_LINE_BREAKS = "\n\t"


def _printable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if category in {"Cc", "Cs", "Cn"} and character not in _LINE_BREAKS:
            msg = f"holds the control or unassigned character U+{ord(character):04X} at position {position}"
            raise ValueError(msg)
    return text


def _single_line(text: str) -> str:
    if any(character in text for character in _LINE_BREAKS):
        msg = "must be a single line"
        raise ValueError(msg)
    return text


Line = Annotated[
    str,
    StringConstraints(max_length=200, strip_whitespace=True),
    AfterValidator(_printable),
    AfterValidator(_single_line),
]
"""A title or a name: one line, at most 200 characters."""

Title = Annotated[Line, StringConstraints(min_length=1)]
"""A line that must not be empty."""

Paragraph = Annotated[str, StringConstraints(max_length=5_000), AfterValidator(_printable)]
"""A narration, a prompt or a description: at most 5,000 characters."""

Manuscript = Annotated[str, StringConstraints(max_length=500_000), AfterValidator(_printable)]
"""A topic or a whole script: at most 500,000 characters."""

Tag = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, strip_whitespace=True),
    AfterValidator(_printable),
    AfterValidator(_single_line),
]

LanguageTag = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")
]
"""BCP 47 language with optional script and region: `pt`, `pt-BR`, `zh-Hans` (RFC 5646, the part we need)."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-F]{6}$", to_upper=True)]
"""`#RRGGBB`."""
