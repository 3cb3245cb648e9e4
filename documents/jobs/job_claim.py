"""The right to work on a job: taken, kept and given back by compare-and-set."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from beanie import PydanticObjectId
from bson import Binary
from pymongo import ReturnDocument

from documents.jobs.job import Job, JobState


def _claimable(now: datetime) -> list[dict[str, Any]]:
    due = {"$or": [{"run_after": None}, {"run_after": {"$lte": now}}]}
    running = {"state": JobState.RUNNING, "is_waiting": False}
    return [
        {"state": JobState.QUEUED, "is_held": False, **due},
        {**running, "lease": None},
        {**running, "lease.expires_at": {"$lte": now}},
    ]


async def claim(
    job_id: PydanticObjectId, *, owner: str, now: datetime, lease_s: float, session_id: UUID | None = None
) -> Job | None:
    """Lease a job that is due, goes on after its children, or whose worker fell silent.

    A lapsed lease counts as a death of its worker; a job that was queued counts one attempt more.

    Args:
        job_id: which job.
        owner: the worker's name.
        now: the present.
        lease_s: for how many seconds.
        session_id: of the session in which the worker will write the result.

    Returns:
        The job with its new fencing token, or None if it is held, waiting, leased or over.
    """
    query = {"_id": job_id, "cancel_requested_at": None, "$or": _claimable(now)}
    lapsed = {"$cond": [{"$gt": ["$lease", None]}, 1, 0]}
    fresh = {"$cond": [{"$eq": ["$state", JobState.QUEUED]}, 1, 0]}
    token = {"$add": ["$fence", 1]}
    notice = {
        "_id": {"$literal": PydanticObjectId()},
        "state": JobState.RUNNING,
        "progress": "$progress",
        "stage": "$stage",
        "at": {"$literal": now},
    }
    told = {"$concatArrays": ["$outbox", [notice]]}
    update = [
        {
            "$set": {
                "state": JobState.RUNNING,
                "deaths": {"$add": ["$deaths", lapsed]},
                "attempt": {"$add": ["$attempt", fresh]},
                "fence": token,
                "run_after": None,
                "sends": 0,
                "send_again_at": None,  # if this worker falls silent, the next message need not wait
                "started_at": {"$ifNull": ["$started_at", {"$literal": now}]},
                "outbox": {"$cond": [{"$eq": ["$state", JobState.QUEUED]}, told, "$outbox"]},
                "lease": {
                    "owner": {"$literal": owner},
                    "token": token,
                    "session_id": {"$literal": session_id},
                    "expires_at": {"$literal": now + timedelta(seconds=lease_s)},
                },
            }
        }
    ]
    raw = await Job.get_pymongo_collection().find_one_and_update(
        query, update, return_document=ReturnDocument.AFTER
    )
    return None if raw is None else Job.model_validate(raw)


def held_by(job: Job) -> dict[str, Any]:
    """A filter that holds as long as this claim of the job is the newest."""
    token = job.lease.token if job.lease else -1
    return {"_id": job.id, "state": JobState.RUNNING, "lease.token": token}


async def renew(job: Job, *, now: datetime, lease_s: float) -> bool | None:
    """Prolong a lease.

    Returns:
        Whether the job is to be canceled; None if the lease is lost.
    """
    raw = await Job.get_pymongo_collection().find_one_and_update(
        held_by(job),
        {"$set": {"lease.expires_at": now + timedelta(seconds=lease_s)}},
        projection={"cancel_requested_at": 1},
    )
    return None if raw is None else raw.get("cancel_requested_at") is not None


async def release(job: Job) -> None:
    """Give a job back unfinished, as an orderly shutdown does; it counts neither as attempt nor as death."""
    await Job.get_pymongo_collection().update_one(
        held_by(job), {"$set": {"lease": None, "send_again_at": None}}
    )


async def save_checkpoint(job: Job, checkpoint: dict[str, Any]) -> bool:
    """Keep what a takeover needs; False if the lease is lost."""
    result = await Job.get_pymongo_collection().update_one(held_by(job), {"$set": {"checkpoint": checkpoint}})
    return result.matched_count == 1


async def save_progress(job: Job, *, progress: float, stage: str | None, units: tuple[int, int]) -> bool:
    """Keep how far the work has come; False if the lease is lost.

    Args:
        job: the claimed job.
        progress: 0 to 1.
        stage: what is being done, in a word.
        units: done and total, in the job's own unit.
    """
    result = await Job.get_pymongo_collection().update_one(
        held_by(job),
        {
            "$set": {
                "progress": progress,
                "stage": stage,
                "units_done": units[0],
                "units_total": units[1],
            }
        },
    )
    return result.matched_count == 1


async def break_off_lapsed(now: datetime) -> None:
    """Abort the transactions in which workers may have died.

    MongoDB itself would let them hold what they have written for a minute more, and whoever wants to write
    there, a takeover included, would wait. A worker that lives finds that its lease is lost.
    """
    jobs = Job.get_pymongo_collection()
    lapsed = {"state": JobState.RUNNING, "lease.expires_at": {"$lt": now}}
    sessions = await jobs.distinct("lease.session_id", {**lapsed, "lease.session_id": {"$type": "binData"}})
    if sessions:
        named = [{"id": Binary.from_uuid(session)} for session in sessions]
        await jobs.database.client.admin.command("killSessions", named)
