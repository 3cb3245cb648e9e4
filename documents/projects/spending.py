"""Reserving, booking and releasing what a job costs, each in one transaction and at most once."""

from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from documents.jobs.job import Job
from documents.jobs.job_claim import held_by
from documents.jobs.job_end import LeaseLost
from documents.jobs.usage_record import UsageRecord
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


async def reserve(job: Job, micros: int) -> None:
    """Set money of the project aside for a claimed job; what is set aside already counts.

    Raises:
        OverCeiling: it is not there; nothing was written.
        LeaseLost: somebody else has the job.
    """
    more = micros - job.reserved_micros
    if more <= 0 or job.payer_id is None:
        return

    async def work(session: AsyncClientSession) -> None:
        jobs = Job.get_pymongo_collection()
        held = await jobs.update_one(held_by(job), {"$inc": {"reserved_micros": more}}, session=session)
        if held.matched_count == 0:
            raise LeaseLost
        total = {"$add": ["$budget.spent_micros", "$budget.reserved_micros", more]}
        ceiling = {"$ifNull": ["$budget.ceiling_micros", None]}
        fits = {"$or": [{"$eq": [ceiling, None]}, {"$lte": [total, ceiling]}]}
        projects = Project.get_pymongo_collection()
        found = await projects.update_one(
            {"_id": job.payer_id, "$expr": fits},
            {"$inc": {"budget.reserved_micros": more}},
            session=session,
        )
        if found.matched_count == 0:
            raise await _over(job, session)

    await in_transaction(work)
    job.reserved_micros += more


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

    async def work(session: AsyncClientSession) -> bool:
        is_new = await count(record, job.root_id, session)
        freed = min(job.reserved_micros, record.cost_micros) if is_new else 0
        held = await Job.get_pymongo_collection().update_one(
            held_by(job),
            {
                "$set": {} if entry is None else {f"checkpoint.purchases.{name}": entry},
                "$inc": {"reserved_micros": -freed},
            },
            session=session,
        )
        is_held = held.matched_count == 1
        if is_held and freed and job.payer_id is not None:
            await Project.get_pymongo_collection().update_one(
                {"_id": job.payer_id}, {"$inc": {"budget.reserved_micros": -freed}}, session=session
            )
        return is_held

    try:
        is_held = await in_transaction(work)
    except DuplicateKeyError:  # booked by another worker in between
        is_held = await in_transaction(work)
    if not is_held:
        raise LeaseLost
    job.reserved_micros -= min(job.reserved_micros, record.cost_micros)
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
