"""Candidate pictures: chosen, removed."""

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.errors import NodeMissing
from documents.projects.project import Project
from documents.tree.script import Frame
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.changes import Removed, answer, editor_of, remove


async def choose(
    context: Context,
    project_id: PydanticObjectId,
    image_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Frame]:
    """Show this candidate; the revision that is expected is the frame's.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the picture, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    frame = holder(project, image_id)
    edit = await editor_of(context, project)
    return await answer(context, edit.choose_image(frame.id, image_id, expected_revision=expected_revision))


async def delete(
    context: Context,
    project_id: PydanticObjectId,
    image_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Frame | Removed]:
    """Take a candidate away, if it is not the one that is shown.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the picture, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    frame = holder(project, image_id)
    edit = await editor_of(context, project)
    try:
        return await remove(
            context,
            Removed("Image", project_id, image_id),
            edit.remove_image(frame.id, image_id, expected_revision=expected_revision),
        )
    except NodeMissing:
        # Not there any more, or the chosen one: which of the two, only a new look tells.
        project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
        return Outcome.refused(
            UserErrorCode.INVALID,
            "This picture is the one that the frame shows: choose another one first.",
            at="input.imageId",
            result=holder(project, image_id),
        )


def holder(project: Project, image_id: PydanticObjectId) -> Frame:
    """The frame that holds a picture. Raises NotFound."""
    for _, frame in project.frames():
        if any(image.id == image_id for image in frame.images):
            return frame
    raise NotFound("Image")
