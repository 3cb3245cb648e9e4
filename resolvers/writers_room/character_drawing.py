"""Ordering reference pictures of characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from beanie import PydanticObjectId
from pydantic import BaseModel, Field

from documents.errors import CapReached
from documents.jobs import job_list
from documents.jobs.job import Job, JobKind
from documents.text import Paragraph
from documents.writers_room.character import IMAGES_MAX, Character
from documents.writers_room.character_picture import HEIGHT, REFERENCES_MAX, WIDTH
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs import job_room
from resolvers.jobs.generation import new_job, seed_fault, seed_order, start_all
from resolvers.jobs.idempotency import part_of, replayed_many
from resolvers.jobs.pricing import price_steps
from resolvers.jobs.providers import unsupported
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.writers_room.characters import editable
from tasks.buying.steps import Step

MOST_AT_ONCE: Final = 4
"""Pictures that one order makes."""


class _Wish(BaseModel):
    prompt: Annotated[Paragraph, Field(max_length=1_000)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What pictures are ordered.

    Args:
        count: 1 to 4, each different from those before.
        prompt: what they show, in at most 1,000 characters; may be empty.
        provider: who draws; None for the default one.
        seed: of an earlier picture; None for one of its own.
    """

    count: int
    prompt: str
    provider: str | None
    seed: int | None


async def draw(
    context: Context, character_id: PydanticObjectId, wanted: Wanted, *, idempotency_key: str | None
) -> Outcome[list[Job]]:
    """Have reference pictures of a character drawn, after its description and its pictures so far.

    Raises:
        NotFound, Forbidden: the viewer may not see the character, or not change it.
    """
    character = await editable(context, character_id)
    if not 1 <= wanted.count <= MOST_AT_ONCE:
        text = f"1 to {MOST_AT_ONCE} pictures are made at a time."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.count")
    keys = [part_of(idempotency_key, character_id, number) for number in range(wanted.count)]
    parts = [key for key in keys if key is not None]
    known = await replayed_many(context, idempotency_key, JobKind.CHARACTER_IMAGE, None, parts=parts or None)
    if known:
        return known
    viewer_id = context.require_viewer().user_id
    registry = await context.services.providers.registry(viewer_id, character.company_id)
    coming = await job_list.unfinished_outside(JobKind.CHARACTER_IMAGE, character_id)
    faults = _faults(character, wanted, coming)
    fault = None if faults else unsupported(registry, Capability.IMAGE, provider=wanted.provider)
    if fault or faults:
        return Outcome(user_errors=[fault] if fault else faults)
    jobs = await _jobs(context, character, wanted, keys)
    if full := await job_room.refusal(context, wanted.count):
        return full
    units = WIDTH * HEIGHT / 1e6
    step = Step(JobKind.CHARACTER_IMAGE, character_id, "", wanted.provider, units, amounts={"images": 1})
    if fault := await price_steps(context, registry, None, jobs, [step] * wanted.count):
        return Outcome(user_errors=[fault])
    return await start_all(context, jobs)


def _faults(character: Character, wanted: Wanted, coming: int) -> Sequence[UserError]:
    """What is wrong with the order, where so many pictures are on their way already."""
    if wrong := seed_fault(wanted.seed, wanted.count):
        return [wrong]
    _, faults = checked(_Wish, {"prompt": wanted.prompt}, at="input")
    if faults:
        return faults
    if character.appearance == character.name and not character.images and not wanted.prompt.strip():
        text = "Nothing is known of how the character looks: describe it, or say in the prompt what to draw."
        return [UserError(UserErrorCode.INVALID, "input.characterId", text)]
    if len(character.images) + coming + wanted.count > IMAGES_MAX:
        full = CapReached("pictures of a character", IMAGES_MAX)
        return [UserError(UserErrorCode.LIMIT_EXCEEDED, "input.count", f"{full} Remove some first.")]
    return []


async def _jobs(
    context: Context, character: Character, wanted: Wanted, keys: Sequence[str | None]
) -> list[Job]:
    """One for each picture; which pictures they shall agree with is settled now, whoever draws when."""
    viewer_id = context.require_viewer().user_id
    first = await job_list.next_ordinal_outside(viewer_id, JobKind.CHARACTER_IMAGE, character.id)
    order = {
        "prompt": " ".join(wanted.prompt.split()),
        "provider": wanted.provider,
        "references": [str(each.id) for each in character.images[:REFERENCES_MAX]],
    }
    return [
        new_job(
            context,
            JobKind.CHARACTER_IMAGE,
            None,
            node_id=character.id,
            ordinal=max(first, len(character.images)) + number,
            key=key,
            payload=order | seed_order(wanted.seed),
        )
        for number, key in enumerate(keys)
    ]
