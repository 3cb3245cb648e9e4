"""A mutation that is sent twice starts one job: the client's key tells that it is the same one."""

from documents.job import Job
from resolvers.outcome import UserError, UserErrorCode

LONGEST_KEY = 200  # characters


def key_fault(key: str | None) -> UserError | None:
    """Why this cannot be a key; None if it can, or none was given."""
    if key is None or 0 < len(key) <= LONGEST_KEY:
        return None
    return UserError(
        UserErrorCode.INVALID,
        "input.idempotencyKey",
        f"A key has 1 to {LONGEST_KEY} characters; a new UUID will do.",
    )


def reused_elsewhere(found: Job, wanted: Job) -> UserError | None:
    """Why the job that the key led to is not the one that was asked for; None if it is."""
    same = (found.kind, found.project_id, found.node_id) == (wanted.kind, wanted.project_id, wanted.node_id)
    if same:
        return None
    return UserError(
        UserErrorCode.INVALID,
        "input.idempotencyKey",
        f"This key was used for another {found.kind.value} job: take a new key for each new order.",
    )
