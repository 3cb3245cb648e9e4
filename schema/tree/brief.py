"""The brief: what a project is about and for whom."""

import strawberry

import documents.tree.brief as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import briefs
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_ids, project_id
from schema.inputs import given

Info = strawberry.Info[Context, None]


@strawberry.type(description="What a video is about and for whom.")
class Brief:
    """Read from `documents.tree.brief.Brief`."""

    topic: str | None = strawberry.field(description="A subject that a writer turns into a script.")
    text: str | None = strawberry.field(
        description="A finished text that is told word for word; it goes before the topic."
    )
    prompt: str | None = strawberry.field(description="Further wishes for the writer.")
    language: str = strawberry.field(description="BCP 47 tag, such as `pt-BR`.")
    audience: str | None = strawberry.field(description="For whom it is, such as `beginners`.")
    tone: str | None = strawberry.field(description="How it sounds, such as `playful`.")
    culture: str | None = strawberry.field(description="Whose customs, clothes and places it shows.")
    character_description: str | None = strawberry.field(
        description="Who appears throughout: told to the writer, and in the prompts of all pictures and "
        "clips."
    )

    @strawberry.field(
        graphql_type=list[strawberry.ID], description="Ids of the characters who may appear; at most 50."
    )
    def character_ids(self, root: strawberry.Parent[stored.Brief]) -> list[str]:
        """Global ids of the characters."""
        return [document_gid("Character", each) for each in root.character_ids]

    target_duration_s: float = strawberry.field(
        description="Length aimed at, in seconds; a given text is never shortened for it."
    )
    min_duration_s: float | None = strawberry.field(description="Shortest length wanted, in seconds.")
    max_duration_s: float | None = strawberry.field(description="Longest length wanted, in seconds.")
    target_scenes: int | None = strawberry.field(description="Number of scenes aimed at; null for any.")
    revision: int = strawberry.field(description="Raised with each change to the brief itself.")


@strawberry.input
class BriefFields:
    """What is given of a brief, new or old. A base for Python alone."""

    topic: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A subject that a writer turns into a script; at most 500,000 characters.",
    )
    text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A finished text that is told word for word and goes before the topic; at most 500,000 "
        "characters.",
    )
    prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="Further wishes for the writer; at most 5,000 characters."
    )
    language: str | None = strawberry.field(
        default=strawberry.UNSET, description="BCP 47 tag, such as `pt-BR`; `en` if never given."
    )
    audience: str | None = strawberry.field(
        default=strawberry.UNSET, description="For whom it is; at most 200 characters."
    )
    tone: str | None = strawberry.field(
        default=strawberry.UNSET, description="How it sounds, such as `playful`; at most 200 characters."
    )
    culture: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whose customs, clothes and places it shows; at most 200 characters.",
    )
    character_description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Who appears throughout, told to the writer and in the prompts of all pictures and "
        "clips; at most 5,000 characters.",
    )
    target_duration_s: float | None = strawberry.field(
        default=strawberry.UNSET, description="Length aimed at, in seconds, 5 to 3,600; 45 if never given."
    )
    min_duration_s: float | None = strawberry.field(
        default=strawberry.UNSET, description="Shortest length wanted, in seconds, 5 to 3,600."
    )
    max_duration_s: float | None = strawberry.field(
        default=strawberry.UNSET, description="Longest length wanted, in seconds, 5 to 3,600."
    )
    target_scenes: int | None = strawberry.field(
        default=strawberry.UNSET, description="Number of scenes aimed at, 1 to 200; null for any."
    )


@strawberry.input(description="What to change of a brief; what is left out stays.")
class UpdateBriefInput(BriefFields):
    """Unpacked by `BriefMutations.update_brief`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    character_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Ids of the characters who may appear: the viewer's own, or the company's; at most 50.",
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The brief's revision as the client knows it; null to change it anyhow."
    )


@strawberry.type(description="What came of changing a brief.")
class UpdateBriefPayload(Payload):
    """Over `Outcome[Brief]`."""

    brief = result_field(
        Brief, "The brief as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type
class BriefMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateBriefPayload,
        description="Change the brief. What was made from the old one stays, and is stale.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_brief(self, info: Info, input: UpdateBriefInput) -> Outcome[stored.Brief]:
        """Change."""
        values = given(input, without=("project_id", "expected_revision"))
        if input.character_ids:
            values["character_ids"] = document_ids(input.character_ids, "Character", "input.characterIds")
        return await briefs.update_brief(
            info.context,
            project_id(input.project_id, "input.projectId"),
            values,
            expected_revision=input.expected_revision,
        )
