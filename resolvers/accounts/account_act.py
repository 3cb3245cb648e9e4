"""Changes of an account: written whole or not at all, with what follows from them, and told at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.audit_entry import AuditAction
from documents.jobs.job import Job
from documents.notice import Notice, NoticeKind
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
class AccountAct:
    """One try of a change, inside its transaction.

    Args:
        context: the operation's.
        session: the transaction, for every read and write.
        now: when it happens.
        notices: news that were written.
        jobs: jobs that were stored.
    """

    context: Context
    session: AsyncClientSession
    now: datetime
    notices: list[Notice] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    async def record(self, action: AuditAction, user_id: PydanticObjectId, **details: Any) -> None:
        """Write down what is done to a user's account; by that user, where nobody is signed in."""
        await audit.record(
            self.context,
            action,
            "User",
            user_id,
            session=self.session,
            actor_id=None if self.context.viewer else user_id,
            **details,
        )

    async def tell_access_changed(self, user_id: PydanticObjectId, reason: str) -> None:
        """Have all that somebody has open look at their rights again."""
        notice = Notice(
            user_id=user_id, kind=NoticeKind.ACCESS_CHANGED, payload={"reason": reason}, at=self.now
        )
        await Notice.write(notice, session=self.session)
        self.notices.append(notice)

    async def store(self, job: Job) -> None:
        """Store a job, such as a mail, with the change."""
        await self.context.services.dispatcher.store([job], self.session)
        self.jobs.append(job)


async def act_on_account(
    context: Context, act: Callable[[AccountAct], Awaitable[Outcome[ResultT]]]
) -> Outcome[ResultT]:
    """Change an account in one transaction, and tell of it afterwards.

    Args:
        context: the operation's.
        act: the change; may run several times. A refusal that it returns leaves no trace.
    """
    done: list[AccountAct] = []

    async def work(session: AsyncClientSession) -> Outcome[ResultT]:
        acting = AccountAct(context, session, context.services.now())
        outcome = await act(acting)
        if outcome.user_errors:
            raise _Refused(outcome)
        done[:] = [acting]
        return outcome

    try:
        outcome = await in_transaction(work)
    except _Refused as refused:
        return refused.outcome
    (acted,) = done
    if acted.notices:
        await context.services.announcer.notices(*acted.notices)
    for owner_id in {job.owner_id for job in acted.jobs}:
        await context.services.dispatcher.admit(owner_id)
    return outcome
