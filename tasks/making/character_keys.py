"""Where the objects of characters lie: with their owner, a person or a company."""

from beanie import PydanticObjectId

from documents.writers_room.character import Character
from storage import keys
from storage.keys import TenantFolder


def key_of(character: Character, name: str, extension: str) -> str:
    """Key of a picture."""
    folder, owner_id = _home(character)
    return keys.character_file(folder, str(owner_id), str(character.id), asset=name, extension=extension)


def prefix_of(character: Character) -> str:
    """What the keys of all objects begin with."""
    folder, owner_id = _home(character)
    return keys.character_prefix(folder, str(owner_id), str(character.id))


def _home(character: Character) -> tuple[TenantFolder, PydanticObjectId | None]:
    if character.company_id is not None:
        return "companies", character.company_id
    return "users", character.owner_id
