"""Scenes: added, changed, moved, removed."""

from collections.abc import Mapping
from typing import Any

from beanie import PydanticObjectId

from documents.tree import place as places
from documents.tree.script import Scene
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError
from resolvers.tree.changes import Removed, answer, editor, remove, set_fields, wrong_position
from resolvers.tree.frames import read_frame
from resolvers.writers_room.characters import not_to_name


def read_scene(values: Mapping[str, Any], *, at: str) -> tuple[Scene | None, list[UserError]]:
    """A new scene out of a client's values, its frames under `frames`; None if there is something to mend."""
    own = {name: value for name, value in values.items() if name != "frames"}
    good, faults = checked(Scene, own, at=at)
    frames = []
    for index, given in enumerate(values.get("frames") or ()):
        frame, wrong = read_frame(given, at=f"{at}.frames.{index}")
        faults += wrong
        if frame is not None:
            frames.append(frame)
    return (None, faults) if faults else (Scene(**good, frames=frames), [])


async def add(
    context: Context, project_id: PydanticObjectId, values: Mapping[str, Any], *, position: int | None
) -> Outcome[Scene]:
    """Insert a scene, with frames if some are given."""
    edit = await editor(context, project_id)
    if (refusal := wrong_position(position)) is not None:
        return refusal
    scene, faults = read_scene(values, at="input")
    if scene is None:
        return Outcome(user_errors=faults)
    return await answer(context, edit.add_scene(scene, position=position))


async def update(
    context: Context,
    project_id: PydanticObjectId,
    scene_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Scene]:
    """Set fields of a scene."""
    if named := values.get("character_ids"):
        refusal = await not_to_name(context, project_id, named, at="input.characterIds")
        if refusal is not None:
            return refusal
    return await set_fields(
        context, project_id, places.scene(scene_id), values, expected_revision=expected_revision
    )


async def move(
    context: Context,
    project_id: PydanticObjectId,
    scene_id: PydanticObjectId,
    *,
    position: int,
    expected_revision: int | None,
) -> Outcome[Scene]:
    """Put a scene to another position."""
    edit = await editor(context, project_id)
    if (refusal := wrong_position(position)) is not None:
        return refusal
    return await answer(
        context, edit.move_scene(scene_id, position=position, expected_revision=expected_revision)
    )


async def delete(
    context: Context,
    project_id: PydanticObjectId,
    scene_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Scene | Removed]:
    """Take a scene out with all its frames."""
    edit = await editor(context, project_id)
    return await remove(
        context,
        Removed("Scene", project_id, scene_id),
        edit.remove_scene(scene_id, expected_revision=expected_revision),
    )
