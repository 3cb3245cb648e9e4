"""What can be changed of characters."""

from typing import Any

import strawberry

import documents.writers_room.character as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.writers_room import character_images, characters
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id, tree_ref
from schema.inputs import given
from schema.removal import gone_field, kept_field
from schema.writers_room.character import Character

Info = strawberry.Info[Context, None]
_EXPECTED = "The character's revision as the client knows it; null to change it anyhow."
_COMPANYS = "A company's character takes `ASSETS_MANAGE` besides."


@strawberry.input(description="How a character sounds.")
class CharacterVoiceInput:
    """Unpacked by `schema.inputs.given`."""

    voice: str = strawberry.field(
        description="A voice's id, as `providers(capability: SPEECH)` lists them; 1 to 200 characters."
    )
    provider: str | None = strawberry.field(
        default=strawberry.UNSET, description="Whose voice it is; null for the project's provider."
    )
    speed: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="0.5 to 2, where 1 is the voice's own pace; null for the project's.",
    )


@strawberry.input
class _CharacterFields:
    """What is given of a character, new or old. A base for Python alone."""

    description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Outward appearance alone, as it shall stand in prompts; at most 5,000 characters.",
    )
    age: str | None = strawberry.field(
        default=strawberry.UNSET, description="Such as `about 70`; at most 200 characters."
    )
    gender: str | None = strawberry.field(
        default=strawberry.UNSET, description="Such as `woman`; at most 200 characters."
    )
    role: str | None = strawberry.field(
        default=strawberry.UNSET, description="What they are to the story; at most 200 characters."
    )
    cultural_context: str | None = strawberry.field(
        default=strawberry.UNSET, description="Such as `Breton`; at most 200 characters."
    )
    notes: str | None = strawberry.field(
        default=strawberry.UNSET, description="For people alone; at most 5,000 characters."
    )
    show_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the show that they belong to; null for none."
    )
    voice: CharacterVoiceInput | None = strawberry.field(
        default=strawberry.UNSET, description="How they sound; null for the project's voice."
    )


@strawberry.input(description="A new character.")
class CreateCharacterInput(_CharacterFields):
    """Unpacked by `CharacterMutations.create_character`."""

    name: str = strawberry.field(description="As scripts and prompts name them: 1 to 200 characters.")
    company_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the company whose they are; null for the viewer's own."
    )


@strawberry.input(description="What to change of a character; what is left out stays.")
class UpdateCharacterInput(_CharacterFields):
    """Unpacked by `CharacterMutations.update_character`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="A character to remove.")
class DeleteCharacterInput:
    """Unpacked by `CharacterMutations.delete_character`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="A candidate picture to keep as a reference.")
class AddCharacterImageInput:
    """Unpacked by `CharacterMutations.add_character_image`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    image_id: strawberry.ID = strawberry.field(description="Id of a frame's candidate, chosen or not.")
    title: str = strawberry.field(default="", description="What it shows; at most 200 characters.")


@strawberry.input(description="A reference picture to remove.")
class RemoveCharacterImageInput:
    """Unpacked by `CharacterMutations.remove_character_image`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    image_id: strawberry.ID = strawberry.field(description="Id of the reference picture.")


@strawberry.input(description="The order of a character's reference pictures.")
class OrderCharacterImagesInput:
    """Unpacked by `CharacterMutations.order_character_images`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    image_ids: list[strawberry.ID] = strawberry.field(
        description="Ids of all its pictures, each once; the first one is shown to makers of pictures."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.type
class _CharacterPayload(Payload):
    """What the payloads of changes of a character share."""

    character = result_field(
        Character, "The character as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of making a character.")
class CreateCharacterPayload(_CharacterPayload):
    """Over `Outcome[Character]`."""


@strawberry.type(description="What came of changing a character.")
class UpdateCharacterPayload(_CharacterPayload):
    """Over `Outcome[Character]`."""


@strawberry.type(description="What came of keeping a picture as a reference.")
class AddCharacterImagePayload(_CharacterPayload):
    """Over `Outcome[Character]`."""


@strawberry.type(description="What came of removing a reference picture.")
class RemoveCharacterImagePayload(_CharacterPayload):
    """Over `Outcome[Character]`."""


@strawberry.type(description="What came of putting reference pictures in order.")
class OrderCharacterImagesPayload(_CharacterPayload):
    """Over `Outcome[Character]`."""


@strawberry.type(description="What came of removing a character.")
class DeleteCharacterPayload(Payload):
    """Over `Outcome[Character]`."""

    deleted_character_id = gone_field(
        "Character", "Id of the character that is gone; null if it was not removed."
    )
    character = kept_field(Character, "The character as it is, where it was not removed.")


def _given(input: CreateCharacterInput | UpdateCharacterInput, *without: str) -> dict[str, Any]:
    values = given(input, without=without)
    if input.show_id:
        values["show_id"] = document_id(input.show_id, "Show", "input.showId")
    return values


@strawberry.type
class CharacterMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateCharacterPayload,
        description=f"Make a character. {_COMPANYS}",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def create_character(self, info: Info, input: CreateCharacterInput) -> Outcome[stored.Character]:
        """Make."""
        company_id = input.company_id
        return await characters.create(
            info.context,
            _given(input, "company_id"),
            company_id=None if company_id is None else document_id(company_id, "Company", "input.companyId"),
        )

    @strawberry.mutation(
        graphql_type=UpdateCharacterPayload,
        description="Change a character. Pictures of scenes in which they appear are stale afterwards, "
        f"voiceovers that they speak likewise. {_COMPANYS}",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def update_character(self, info: Info, input: UpdateCharacterInput) -> Outcome[stored.Character]:
        """Change."""
        return await characters.update(
            info.context,
            document_id(input.character_id, "Character", "input.characterId"),
            _given(input, "character_id", "expected_revision"),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteCharacterPayload,
        description="Remove a character with its reference pictures, for good. Scenes that name it are as if "
        f"they did not. {_COMPANYS}",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def delete_character(self, info: Info, input: DeleteCharacterInput) -> Outcome[stored.Character]:
        """Remove."""
        return await characters.delete(
            info.context,
            document_id(input.character_id, "Character", "input.characterId"),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=AddCharacterImagePayload,
        description="Keep a copy of a frame's candidate as a reference picture. Others come by "
        "`createUpload` with the target `characterImage`. `LIMIT_EXCEEDED`: a character has at most 8. "
        f"{_COMPANYS}",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def add_character_image(
        self, info: Info, input: AddCharacterImageInput
    ) -> Outcome[stored.Character]:
        """Keep a copy."""
        ref = tree_ref(input.image_id, "Image", "input.imageId")
        return await character_images.add(
            info.context,
            document_id(input.character_id, "Character", "input.characterId"),
            project_id=ref.project_id,
            image_id=ref.node_id,
            title=input.title,
        )

    @strawberry.mutation(
        graphql_type=RemoveCharacterImagePayload,
        description=f"Remove a reference picture. {_COMPANYS}",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def remove_character_image(
        self, info: Info, input: RemoveCharacterImageInput
    ) -> Outcome[stored.Character]:
        """Remove."""
        return await character_images.remove(
            info.context,
            document_id(input.character_id, "Character", "input.characterId"),
            document_id(input.image_id, "CharacterImage", "input.imageId"),
        )

    @strawberry.mutation(
        graphql_type=OrderCharacterImagesPayload,
        description=f"Put a character's reference pictures in order. {_COMPANYS}",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def order_character_images(
        self, info: Info, input: OrderCharacterImagesInput
    ) -> Outcome[stored.Character]:
        """Order."""
        wanted = [
            document_id(each, "CharacterImage", f"input.imageIds.{index}")
            for index, each in enumerate(input.image_ids)
        ]
        return await character_images.order(
            info.context,
            document_id(input.character_id, "Character", "input.characterId"),
            wanted,
            expected_revision=input.expected_revision,
        )
