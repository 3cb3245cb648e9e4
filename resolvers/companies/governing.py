"""Changes of who may do what in a company: one after the other, judged by what holds at that moment."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access import authentication
from access.companies import CompanyLoader
from access.company_roles import held_by
from access.errors import Forbidden, NotFound, Unauthenticated
from access.permissions import COMPANY_ROLE_PERMISSIONS, Permission
from access.viewer import Viewer
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.companies.company import Company
from documents.companies.role import Role
from documents.jobs.job import Job
from documents.notice import Notice, NoticeKind
from documents.transaction import in_transaction
from resolvers import audit
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode

ResultT = TypeVar("ResultT")

TOLD_AT_ONCE: Final = 1_000
"""Most members whose open sockets are told of one change; the sockets of others look for themselves soon."""
_PUBLISHED_HERE: Final = 50  # what is beyond, the sweeper publishes


class Refused(Exception):
    """Ends a transaction without a trace.

    Args:
        outcome: what the person at the screen is told.
    """

    def __init__(self, outcome: Outcome[Any]) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(slots=True)
class Governing:
    """One try of a change, inside its transaction.

    Args:
        context: the operation's.
        company_id: the company, held until the transaction ends.
        session: the transaction, for every read and write.
        viewer: who acts, as the transaction sees it.
        notices: news that were written.
        jobs: jobs that were stored.
        projects: projects that were changed.
    """

    context: Context
    company_id: PydanticObjectId
    session: AsyncClientSession
    viewer: Viewer
    now: datetime
    notices: list[Notice] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    projects: list[PydanticObjectId] = field(default_factory=list)

    @property
    def held(self) -> frozenset[Permission]:
        """What the actor may do in the company, and so may give."""
        return frozenset(permission for permission in COMPANY_ROLE_PERMISSIONS if self.viewer.has(permission))

    def exceeding(self, permissions: Collection[Permission]) -> str:
        """Which of these the actor does not hold, in words; empty if the actor holds all of them."""
        return ", ".join(sorted(permission.value for permission in frozenset(permissions) - self.held))

    def refuse_to_give(self, role: Role, *, at: str) -> Outcome[Any] | None:
        """The refusal of a role that holds more than its giver; None if it does not."""
        exceeding = self.exceeding(held_by(role))
        if not exceeding:
            return None
        text = f"This role holds what you do not hold yourself: {exceeding}. Choose a lesser one."
        return Outcome.refused(UserErrorCode.INVALID, text, at=at)

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
            company_id=self.company_id,
            **details,
        )

    async def tell_access_changed(self, user_ids: Sequence[PydanticObjectId], reason: str) -> None:
        """Write news for people whose rights have changed: their open sockets look at them again."""
        payload = {"reason": reason, "companyId": str(self.company_id)}
        await self.tell(user_ids, NoticeKind.ACCESS_CHANGED, payload)

    async def tell(
        self, user_ids: Sequence[PydanticObjectId], kind: NoticeKind, payload: dict[str, str]
    ) -> None:
        """Write news for people."""
        notices = [Notice(user_id=user_id, kind=kind, payload=payload, at=self.now) for user_id in user_ids]
        await Notice.write(*notices, session=self.session)
        self.notices += notices

    async def store(self, job: Job) -> None:
        """Store a job with the change."""
        await self.context.services.dispatcher.store([job], self.session)
        self.jobs.append(job)


def own_company(context: Context, permission: Permission) -> PydanticObjectId:
    """The viewer's company.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: the viewer belongs to none.
        Forbidden: the viewer's role there does not hold the permission, or the company is closed.
    """
    viewer = context.require_viewer()
    if viewer.lacks_second_factor:
        raise Forbidden("Your company demands a second factor: set one up first.")
    company_id = viewer.company_id
    if company_id is None:
        raise NotFound("Company")
    context.companies.check(company_id, permission)
    return company_id


async def govern(
    context: Context,
    company_id: PydanticObjectId,
    permission: Permission | None,
    act: Callable[[Governing], Awaitable[Outcome[ResultT]]],
) -> Outcome[ResultT]:
    """Change a company's members, roles, invitations or settings.

    What the viewer may do is read again inside the transaction: somebody who was demoted while the request
    was on its way changes nothing any more.

    Args:
        context: the operation's.
        company_id: the company.
        permission: what it takes; None for what every member may do.
        act: the change; may run several times. A refusal that it returns leaves no trace.

    Raises:
        NotFound, Forbidden: the viewer does not belong to the company, or may not do this in it.
    """
    known = context.require_viewer()
    done: list[Governing] = []

    async def work(session: AsyncClientSession) -> Outcome[ResultT]:
        done.clear()
        if not await Company.hold(company_id, session):
            raise NotFound("Company")
        acting = await _as_of_now(known, session)
        if permission is not None:
            CompanyLoader(acting).check(company_id, permission)
        governing = Governing(context, company_id, session, acting, context.services.now())
        outcome = await act(governing)
        if outcome.user_errors:
            raise Refused(outcome)
        done.append(governing)
        return outcome

    try:
        outcome = await in_transaction(work)
    except Refused as refused:
        return refused.outcome
    for governing in done:
        await _follow_up(context, governing)
    return outcome


async def _follow_up(context: Context, done: Governing) -> None:
    await context.services.announcer.notices(*done.notices[:_PUBLISHED_HERE])
    for project_id in done.projects[:_PUBLISHED_HERE]:
        await context.services.announcer.project(project_id)
    for owner_id in {job.owner_id for job in done.jobs}:
        await context.services.dispatcher.admit(owner_id)


async def _as_of_now(known: Viewer, session: AsyncClientSession | None) -> Viewer:
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


async def look_again(context: Context) -> None:
    """Let the rest of the operation see the viewer as the change has left it."""
    context.viewer = await _as_of_now(context.require_viewer(), None)
