"""Whose job is next: admission to the broker, and what a sweep finds undone."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from beanie import PydanticObjectId

from documents.job import Job, JobState


async def admit(owner_id: PydanticObjectId, *, most: int, now: datetime) -> list[Job]:
    """Admit a user's next jobs, best priority first, until `most` of theirs are admitted and not over.

    Racing admissions may exceed `most` by what each of them takes at once; they never admit a job twice.
    """
    jobs = Job.get_pymongo_collection()
    admitted = await jobs.count_documents(
        {
            "owner_id": owner_id,
            "admitted_at": {"$type": "date"},
            "finished_at": None,
            "is_waiting": False,
            "state": {"$ne": JobState.PAUSED},
        }
    )
    taken: list[Job] = []
    while admitted + len(taken) < most:
        raw = await jobs.find_one_and_update(
            {
                "owner_id": owner_id,
                "state": JobState.QUEUED,
                "admitted_at": None,
                "is_held": False,
                "$or": [{"run_after": None}, {"run_after": {"$lte": now}}],
            },
            {"$set": {"admitted_at": now, "sent_at": now}},
            sort=[("priority", -1), ("_id", 1)],
        )
        if raw is None:
            break
        taken.append(Job.model_validate(raw))
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
    """Admitted jobs that should be worked on and are not: their message, or their worker, may be lost."""
    long_ago = now - silence
    quiet = {"$or": [{"sent_at": None}, {"sent_at": {"$lt": long_ago}}]}
    queries: list[dict[str, Any]] = [
        {"state": JobState.QUEUED, "admitted_at": {"$type": "date"}, "is_held": False, **quiet},
        {"state": JobState.RUNNING, "is_waiting": False, "lease": None, **quiet},
        {"state": JobState.RUNNING, "lease.expires_at": {"$lt": now}, **quiet},
    ]
    for query in queries:
        async for raw in Job.get_pymongo_collection().find(query).limit(500):
            yield Job.model_validate(raw)


async def mark_sent(job_id: PydanticObjectId, now: datetime) -> None:
    """Remember that a message for this job was sent just now."""
    await Job.get_pymongo_collection().update_one({"_id": job_id}, {"$set": {"sent_at": now}})
