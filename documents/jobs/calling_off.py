"""Orders to call off what was bought from a provider and nobody waits for any more."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.jobs.job_claim import held_by
from documents.transaction import in_transaction

_PRIORITY = 100
_ATTEMPTS = 8


def waited_for(purchases: Mapping[str, dict[str, Any]]) -> list[str]:
    """Names of the purchases that a provider still works on, as far as anybody knows."""
    return [name for name, each in purchases.items() if "ticket" in each and "answer" not in each]


async def call_off(
    job: Job, entries: Iterable[dict[str, Any]], now: datetime, session: AsyncClientSession | None
) -> None:
    """Order that these purchases of a job are called off, and that it pays for what they took."""
    orders = []
    for entry in entries:
        order_id = PydanticObjectId()
        order = Job(
            id=order_id,
            kind=JobKind.CALL_OFF,
            queue=QUEUE_OF[JobKind.CALL_OFF],
            owner_id=job.owner_id,
            root_id=order_id,
            priority=_PRIORITY,
            max_attempts=_ATTEMPTS,
            payload={
                "ticket": entry["ticket"],
                "project_id": job.payer_id,
                "node_id": job.node_id,
                "job_id": job.id,
                "root_id": job.root_id,
                "kind": job.kind.value,
                "paid_with": entry.get("paid_with", {}),
            },
            queued_at=now,
        )
        orders.append(order.model_dump(by_alias=True, exclude={"revision_id"}))
    if orders:
        await Job.get_pymongo_collection().insert_many(orders, session=session)


async def leave(job: Job, names: Iterable[str], now: datetime) -> bool:
    """Take purchases out of a claimed job's checkpoint, to be called off; False if the lease is lost."""
    purchases = dict(job.checkpoint.get("purchases", {}))
    left = {name: purchases.pop(name) for name in names}

    async def work(session: AsyncClientSession) -> bool:
        gone = {f"checkpoint.purchases.{name}": "" for name in left}
        jobs = Job.get_pymongo_collection()
        held = await jobs.update_one(held_by(job), {"$unset": gone}, session=session)
        if held.matched_count == 0:
            return False
        await call_off(job, left.values(), now, session)
        return True

    if not await in_transaction(work):
        return False
    job.checkpoint = {**job.checkpoint, "purchases": purchases}
    return True
