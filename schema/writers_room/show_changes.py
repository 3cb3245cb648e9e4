"""What can be changed of shows, and how projects become their episodes."""

from collections.abc import Collection
from typing import Any

import strawberry

import documents.projects.project as stored_project
import documents.writers_room.show as stored
from access.permissions import Permission
from documents.tree.style_preset import StylePreset
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.writers_room import episodes, shows
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id, project_id
from schema.inputs import given
from schema.projects.project import Project
from schema.tree import style_preset as _style_preset  # noqa: F401 - describes the presets
from schema.writers_room.show import Show

Info = strawberry.Info[Context, None]
_ID = "Id of the show."
_VISUAL = "Words for the pictures besides the preset's: one line, at most 120 characters."
_SPEECH = "Who speaks, as `providers` names them; null for the usual provider."
_VOICE = "Id of a voice of theirs; null for the language's first."
_LANGUAGE = "BCP 47 tag of the language that is spoken, such as `pt-BR`."
_LINE = "One line, at most 200 characters."
_PERSONA = (
    "Id of the persona that writes new episodes, for all who see it; null for none. The newest version is "
    "taken."
)


@strawberry.input(description="A new show.")
class CreateShowInput:
    """Unpacked by `ShowMutations.create_show`."""

    in_company: bool = strawberry.field(
        default=False,
        description="Whether it is the company's: its members see it and add episodes, and who holds "
        "`ASSETS_MANAGE` changes it. Takes `ASSETS_MANAGE`.",
    )
    name: str = strawberry.field(description="One line, 1 to 200 characters.")
    description: str = strawberry.field(default="", description="What it is about; its writer is told so.")
    style_preset: StylePreset = strawberry.field(
        default=StylePreset.CINEMATIC, description="What its pictures look like."
    )
    visual_prompt: str = strawberry.field(default="", description=_VISUAL)
    speech_provider: str | None = strawberry.field(default=None, description=_SPEECH)
    voice: str | None = strawberry.field(default=None, description=_VOICE)
    language: str = strawberry.field(default="en", description=_LANGUAGE)
    audience: str | None = strawberry.field(default=None, description=f"For whom it is. {_LINE}")
    culture: str | None = strawberry.field(default=None, description=f"Which culture it keeps to. {_LINE}")
    persona_id: strawberry.ID | None = strawberry.field(default=None, description=_PERSONA)


@strawberry.input(
    description="What to change of a show; what is left out stays. Its episodes stay as they are."
)
class UpdateShowInput:
    """Unpacked by `ShowMutations.update_show`."""

    show_id: strawberry.ID = strawberry.field(description=_ID)
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line, 1 to 200 characters."
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="What it is about; its writer is told so."
    )
    style_preset: StylePreset | None = strawberry.field(
        default=strawberry.UNSET, description="What its pictures look like."
    )
    visual_prompt: str | None = strawberry.field(default=strawberry.UNSET, description=_VISUAL)
    speech_provider: str | None = strawberry.field(default=strawberry.UNSET, description=_SPEECH)
    voice: str | None = strawberry.field(default=strawberry.UNSET, description=_VOICE)
    language: str | None = strawberry.field(default=strawberry.UNSET, description=_LANGUAGE)
    audience: str | None = strawberry.field(default=strawberry.UNSET, description=f"For whom it is. {_LINE}")
    culture: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Which culture it keeps to. {_LINE}"
    )
    persona_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_PERSONA)
    expected_revision: int | None = strawberry.field(
        default=None, description="The show's revision as the client knows it; null to go on anyhow."
    )


@strawberry.input(description="The show to delete.")
class DeleteShowInput:
    """Unpacked by `ShowMutations.delete_show`."""

    show_id: strawberry.ID = strawberry.field(description=_ID)


@strawberry.input(description="Which episode of which show a project is to be.")
class SetProjectEpisodeInput:
    """Unpacked by `ShowMutations.set_project_episode`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    show_id: strawberry.ID | None = strawberry.field(
        default=None, description=f"{_ID} Null for no show any more."
    )
    episode_number: int | None = strawberry.field(
        default=None,
        description="1 to 100,000, unique in the show; null for the next free one, or the one that the "
        "project has there.",
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The project's revision as the client knows it; null to go on anyhow."
    )


@strawberry.input(description="A new episode of a show: with a topic, with a finished text, or empty.")
class CreateEpisodeInput:
    """Unpacked by `ShowMutations.create_episode`."""

    show_id: strawberry.ID = strawberry.field(description=_ID)
    title: str | None = strawberry.field(
        default=None, description="1 to 200 characters; null to take it from the topic or the text."
    )
    topic: str | None = strawberry.field(
        default=None, description="A subject that a writer turns into a script."
    )
    text: str | None = strawberry.field(
        default=None, description="A finished text that is told word for word; it goes before the topic."
    )


@strawberry.type
class _ShowPayload(Payload):
    """What the payloads of changes of a show share."""

    show = result_field(Show, "The show as it is now, also on a conflict; null if it was refused otherwise.")


@strawberry.type(description="What came of making a show.")
class CreateShowPayload(_ShowPayload):
    """Over `Outcome[Show]`."""


@strawberry.type(description="What came of changing a show.")
class UpdateShowPayload(_ShowPayload):
    """Over `Outcome[Show]`."""


@strawberry.type(description="What came of deleting a show.")
class DeleteShowPayload(Payload):
    """Over `Outcome[Show]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the show that is gone; null if it is not."
    )
    def deleted_show_id(self, root: strawberry.Parent[Outcome[stored.Show]]) -> str | None:
        """Global id of what was removed."""
        return None if root.result is None else document_gid("Show", root.result.id)


@strawberry.type
class _EpisodePayload(Payload):
    """What the payloads of changes of episodes share."""

    project = result_field(
        Project, "The project as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type(description="What came of making a project an episode.")
class SetProjectEpisodePayload(_EpisodePayload):
    """Over `Outcome[Project]`."""


@strawberry.type(description="What came of making a new episode.")
class CreateEpisodePayload(_EpisodePayload):
    """Over `Outcome[Project]`."""


def _values(input: object, *, without: Collection[str]) -> dict[str, Any]:
    values = given(input, without=without)
    if values.get("persona_id") is not None:
        values["persona_id"] = document_id(values["persona_id"], "Persona", "input.personaId")
    return values


@strawberry.type
class ShowMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateShowPayload,
        description="Make a show. `LIMIT_EXCEEDED`: 500 are there already.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def create_show(self, info: Info, input: CreateShowInput) -> Outcome[stored.Show]:
        """Make."""
        values = _values(input, without=("in_company",))
        return await shows.create(info.context, values, in_company=input.in_company)

    @strawberry.mutation(
        graphql_type=UpdateShowPayload,
        description="Change a show, for the episodes to come. The error `FORBIDDEN`: it is the company's, "
        "and `ASSETS_MANAGE` is missing.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def update_show(self, info: Info, input: UpdateShowInput) -> Outcome[stored.Show]:
        """Change."""
        return await shows.update(
            info.context,
            document_id(input.show_id, "Show", "input.showId"),
            _values(input, without=("show_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteShowPayload,
        description="Delete a show. Its episodes stay, as projects of no show.",
        metadata={"cost": 10} | needs(Permission.PROJECT_CREATE),
    )
    async def delete_show(self, info: Info, input: DeleteShowInput) -> Outcome[stored.Show]:
        """Delete."""
        return await shows.delete(info.context, document_id(input.show_id, "Show", "input.showId"))

    @strawberry.mutation(
        graphql_type=SetProjectEpisodePayload,
        description="Make a project an episode of a show, or of none any more. Its brief and style stay as "
        "they are. `TAKEN`: the show has an episode of this number; a deleted one keeps its number as long "
        "as it can be restored.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def set_project_episode(
        self, info: Info, input: SetProjectEpisodeInput
    ) -> Outcome[stored_project.Project]:
        """Put it into a show."""
        return await episodes.put(
            info.context,
            project_id(input.project_id, "input.projectId"),
            None if input.show_id is None else document_id(input.show_id, "Show", "input.showId"),
            number=input.episode_number,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=CreateEpisodePayload,
        description="Make a project that is the next episode of a show. It takes over the show's look, "
        "voice, language, audience, culture and persona; an episode of a company's show is the company's, "
        "too.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def create_episode(self, info: Info, input: CreateEpisodeInput) -> Outcome[stored_project.Project]:
        """Make an episode."""
        return await episodes.create(
            info.context,
            document_id(input.show_id, "Show", "input.showId"),
            own={"title": input.title},
            brief={"topic": input.topic, "text": input.text},
        )
