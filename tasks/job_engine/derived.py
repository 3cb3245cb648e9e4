"""Ids and seeds that follow from what they are for, so that doing a thing twice makes the same thing."""

import hashlib

from beanie import PydanticObjectId

from documents.jobs.job import Job

_SEED_DIGITS = 7  # 28 bits: fits GraphQL's Int


def derived_id(*parts: object) -> PydanticObjectId:
    """The id of what `parts` name; the same parts always give the same id."""
    digest = hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()
    return PydanticObjectId(digest[:24])


def derived_seed(inputs_hash: str, ordinal: int = 0) -> int:
    """A seed out of the hash of what a thing is made from; candidates of one thing have each their own."""
    if ordinal:
        inputs_hash = f"{inputs_hash}\0{ordinal}"
    return int(hashlib.sha256(inputs_hash.encode()).hexdigest()[:_SEED_DIGITS], 16)


def seed_of(job: Job, inputs_hash: str) -> int:
    """The seed that a job makes its thing from: the one that was ordered, or one of its own."""
    ordered: int | None = job.payload.get("seed")
    return derived_seed(inputs_hash, job.ordinal) if ordered is None else ordered
