"""How a job changes state once it is claimed: it hands over to children, ends, or is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import ChangeRefused
from documents.jobs.calling_off import call_off, waited_for
from documents.jobs.job import Job, JobError, JobKind, JobNotice, JobState
from documents.jobs.job_claim import held_by
from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.projects.project import Project, ProjectStatus
from documents.writers_room import chat

_STATUS_AFTER = {
    JobState.SUCCEEDED: ProjectStatus.COMPLETED,
    JobState.FAILED: ProjectStatus.FAILED,
    JobState.CANCELED: ProjectStatus.DRAFT,
}
_MONEY = {"reserved_micros": 1, "checkpoint.purchases": 1}
_HAS_NO_ANSWER = {"$lte": ["$$each.v.answer", None]}
UNFINISHED = [JobState.QUEUED, JobState.RUNNING, JobState.PAUSED]


class LeaseLost(ChangeRefused):
    """Another worker has the job, or it is over: what this one did no longer counts."""


class CancelRequested(ChangeRefused):
    """The job is to be canceled: its work is handed to nobody any more."""


def _notice(job: Job, state: JobState, progress: float, now: datetime) -> dict[str, Any]:
    return JobNotice(state=state, progress=progress, stage=job.stage, at=now).stored()


async def _set(
    query: dict[str, Any], update: dict[str, Any], session: AsyncClientSession | None
) -> Job | None:
    raw = await Job.get_pymongo_collection().find_one_and_update(
        query, update, return_document=ReturnDocument.AFTER, session=session
    )
    return None if raw is None else Job.model_validate(raw)


async def _unlock_project(
    job: Job, state: JobState, now: datetime, session: AsyncClientSession | None
) -> None:
    """Let go of the project that an ended production held."""
    event = ChangeEvent(kind=ChangeKind.PROJECT_CHANGED, node_kind="Project", at=now)
    status = _STATUS_AFTER[state]
    if state is JobState.SUCCEEDED and job.payload.get("stop_after", "RENDER") != "RENDER":
        status = ProjectStatus.DRAFT
    await Project.get_pymongo_collection().update_one(
        {"_id": job.project_id, "production_id": job.id},
        {
            "$set": {"production_id": None, "status": status, "updated_at": now},
            "$inc": {"revision": 1},
            "$push": {"outbox": event.stored()},
        },
        session=session,
    )


async def _settle(
    job: Job, before: dict[str, Any], now: datetime, session: AsyncClientSession | None
) -> None:
    """Give back what was set aside and not spent; have work that nobody waits for any more called off."""
    reserved = before.get("reserved_micros", 0)
    if reserved and job.payer_id is not None:
        await Project.get_pymongo_collection().update_one(
            {"_id": job.payer_id}, {"$inc": {"budget.reserved_micros": -reserved}}, session=session
        )
    purchases = before.get("checkpoint", {}).get("purchases", {})
    await call_off(job, [purchases[name] for name in waited_for(purchases)], now, session)


async def end(
    job: Job,
    state: JobState,
    *,
    query: dict[str, Any],
    now: datetime,
    session: AsyncClientSession | None,
    result: dict[str, Any] | None = None,
    error: JobError | None = None,
    work_s: float | None = None,
) -> Job:
    """End a job if it still is as the query says.

    Raises:
        LeaseLost: it is not; nothing was written.
    """
    progress = 1.0 if state is JobState.SUCCEEDED else job.progress
    values: dict[str, Any] = {
        "state": state,
        "lease": None,
        "is_waiting": False,
        "finished_at": now,
        "progress": progress,
        "error": error.stored() if error else None,
        "reserved_micros": 0,
        "installation_micros": 0,
    }
    if result is not None:
        values["result"] = result
    if state is JobState.SUCCEEDED:
        values |= {
            "work_s": work_s,
            "units_done": job.units_total,
        }
    before = await Job.get_pymongo_collection().find_one(query, _MONEY, session=session)
    ended = await _set(
        query, {"$set": values, "$push": {"outbox": _notice(job, state, progress, now)}}, session
    )
    if ended is None or before is None:
        raise LeaseLost
    await _settle(ended, before, now, session)
    if job.kind is JobKind.PRODUCTION:
        await _unlock_project(ended, state, now, session)
    if job.kind is JobKind.CHAT_REPLY and state is not JobState.SUCCEEDED:
        await chat.follow_job(ended, state, error, session)
    return ended


async def try_later(
    job: Job, *, error: JobError, delay_s: float, now: datetime, is_wait: bool = False
) -> Job | None:
    """Queue a claimed job again after a retryable error; None if the lease is lost.

    `is_wait`: a busy provider sent it away, which is no attempt.
    """
    return await _set(
        held_by(job),
        {
            "$set": {
                "state": JobState.QUEUED,
                "lease": None,
                "error": error.stored(),
                "run_after": now + timedelta(seconds=delay_s),
                "admitted_at": None,
                "send_again_at": None,
            },
            "$inc": {"attempt": -1, "waits": 1} if is_wait else {"waits": 0},
            "$push": {"outbox": _notice(job, JobState.QUEUED, job.progress, now)},
        },
        None,
    )


async def hand_over(
    job: Job,
    children: Sequence[Job],
    *,
    stage: str,
    checkpoint: dict[str, Any],
    now: datetime,
    session: AsyncClientSession,
) -> Job:
    """Give a job's work to children, in one transaction; it goes on when all of them are over.

    A child that exists already and is over is queued again, and so is one that is about to be canceled for
    an earlier try's sake: the fence keeps its old worker's answer out.

    Raises:
        LeaseLost: the lease is lost, or the job was paused; nothing is written once the transaction aborts.
        CancelRequested: whoever cancels the job has looked for its children already; likewise.
    """
    changed = await _set(
        {**held_by(job), "cancel_requested_at": None},
        {
            "$set": {
                "lease": None,
                "is_waiting": True,
                "deaths": 0,  # it has come further: what killed a worker on the way did not stop it
                "stage": stage,
                "checkpoint": checkpoint | {"handed_over_at": now},
                "units_total": sum(child.units_total for child in children),
                "units_done": 0,
            },
            "$push": {"outbox": _notice(job, JobState.RUNNING, job.progress, now)},
        },
        session,
    )
    jobs = Job.get_pymongo_collection()
    if changed is None:
        is_held = await jobs.find_one(held_by(job), {"_id": 1}, session=session)
        raise CancelRequested if is_held else LeaseLost
    ids = [child.id for child in children]
    known = {raw["_id"] async for raw in jobs.find({"_id": {"$in": ids}}, {"_id": 1}, session=session)}
    new = [stored(child) | {"queued_at": now} for child in children if child.id not in known]
    if new:
        await jobs.insert_many(new, session=session)
    if known:
        again = {"_id": {"$in": list(known)}}
        over_or_canceled = [{"state": {"$nin": UNFINISHED}}, {"cancel_requested_at": {"$type": "date"}}]
        await jobs.update_many(
            {**again, "$or": over_or_canceled}, [{"$set": fresh_start(now)}], session=session
        )
    return changed


def fresh_start(now: datetime) -> dict[str, Any]:
    """What a job that is over, or about to be, is set to to be done again: a stage of an update's pipeline.

    What it has bought stays with it, unless it has put that where it belongs: whoever does so again wants
    something else. What it waited for at a provider when it ended has been called off; as long as it has not
    ended, it is waited for on.
    """
    values = {
        "state": JobState.QUEUED,
        "attempt": 0,
        "waits": 0,
        "deaths": 0,
        "error": None,
        "lease": None,
        "is_waiting": False,
        "is_held": False,
        "progress": 0.0,
        "units_done": 0,
        "cancel_requested_at": None,
        "admitted_at": None,
        "send_again_at": None,
        "run_after": None,
        "started_at": None,
        "finished_at": None,
        "queued_at": now,
    }
    bought = {"$objectToArray": {"$ifNull": ["$checkpoint.purchases", {}]}}
    is_called_off = {
        "$and": [{"$gt": ["$finished_at", None]}, {"$gt": ["$$each.v.ticket", None]}, _HAS_NO_ANSWER]
    }
    kept = {"$filter": {"input": bought, "as": "each", "cond": {"$not": [is_called_off]}}}
    is_nothing = {"$or": [{"$eq": ["$state", JobState.SUCCEEDED]}, {"$eq": [kept, []]}]}
    purchases = {"purchases": {"$arrayToObject": kept}}
    return {name: {"$literal": value} for name, value in values.items()} | {
        "checkpoint": {"$cond": [is_nothing, {"$literal": {}}, purchases]}
    }


def stored(job: Job) -> dict[str, Any]:
    """A job as MongoDB holds it."""
    values: dict[str, Any] = job.model_dump(by_alias=True, exclude={"revision_id"})
    return values


async def wake(parent_id: PydanticObjectId) -> bool:
    """Let a parent go on if all its children are over; True if this call did it.

    Two last children that end together may both find none left, but only one of them wakes the parent.
    """
    jobs = Job.get_pymongo_collection()
    if await jobs.find_one({"parent_id": parent_id, "state": {"$in": UNFINISHED}}, {"_id": 1}):
        return False
    result = await jobs.update_one(
        {"_id": parent_id, "state": JobState.RUNNING, "is_waiting": True},
        {"$set": {"is_waiting": False, "send_again_at": None}},
    )
    return result.modified_count == 1
