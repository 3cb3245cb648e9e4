"""What a close reading found in a script."""

import strawberry

import documents.tree.script_analysis as stored
from schema.ids import document_gid
from schema.tree.media import Provenance


@strawberry.type(description="Somebody whom a script speaks of, as a reading found them.")
class FoundCharacter:
    """Read from `documents.tree.script_analysis.FoundCharacter`."""

    name: str = strawberry.field(description="As the script names them.")
    description: str = strawberry.field(description="Outward appearance, as far as the script tells it.")
    age: str | None = strawberry.field(description="Such as `about 70`.")
    gender: str | None = strawberry.field(description="Such as `woman`.")
    role: str | None = strawberry.field(description="What they are to the story.")
    cultural_context: str | None = strawberry.field(description="Such as `Breton`.")

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the character who they are; null before `createCharactersFromAnalysis`.",
    )
    def character_id(self, root: strawberry.Parent[stored.FoundCharacter]) -> str | None:
        """Global id of the character."""
        return None if root.character_id is None else document_gid("Character", root.character_id)


@strawberry.type(description="A script as it was read closely.")
class ScriptAnalysis:
    """Read from `documents.tree.script_analysis.ScriptAnalysis`."""

    summary: str = strawberry.field(description="What it is about.")
    genre: str | None = strawberry.field(description="Such as `documentary`.")
    kind: str | None = strawberry.field(description="Such as `story` or `advert`.")
    hook_score: int | None = strawberry.field(
        description="How well the first seconds hold a viewer, from 0 to 10; null where that was not said."
    )
    suggestions: list[str] = strawberry.field(description="How to do better.")
    characters: list[FoundCharacter] = strawberry.field(description="Who appears; at most 100.")
    provenance: Provenance = strawberry.field(description="Who read it, and when.")
