"""Reserving, booking and releasing what a job costs, each in one transaction and at most once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from documents.accounts.allowance import Allowance
from documents.jobs.job import Job
from documents.jobs.job_claim import held_by
from documents.jobs.job_end import LeaseLost
from documents.jobs.personal_spending import PersonalSpending, spending_of
from documents.jobs.usage_record import INSTALLATION, UsageRecord
from documents.projects.project import Project
from documents.transaction import in_transaction


class OverCeiling(Exception):
    """The project's ceiling would be passed.

    Args:
        ceiling_micros: the ceiling.
        left_micros: what may still be spent.
    """

    def __init__(self, ceiling_micros: int, left_micros: int) -> None:
        super().__init__(f"{left_micros} of {ceiling_micros} micros are left.")
        self.ceiling_micros = ceiling_micros
        self.left_micros = left_micros


class OverLimit(Exception):
    """A person's limit on what the installation's keys pay for would be passed.

    Args:
        spending: how the person stood without what was to be reserved.
        missing_micros: how much more would have to be left.
    """

    def __init__(self, spending: PersonalSpending, missing_micros: int) -> None:
        super().__init__(f"{missing_micros} micros too little are left.")
        self.spending = spending
        self.missing_micros = missing_micros


@dataclass(frozen=True, slots=True)
class ByInstallation:
    """A purchase with the installation's key.

    Args:
        everybodys_micros: what a person may spend so who has no limit of their own; None for no limit.
        now: the present.
    """

    everybodys_micros: int | None
    now: datetime


async def reserve(job: Job, micros: int, by_installation: ByInstallation | None = None) -> None:
    """Set money aside for a claimed job; what is set aside already counts.

    Args:
        job: that is about to buy.
        micros: what it should cost.
        by_installation: that pays; None where a person's or a company's own key is used.

    Raises:
        OverCeiling: the project has not got it; nothing was written.
        OverLimit: the job's owner may not spend it; likewise.
        LeaseLost: somebody else has the job.
    """
    of_project = 0 if job.payer_id is None else max(0, micros - job.reserved_micros)
    of_person = 0
    if (
        by_installation is not None
        and await Allowance.limit_of(job.owner_id, by_installation.everybodys_micros) is not None
    ):
        of_person = max(0, micros - job.installation_micros)
    if not of_project and not of_person:
        return
    more = {"reserved_micros": of_project, "installation_micros": of_person}

    async def work(session: AsyncClientSession) -> None:
        held = await Job.get_pymongo_collection().update_one(held_by(job), {"$inc": more}, session=session)
        if held.matched_count == 0:
            raise LeaseLost
        if of_project:
            await _reserve_of_project(job, of_project, session)
        if of_person and by_installation is not None:
            await _check_limit(job, of_person, by_installation, session)

    try:
        await in_transaction(work)
    except DuplicateKeyError:  # two first reservations of a person at the same time
        await in_transaction(work)
    job.reserved_micros += of_project
    job.installation_micros += of_person


async def _reserve_of_project(job: Job, micros: int, session: AsyncClientSession) -> None:
    total = {"$add": ["$budget.spent_micros", "$budget.reserved_micros", micros]}
    ceiling = {"$ifNull": ["$budget.ceiling_micros", None]}
    fits = {"$or": [{"$eq": [ceiling, None]}, {"$lte": [total, ceiling]}]}
    found = await Project.get_pymongo_collection().update_one(
        {"_id": job.payer_id, "$expr": fits}, {"$inc": {"budget.reserved_micros": micros}}, session=session
    )
    if found.matched_count == 0:
        raise await _over(job, session)


async def _check_limit(
    job: Job, micros: int, by_installation: ByInstallation, session: AsyncClientSession
) -> None:
    """Look whether what is reserved now still fits, with the job's own part in it."""
    await Allowance.take_turn(job.owner_id, session)
    now = await spending_of(
        job.owner_id,
        everybodys_micros=by_installation.everybodys_micros,
        now=by_installation.now,
        session=session,
    )
    if now.limit_micros is None:
        return
    missing = now.spent_micros + now.reserved_micros - now.limit_micros
    if missing > 0:
        raise OverLimit(replace(now, reserved_micros=now.reserved_micros - micros), missing)


async def _over(job: Job, session: AsyncClientSession) -> Exception:
    raw = await Project.get_pymongo_collection().find_one(
        {"_id": job.payer_id}, {"budget": 1}, session=session
    )
    if raw is None:
        return LeaseLost()  # the project is gone, and its jobs with it
    budget = raw["budget"]
    taken = budget["spent_micros"] + budget["reserved_micros"]
    return OverCeiling(budget["ceiling_micros"], max(0, budget["ceiling_micros"] - taken))


async def book(job: Job, name: str, entry: dict[str, Any] | None, record: UsageRecord) -> None:
    """Keep what was bought under `name` in the job's checkpoint, and count its price, in one transaction.

    A worker that lost the job counts the price all the same: the provider has charged it. What is booked
    already, because two workers waited for one prediction, is not counted again. `entry` None: nothing came
    of it but its price.

    Raises:
        LeaseLost: somebody else has the job; the price was counted.
    """

    async def work(session: AsyncClientSession) -> tuple[bool, int, int]:
        cost = record.cost_micros if await count(record, job.root_id, session) else 0
        freed = min(job.reserved_micros, cost)
        freed_of_person = min(job.installation_micros, cost) if record.whose_key == INSTALLATION else 0
        held = await Job.get_pymongo_collection().update_one(
            held_by(job),
            {
                "$set": {} if entry is None else {f"checkpoint.purchases.{name}": entry},
                "$inc": {"reserved_micros": -freed, "installation_micros": -freed_of_person},
            },
            session=session,
        )
        is_held = held.matched_count == 1
        if is_held and freed and job.payer_id is not None:
            await Project.get_pymongo_collection().update_one(
                {"_id": job.payer_id}, {"$inc": {"budget.reserved_micros": -freed}}, session=session
            )
        return is_held, freed, freed_of_person

    try:
        is_held, freed, freed_of_person = await in_transaction(work)
    except DuplicateKeyError:  # booked by another worker in between
        is_held, freed, freed_of_person = await in_transaction(work)
    if not is_held:
        raise LeaseLost
    job.reserved_micros -= freed
    job.installation_micros -= freed_of_person
    if entry is not None:
        job.checkpoint.setdefault("purchases", {})[name] = entry


async def count(record: UsageRecord, root_id: PydanticObjectId, session: AsyncClientSession) -> bool:
    """Keep what was charged, for its job, the job at the root and the project; False if that is done already.

    Raises:
        DuplicateKeyError: somebody else does it at the same time; the transaction is to be tried again.
    """
    records = UsageRecord.get_pymongo_collection()
    if await records.find_one({"_id": record.id}, {"_id": 1}, session=session) is not None:
        return False
    await records.insert_one(record.model_dump(by_alias=True, exclude={"revision_id"}), session=session)
    cost = record.cost_micros
    await Job.get_pymongo_collection().update_many(
        {"_id": {"$in": [record.job_id, root_id]}}, {"$inc": {"cost_micros": cost}}, session=session
    )
    if record.project_id is not None:
        await Project.get_pymongo_collection().update_one(
            {"_id": record.project_id}, {"$inc": {"budget.spent_micros": cost}}, session=session
        )
    return True
