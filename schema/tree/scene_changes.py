"""What can be changed of scenes."""

import strawberry

import documents.tree.script as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import scenes
from resolvers.tree.changes import Removed
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_ids, project_id, tree_ref
from schema.inputs import given
from schema.node import current_field, removed_field
from schema.tree.frame_changes import FrameInput
from schema.tree.scene import Scene

Info = strawberry.Info[Context, None]
_EXPECTED = "The scene's revision as the client knows it; null to change it anyhow."


@strawberry.input
class _SceneFields:
    """What is given of a scene, new or old. A base for Python alone."""

    title: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line of at most 200 characters."
    )
    summary: str | None = strawberry.field(
        default=strawberry.UNSET, description="What happens; at most 5,000 characters."
    )
    visual_description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What all its pictures have in common; at most 5,000 characters.",
    )
    location: str | None = strawberry.field(
        default=strawberry.UNSET, description="Where it plays; at most 200 characters."
    )
    time_of_day: str | None = strawberry.field(
        default=strawberry.UNSET, description="When it plays, such as `dusk`; at most 200 characters."
    )
    heading: str | None = strawberry.field(
        default=strawberry.UNSET, description="Heading of a screenplay; at most 200 characters."
    )
    action: str | None = strawberry.field(
        default=strawberry.UNSET, description="What is done; at most 5,000 characters."
    )
    dialogue: str | None = strawberry.field(
        default=strawberry.UNSET, description="What is said; at most 5,000 characters."
    )
    hook_text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A line that stands on the screen as the scene begins, to keep people watching; at "
        "most 200 characters.",
    )
    negative_prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="What must not appear; at most 5,000 characters."
    )
    clip_prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="What happens in its clip; at most 5,000 characters."
    )
    clip_model: str | None = strawberry.field(
        default=strawberry.UNSET, description="Model for its clips; null for the style's."
    )
    clip_volume: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="How loud the own sound of its clips is in the video, 0 (silent) to 1 (as it is in the "
        "file); 0 if it is left out of a new one.",
    )
    use_seed_frame: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether its clip goes on from the scene before."
    )
    props: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="Things that appear; at most 50 of 200 characters."
    )
    is_skipped: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether the video leaves it out."
    )


@strawberry.input(description="A new scene with its frames.")
class SceneInput(_SceneFields):
    """Unpacked by `schema.inputs.given`."""

    frames: list[FrameInput] = strawberry.field(
        default_factory=list, description="Its frames in order; at most 30."
    )


@strawberry.input(description="A scene to add to a project's script.")
class AddSceneInput(SceneInput):
    """Unpacked by `SceneMutations.add_scene`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    position: int | None = strawberry.field(
        default=None, description="Place in the script, from 0; null for the end."
    )


@strawberry.input(description="What to change of a scene; what is left out stays.")
class UpdateSceneInput(_SceneFields):
    """Unpacked by `SceneMutations.update_scene`."""

    scene_id: strawberry.ID = strawberry.field(description="Id of the scene.")
    character_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Ids of those who appear: the viewer's own characters, or the company's; at most 50.",
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="Where a scene goes.")
class MoveSceneInput:
    """Unpacked by `SceneMutations.move_scene`."""

    scene_id: strawberry.ID = strawberry.field(description="Id of the scene.")
    position: int = strawberry.field(
        description="Place among the script's other scenes, from 0; beyond the end means at the end."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The scene to remove.")
class DeleteSceneInput:
    """Unpacked by `SceneMutations.delete_scene`."""

    scene_id: strawberry.ID = strawberry.field(description="Id of the scene.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.type
class _ScenePayload(Payload):
    """What the payloads of changes of a scene share."""

    scene = result_field(
        Scene, "The scene as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of adding a scene.")
class AddScenePayload(_ScenePayload):
    """Over `Outcome[Scene]`."""


@strawberry.type(description="What came of changing a scene.")
class UpdateScenePayload(_ScenePayload):
    """Over `Outcome[Scene]`."""


@strawberry.type(description="What came of moving a scene.")
class MoveScenePayload(_ScenePayload):
    """Over `Outcome[Scene]`."""


@strawberry.type(description="What came of removing a scene.")
class DeleteScenePayload(Payload):
    """Over `Outcome[Scene | Removed]`."""

    deleted_scene_id = removed_field("Id of the scene that is gone; null if it was not removed.")
    scene = current_field(Scene, "The scene as it is, where it was not removed.")


@strawberry.type
class SceneMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AddScenePayload,
        description="Add a scene, with frames if some are given.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def add_scene(self, info: Info, input: AddSceneInput) -> Outcome[stored.Scene]:
        """Add."""
        return await scenes.add(
            info.context,
            project_id(input.project_id, "input.projectId"),
            given(input, without=("project_id", "position")),
            position=input.position,
        )

    @strawberry.mutation(
        graphql_type=UpdateScenePayload,
        description="Change fields of a scene.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_scene(self, info: Info, input: UpdateSceneInput) -> Outcome[stored.Scene]:
        """Change."""
        ref = tree_ref(input.scene_id, "Scene", "input.sceneId")
        values = given(input, without=("scene_id", "expected_revision"))
        if input.character_ids:
            values["character_ids"] = document_ids(input.character_ids, "Character", "input.characterIds")
        return await scenes.update(
            info.context,
            ref.project_id,
            ref.node_id,
            values,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=MoveScenePayload,
        description="Move a scene to another place in the script.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def move_scene(self, info: Info, input: MoveSceneInput) -> Outcome[stored.Scene]:
        """Move."""
        ref = tree_ref(input.scene_id, "Scene", "input.sceneId")
        return await scenes.move(
            info.context,
            ref.project_id,
            ref.node_id,
            position=input.position,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteScenePayload,
        description="Remove a scene with all its frames and clips.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def delete_scene(self, info: Info, input: DeleteSceneInput) -> Outcome[stored.Scene | Removed]:
        """Remove."""
        ref = tree_ref(input.scene_id, "Scene", "input.sceneId")
        return await scenes.delete(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )
