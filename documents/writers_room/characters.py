"""What people and workers do to characters: one atomic change each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.tree.asset import StoredFile
from documents.writers_room.character import IMAGES_MAX, Character, CharacterImage

_KIND: Final = Character.__name__
IMAGE_KIND: Final = CharacterImage.__name__


async def create(character: Character, *, session: AsyncClientSession | None = None) -> None:
    """Store a new character."""
    values = character.model_dump(by_alias=True, exclude={"revision_id"})
    await Character.get_pymongo_collection().insert_one(values, session=session)


async def find(
    character_id: PydanticObjectId, *, session: AsyncClientSession | None = None
) -> Character | None:
    """A character that is not deleted."""
    raw = await Character.get_pymongo_collection().find_one(_alive(character_id), session=session)
    return None if raw is None else Character.model_validate(raw)


async def found(character_ids: Sequence[PydanticObjectId]) -> list[Character]:
    """Those of these characters that are not deleted."""
    wanted = {"_id": {"$in": list(character_ids)}, "deleted_at": None}
    return [Character.model_validate(raw) async for raw in Character.get_pymongo_collection().find(wanted)]


async def newest(whose: Mapping[str, Any], *, most: int) -> list[Character]:
    """The newest characters of an owner, named as the documents do it."""
    raw = Character.get_pymongo_collection().find({**whose, "deleted_at": None})
    found = raw.sort([("created_at", -1), ("_id", -1)]).limit(most)
    return [Character.model_validate(each) async for each in found]


async def update(
    character_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None = None,
    now: datetime,
    session: AsyncClientSession | None = None,
) -> Character:
    """Set fields to stored values.

    Raises:
        NodeMissing: there is no such character.
        RevisionStale: it has another revision than expected.
    """
    return await _change(
        character_id,
        {"$set": {**values, "updated_at": now}, "$inc": {"revision": 1}},
        expected_revision=expected_revision,
        session=session,
    )


async def delete(
    character_id: PydanticObjectId, *, expected_revision: int | None, now: datetime
) -> Character:
    """Take a character away; the next sweep removes it with its objects.

    Raises:
        NodeMissing, RevisionStale: as for `update`.
    """
    return await _change(
        character_id,
        {"$set": {"deleted_at": now, "updated_at": now}, "$inc": {"revision": 1}},
        expected_revision=expected_revision,
    )


async def order_images(
    character_id: PydanticObjectId,
    image_ids: Sequence[PydanticObjectId],
    *,
    expected_revision: int | None,
    now: datetime,
) -> Character:
    """Put a character's pictures in another order.

    Raises:
        NodeMissing: there is no such character, or it has other pictures than these.
        RevisionStale: as for `update`.
    """
    one = {"$filter": {"input": "$images", "as": "image", "cond": {"$eq": ["$$image._id", "$$wanted"]}}}
    ordered = {"$map": {"input": list(image_ids), "as": "wanted", "in": {"$first": one}}}
    changed = {"images": ordered, "updated_at": now, "revision": {"$add": ["$revision", 1]}}
    same = {"images._id": {"$all": list(image_ids)}, "images": {"$size": len(image_ids)}}
    return await _change(
        character_id, [{"$set": changed}], condition=same, expected_revision=expected_revision
    )


async def add_image(
    character_id: PydanticObjectId,
    image: CharacterImage,
    *,
    now: datetime,
    session: AsyncClientSession | None = None,
) -> Character:
    """Add a reference picture at the end; one that is there already (a second delivery) is left as it is.

    Raises:
        NodeMissing: there is no such character.
        CapReached: it has as many as it may.
    """
    room = {"images._id": {"$ne": image.id}, f"images.{IMAGES_MAX - 1}": {"$exists": False}}
    update = {
        "$push": {"images": image.stored()},
        "$set": {"updated_at": now},
        "$inc": {"revision": 1},
    }
    try:
        return await _change(character_id, update, condition=room, session=session)
    except NodeMissing:
        raw = await Character.get_pymongo_collection().find_one(_alive(character_id), session=session)
        if raw is None:
            raise
    character: Character = Character.model_validate(raw)
    if all(each.id != image.id for each in character.images):
        raise CapReached("pictures of a character", IMAGES_MAX)
    return character


async def remove_image(image_id: PydanticObjectId, character: Character, *, now: datetime) -> Character:
    """Take a picture away; the next sweep removes its objects.

    Raises:
        NodeMissing: the character, or its picture, is gone.
    """
    gone = next((each for each in character.images if each.id == image_id), None)
    if gone is None:
        raise NodeMissing(IMAGE_KIND)
    update = {
        "$pull": {"images": {"_id": image_id}},
        "$addToSet": {"dropped_keys": {"$each": keys_of(gone.file)}},
        "$set": {"updated_at": now},
        "$inc": {"revision": 1},
    }
    return await _change(character.id, update, condition={"images._id": image_id})


def keys_of(file: StoredFile) -> list[str]:
    """Keys of a file's objects."""
    return [file.key, *([file.thumbnail.key] if file.thumbnail else [])]


async def _change(
    character_id: PydanticObjectId,
    update: Mapping[str, Any] | list[dict[str, Any]],
    *,
    condition: Mapping[str, Any] | None = None,
    expected_revision: int | None = None,
    session: AsyncClientSession | None = None,
) -> Character:
    characters = Character.get_pymongo_collection()
    expected = {} if expected_revision is None else {"revision": expected_revision}
    query = {**_alive(character_id), **(condition or {})}
    raw = await characters.find_one_and_update(
        query | expected, update, return_document=ReturnDocument.AFTER, session=session
    )
    if raw is not None:
        changed: Character = Character.model_validate(raw)
        return changed
    raw = await characters.find_one(_alive(character_id), session=session)
    current = None if raw is None else Character.model_validate(raw)
    if current is not None and expected_revision not in {None, current.revision}:
        raise RevisionStale(_KIND, current)
    raise NodeMissing(_KIND)


def _alive(character_id: PydanticObjectId) -> dict[str, Any]:
    return {"_id": character_id, "deleted_at": None}
