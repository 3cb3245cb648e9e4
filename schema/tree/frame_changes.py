"""What can be changed of frames."""

import strawberry
from beanie import PydanticObjectId

import documents.tree.script as stored
from access.permissions import Permission
from documents.tree.script import LipSyncSource, MediaKind
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import frames
from resolvers.tree.changes import Removed
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id, tree_ref
from schema.inputs import given
from schema.node import current_field, removed_field
from schema.tree.frame import Frame
from schema.tree.look import MotionInput, TextEffectInput, TransitionInput

Info = strawberry.Info[Context, None]
_EXPECTED = "The frame's revision as the client knows it; null to change it anyhow."


@strawberry.input(description="A new frame; what is left out is as a provider or the style decides.")
class FrameInput:
    """Unpacked by `schema.inputs.given`."""

    narration: str | None = strawberry.field(
        default=strawberry.UNSET, description="What is said and shown as captions; at most 5,000 characters."
    )
    picture_prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="What the picture shows; at most 5,000 characters."
    )
    negative_prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="What must not appear; at most 5,000 characters."
    )
    media_kind: MediaKind | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it shows a picture or a clip."
    )
    lip_sync_from: LipSyncSource | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whose lips productions move for it, where `mediaKind` is CLIP; null for no lip-sync.",
    )
    duration_s: float | None = strawberry.field(
        default=strawberry.UNSET, description="Length in seconds, at most 600; null to follow the voice."
    )
    crop_x: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="Centre of what is visible of a picture wider than the video, 0 (left) to 1 (right).",
    )
    is_skipped: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether the video leaves it out."
    )
    motion: MotionInput | None = strawberry.field(
        default=strawberry.UNSET, description="How the camera moves over the picture."
    )
    transition: TransitionInput | None = strawberry.field(
        default=strawberry.UNSET, description="How it gives way to the next frame."
    )
    text_effects: list[TextEffectInput] | None = strawberry.field(
        default=strawberry.UNSET, description="Words over the picture; at most 10."
    )


@strawberry.input(description="A frame to add to a scene.")
class AddFrameInput(FrameInput):
    """Unpacked by `FrameMutations.add_frame`."""

    scene_id: strawberry.ID = strawberry.field(description="Id of the scene.")
    position: int | None = strawberry.field(
        default=None, description="Place in the scene, from 0; null for the end."
    )


@strawberry.input(description="What to change of a frame; what is left out stays.")
class UpdateFrameInput(FrameInput):
    """Unpacked by `FrameMutations.update_frame`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    optimised_prompt: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The whole prompt as it is sent, in the place of `assembledPrompt`, at most 5,000 "
        "characters; null to go back to what is put together.",
    )
    speaker_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Id of the character whose voice speaks the narration, the viewer's own or the "
        "company's; null for the project's voice.",
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="Where a frame goes.")
class MoveFrameInput:
    """Unpacked by `FrameMutations.move_frame`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    scene_id: strawberry.ID = strawberry.field(description="Id of the scene, the frame's own or another.")
    position: int = strawberry.field(
        description="Place among the scene's other frames, from 0; beyond the end means at the end."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The frame to remove.")
class DeleteFrameInput:
    """Unpacked by `FrameMutations.delete_frame`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="How a frame gives way to the next.")
class SetTransitionInput:
    """Unpacked by `FrameMutations.set_transition`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    transition: TransitionInput = strawberry.field(description="The transition into the next frame.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="How the camera moves over a frame.")
class SetMotionInput:
    """Unpacked by `FrameMutations.set_motion`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    motion: MotionInput = strawberry.field(description="The motion.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The words over a frame.")
class SetTextEffectsInput:
    """Unpacked by `FrameMutations.set_text_effects`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    text_effects: list[TextEffectInput] = strawberry.field(
        description="All of them, at most 10; an empty list removes them."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.type
class _FramePayload(Payload):
    """What the payloads of changes of a frame share."""

    frame = result_field(
        Frame, "The frame as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of adding a frame.")
class AddFramePayload(_FramePayload):
    """Over `Outcome[Frame]`."""


@strawberry.type(description="What came of changing a frame.")
class UpdateFramePayload(_FramePayload):
    """Over `Outcome[Frame]`."""


@strawberry.type(description="What came of moving a frame.")
class MoveFramePayload(_FramePayload):
    """Over `Outcome[Frame]`."""


@strawberry.type(description="What came of setting a transition.")
class SetTransitionPayload(_FramePayload):
    """Over `Outcome[Frame]`."""


@strawberry.type(description="What came of setting a motion.")
class SetMotionPayload(_FramePayload):
    """Over `Outcome[Frame]`."""


@strawberry.type(description="What came of setting the words over a frame.")
class SetTextEffectsPayload(_FramePayload):
    """Over `Outcome[Frame]`."""


@strawberry.type(description="What came of removing a frame.")
class DeleteFramePayload(Payload):
    """Over `Outcome[Frame | Removed]`."""

    deleted_frame_id = removed_field("Id of the frame that is gone; null if it was not removed.")
    frame = current_field(Frame, "The frame as it is, where it was not removed.")


@strawberry.type
class FrameMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AddFramePayload,
        description="Add a frame to a scene.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def add_frame(self, info: Info, input: AddFrameInput) -> Outcome[stored.Frame]:
        """Add."""
        ref = tree_ref(input.scene_id, "Scene", "input.sceneId")
        values = given(input, without=("scene_id", "position"))
        return await frames.add(info.context, ref.project_id, ref.node_id, values, position=input.position)

    @strawberry.mutation(
        graphql_type=UpdateFramePayload,
        description="Change fields of a frame.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_frame(self, info: Info, input: UpdateFrameInput) -> Outcome[stored.Frame]:
        """Change."""
        if input.speaker_id:
            speaker = document_id(input.speaker_id, "Character", "input.speakerId")
            return await _update(info, input, speaker_id=speaker)
        return await _update(info, input)

    @strawberry.mutation(
        graphql_type=SetTransitionPayload,
        description="Say how a frame gives way to the next.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def set_transition(self, info: Info, input: SetTransitionInput) -> Outcome[stored.Frame]:
        """Set the transition."""
        return await _update(info, input)

    @strawberry.mutation(
        graphql_type=SetMotionPayload,
        description="Say how the camera moves over a frame's picture.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def set_motion(self, info: Info, input: SetMotionInput) -> Outcome[stored.Frame]:
        """Set the motion."""
        return await _update(info, input)

    @strawberry.mutation(
        graphql_type=SetTextEffectsPayload,
        description="Say which words stand over a frame's picture.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def set_text_effects(self, info: Info, input: SetTextEffectsInput) -> Outcome[stored.Frame]:
        """Set the words."""
        return await _update(info, input)

    @strawberry.mutation(
        graphql_type=MoveFramePayload,
        description="Move a frame within its scene or to another scene of the project, with all it has.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def move_frame(self, info: Info, input: MoveFrameInput) -> Outcome[stored.Frame]:
        """Move."""
        ref = tree_ref(input.frame_id, "Frame", "input.frameId")
        target = tree_ref(input.scene_id, "Scene", "input.sceneId")
        return await frames.move(
            info.context,
            ref.project_id,
            ref.node_id,
            to_project_id=target.project_id,
            scene_id=target.node_id,
            position=input.position,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteFramePayload,
        description="Remove a frame with its pictures and its voice.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def delete_frame(self, info: Info, input: DeleteFrameInput) -> Outcome[stored.Frame | Removed]:
        """Remove."""
        ref = tree_ref(input.frame_id, "Frame", "input.frameId")
        return await frames.delete(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )


async def _update(
    info: Info,
    input: UpdateFrameInput | SetTransitionInput | SetMotionInput | SetTextEffectsInput,
    **read: PydanticObjectId,
) -> Outcome[stored.Frame]:
    ref = tree_ref(input.frame_id, "Frame", "input.frameId")
    return await frames.update(
        info.context,
        ref.project_id,
        ref.node_id,
        given(input, without=("frame_id", "expected_revision")) | read,
        expected_revision=input.expected_revision,
    )
