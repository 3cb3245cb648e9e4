import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.cursor import Cursor
from events.errors import MalformedCursor
from events.topic_stream import new_epoch


@given(st.integers(min_value=0, max_value=2**53 - 1))
def test_a_cursor_survives_its_text(sequence: int) -> None:
    cursor = Cursor(new_epoch(), sequence)
    assert Cursor.parse(str(cursor)) == cursor


@given(st.text())
@example("")
@example("epoch")
@example("epoch:")
@example(":1")
@example("epoch:-1")
@example("epoch:01")
@example("epoch:1.0")
@example("epoch:\N{ARABIC-INDIC DIGIT ONE}")
@example("epoch:1\n")
@example("epoch:9007199254740992")
@example("ep och:1")
@example("e" * 33 + ":1")
@example("epoch:" + "9" * 5_000)
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    try:
        cursor = Cursor.parse(text)
    except MalformedCursor:
        return
    assert str(cursor) == text


@pytest.mark.parametrize(
    "text", ["epoch:9007199254740992", "epoch:1\n", "epoch:\N{ARABIC-INDIC DIGIT ONE}", "e:1:2"]
)
def test_what_was_never_handed_out_is_refused(text: str) -> None:
    with pytest.raises(MalformedCursor) as refusal:
        Cursor.parse(text)
    assert refusal.value.code == "MALFORMED_CURSOR"
