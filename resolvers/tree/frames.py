"""Frames and their voiceovers: added, changed, moved, removed."""

from collections.abc import Mapping
from typing import Any

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.tree import place as places
from documents.tree.script import Frame, Voiceover
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import Removed, answer, editor, remove, set_fields, wrong_position
from resolvers.tree.named_makers import VOICEOVER_MAKERS, unknown_makers
from resolvers.writers_room.characters import not_to_name


def read_frame(values: Mapping[str, Any], *, at: str) -> tuple[Frame | None, list[UserError]]:
    """A new frame out of a client's values; None if there is something to mend."""
    good, faults = checked(Frame, values, at=at)
    return (None, faults) if faults else (Frame(**good), [])


async def add(
    context: Context,
    project_id: PydanticObjectId,
    scene_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    position: int | None,
) -> Outcome[Frame]:
    """Insert a frame into a scene."""
    edit = await editor(context, project_id)
    if (refusal := wrong_position(position)) is not None:
        return refusal
    frame, faults = read_frame(values, at="input")
    if frame is None:
        return Outcome(user_errors=faults)
    return await answer(context, edit.add_frame(scene_id, frame, position=position))


async def update(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Frame]:
    """Set fields of a frame."""
    if speaker := values.get("speaker_id"):
        refusal = await not_to_name(context, project_id, [speaker], at="input.speakerId")
        if refusal is not None:
            return refusal
    return await set_fields(
        context, project_id, places.frame(frame_id), values, expected_revision=expected_revision
    )


async def update_voiceover(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Voiceover]:
    """Say what is spoken in a frame and by whom; the recording stays until a new one is made."""
    if values.get("voice") is not None or values.get("provider") is not None:
        project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
        own = next((frame.voiceover.provider for _, frame in project.frames() if frame.id == frame_id), None)
        now = {"provider": own or project.style.speech_provider}
        faults = await unknown_makers(
            context, project.company_id, VOICEOVER_MAKERS, values, now=now, at="input"
        )
        if faults:
            return Outcome(user_errors=faults)
    return await set_fields(
        context, project_id, places.voiceover(frame_id), values, expected_revision=expected_revision
    )


async def move(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    *,
    to_project_id: PydanticObjectId,
    scene_id: PydanticObjectId,
    position: int,
    expected_revision: int | None,
) -> Outcome[Frame]:
    """Put a frame to another position, in its scene or another one of the project."""
    edit = await editor(context, project_id)
    if (refusal := wrong_position(position)) is not None:
        return refusal
    if to_project_id != project_id:
        return Outcome.refused(
            UserErrorCode.INVALID,
            "The scene is another project's; a frame moves within its project.",
            at="input.sceneId",
        )
    return await answer(
        context,
        edit.move_frame(frame_id, scene_id=scene_id, position=position, expected_revision=expected_revision),
    )


async def delete(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Frame | Removed]:
    """Take a frame out of its scene."""
    edit = await editor(context, project_id)
    return await remove(
        context,
        Removed("Frame", project_id, frame_id),
        edit.remove_frame(frame_id, expected_revision=expected_revision),
    )
