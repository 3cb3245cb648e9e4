"""Describing a character: out of what is said about them and out of their pictures."""

import asyncio
from typing import Any, Final

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.writers_room import characters
from documents.writers_room.character import Character
from providers.protocols.analysis import AnalysedCharacter, CharacterRequest
from storage.errors import ObjectMissing
from tasks.buying.amounts import Amounts, text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.purchases import buy
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.making.orderers_character import character_gone, orderers_character
from tasks.workshop import Workshop
from tasks.writing.wording import line, paragraph

_PICTURE_LETTERS: Final = 4_000
"""What looking at one picture takes, in letters of text."""
_SHEET_LETTERS: Final = 1_200
_PICTURES: Final = 4


async def analyse_character(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask for a description and keep it, unless somebody wrote another one meanwhile."""
    character = await _character(job)
    report(0, 1, stage="looking")
    pictures = await _pictures(shop, character)
    request = CharacterRequest(
        name=character.name,
        text=told_of(character),
        language=job.payload["language"],
        pictures=pictures,
        model=job.payload.get("model"),
    )
    registry = await shop.providers.registry(job.owner_id, character.company_id)
    analyst = registry.character_analyst(job.payload.get("provider"))
    order = Order(
        name="sheet",
        inputs=request,
        offer=analyst.offer,
        model=request.model,
        amounts=sheet_amounts(request.text, pictures=len(pictures)),
        project=None,
        company_id=character.company_id,
    )
    found = await buy(shop, job, order, AnalysedCharacter, lambda _: analyst.analyse(request))
    sheet = found.sheet
    described = paragraph(sheet.description)
    others = {
        "age": line(sheet.age),
        "gender": line(sheet.gender),
        "role": line(sheet.role),
        "cultural_context": line(sheet.cultural_context),
    }

    async def attach(session: AsyncClientSession) -> None:
        now = await characters.find(character.id, session=session)
        if now is None:
            raise character_gone()
        values: dict[str, Any] = {
            name: value for name, value in others.items() if value and not getattr(now, name)
        }
        if described and now.description == character.description:
            values["description"] = described
        if values:
            await characters.update(character.id, values, now=shop.now(), session=session)

    return Done(
        result={"character_id": str(character.id), "description": described, **others},
        attach=attach,
        took=took(job, found.usage, units=1),
    )


def sheet_amounts(told: str, *, pictures: int) -> Amounts:
    """Tokens of a description out of what is told of a character and of so many pictures."""
    return text_amounts(len(told) + min(pictures, _PICTURES) * _PICTURE_LETTERS, _SHEET_LETTERS)


def told_of(character: Character) -> str:
    """What people have said about a character."""
    who = (character.age, character.gender, character.role, character.cultural_context)
    return "\n".join(part for part in (character.description, *who, character.notes) if part)


async def _character(job: Job) -> Character:
    character = await orderers_character(job)
    if not character.images and not told_of(character):
        raise Hopeless("INVALID", "There is neither a picture nor a word of the character. Add some.")
    return character


async def _pictures(shop: Workshop, character: Character) -> tuple[tuple[bytes, str], ...]:
    async def read(key: str, mime_type: str) -> tuple[bytes, str] | None:
        try:
            return await shop.objects.get_bytes(key), mime_type
        except ObjectMissing:  # removed meanwhile
            return None

    files = [image.file for image in character.images[:_PICTURES]]
    found = await asyncio.gather(*(read(file.key, file.mime_type) for file in files))
    return tuple(each for each in found if each is not None)
