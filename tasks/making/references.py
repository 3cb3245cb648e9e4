"""Pictures of characters that a maker is shown, so that they look the same from one picture to the next."""

import asyncio
from collections.abc import Sequence

from documents.writers_room.character import Character, CharacterImage
from providers.protocols.picture import ReferencePicture
from storage.errors import ObjectMissing
from storage.object_store import ObjectStore


async def references_of(
    objects: ObjectStore, characters: Sequence[Character]
) -> tuple[ReferencePicture, ...]:
    """The first picture of each character that has one; one that was removed meanwhile is left out."""
    shown = [(each, each.images[0]) for each in characters if each.images]
    found = await asyncio.gather(*(_reference(objects, each, image) for each, image in shown))
    return tuple(each for each in found if each is not None)


async def pictures_of(
    objects: ObjectStore, character: Character, images: Sequence[CharacterImage]
) -> tuple[ReferencePicture, ...]:
    """These pictures of one character; one that was removed meanwhile is left out."""
    found = await asyncio.gather(*(_reference(objects, character, image) for image in images))
    return tuple(each for each in found if each is not None)


async def _reference(
    objects: ObjectStore, character: Character, image: CharacterImage
) -> ReferencePicture | None:
    try:
        data = await objects.get_bytes(image.file.key)
    except ObjectMissing:
        return None
    return ReferencePicture(data, image.file.mime_type, says=character.name)
