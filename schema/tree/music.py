"""A project's background music."""

import strawberry

import documents.tree.brief as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import projects
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.inputs import given
from schema.node import TreeNode, stale_field
from schema.tree.media import Provenance, StoredFile

Info = strawberry.Info[Context, None]


@strawberry.type(description="Music that was made or uploaded.")
class MusicTrack(TreeNode):
    """Read from `documents.tree.brief.MusicTrack`."""

    shows = stored.MusicTrack

    file: StoredFile = strawberry.field(description="The sound.")
    duration_s: float = strawberry.field(description="Length in seconds; a longer video loops it.")
    provenance: Provenance = strawberry.field(description="Where it came from.")


@strawberry.type(description="A project's background music.")
class Music:
    """Read from `documents.tree.brief.Music`."""

    is_enabled: bool = strawberry.field(description="Whether the video has music.")
    mood: str = strawberry.field(description="Such as `calm` or `epic`.")
    prompt: str | None = strawberry.field(description="Further wishes for the composer.")
    tempo_bpm: float | None = strawberry.field(description="Beats a minute; null for the mood's own.")
    volume: float = strawberry.field(description="Before it is lowered under the voice: 0 (silent) to 1.")
    track: MusicTrack | None = strawberry.field(description="The music; null until it is made.")
    revision: int = strawberry.field(description="Raised with each change to the music itself.")
    is_stale = stale_field("Whether the track was composed from something else than would be asked for now.")


@strawberry.input(description="Background music; what is left out stays, or is as it is by default.")
class MusicInput:
    """Unpacked by `schema.inputs.given`."""

    is_enabled: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether the video has music."
    )
    mood: str | None = strawberry.field(
        default=strawberry.UNSET, description="Such as `calm` or `epic`; at most 200 characters."
    )
    prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="Further wishes for the composer; at most 5,000 characters."
    )
    tempo_bpm: float | None = strawberry.field(
        default=strawberry.UNSET, description="Beats a minute, 50 to 180; null for the mood's own."
    )
    volume: float | None = strawberry.field(
        default=strawberry.UNSET, description="Before it is lowered under the voice: 0 (silent) to 1."
    )


@strawberry.input(description="What to change of the music; what is left out stays.")
class UpdateMusicInput(MusicInput):
    """Unpacked by `MusicMutations.update_music`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The music's revision as the client knows it; null to change it anyhow."
    )


@strawberry.type(description="What came of changing the music.")
class UpdateMusicPayload(Payload):
    """Over `Outcome[Music]`."""

    music = result_field(
        Music, "The music as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type
class MusicMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateMusicPayload,
        description="Change the background music.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_music(self, info: Info, input: UpdateMusicInput) -> Outcome[stored.Music]:
        """Change."""
        return await projects.update_section(
            info.context,
            project_id(input.project_id, "input.projectId"),
            stored.Music,
            given(input, without=("project_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )
