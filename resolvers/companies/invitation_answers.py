"""Answering invitations into companies: accepting and declining."""

from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.company_roles import held_by, roles_of
from access.errors import NotFound, Unauthenticated
from access.permissions import Permission
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.companies.company import Company
from documents.companies.company_invitation import CompanyInvitation
from documents.companies.role import Role
from documents.invitation import InvitationState
from documents.notice import Notice, NoticeKind
from documents.transaction import in_transaction
from resolvers import audit
from resolvers.companies.companies import NOT_OUTSIDE
from resolvers.companies.governing import Refused, look_again
from resolvers.companies.invitations import Invitation, named, with_token
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode

_OVER: Final = "This invitation is over. Ask whoever invited you for a new one."


async def accept(
    context: Context, *, token: str | None, invitation_id: PydanticObjectId | None
) -> Outcome[Company]:
    """Become a member. Only the account of the invited address can, and only once.

    What the inviter could give at the time counts for nothing: it is looked at again. An invitation of
    somebody who has left, or who could not give this role any more, is over.

    Args:
        context: the operation's.
        token: out of the mail.
        invitation_id: in its place, for an account whose address was proved.

    Raises:
        NotFound: there is no such invitation for the viewer.
    """
    viewer_id = context.require_viewer().user_id
    known = await _addressed(context, token, invitation_id)
    if known is None:
        return _neither()
    company_id = known.company_id
    notices: list[Notice] = []

    async def work(session: AsyncClientSession) -> Outcome[Company]:
        notices.clear()
        now = context.services.now()
        if not await Company.hold(company_id, session):
            raise NotFound("CompanyInvitation")
        user = await User.get(viewer_id, session=session)
        if user is None:
            raise Unauthenticated
        if user.email_key != known.email_key:
            text = "This invitation is for another address: sign in with the account of that one."
            raise Refused(Outcome.refused(UserErrorCode.INVALID, text))
        ended = await CompanyInvitation.end(
            known.id, InvitationState.ACCEPTED, now=now, session=session, accepted_by=viewer_id
        )
        role = None if ended is None else await _still_given(ended, session)
        if ended is None or role is None:
            raise Refused(Outcome.refused(UserErrorCode.INVALID, _OVER))
        if not await membership.join(viewer_id, company_id, role.id, now=now, session=session):
            raise Refused(Outcome.refused(UserErrorCode.INVALID, NOT_OUTSIDE))
        payload = {"reason": "JOINED_COMPANY", "companyId": str(company_id)}
        notices.append(Notice(user_id=viewer_id, kind=NoticeKind.ACCESS_CHANGED, payload=payload, at=now))
        await Notice.write(*notices, session=session)
        await audit.record(
            context,
            AuditAction.INVITATION_ACCEPTED,
            "CompanyInvitation",
            known.id,
            session=session,
            company_id=company_id,
            role=role.name,
        )
        return Outcome(None)

    try:
        await in_transaction(work)
    except Refused as refused:
        if not await _was_accepted(known.id, viewer_id):  # the same click twice is no mistake
            return refused.outcome
    await context.services.announcer.notices(*notices)
    await look_again(context)
    return Outcome(await Company.light(company_id))


async def decline(
    context: Context, *, token: str | None, invitation_id: PydanticObjectId | None
) -> Outcome[Invitation]:
    """Say no. With the token nobody has to be signed in.

    Raises:
        NotFound: there is no such invitation for the viewer.
    """
    known = await _addressed(context, token, invitation_id)
    if known is None:
        return _neither()

    async def work(session: AsyncClientSession) -> CompanyInvitation:
        ended = await CompanyInvitation.end(
            known.id, InvitationState.DECLINED, now=context.services.now(), session=session
        )
        if ended is None:
            raise Refused(Outcome.refused(UserErrorCode.INVALID, _OVER))
        await audit.record(
            context,
            AuditAction.INVITATION_DECLINED,
            "CompanyInvitation",
            known.id,
            session=session,
            company_id=known.company_id,
        )
        return ended

    try:
        return Outcome(await named(await in_transaction(work), context=context))
    except Refused as refused:
        return refused.outcome


def _neither() -> Outcome[Any]:
    return Outcome.refused(UserErrorCode.INVALID, "Give either `token` or `invitationId`.", at="input")


async def _addressed(
    context: Context, token: str | None, invitation_id: PydanticObjectId | None
) -> CompanyInvitation | None:
    """The invitation that somebody answers; None if it is named in no way, or in two."""
    if (token is None) == (invitation_id is None):
        return None
    if token is not None:
        return await with_token(context, token)
    user = await User.get(context.require_viewer().user_id)
    found = await CompanyInvitation.get(invitation_id)
    is_theirs = user is not None and user.email_verified_at is not None
    if found is None or user is None or not is_theirs or found.email_key != user.email_key:
        raise NotFound("CompanyInvitation")
    return found


async def _still_given(invitation: CompanyInvitation, session: AsyncClientSession) -> Role | None:
    """The role of an invitation, if its inviter could give it now."""
    role = (await roles_of(invitation.company_id, session)).get(invitation.role_id)
    inviter = await membership.standing(invitation.invited_by, session)
    if role is None or inviter is None or inviter.company_id != invitation.company_id:
        return None
    needed = {Permission.MEMBERS_MANAGE, *held_by(role)}
    return role if {permission.value for permission in needed}.issubset(inviter.permissions) else None


async def _was_accepted(invitation_id: PydanticObjectId, user_id: PydanticObjectId) -> bool:
    found = await CompanyInvitation.get(invitation_id)
    if found is None or found.accepted_by != user_id:
        return False
    return await membership.member(found.company_id, user_id) is not None
