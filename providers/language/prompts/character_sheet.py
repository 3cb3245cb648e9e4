"""Asking who somebody is and what they look like."""

from pydantic import BaseModel, Field

from providers.language.sheet import Prompt, Sheet
from providers.protocols.analysis import CharacterRequest, CharacterSheet

SYSTEM = """\
You describe a character of a video so that an image model draws them alike from picture to picture.

- `description` is in English and tells outward appearance alone, in one paragraph of at most 80 words: \
age, face, skin, hair, eyes, build, clothes, and what they always carry. Be exact and plain: colours, \
lengths, materials. No mood, no story, no names of real people.
- Where pictures are given, describe what they show; where they differ from the text, the pictures win. \
Do not say who a real person in a picture is.
- Choose fitting details where nothing is said, and stay with what is said otherwise.
- `age`, `gender`, `role` and `cultural_context` are a few English words each; null where nothing tells."""


class SheetDraft(BaseModel):
    """Who somebody is."""

    name: str
    description: str = Field(description="Outward appearance alone, in English.")
    age: str | None = None
    gender: str | None = None
    role: str | None = None
    cultural_context: str | None = None

    def sheet(self, name: str | None = None) -> CharacterSheet:
        """The sheet, under another name where one is given."""
        return CharacterSheet(
            name=name or self.name.strip(),
            description=" ".join(self.description.split()),
            age=self.age or None,
            gender=self.gender or None,
            role=self.role or None,
            cultural_context=self.cultural_context or None,
        )


def character_prompt(request: CharacterRequest) -> Prompt:
    """The question, with the pictures."""
    return (
        Sheet()
        .fact("Pictures", len(request.pictures))
        .fact("Language of the text", request.language)
        .material("name", request.name)
        .material("what is said about them", request.text)
        .prompt(SYSTEM, pictures=request.pictures)
    )
