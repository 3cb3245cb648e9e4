"""Changes of who may see a project: one after the other, judged by what holds at that moment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access import authentication
from access.errors import NotFound, Unauthenticated
from access.permissions import Permission
from access.viewer import Viewer
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.jobs.job import Job
from documents.notice import Notice, NoticeKind
from documents.projects import project_sharing
from documents.projects.project import Project
from documents.transaction import in_transaction
from resolvers import audit
from resolvers.context import Context
from resolvers.outcome import Outcome

ResultT = TypeVar("ResultT")


class _Refused(Exception):
    def __init__(self, outcome: Outcome[Any]) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(slots=True)
class Sharing:
    """One try of a change, inside its transaction.

    Args:
        context: the operation's.
        project: without its tree, as the transaction sees it, held until the transaction ends.
        session: the transaction, for every read and write.
        notices: news that were written.
        jobs: jobs that were stored.
    """

    context: Context
    project: Project
    session: AsyncClientSession
    now: datetime
    notices: list[Notice] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    async def record(
        self, action: AuditAction, kind: str, target_id: PydanticObjectId, **details: Any
    ) -> None:
        """Write the act into the audit trail."""
        await audit.record(
            self.context,
            action,
            kind,
            target_id,
            session=self.session,
            company_id=self.project.company_id,
            project_id=self.project.id,
            **details,
        )

    async def tell(self, user_id: PydanticObjectId, kind: NoticeKind, **payload: Any) -> Notice:
        """Write news for somebody."""
        told = {"projectId": str(self.project.id), **payload}
        notice = Notice(user_id=user_id, kind=kind, payload=told, at=self.now)
        await Notice.write(notice, session=self.session)
        self.notices.append(notice)
        return notice

    async def store(self, job: Job) -> None:
        """Store a job with the change."""
        await self.context.services.dispatcher.store([job], self.session)
        self.jobs.append(job)


async def share(
    context: Context,
    project_id: PydanticObjectId,
    permission: Permission | None,
    act: Callable[[Sharing], Awaitable[Outcome[ResultT]]],
) -> Outcome[ResultT]:
    """Change who may see a project, or what they may do.

    What the viewer may do is read again inside the transaction: somebody who was removed while the request
    was on its way changes nothing any more.

    Args:
        context: the operation's.
        project_id: the project.
        permission: what it takes; None for what has nothing to do with what the viewer is to it.
        act: the change; may run several times. A refusal that it returns leaves no trace.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not do this to it.
    """
    if permission is not None:  # who may not do this holds no project up
        await context.projects.check(project_id, permission)
    known = context.require_viewer()
    done: list[Sharing] = []

    async def work(session: AsyncClientSession) -> Outcome[ResultT]:
        done.clear()
        if not await project_sharing.hold(project_id, session=session):
            raise NotFound("Project")
        acting = await _as_of_now(known, session)
        if permission is None:
            project = await project_sharing.read(project_id, session=session)
        else:
            loader = replace(context.projects, principal=acting)
            project = await loader.check(project_id, permission, session=session)
        sharing = Sharing(context, project, session, context.services.now())
        outcome = await act(sharing)
        if outcome.user_errors:
            raise _Refused(outcome)
        done.append(sharing)
        return outcome

    try:
        outcome = await in_transaction(work)
    except _Refused as refused:
        return refused.outcome
    context.trees.forget(project_id)
    for sharing in done:
        await context.services.announcer.project(project_id)
        await context.services.announcer.notices(*sharing.notices)
        for owner_id in {job.owner_id for job in sharing.jobs}:
            await context.services.dispatcher.admit(owner_id)
    return outcome


async def _as_of_now(known: Viewer, session: AsyncClientSession) -> Viewer:
    standing = await membership.standing(known.user_id, session)
    if standing is None:
        raise Unauthenticated
    return authentication.viewer(
        known.user_id,
        standing,
        session_id=known.session_id,
        api_key_id=known.api_key_id,
        scopes=known.scopes,
    )
