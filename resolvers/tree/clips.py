"""Clips and seed frames: chosen, removed."""

from collections.abc import Callable, Sequence
from typing import Any

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.media_edit import MediaEditor
from documents.tree.node import Node
from documents.tree.script import Scene
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree.changes import Removed, answer, editor_of, remove


async def choose(
    context: Context,
    project_id: PydanticObjectId,
    clip_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Scene]:
    """Show this candidate; the revision that is expected is the scene's.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the clip, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    scene = holder(project, clip_id, "Clip", lambda each: each.clips)
    edit = await editor_of(context, project)
    return await answer(context, edit.choose_clip(scene.id, clip_id, expected_revision=expected_revision))


async def delete(
    context: Context,
    project_id: PydanticObjectId,
    clip_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Any]:
    """Take a clip away, a scene's candidate or a frame's lip-synced one; the revision is the scene's.

    Of a frame's own clip the revision that is compared is the frame's, and so is the result on a conflict.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the clip, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    gone = Removed("Clip", project_id, clip_id)
    edit = await editor_of(context, project)
    for _, frame in project.frames():
        if frame.lip_sync is not None and frame.lip_sync.id == clip_id:
            change = edit.set_fields(
                places.frame(frame.id),
                {"lip_sync": None},
                expected_revision=expected_revision,
                condition={"lip_sync._id": clip_id},
            )
            return await remove(context, gone, change)
    scene = holder(project, clip_id, "Clip", lambda each: each.clips)
    media = MediaEditor(edit)
    return await remove(
        context, gone, media.remove_clip(scene.id, clip_id, expected_revision=expected_revision)
    )


async def choose_seed_frame(
    context: Context,
    project_id: PydanticObjectId,
    seed_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Scene]:
    """Let clips go on from this picture; the revision that is expected is the scene's.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the seed frame, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    scene = holder(project, seed_id, "SeedFrame", lambda each: each.seed_frames)
    media = MediaEditor(await editor_of(context, project))
    change = media.choose_seed_frame(scene.id, seed_id, expected_revision=expected_revision)
    return await answer(context, change)


async def delete_seed_frame(
    context: Context,
    project_id: PydanticObjectId,
    seed_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Scene | Removed]:
    """Take a seed frame away; the revision that is expected is the scene's.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the seed frame, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    scene = holder(project, seed_id, "SeedFrame", lambda each: each.seed_frames)
    media = MediaEditor(await editor_of(context, project))
    change = media.remove_seed_frame(scene.id, seed_id, expected_revision=expected_revision)
    return await remove(context, Removed("SeedFrame", project_id, seed_id), change)


def holder(
    project: Project, node_id: PydanticObjectId, kind: str, held: Callable[[Scene], Sequence[Node]]
) -> Scene:
    """The scene that holds a clip or a seed frame.

    Raises:
        NotFound: none does.
    """
    for scene in project.script.scenes:
        if any(each.id == node_id for each in held(scene)):
            return scene
    raise NotFound(kind)
