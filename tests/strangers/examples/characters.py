"""Characters: the owner's own, and the company's."""

from access.permissions import Permission
from documents.tree.asset import Origin, Provenance
from documents.writers_room.character import Character, CharacterImage
from schema.ids import document_gid
from tests.strangers.example import Example, NodeExample
from tests.strangers.examples.film import PICTURE, change, image
from tests.strangers.world import World
from tests.studio import stored_file


async def furnish(world: World) -> None:
    now = world.studio.services.now()
    picture = CharacterImage(
        file=stored_file("users/u/characters/c/a.png"),
        width=9,
        height=16,
        provenance=Provenance(origin=Origin.UPLOADED, created_at=now),
    )
    own = Character(
        name="Canary heroine",
        owner_id=world.owner.user_id,
        created_by=world.owner.user_id,
        images=[picture],
        created_at=now,
        updated_at=now,
    )
    world.documents["character"] = await own.insert()
    world.objects[stored_file().key] = PICTURE  # of all candidates of the film


def character(world: World) -> str:
    return document_gid("Character", world.documents["character"].id)


def picture(world: World) -> str:
    return document_gid("CharacterImage", world.documents["character"].images[0].id)


def pictures(world: World) -> list[str]:
    return [picture(world)]


EXAMPLES = {
    "characters": Example(is_own=True),
    "createCharacter": Example(lambda _: {"input": {"name": "Bee"}}, is_own=True),
    "updateCharacter": change(characterId=character, name="Stolen"),
    "deleteCharacter": change(characterId=character),
    "addCharacterImage": change(characterId=character, imageId=image),
    "generateCharacterImages": change(characterId=character, prompt="Steal it."),
    "removeCharacterImage": change(characterId=character, imageId=picture),
    "orderCharacterImages": change(characterId=character, imageIds=pictures),
}

NODES = {"Character": NodeExample(character, needs=Permission.ACCOUNT_VIEW, by="owner")}
