"""Pictures of the car catalogue as candidates of a frame."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.companies import car_models
from documents.companies.car_model import PICTURES, CarMedia
from documents.errors import CapReached
from documents.media.file_copy import Copy
from documents.projects.project import Project
from documents.tree.asset import Origin, Provenance
from documents.tree.changes import TreeEditor
from documents.tree.script import Frame, Image, Scene
from resolvers.companies.company_changes import own_company
from resolvers.companies.company_copies import drop_copies, make_copies
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.changes import answer, editor
from storage import keys

MOST: Final = 16
"""How many are added at once; no frame has room for more."""


async def add(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    media_ids: Sequence[PydanticObjectId],
    *,
    choose: bool,
) -> Outcome[Frame]:
    """Copy pictures into the project and offer them; those that the frame has already are left as they are.

    The copies are there before the frame names them.

    Args:
        context: the operation's.
        project_id: the project.
        frame_id: one of its frames.
        media_ids: pictures of the catalogue of the viewer's company.
        choose: whether the first one is shown from now on.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, the frame or the catalogue, or not change the
            project.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    scene, frame = _frame(project, frame_id)
    company_id = own_company(context, Permission.COMPANY_VIEW, CarMedia.__name__)
    wanted = list(dict.fromkeys(media_ids))
    if not 1 <= len(wanted) <= MOST:
        return Outcome.refused(UserErrorCode.INVALID, f"Name 1 to {MOST} pictures.", at="input.mediaIds")
    found = await car_models.with_media(company_id, wanted)
    if len(found) < len(wanted):
        raise NotFound(CarMedia.__name__)
    media = [found[each] for each in wanted]
    if any(each.kind not in PICTURES for each in media):
        text = "Only EXTERIOR and INTERIOR are pictures; a frame shows no sounds and no 3D models."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.mediaIds")
    there = {image.file.sha256: image.id for image in frame.images}
    new = {each.id: PydanticObjectId() for each in media if each.file.sha256 not in there}
    room = context.services.caps.candidates_per_frame
    if len(frame.images) + len(new) > room:
        return Outcome.refused(
            UserErrorCode.LIMIT_EXCEEDED, str(CapReached("candidates of a frame", room)), at="input.mediaIds"
        )
    edit = await editor(context, project_id)
    first = new.get(media[0].id) or there[media[0].file.sha256]
    if not new:
        return await answer(context, edit.choose_image(frame_id, first)) if choose else Outcome(frame)
    key = partial(keys.scene_asset, str(project_id), str(scene.id), "images")
    copies = {each.id: Copy(each.file, str(new[each.id]), key) for each in media if each.id in new}
    images = [_image(context, each, new[each.id], copies[each.id]) for each in media if each.id in new]
    return await _added(
        context, edit, frame_id, images, list(copies.values()), choose=first if choose else None
    )


async def _added(
    context: Context,
    edit: TreeEditor,
    frame_id: PydanticObjectId,
    images: Sequence[Image],
    copies: Sequence[Copy],
    *,
    choose: PydanticObjectId | None,
) -> Outcome[Any]:
    await make_copies(context, copies, CarMedia.__name__)
    try:
        outcome = await answer(context, edit.add_images(frame_id, images, choose=choose))
    except Exception:
        await drop_copies(context, copies)
        raise
    if outcome.user_errors:
        await drop_copies(context, copies)
    return outcome


def _image(context: Context, media: CarMedia, image_id: PydanticObjectId, copy: Copy) -> Image:
    return Image(
        id=image_id,
        file=copy.copied,
        width=media.width or 1,
        height=media.height or 1,
        provenance=Provenance(
            origin=Origin.COMPANY,
            parent_id=media.id,
            parent_kind=CarMedia.__name__,
            created_by=context.require_viewer().user_id,
            created_at=context.services.now(),
        ),
    )


def _frame(project: Project, frame_id: PydanticObjectId) -> tuple[Scene, Frame]:
    for scene, frame in project.frames():
        if frame.id == frame_id:
            return scene, frame
    raise NotFound("Frame")
