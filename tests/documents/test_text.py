import unicodedata

import pytest
from pydantic import TypeAdapter, ValidationError

from documents.text import Line, Paragraph

PARAGRAPH: TypeAdapter[str] = TypeAdapter(Paragraph)
LINE: TypeAdapter[str] = TypeAdapter(Line)

YET_UNKNOWN = "\U0001faff\U0001fbfb\u0378\U000e0fff"


@pytest.mark.parametrize(
    "code",
    [
        0x0,
        0x7,
        0x8,
        0xB,
        0x1B,
        0x7F,
        0x80,
        0x9F,
        0xFDD0,
        0xFDEF,
        0xFFFE,
        0xFFFF,
        0x1FFFE,
        0xAFFFF,
        0x10FFFE,
        0x10FFFF,
    ],
)
def test_control_or_noncharacter_is_refused_by_its_number(code: int) -> None:
    with pytest.raises(ValidationError, match=f"U\\+{code:04X} at position 1"):
        PARAGRAPH.validate_python(f"a{chr(code)}")


def test_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValidationError):
        PARAGRAPH.validate_python("a\ud83d")


def test_character_that_this_python_does_not_know_yet_is_kept() -> None:
    assert any(unicodedata.category(character) == "Cn" for character in YET_UNKNOWN)
    assert PARAGRAPH.validate_python(YET_UNKNOWN) == YET_UNKNOWN
    assert LINE.validate_python(YET_UNKNOWN) == YET_UNKNOWN


@pytest.mark.parametrize("text", ["\ufdcf\ufdf0", "\ufffd", "\ue000", "\u200d\u200f\u00ad\ufeff", "a\tb\nc"])
def test_neighbours_of_what_is_refused_are_kept(text: str) -> None:
    assert PARAGRAPH.validate_python(text) == text


def test_line_breaks_become_one_kind_and_have_no_place_in_a_line() -> None:
    assert PARAGRAPH.validate_python("a\r\nb\rc") == "a\nb\nc"
    with pytest.raises(ValidationError, match="single line"):
        LINE.validate_python("a\nb")
