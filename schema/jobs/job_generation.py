"""Starting single jobs: a script, pictures, voiceovers, music; and leaving a scene out."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from beanie import PydanticObjectId

import documents.jobs.job as stored
from access.permissions import Permission
from documents.tree.script import Scene as StoredScene
from resolvers.context import Context
from resolvers.jobs import generation
from resolvers.outcome import Outcome
from resolvers.tree import skipping
from resolvers.tree.skipping import Skipped
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id, tree_ref
from schema.jobs.job import Job
from schema.jobs.job_orders import KEY, JobsPayload, nodes_in
from schema.scalars import BigInt

if TYPE_CHECKING:
    from schema.tree.scene import Scene

Info = strawberry.Info[Context, None]


@strawberry.input(description="A script to write.")
class GenerateScriptInput:
    """Unpacked by `GenerationMutations.generate_script`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Pictures to draw.")
class GenerateImagesInput:
    """Unpacked by `GenerationMutations.generate_images`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    frame_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of its frames; null for all that are shown."
    )
    count: int = strawberry.field(default=1, description="New candidates a frame, 1 to 4; no two are alike.")
    choose: bool = strawberry.field(
        default=True,
        description="Whether the first new picture of each frame is shown as soon as it is there.",
    )
    seed: BigInt | None = strawberry.field(
        default=None,
        description="`provenance.seed` of an earlier picture, 0 to 4,294,967,295: where nothing else has "
        "changed, a provider that takes seeds makes the same one again. With one picture a frame alone.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Voiceovers to speak.")
class GenerateVoiceoversInput:
    """Unpacked by `GenerationMutations.generate_voiceovers`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    frame_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of its frames; null for all that are shown and have narration."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Music to compose.")
class GenerateMusicInput:
    """Unpacked by `GenerationMutations.generate_music`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    seed: BigInt | None = strawberry.field(
        default=None,
        description="`provenance.seed` of earlier music, 0 to 4,294,967,295: where nothing else has changed, "
        "a provider that takes seeds makes it again. Null for a new one.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A scene to leave out of the video.")
class SkipSceneInput:
    """Unpacked by `GenerationMutations.skip_scene`."""

    scene_id: strawberry.ID = strawberry.field(description="Id of the scene.")


@strawberry.type(description="What came of having a script written.")
class GenerateScriptPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(Job, "The job; with `PROJECT_LOCKED` the running production; null for other refusals.")


@strawberry.type(description="What came of having music composed.")
class GenerateMusicPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(Job, "The job; null if it was refused.")


@strawberry.type(description="What came of having pictures drawn.")
class GenerateImagesPayload(JobsPayload):
    """Over `Outcome[list[Job]]`."""


@strawberry.type(description="What came of having voiceovers spoken.")
class GenerateVoiceoversPayload(JobsPayload):
    """Over `Outcome[list[Job]]`."""


@strawberry.type(description="What came of leaving a scene out.")
class SkipScenePayload(Payload):
    """Over `Outcome[Skipped]`."""

    @strawberry.field(
        graphql_type=Annotated["Scene", strawberry.lazy("schema.tree.scene")] | None,
        description="The scene as it is now; null if it was refused.",
    )
    def scene(self, root: strawberry.Parent[Outcome[Skipped]]) -> StoredScene | None:
        """The scene."""
        return None if root.result is None else root.result.scene

    @strawberry.field(
        graphql_type=list[Job], description="The jobs for its frames that were canceled, as they are now."
    )
    def canceled_jobs(self, root: strawberry.Parent[Outcome[Skipped]]) -> list[stored.Job]:
        """What will not be made."""
        return [] if root.result is None else list(root.result.canceled)


@strawberry.type
class GenerationMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=GenerateScriptPayload,
        description="Have the script written out of the brief. It takes the old one's place, and the "
        "pictures and "
        "voices of the old frames go with it. `INVALID`: the brief has neither topic nor text. "
        "`UNSUPPORTED`: its "
        "writer is not there. `PROJECT_LOCKED`: a production runs.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def generate_script(self, info: Info, input: GenerateScriptInput) -> Outcome[stored.Job]:
        """Write."""
        return await generation.write_script(
            info.context, _project(input.project_id), idempotency_key=input.idempotency_key
        )

    @strawberry.mutation(
        graphql_type=GenerateImagesPayload,
        description="Have new candidate pictures drawn. `INVALID`: a frame is not in the project, or the "
        "count is "
        "out of range. `LIMIT_EXCEEDED`: a frame would have too many candidates, or too many jobs would "
        "start. "
        "`UNSUPPORTED`: the image provider is not there.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def generate_images(self, info: Info, input: GenerateImagesInput) -> Outcome[list[stored.Job]]:
        """Draw."""
        project_id = _project(input.project_id)
        return await generation.draw_images(
            info.context,
            project_id,
            frame_ids=nodes_in(project_id, input.frame_ids, "Frame", "input.frameIds"),
            count=input.count,
            choose=input.choose,
            seed=input.seed,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=GenerateVoiceoversPayload,
        description="Have the narration of frames spoken; each new voice takes the old one's place. "
        "`INVALID`: a "
        "frame has no narration, or is not in the project. `UNSUPPORTED`: provider or voice are not there.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def generate_voiceovers(
        self, info: Info, input: GenerateVoiceoversInput
    ) -> Outcome[list[stored.Job]]:
        """Speak."""
        project_id = _project(input.project_id)
        return await generation.speak_voiceovers(
            info.context,
            project_id,
            frame_ids=nodes_in(project_id, input.frame_ids, "Frame", "input.frameIds"),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=GenerateMusicPayload,
        description="Have the project's music composed, other music each time; it takes the old one's place. "
        "`INVALID`: the seed is out of range. `UNSUPPORTED`: the music provider is not there.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def generate_music(self, info: Info, input: GenerateMusicInput) -> Outcome[stored.Job]:
        """Compose."""
        return await generation.compose_music(
            info.context,
            _project(input.project_id),
            seed=input.seed,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=SkipScenePayload,
        description="Leave a scene out of the video, and cancel what is still to be made for its frames. A "
        "production goes on without it. `updateScene` with `isSkipped: false` takes it back in.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def skip_scene(self, info: Info, input: SkipSceneInput) -> Outcome[Skipped]:
        """Leave out."""
        ref = tree_ref(input.scene_id, "Scene", "input.sceneId")
        return await skipping.skip_scene(info.context, ref.project_id, ref.node_id)


def _project(given: strawberry.ID) -> PydanticObjectId:
    return document_id(given, "Project", "input.projectId")
