"""Text that people write: bounded, and free of what is no character that could be shown."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

_LINE_BREAKS = "\n\t"
# Controls, halves of surrogate pairs and noncharacters, which Unicode will never make more of. What Python's
# tables do not know may well be a character: those of next year's Unicode among them.
_NEVER_SHOWN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
    + "]"
)


def _printable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _NEVER_SHOWN.search(text)
    if found is not None:
        msg = f"holds the control or noncharacter U+{ord(found[0]):04X} at position {found.start()}"
        raise ValueError(msg)
    return text


def without_unprintable(text: str) -> str:
    """A text without what `Paragraph` and the others refuse, such as what a model may make up."""
    return _NEVER_SHOWN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


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

Remark = Annotated[
    str,
    StringConstraints(max_length=5_000, strip_whitespace=True),
    AfterValidator(_printable),
    StringConstraints(min_length=1),
]
"""What one person says to another: 1 to 5,000 characters, white space around them aside."""

Instructions = Annotated[
    str,
    StringConstraints(max_length=10_000, strip_whitespace=True),
    AfterValidator(_printable),
    StringConstraints(min_length=1),
]
"""What a language model is told to be: 1 to 10,000 characters, white space around them aside."""

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

COLOUR_PATTERN: Final = r"^#[0-9A-F]{6}$"
Colour = Annotated[str, StringConstraints(pattern=COLOUR_PATTERN, to_upper=True)]
"""`#RRGGBB`."""
