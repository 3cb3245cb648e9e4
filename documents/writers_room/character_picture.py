"""What a reference picture of a character is drawn from, and the words of its prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from documents.tree.inputs import hash_of
from documents.writers_room.character import Character, CharacterImage

WIDTH, HEIGHT = 768, 1024
"""In pixels: upright, so that somebody is seen whole."""
REFERENCES_MAX: Final = 3
"""Pictures of a character that a maker is shown for a new one: the first ones, which count most."""

_LONGEST: Final = 5_000
_RULE: Final = "Reference picture of one character, alone and clearly seen before a plain light background."


@dataclass(frozen=True, slots=True)
class CharacterPictureInputs:
    """What a picture of a character is drawn from.

    Args:
        appearance: name and looks.
        wish: what this picture is to show, such as `from the side`; may be empty.
        references: SHA-256 of the pictures that it shall agree with, in their order.
    """

    appearance: str
    wish: str
    width: int
    height: int
    provider: str | None
    references: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("character", self)

    @property
    def prompt(self) -> str:
        """All that a model of pictures is told."""
        parts = [_RULE, *([f"{self.wish}."] if self.wish else []), f"Character: {self.appearance}."]
        return " ".join(" ".join(part.split()).replace("..", ".") for part in parts)[:_LONGEST].rstrip()


def character_picture_inputs(
    character: Character, references: Sequence[CharacterImage], *, wish: str, provider: str | None
) -> CharacterPictureInputs:
    """What a picture of this character would be drawn from now."""
    return CharacterPictureInputs(
        appearance=character.appearance,
        wish=wish.strip(),
        width=WIDTH,
        height=HEIGHT,
        provider=provider,
        references=tuple(each.file.sha256 for each in references),
    )
