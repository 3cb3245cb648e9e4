"""Pictures that a maker is shown, so that who and what they show looks the same in each picture."""

import asyncio
from collections.abc import Sequence

from documents.tree.asset import StoredFile
from documents.tree.reference_image import ReferenceImage
from documents.writers_room.character import Character, CharacterImage
from providers.protocols.picture import ReferencePicture
from storage.errors import ObjectMissing
from storage.object_store import ObjectStore


async def references_of(
    objects: ObjectStore, characters: Sequence[Character], things: Sequence[ReferenceImage]
) -> tuple[ReferencePicture, ...]:
    """The first picture of each character that has one, then those of things.

    One that was removed meanwhile is left out.
    """
    people = [(each.name, each.images[0].file) for each in characters if each.images]
    return await _read(objects, [*people, *((each.title, each.file) for each in things)])


async def pictures_of(
    objects: ObjectStore, character: Character, images: Sequence[CharacterImage]
) -> tuple[ReferencePicture, ...]:
    """These pictures of one character; one that was removed meanwhile is left out."""
    return await _read(objects, [(character.name, each.file) for each in images])


async def _read(
    objects: ObjectStore, wanted: Sequence[tuple[str, StoredFile]]
) -> tuple[ReferencePicture, ...]:
    found = await asyncio.gather(*(_reference(objects, says, file) for says, file in wanted))
    return tuple(each for each in found if each is not None)


async def _reference(objects: ObjectStore, says: str, file: StoredFile) -> ReferencePicture | None:
    try:
        data = await objects.get_bytes(file.key)
    except ObjectMissing:
        return None
    return ReferencePicture(data, file.mime_type, says=says)
