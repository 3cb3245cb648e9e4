"""How words are said that a voice would say wrongly."""

from collections.abc import Sequence

import strawberry

import documents.tree.lexicon as stored
from access.permissions import Permission
from providers.spoken.text import SpokenGroup
from providers.spoken.text import SpokenText as Spoken
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import lexicon
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.inputs import given

Info = strawberry.Info[Context, None]


@strawberry.type(description="How one word or name is said.")
class LexiconEntry:
    """Read from `documents.tree.lexicon.LexiconEntry`."""

    written: str = strawberry.field(
        description="As it stands in the text; found as a whole word, in any case if it is written in small "
        "letters alone."
    )
    spoken: str = strawberry.field(description="As a voice reads it, in ordinary letters.")
    language: str | None = strawberry.field(
        description="BCP-47 tag of the language in which it counts (`pt` in `pt-BR` too); null for all."
    )


@strawberry.type(description="A project's own lexicon; its entries go before those of its company.")
class Lexicon:
    """Read from `documents.tree.lexicon.Pronunciation`."""

    entries: list[LexiconEntry] = strawberry.field(description="At most 500.")
    revision: int = strawberry.field(description="Raised with each change to the lexicon itself.")


@strawberry.type(description="Words as they are written, and what is said for them.")
class SpokenPart:
    """Read from `providers.spoken.text.SpokenGroup`."""

    spoken: str = strawberry.field(description="What is said; mostly what is written.")

    @strawberry.field(description="One word, or several that are said as one, such as `5 km`.")
    def written(self, root: strawberry.Parent[SpokenGroup]) -> str:
        """The words with spaces."""
        return " ".join(root.written)


@strawberry.type(description="What would be spoken for a frame's narration now.")
class SpokenText:
    """Read from `providers.spoken.text.SpokenText`."""

    text: str = strawberry.field(
        description="Figures, signs and short forms in words, and the lexicon's words as they are said; the "
        "voiceover's own text where it has one."
    )

    @strawberry.field(graphql_type=list[SpokenPart], description="Its words, in their order.")
    def parts(self, root: strawberry.Parent[Spoken]) -> Sequence[SpokenGroup]:
        """Word for word."""
        return root.groups


@strawberry.input(description="How one word or name is said.")
class LexiconEntryInput:
    """Unpacked by `schema.inputs.given`."""

    written: str = strawberry.field(description="As it stands in the text: one line, 1 to 200 characters.")
    spoken: str = strawberry.field(
        description="As a voice is to read it, in ordinary letters: one line, 1 to 200 characters."
    )
    language: str | None = strawberry.field(
        default=None, description="BCP-47 tag of the language in which it counts; null for all."
    )


@strawberry.input(description="A project's lexicon, whole.")
class UpdateLexiconInput:
    """Unpacked by `LexiconMutations.update_lexicon`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    entries: list[LexiconEntryInput] = strawberry.field(description="All entries, at most 500.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The lexicon's revision as the client knows it; null to change it anyhow."
    )


@strawberry.type(description="What came of changing a project's lexicon.")
class UpdateLexiconPayload(Payload):
    """Over `Outcome[Lexicon]`."""

    lexicon = result_field(
        Lexicon, "The lexicon as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type
class LexiconMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateLexiconPayload,
        description="Say how words are said in one project. Voices that it concerns become stale.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_lexicon(self, info: Info, input: UpdateLexiconInput) -> Outcome[stored.Pronunciation]:
        """Change."""
        return await lexicon.update(
            info.context,
            project_id(input.project_id, "input.projectId"),
            [given(entry) for entry in input.entries],
            expected_revision=input.expected_revision,
        )
