"""The character that a job outside of projects is about, while whoever ordered it may still change it."""

from access.authentication import viewer
from access.belongings import check_change
from access.errors import AccessRefused
from documents.companies import membership
from documents.jobs.job import Job
from documents.writers_room import characters
from documents.writers_room.character import Character
from tasks.job_engine.work import Hopeless


async def orderers_character(job: Job) -> Character:
    """The character, whose company's keys may be used.

    Raises:
        Hopeless: it was removed, or is no longer its orderer's to change.
    """
    assert job.node_id is not None  # noqa: S101 - the job was made with it
    character = await characters.find(job.node_id)
    if character is None or not await _may_still(job, character):
        raise character_gone()
    return character


def character_gone() -> Hopeless:
    """Why nothing is made for a character any more."""
    return Hopeless("NODE_GONE", "The character was removed, or is no longer yours to change.")


async def _may_still(job: Job, character: Character) -> bool:
    """Whether a company's character is still its orderer's to change, and the company's keys to use."""
    if character.company_id is None:
        return True
    standing = await membership.standing(job.owner_id)
    if standing is None:
        return False
    try:
        check_change(viewer(job.owner_id, standing), character, Character.__name__)
    except AccessRefused:
        return False
    return True
