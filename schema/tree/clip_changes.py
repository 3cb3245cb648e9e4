"""What can be changed of clips and seed frames."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import documents.tree.script as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import clips
from resolvers.tree.changes import Removed
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import tree_ref
from schema.node import removed_field

if TYPE_CHECKING:
    from schema.tree.frame import Frame
    from schema.tree.scene import Scene

Info = strawberry.Info[Context, None]
_Scene = Annotated["Scene", strawberry.lazy("schema.tree.scene")]
_Frame = Annotated["Frame", strawberry.lazy("schema.tree.frame")]
_EXPECTED = "The scene's revision as the client knows it; null to change it anyhow."


@strawberry.input(description="The clip to show.")
class ChooseClipInput:
    """Unpacked by `ClipMutations.choose_clip`."""

    clip_id: strawberry.ID = strawberry.field(description="Id of one of a scene's clips.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The clip to remove.")
class RemoveClipInput:
    """Unpacked by `ClipMutations.remove_clip`."""

    clip_id: strawberry.ID = strawberry.field(
        description="Id of one of a scene's clips, or of a frame's `lipSync`."
    )
    expected_revision: int | None = strawberry.field(
        default=None,
        description="The scene's revision, or for `lipSync` the frame's, as the client knows it; null to "
        "remove it anyhow.",
    )


@strawberry.input(description="The seed frame to go on from.")
class ChooseSeedFrameInput:
    """Unpacked by `ClipMutations.choose_seed_frame`."""

    seed_frame_id: strawberry.ID = strawberry.field(description="Id of the seed frame.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The seed frame to remove.")
class RemoveSeedFrameInput:
    """Unpacked by `ClipMutations.remove_seed_frame`."""

    seed_frame_id: strawberry.ID = strawberry.field(description="Id of the seed frame.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.type
class _ScenePayload(Payload):
    """What the payloads of choices share."""

    scene = result_field(
        _Scene, "The scene as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type(description="What came of choosing a clip.")
class ChooseClipPayload(_ScenePayload):
    """Over `Outcome[Scene]`."""


@strawberry.type(description="What came of choosing a seed frame.")
class ChooseSeedFramePayload(_ScenePayload):
    """Over `Outcome[Scene]`."""


@strawberry.type
class _RemovalPayload(Payload):
    """What the payloads of removals share."""

    @strawberry.field(
        graphql_type=_Scene | None,
        description="The scene as it is, where its clip or seed frame was not removed for a conflict.",
    )
    def scene(self, root: strawberry.Parent[Outcome[Any]]) -> stored.Scene | None:
        """What stands in the way."""
        return root.result if isinstance(root.result, stored.Scene) else None


@strawberry.type(description="What came of removing a clip.")
class RemoveClipPayload(_RemovalPayload):
    """Over `Outcome[Scene | Frame | Removed]`."""

    removed_clip_id = removed_field("Id of the clip that is gone; null if it was not removed.")

    @strawberry.field(
        graphql_type=_Frame | None,
        description="The frame as it is, where its `lipSync` was not removed for a conflict.",
    )
    def frame(self, root: strawberry.Parent[Outcome[Any]]) -> stored.Frame | None:
        """What stands in the way."""
        return root.result if isinstance(root.result, stored.Frame) else None


@strawberry.type(description="What came of removing a seed frame.")
class RemoveSeedFramePayload(_RemovalPayload):
    """Over `Outcome[Scene | Removed]`."""

    removed_seed_frame_id = removed_field("Id of the seed frame that is gone; null if it was not removed.")


@strawberry.type
class ClipMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ChooseClipPayload,
        description="Make this clip the one of its scene. Frames show it whose `mediaKind` is CLIP.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def choose_clip(self, info: Info, input: ChooseClipInput) -> Outcome[stored.Scene]:
        """Choose."""
        ref = tree_ref(input.clip_id, "Clip", "input.clipId")
        return await clips.choose(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )

    @strawberry.mutation(
        graphql_type=RemoveClipPayload,
        description="Remove a clip. If it was the chosen one, its frames show their pictures from then on.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def remove_clip(
        self, info: Info, input: RemoveClipInput
    ) -> Outcome[stored.Scene | stored.Frame | Removed]:
        """Remove."""
        ref = tree_ref(input.clip_id, "Clip", "input.clipId")
        return await clips.delete(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )

    @strawberry.mutation(
        graphql_type=ChooseSeedFramePayload,
        description="Let the next clip go on from this picture.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def choose_seed_frame(self, info: Info, input: ChooseSeedFrameInput) -> Outcome[stored.Scene]:
        """Choose."""
        ref = tree_ref(input.seed_frame_id, "SeedFrame", "input.seedFrameId")
        return await clips.choose_seed_frame(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )

    @strawberry.mutation(
        graphql_type=RemoveSeedFramePayload,
        description="Remove a seed frame. If it was the chosen one, its scene has none then.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def remove_seed_frame(
        self, info: Info, input: RemoveSeedFrameInput
    ) -> Outcome[stored.Scene | Removed]:
        """Remove."""
        ref = tree_ref(input.seed_frame_id, "SeedFrame", "input.seedFrameId")
        return await clips.delete_seed_frame(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )
