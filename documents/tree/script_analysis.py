"""What a close reading found in a script."""

from typing import Annotated

from beanie import PydanticObjectId
from pydantic import Field

from documents.text import Line, Paragraph, Title
from documents.tree.asset import Provenance
from documents.tree.node import Stored

FOUND_MAX = 100
"""Characters and suggestions that are kept of a reading."""


class FoundCharacter(Stored):
    """Somebody whom the script speaks of.

    Args:
        description: outward appearance, as far as the script tells it.
        scene_ids: where they appear.
        character_id: the character that they are; None where there is none of that name yet.
    """

    name: Title
    description: Paragraph = ""
    age: Line | None = None
    gender: Line | None = None
    role: Line | None = None
    cultural_context: Line | None = None
    scene_ids: list[PydanticObjectId] = Field(default_factory=list)
    character_id: PydanticObjectId | None = None


class ScriptAnalysis(Stored):
    """A script as it was read.

    Args:
        hook_score: from 0 to 10, how well the first seconds hold a viewer.
        suggestions: how to do better.
        provenance: who read it, and the hash of what was read.
    """

    summary: Paragraph = ""
    genre: Line | None = None
    kind: Line | None = None
    hook_score: Annotated[int, Field(ge=0, le=10)] | None = None
    suggestions: Annotated[list[Paragraph], Field(max_length=FOUND_MAX)] = Field(default_factory=list)
    characters: Annotated[list[FoundCharacter], Field(max_length=FOUND_MAX)] = Field(default_factory=list)
    provenance: Provenance
