"""Whose job is next: admission to the broker, and what a sweep finds undone."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from beanie import PydanticObjectId

from documents.jobs.job import Job, JobState, Queue

_MOST_DOUBLINGS = 6


async def admit(
    owner_id: PydanticObjectId, queue: Queue, *, most: int, now: datetime, silence: timedelta
) -> list[Job]:
    """Admit a user's next jobs of a queue, best priority first, until `most` are admitted and not over.

    Racing admissions may exceed `most` by what each of them takes at once; they never admit a job twice.

    Args:
        owner_id: whose jobs.
        queue: of which queue, so that a full one keeps nothing from the others.
        most: how many may be with the broker at a time.
        now: the present.
        silence: how long their messages may go unheeded before they are sent again.
    """
    jobs = Job.get_pymongo_collection()
    admitted = await jobs.count_documents(
        {
            "owner_id": owner_id,
            "queue": queue,
            "admitted_at": {"$type": "date"},
            "finished_at": None,
            "is_waiting": False,
            "state": {"$ne": JobState.PAUSED},
        }
    )
    taken: list[Job] = []
    for _ in range(admitted, most):
        raw = await jobs.find_one_and_update(
            {
                "owner_id": owner_id,
                "queue": queue,
                "state": JobState.QUEUED,
                "admitted_at": None,
                "is_held": False,
                "$or": [{"run_after": None}, {"run_after": {"$lte": now}}],
            },
            {"$set": {"admitted_at": now, "send_again_at": now + silence, "sends": 1}},
            sort=[("priority", -1), ("_id", 1)],
        )
        if raw is None:
            break
        job = Job.readable(raw)
        if job is not None:
            taken.append(job)
    return taken


async def owners_waiting(now: datetime) -> list[PydanticObjectId]:
    """Users with a job that is due and not admitted."""
    return await Job.get_pymongo_collection().distinct(
        "owner_id",
        {
            "state": JobState.QUEUED,
            "admitted_at": None,
            "is_held": False,
            "$or": [{"run_after": None}, {"run_after": {"$lte": now}}],
        },
    )


async def silent(now: datetime, *, silence: timedelta) -> AsyncIterator[Job]:
    """Admitted jobs that should be worked on and are not: their message, or their worker, may be lost.

    Each counts as sent again, and the pause until the next time doubles: a queue that is merely long must not
    fill with messages for what stands in it already.
    """
    quiet = {"$or": [{"send_again_at": None}, {"send_again_at": {"$lt": now}}]}
    queries: list[dict[str, Any]] = [
        {"state": JobState.QUEUED, "admitted_at": {"$type": "date"}, "is_held": False, **quiet},
        {"state": JobState.RUNNING, "is_waiting": False, "lease": None, **quiet},
        {"state": JobState.RUNNING, "lease.expires_at": {"$lt": now}, **quiet},
    ]
    for query in queries:
        async for raw in Job.get_pymongo_collection().find(query).limit(500):
            await mark_sent(raw["_id"], now, silence=silence, sends=raw.get("sends", 0))
            job = Job.readable(raw)
            if job is not None:
                yield job


async def mark_sent(job_id: PydanticObjectId, now: datetime, *, silence: timedelta, sends: int = 0) -> None:
    """Remember that a message for this job goes out now, after `sends` others that nobody took."""
    again = now + silence * 2 ** min(sends, _MOST_DOUBLINGS)
    await Job.get_pymongo_collection().update_one(
        {"_id": job_id}, {"$set": {"send_again_at": again}, "$inc": {"sends": 1}}
    )
