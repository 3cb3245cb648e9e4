"""What people are told about fields that cannot be stored."""

import pytest

from documents.writers_room.character import Character
from resolvers.fields import checked


@pytest.mark.parametrize(
    ("name", "said"), [("", "Must not be empty."), ("a" * 201, "At most 200 characters.")]
)
def test_the_length_of_a_text_is_told_in_characters(name: str, said: str) -> None:
    _, faults = checked(Character, {"name": name}, at="input")
    assert [(fault.field, fault.message) for fault in faults] == [("input.name", said)]
