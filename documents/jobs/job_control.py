"""What a person may do to a job: cancel, pause, resume, try again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job, JobError, JobKind, JobNotice, JobState
from documents.jobs.job_end import UNFINISHED, LeaseLost, end, fresh_start
from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.projects.project import Project, ProjectStatus
from documents.writers_room import chat

_UNSTOPPED = [JobKind.MAIL, JobKind.ACCOUNT_MAIL, JobKind.DATA_EXPORT, JobKind.CALL_OFF]
CANCELED = JobError(code="CANCELED", message="Canceled by request.", is_retryable=True)


async def request_cancel(job_id: PydanticObjectId, now: datetime) -> list[PydanticObjectId]:
    """Ask whoever works on a job, or on what descends from it, to stop; returns all of these.

    Those that nobody works on end with `end_canceled`. Each generation is asked before the next one is looked
    for: a parent that is asked hands over to no more children, so none escapes.
    """
    jobs = Job.get_pymongo_collection()
    asked, generation = [job_id], [job_id]
    while generation:
        await jobs.update_many(
            {"_id": {"$in": generation}, "state": {"$in": UNFINISHED}, "cancel_requested_at": None},
            {"$set": {"cancel_requested_at": now}},
        )
        children = jobs.find({"parent_id": {"$in": generation}}, {"_id": 1})
        generation = [raw["_id"] async for raw in children]
        asked += generation
    return asked


async def request_cancel_of(owner_id: PydanticObjectId, now: datetime, session: AsyncClientSession) -> None:
    """Ask that all that somebody has ordered stops, with what descends from it; mails still go out."""
    jobs = Job.get_pymongo_collection()
    orders = {"owner_id": owner_id, "parent_id": None, "finished_at": None, "kind": {"$nin": _UNSTOPPED}}
    roots = [raw["_id"] async for raw in jobs.find(orders, {"_id": 1}, session=session)]
    await jobs.update_many(
        {"root_id": {"$in": roots}, "state": {"$in": UNFINISHED}, "cancel_requested_at": None},
        {"$set": {"cancel_requested_at": now}},
        session=session,
    )


def _abandoned(now: datetime) -> dict[str, Any]:
    """Jobs to be canceled that no worker holds any more."""
    return {
        "state": {"$in": UNFINISHED},
        "cancel_requested_at": {"$type": "date"},
        "$or": [{"lease": None}, {"lease.expires_at": {"$lt": now}}],
    }


async def canceled_without_worker(
    now: datetime, among: Sequence[PydanticObjectId] | None = None
) -> list[Job]:
    """Jobs whose cancellation was asked for and that nobody works on; all of them, or some of `among`."""
    query = _abandoned(now) if among is None else {"_id": {"$in": list(among)}, **_abandoned(now)}
    found = Job.get_pymongo_collection().find({**query, "finished_at": None}).limit(1_000)
    return [job async for raw in found if (job := Job.readable(raw)) is not None]


async def end_canceled(job: Job, now: datetime, session: AsyncClientSession) -> Job | None:
    """Cancel a job that no worker holds; None if one does, or it is over."""
    try:
        return await end(
            job,
            JobState.CANCELED,
            query={"_id": job.id, **_abandoned(now)},
            now=now,
            session=session,
            error=CANCELED,
        )
    except LeaseLost:
        return None


async def _set_paused(job: Job, *, paused: bool, now: datetime, session: AsyncClientSession) -> bool:
    leaves = [JobState.QUEUED, JobState.RUNNING] if paused else [JobState.PAUSED]
    enters = JobState.PAUSED if paused else JobState.RUNNING
    notice = JobNotice(state=enters, progress=job.progress, stage=job.stage, at=now)
    jobs = Job.get_pymongo_collection()
    result = await jobs.update_one(
        {
            "_id": job.id,
            "kind": JobKind.PRODUCTION,
            "state": {"$in": leaves},
            "cancel_requested_at": None,
        },
        {
            "$set": {"state": enters, "lease": None, "send_again_at": None},
            "$push": {"outbox": notice.stored()},
        },
        session=session,
    )
    if result.modified_count == 0:
        return False
    # What is held gives back its place with the broker: other jobs of the user may have it.
    held = {"is_held": True, "admitted_at": None, "send_again_at": None}
    await jobs.update_many(
        {"root_id": job.id, "_id": {"$ne": job.id}, "state": JobState.QUEUED},
        {"$set": held if paused else {"is_held": False}},
        session=session,
    )
    event = ChangeEvent(kind=ChangeKind.PROJECT_CHANGED, node_kind="Project", at=now)
    await Project.get_pymongo_collection().update_one(
        {"_id": job.project_id, "production_id": job.id},
        {
            "$set": {
                "status": ProjectStatus.PAUSED if paused else ProjectStatus.PRODUCING,
                "updated_at": now,
            },
            "$inc": {"revision": 1},
            "$push": {"outbox": event.stored()},
        },
        session=session,
    )
    return True


async def pause(job: Job, now: datetime, session: AsyncClientSession) -> bool:
    """Start no more of a production's steps; running ones finish. False if it is over or paused already."""
    return await _set_paused(job, paused=True, now=now, session=session)


async def resume(job: Job, now: datetime, session: AsyncClientSession) -> bool:
    """Go on with a paused production. False if it is not paused."""
    return await _set_paused(job, paused=False, now=now, session=session)


async def hold(job_id: PydanticObjectId) -> None:
    """Put a queued job back until its root goes on."""
    await Job.get_pymongo_collection().update_one(
        {"_id": job_id, "state": JobState.QUEUED},
        {"$set": {"is_held": True, "admitted_at": None, "send_again_at": None}},
    )


async def let_go(root_id: PydanticObjectId) -> None:
    """Free the held descendants of a root that goes on."""
    await Job.get_pymongo_collection().update_many(
        {"root_id": root_id, "is_held": True}, {"$set": {"is_held": False}}
    )


async def held_roots() -> list[PydanticObjectId]:
    """Roots that have held descendants."""
    return await Job.get_pymongo_collection().distinct("root_id", {"is_held": True})


async def start_again(
    job: Job, now: datetime, session: AsyncClientSession, *, by: PydanticObjectId | None = None
) -> bool:
    """Queue a failed or canceled job once more. False if it is not over, or its project is locked.

    From then on it belongs to whoever wants it again, `by`, with what descends from it: with their keys it is
    done, and not with those of somebody who has not asked for it. None for its owner.
    """
    if job.kind is JobKind.PRODUCTION and not await lock_project(job, now, session):
        return False
    values = fresh_start(now)
    passes_on = by is not None and by != job.owner_id
    if passes_on:
        values |= {"owner_id": by, "idempotency_key": None}
    notice = JobNotice(state=JobState.QUEUED, progress=0.0, stage=job.stage, at=now)
    told = {"$concatArrays": ["$outbox", [{"$literal": notice.stored()}]]}
    result = await Job.get_pymongo_collection().update_one(
        {"_id": job.id, "state": {"$in": [JobState.FAILED, JobState.CANCELED]}},
        [{"$set": values | {"outbox": told}}],
        session=session,
    )
    if passes_on and result.modified_count == 1:
        below = "root_id" if job.root_id == job.id else "parent_id"
        await Job.get_pymongo_collection().update_many(
            {below: job.id}, {"$set": {"owner_id": by}}, session=session
        )
    if job.kind is JobKind.CHAT_REPLY and result.modified_count == 1:
        await chat.follow_job(job, JobState.QUEUED, None, session)
    return result.modified_count == 1


async def lock_project(production: Job, now: datetime, session: AsyncClientSession) -> bool:
    """Give a project to a production; False if another one holds it or it is gone."""
    event = ChangeEvent(kind=ChangeKind.PROJECT_CHANGED, node_kind="Project", at=now)
    result = await Project.get_pymongo_collection().update_one(
        {"_id": production.project_id, "deleted_at": None, "production_id": None},
        {
            "$set": {
                "production_id": production.id,
                "status": ProjectStatus.PRODUCING,
                "updated_at": now,
            },
            "$inc": {"revision": 1},
            "$push": {"outbox": event.stored()},
        },
        session=session,
    )
    return result.modified_count == 1
