"""A mutation that is sent twice starts one job: the client's key tells that it is the same one."""

from collections.abc import Sequence

from beanie import PydanticObjectId

from documents.jobs import job_list
from documents.jobs.job import Job, JobKind
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode

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


async def replayed(
    context: Context,
    key: str | None,
    kind: JobKind,
    project_id: PydanticObjectId | None,
    *,
    node_id: PydanticObjectId | None = None,
) -> Outcome[Job] | None:
    """What an order that was sent before comes to, whatever has changed since; None for a new order."""
    if fault := key_fault(key):
        return Outcome(user_errors=[fault])
    found = None if key is None else await job_list.of_key(context.require_viewer().user_id, key)
    if found is None:
        return None
    if (found.kind, found.project_id, found.node_id) == (kind, project_id, node_id):
        return Outcome(found)
    return Outcome(user_errors=[_used_for(found)])


async def replayed_many(
    context: Context,
    key: str | None,
    kind: JobKind,
    project_id: PydanticObjectId | None,
    *,
    parts: Sequence[str] | None,
) -> Outcome[list[Job]] | None:
    """What an order of several jobs that was sent before comes to; None for a new or another one.

    Args:
        context: who orders.
        key: the client's key.
        kind: what is ordered.
        project_id: where; None for what is in no project.
        parts: the keys of all jobs that are ordered; None where the order says "all", whatever that was.
    """
    if fault := key_fault(key):
        return Outcome(user_errors=[fault])
    if key is None:
        return None
    found = await job_list.of_key_parts(context.require_viewer().user_id, project_id, kind, key)
    if parts is not None:
        found = [job for job in found if job.idempotency_key in set(parts)]
    return Outcome(found) if found and (parts is None or len(found) == len(set(parts))) else None


def part_of(key: str | None, node_id: PydanticObjectId, number: int) -> str | None:
    """The key of one of the jobs that are ordered together."""
    return None if key is None else f"{key}:{node_id}:{number}"


def reused_elsewhere(found: Job, wanted: Job) -> UserError | None:
    """Why the job that the key led to is not the one that was asked for; None if it is."""
    same = (found.kind, found.project_id, found.node_id) == (wanted.kind, wanted.project_id, wanted.node_id)
    return None if same else _used_for(found)


def _used_for(found: Job) -> UserError:
    return UserError(
        UserErrorCode.INVALID,
        "input.idempotencyKey",
        f"This key was used for another {found.kind.value} job: take a new key for each new order.",
    )
