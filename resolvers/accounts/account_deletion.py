"""Closing the own account, and opening it again within 30 days."""

from collections.abc import Sequence

from beanie import PydanticObjectId

from access.challenges import mark
from access.errors import Forbidden, Unauthenticated
from documents.accounts import account_life
from documents.accounts.session import SessionEnd
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies.company_invitation import CompanyInvitation
from documents.jobs import job_end
from documents.jobs.job import Job
from mail.template import MailTemplate
from resolvers.accounts import account_mails
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.first_factor import Challenged, proceed
from resolvers.accounts.reauthentication import proof_fault
from resolvers.accounts.sessions import SignedIn, end_all
from resolvers.companies import members
from resolvers.companies.governing import Governing, govern
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode


async def delete(context: Context, *, password: str | None) -> Outcome[User]:
    """Close the viewer's account and all that is open in its name; the projects go along.

    A member leaves the company, to which the company's projects are left. Who is alone in a company keeps
    it, and it goes for good together with the account.
    """
    user = await User.get(context.require_viewer().user_id)
    if user is None:
        raise Unauthenticated
    fault = await proof_fault(context, user, password)
    if fault is not None:
        return Outcome(user_errors=[fault])
    unfinished = await _unfinished(user.id)
    if user.company_id is None:
        outcome = await act_on_account(context, lambda acting: _close(acting, user, None))
    else:
        outcome = await govern(
            context, user.company_id, None, lambda governing: _leave_and_close(governing, user)
        )
    if outcome.result is not None:
        for job in unfinished:
            await context.services.dispatcher.cancel(job)
    return outcome


async def _leave_and_close(governing: Governing, user: User) -> Outcome[User]:
    company_id = governing.company_id
    is_alone = await account_life.is_alone_in(company_id, user.id, governing.session)
    if is_alone:
        # Nobody may join a company that is about to go.
        await CompanyInvitation.revoke_all_by(
            company_id, user.id, now=governing.now, session=governing.session
        )
    else:
        left = await members.depart(governing, user.id)
        if left.user_errors:
            return Outcome(user_errors=left.user_errors)
    acting = AccountAct(governing.context, governing.session, governing.now)
    outcome = await _close(acting, user, company_id if is_alone else None)
    governing.notices += acting.notices
    governing.jobs += acting.jobs
    return outcome


async def _close(acting: AccountAct, user: User, company_id: PydanticObjectId | None) -> Outcome[User]:
    if not await account_life.delete(user.id, company_id, now=acting.now, session=acting.session):
        found = await User.get(user.id, session=acting.session)
        if found is None or found.deleted_at is not None:
            raise Unauthenticated
        text = "The account was changed by another request just now: look at it and try again."
        return Outcome.refused(UserErrorCode.INVALID, text)
    await acting.record(AuditAction.ACCOUNT_DELETED, user.id)
    await end_all(acting, user.id, SessionEnd.SIGNED_OUT)
    await account_mails.send(acting, MailTemplate.ACCOUNT_DELETED, user, about=PydanticObjectId())
    return Outcome(user.model_copy(update={"deleted_at": acting.now}))


async def _unfinished(user_id: PydanticObjectId) -> Sequence[Job]:
    orders = {"owner_id": user_id, "parent_id": None, "state": {"$in": job_end.UNFINISHED}}
    return await Job.find({**orders, "project_id": {"$ne": None}}).to_list()


async def restore(context: Context, *, challenge: str) -> Outcome[SignedIn | Challenged]:
    """Open an account again whose owner has just proved to be that, and go on signing in.

    Raises:
        Unauthenticated: the challenge is not genuine or too old, or the account's 30 days are over.
        Forbidden: the account is suspended.
    """
    given = context.services.challenges.read(challenge)
    user = await User.get(given.user_id)
    if user is None or mark(user) != given.password_mark:
        raise Unauthenticated("This sign-in is over: begin again.")
    if user.is_suspended:
        raise Forbidden("This account is suspended.")

    async def act(acting: AccountAct) -> Outcome[User]:
        restored = await account_life.restore(given.user_id, now=acting.now, session=acting.session)
        if restored is None:
            raise Unauthenticated("This account is not deleted, or its 30 days are over.")
        await acting.record(AuditAction.ACCOUNT_RESTORED, restored.id)
        return Outcome(restored)

    outcome = await act_on_account(context, act)
    assert outcome.result is not None  # noqa: S101 - the act refuses nothing
    return await proceed(context, outcome.result, way=given.way)
