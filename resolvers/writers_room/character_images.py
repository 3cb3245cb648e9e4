"""Reference pictures of characters: taken from frames, put in order, removed. Others come by uploads."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.errors import CapReached
from documents.media.file_copy import Copy
from documents.tree.asset import Origin, Provenance
from documents.tree.script import Image
from documents.writers_room import characters
from documents.writers_room.character import IMAGES_MAX, Character, CharacterImage
from resolvers.companies.company_changes import answer
from resolvers.companies.company_copies import drop_copies, make_copies
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.writers_room.characters import editable
from tasks.making.character_keys import key_of

_TITLE: Final = "title"


async def add(
    context: Context,
    character_id: PydanticObjectId,
    *,
    project_id: PydanticObjectId,
    image_id: PydanticObjectId,
    title: str,
) -> Outcome[Character]:
    """Copy a candidate of a frame and keep it as a reference picture.

    Raises:
        NotFound, Forbidden: the viewer may not see the picture, or not change the character.
    """
    character = await editable(context, character_id)
    project = await context.projects.load(project_id, Permission.PROJECT_VIEW)
    source = project.node(image_id)
    if not isinstance(source, Image):
        raise NotFound("Image")
    good, faults = checked(CharacterImage, {_TITLE: title}, at="input")
    if faults:
        return Outcome(user_errors=faults)
    if len(character.images) >= IMAGES_MAX:
        full = CapReached("pictures of a character", IMAGES_MAX)
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, f"{full} Remove one first.")
    new_id = PydanticObjectId()
    copy = Copy(source.file, str(new_id), partial(key_of, character))
    image = CharacterImage(
        id=new_id,
        title=good[_TITLE],
        file=copy.copied,
        width=source.width,
        height=source.height,
        provenance=Provenance(
            origin=Origin.EXTRACTED,
            parent_id=source.id,
            parent_kind=Image.__name__,
            created_by=context.require_viewer().user_id,
            created_at=context.services.now(),
        ),
    )
    await make_copies(context, [copy], Image.__name__)
    try:
        outcome = await answer(characters.add_image(character_id, image, now=context.services.now()))
    except Exception:
        await drop_copies(context, [copy])
        raise
    if outcome.user_errors:
        await drop_copies(context, [copy])
    return outcome


async def remove(
    context: Context, character_id: PydanticObjectId, image_id: PydanticObjectId
) -> Outcome[Character]:
    """Take a reference picture away.

    Raises:
        NotFound, Forbidden: as for `editable`, or the character has no such picture.
        NodeMissing: it was removed meanwhile.
    """
    character = await editable(context, character_id)
    if all(each.id != image_id for each in character.images):
        raise NotFound(characters.IMAGE_KIND)
    return await answer(characters.remove_image(image_id, character, now=context.services.now()))


async def order(
    context: Context,
    character_id: PydanticObjectId,
    image_ids: Sequence[PydanticObjectId],
    *,
    expected_revision: int | None,
) -> Outcome[Character]:
    """Put a character's reference pictures in another order; makers of pictures are shown the first.

    Raises:
        NotFound, Forbidden: as for `editable`.
        NodeMissing: one was added or removed meanwhile.
    """
    character = await editable(context, character_id)
    if sorted(image_ids) != sorted(each.id for each in character.images):
        text = "Name each picture of the character once."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.imageIds", result=character)
    now = context.services.now()
    change = characters.order_images(character_id, image_ids, expected_revision=expected_revision, now=now)
    return await answer(change)
