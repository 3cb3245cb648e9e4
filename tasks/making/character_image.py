"""Drawing one reference picture of a character, out of its description and its pictures so far."""

from functools import partial
from typing import Final

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached
from documents.jobs.job import Job
from documents.writers_room import characters
from documents.writers_room.character import IMAGES_MAX, Character, CharacterImage
from documents.writers_room.character_picture import CharacterPictureInputs, character_picture_inputs
from providers.protocols.offer import Usage
from providers.protocols.picture import ImageRequest, MadeImage
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy_file, is_bought
from tasks.job_engine.derived import derived_id, seed_of
from tasks.job_engine.work import Done, Report
from tasks.making.character_keys import key_of
from tasks.making.orderers_character import orderers_character
from tasks.making.references import pictures_of
from tasks.workshop import Workshop

_TITLE_LENGTH: Final = 200
_WHOEVER: Final = "Someone"
"""What a maker that goes by single words draws where no other word names anything that it can draw."""


async def draw_character(shop: Workshop, job: Job, report: Report) -> Done:
    """Draw a picture, store it, and keep it as the character's last reference picture."""
    character = await orderers_character(job)
    shown = set(job.payload["references"])
    references = [each for each in character.images if str(each.id) in shown]
    inputs = character_picture_inputs(
        character, references, wish=job.payload["prompt"], provider=job.payload["provider"]
    )
    report(0, 1, stage="drawing")
    image, usage = await _drawn(shop, job, character, references, inputs)

    async def attach(session: AsyncClientSession) -> None:
        await characters.add_image(character.id, image, now=shop.now(), session=session)

    return Done(
        result={"character_id": str(character.id), "image_id": str(image.id), "key": image.file.key},
        attach=attach,
        took=took(job, usage, units=image.width * image.height / 1e6),
    )


async def _drawn(
    shop: Workshop,
    job: Job,
    character: Character,
    references: list[CharacterImage],
    inputs: CharacterPictureInputs,
) -> tuple[CharacterImage, Usage]:
    registry = await shop.providers.registry(job.owner_id, character.company_id)
    maker = registry.image_maker(inputs.provider)
    takes_references = maker.offer.takes_references
    request = ImageRequest(
        prompt=". ".join(part for part in (_WHOEVER, inputs.wish, character.appearance) if part),
        negative_prompt="",
        style="",
        width=inputs.width,
        height=inputs.height,
        seed=seed_of(job, inputs.hash),
        ordinal=0,
        scene_prompt="",
        scene_ordinal=0,
        frame_ordinal=0,
        full_prompt=inputs.prompt,
        references=await pictures_of(shop.objects, character, references) if takes_references else (),
    )
    order = Order(
        name="picture",
        inputs=request,
        offer=maker.offer,
        model=None,
        amounts={"images": 1},
        project=None,
        company_id=character.company_id,
    )
    if len(character.images) >= IMAGES_MAX and not is_bought(job, order):
        raise CapReached("pictures of a character", IMAGES_MAX)
    image_id = derived_id(job.id, "picture", inputs.hash)
    bought = await buy_file(
        shop,
        job,
        order,
        MadeImage,
        key=partial(key_of, character, str(image_id)),
        call=lambda tab: maker.make(request, tab),
    )
    made = bought.made
    provenance = provenance_of(job, made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = inputs.prompt
    provenance.seed = made.seed
    image = CharacterImage(
        id=image_id,
        title=" ".join(inputs.wish.split())[:_TITLE_LENGTH],
        file=bought.file,
        width=made.width,
        height=made.height,
        provenance=provenance,
    )
    return image, made.usage
