"""Files with all that is a user's: ordered, looked at, downloaded by nobody else."""

from datetime import timedelta
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.permissions import Permission
from documents.accounts.data_export import DataExport
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.transaction import in_transaction
from resolvers import audit
from resolvers.context import Context
from resolvers.outcome import Outcome

MOST_SHOWN: Final = 50

_FORGOTTEN_AFTER: Final = timedelta(days=2)
"""How long an export is shown that never came about."""


async def order(context: Context) -> Outcome[DataExport]:
    """Have the viewer's data collected; while that is under way, the answer is the one that is.

    Raises:
        RateLimited: too many of them.
    """
    viewer = context.require_viewer()
    now = context.services.now()
    for known in await DataExport.of_user(viewer.user_id, now=now, most=MOST_SHOWN):
        if known.file is None and (job := await Job.light(known.job_id)) and not job.state.is_over:
            return Outcome(known)
    await context.services.rate_limits.count_export(viewer.user_id)
    export_id, job_id = PydanticObjectId(), PydanticObjectId()
    export = DataExport(
        id=export_id, user_id=viewer.user_id, job_id=job_id, created_at=now, expires_at=now + _FORGOTTEN_AFTER
    )
    job = Job(
        id=job_id,
        kind=JobKind.DATA_EXPORT,
        queue=QUEUE_OF[JobKind.DATA_EXPORT],
        owner_id=viewer.user_id,
        root_id=job_id,
        payload={"export_id": export_id},
        queued_at=now,
    )

    async def write(session: AsyncClientSession) -> None:
        await DataExport.order(export, session=session)
        await context.services.dispatcher.store([job], session)
        await audit.record(context, AuditAction.DATA_EXPORTED, "User", viewer.user_id, session=session)

    await in_transaction(write)
    await context.services.dispatcher.admit(viewer.user_id)
    return Outcome(export)


async def of_user(context: Context, user: User) -> list[DataExport] | None:
    """The viewer's own exports; None for anybody else's, and for API keys: they hold everything."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or not viewer.is_in_scope(Permission.ACCOUNT_MANAGE):
        return None
    return await DataExport.of_user(user.id, now=context.services.now(), most=MOST_SHOWN)


async def state_of(export: DataExport) -> Job | None:
    """The job that makes an export."""
    return await Job.light(export.job_id)
