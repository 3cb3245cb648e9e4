"""Having pictures of characters made."""

import strawberry

import documents.jobs.job as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.writers_room import character_drawing
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.jobs.job_orders import KEY, JobsPayload
from schema.scalars import BigInt

Info = strawberry.Info[Context, None]


@strawberry.input(description="Reference pictures to draw of a character.")
class GenerateCharacterImagesInput:
    """Unpacked by `CharacterOrderMutations.generate_character_images`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    count: int = strawberry.field(default=1, description="How many, 1 to 4; no two are alike.")
    prompt: str = strawberry.field(
        default="",
        description="What they are to show besides the looks that are known, such as `from the side, in "
        "watercolour`; at most 1,000 characters.",
    )
    provider: str | None = strawberry.field(
        default=None, description="Who draws, as `providers` names it; null for the default one."
    )
    seed: BigInt | None = strawberry.field(
        default=None,
        description="`provenance.seed` of an earlier picture, 0 to 4,294,967,295: where nothing else has "
        "changed, a provider that takes seeds makes the same one again. With one picture alone.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type(description="What came of having pictures of a character drawn.")
class GenerateCharacterImagesPayload(JobsPayload):
    """Over `Outcome[list[Job]]`."""


@strawberry.type
class CharacterOrderMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=GenerateCharacterImagesPayload,
        description="Have reference pictures of a character drawn out of its description; a maker that takes "
        "references (`Offer.takesReferences`) is shown its first three pictures, so that the new ones agree "
        "with them. `local` draws a figure that is no likeness. Each stands behind its other pictures as "
        "soon as it is there. A company's character takes `ASSETS_MANAGE` besides. `INVALID`: nothing is "
        "known of its looks, or a value is out of range. `LIMIT_EXCEEDED`: it would have more than 8 "
        "pictures, or too many jobs would start. `UNSUPPORTED`: the image provider is not there.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def generate_character_images(
        self, info: Info, input: GenerateCharacterImagesInput
    ) -> Outcome[list[stored.Job]]:
        """Draw."""
        return await character_drawing.draw(
            info.context,
            document_id(input.character_id, "Character", "input.characterId"),
            character_drawing.Wanted(input.count, input.prompt, input.provider, input.seed),
            idempotency_key=input.idempotency_key,
        )
