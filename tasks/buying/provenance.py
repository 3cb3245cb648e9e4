"""The record that a generated asset keeps of its making."""

from datetime import datetime

from documents.jobs.job import Job
from documents.tree.asset import Origin, Provenance
from providers.protocols.offer import Usage
from tasks.job_engine.work import Took


def provenance_of(job: Job, usage: Usage, *, inputs_hash: str, now: datetime) -> Provenance:
    """Who made it, out of what, for how much, and on whose order."""
    return Provenance(
        origin=Origin.GENERATED,
        provider=usage.provider,
        model=usage.model,
        inputs_hash=inputs_hash,
        cost_micros=usage.cost_micros,
        currency=usage.currency,
        duration_ms=usage.duration_ms,
        created_by=job.owner_id,
        job_id=job.id,
        created_at=now,
    )


def took(job: Job, usage: Usage, *, units: float) -> Took:
    """How long a provider needed, for future estimates."""
    return Took(f"{job.kind.value}:{usage.provider}", units, usage.duration_ms / 1000)
