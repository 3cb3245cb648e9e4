"""Invitations into companies: sent by mail, listed, looked at, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.company_roles import roles_of
from access.email_addresses import EmailAddress, MalformedAddress, masked
from access.errors import Forbidden, NotFound
from access.mail_tokens import LinkPurpose, TokenForged
from access.permissions import Permission
from documents import newest_first
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.companies.company import Company
from documents.companies.company_invitation import CompanyInvitation
from documents.companies.role import Role
from documents.invitation import GOOD_FOR, InvitationState, open_at
from documents.newest_first import Page, Window
from documents.notice import NoticeKind
from mail.template import MailTemplate
from resolvers.accounts import mails
from resolvers.companies.governing import Governing, govern, own_company
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode

OPEN_PER_COMPANY: Final = 500
_OPEN_PER_USER_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation with the names that it speaks of, as they are now.

    Args:
        stored: the invitation.
        state: what has become of it by now.
        company: the company's name.
        role: the role's name; empty if there is no such role any more.
        inviter: name of who sent it; empty if that account is gone.
    """

    stored: CompanyInvitation
    state: InvitationState
    company: str
    role: str
    inviter: str


async def invite(
    context: Context, company_id: PydanticObjectId, *, email: str, role_id: PydanticObjectId
) -> Outcome[Invitation]:
    """Invite somebody by mail to become a member with a role.

    Whether the address has an account is not told, save that of a member.

    Raises:
        NotFound: the viewer does not belong to the company, or it has no such role.
        Forbidden: the viewer may not manage members.
        RateLimited: the viewer causes too many mails, or the address gets too many.
    """
    context.companies.check(company_id, Permission.MEMBERS_MANAGE)
    try:
        address = EmailAddress.parse(email)
    except MalformedAddress as error:
        return Outcome.refused(UserErrorCode.INVALID, str(error), at="input.email")
    viewer_id = context.require_viewer().user_id
    await context.services.rate_limits.count_mail(context.remote_address, address.key, user_id=viewer_id)

    async def act(governing: Governing) -> Outcome[Invitation]:
        session, now = governing.session, governing.now
        role = (await roles_of(company_id, session)).get(role_id)
        if role is None:
            raise NotFound("Role")
        refusal = governing.refuse_to_give(role, at="input.roleId") or await _refuse_address(
            governing, address.key
        )
        if refusal is not None:
            return refusal
        made = CompanyInvitation(
            company_id=company_id,
            email=address.typed,
            email_key=address.key,
            role_id=role.id,
            invited_by=viewer_id,
            created_at=now,
            expires_at=now + GOOD_FOR,
        )
        await CompanyInvitation.put(made, session=session)
        shown = await named(made, role=role.name, context=context, session=session)
        inviter = await membership.member(company_id, viewer_id, session)
        await governing.store(
            mails.letter(
                context,
                MailTemplate.COMPANY_INVITATION,
                to=made.email,
                locale="en" if inviter is None else inviter.locale,
                owner_id=viewer_id,
                about=made.id,
                inviter=shown.inviter,
                company=shown.company,
                role=role.name,
            )
        )
        await governing.record(
            AuditAction.MEMBER_INVITED, "CompanyInvitation", made.id, email=masked(made.email), role=role.name
        )
        await _tell_invited(governing, made)
        return Outcome(shown)

    return await govern(context, company_id, Permission.MEMBERS_MANAGE, act)


async def _refuse_address(governing: Governing, email_key: str) -> Outcome[Any] | None:
    company_id, session, now = governing.company_id, governing.session, governing.now
    if await membership.is_member_with_address(company_id, email_key, session):
        text = "The account of this address is a member already."
        return Outcome.refused(UserErrorCode.TAKEN, text, at="input.email")
    if await CompanyInvitation.open_for(company_id, email_key, now=now, session=session):
        text = "This address has an open invitation: revoke it first to send another one."
        return Outcome.refused(UserErrorCode.TAKEN, text, at="input.email")
    most = OPEN_PER_COMPANY
    if await CompanyInvitation.count_open(company_id, now=now, most=most, session=session) >= most:
        text = f"At most {most} invitations of a company are open at a time."
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text)
    return None


async def _tell_invited(governing: Governing, made: CompanyInvitation) -> None:
    """News for the account of the address, if its owner was proved to read mail there."""
    users = User.get_pymongo_collection()
    found = await users.find_one(
        {"email_key": made.email_key, "email_verified_at": {"$ne": None}},
        {"_id": 1},
        session=governing.session,
    )
    if found is not None:
        payload = {"invitationId": str(made.id), "companyId": str(made.company_id)}
        await governing.tell([found["_id"]], NoticeKind.INVITED, payload)


async def of_company(
    context: Context, company_id: PydanticObjectId, window: Window
) -> Page[Invitation] | None:
    """A page of a company's open invitations, the newest first; None for who may not manage its members.

    Raises:
        NotFound: the viewer does not belong to the company.
    """
    try:
        context.companies.check(company_id, Permission.MEMBERS_MANAGE)
    except Forbidden:
        return None
    since = context.services.now() - GOOD_FOR  # all are good for the same time: the index finds the end, too
    wanted = {
        "company_id": company_id,
        "state": InvitationState.OPEN.value,
        "created_at": {"$gt": since},
    }
    found = await newest_first.page(CompanyInvitation, wanted, window, by="created_at")
    roles = await roles_of(company_id)
    company = await Company.light(company_id)
    inviters = await _names({each.invited_by for each in found.members})
    now = context.services.now()
    return found.showing(
        [
            Invitation(
                each,
                each.state_at(now),
                "" if company is None else company.name,
                roles[each.role_id].name if each.role_id in roles else "",
                inviters.get(each.invited_by, ""),
            )
            for each in found.members
        ],
    )


async def of_viewer(context: Context, user: User) -> Sequence[Invitation]:
    """Open invitations for the address of the user who asks, if its owner was proved to read mail there."""
    if not context.is_viewer(user.id) or user.email_verified_at is None:
        return []
    wanted = {"email_key": user.email_key, **open_at(context.services.now())}
    found = await CompanyInvitation.find(wanted).limit(_OPEN_PER_USER_SHOWN).to_list()
    return [await named(each, context=context) for each in found]


async def visible(context: Context, invitation_id: PydanticObjectId) -> Invitation | None:
    """An invitation of the viewer's company, for who manages its members; None for anybody else."""
    viewer = context.viewer
    if viewer is None or not viewer.has(Permission.MEMBERS_MANAGE):
        return None
    found = await CompanyInvitation.get(invitation_id)
    return (
        None
        if found is None or found.company_id != viewer.company_id
        else await named(found, context=context)
    )


async def by_token(context: Context, token: str) -> Invitation:
    """What an invitation says to whoever got its mail.

    Raises:
        NotFound: the token is none of ours, or the invitation is forgotten.
    """
    return await named(await with_token(context, token), context=context)


async def revoke(context: Context, invitation_id: PydanticObjectId) -> Outcome[Invitation]:
    """Take an open invitation back.

    Raises:
        NotFound: the viewer's company has no such invitation.
        Forbidden: the viewer may not manage members.
    """
    company_id = own_company(context, Permission.MEMBERS_MANAGE)
    known = await CompanyInvitation.get(invitation_id)
    if known is None or known.company_id != company_id:
        raise NotFound("CompanyInvitation")

    async def act(governing: Governing) -> Outcome[Invitation]:
        ended = await CompanyInvitation.end(
            invitation_id, InvitationState.REVOKED, now=governing.now, session=governing.session
        )
        if ended is None:
            text = "This invitation is over already: it was answered, revoked, or has expired."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.invitationId")
        await governing.record(
            AuditAction.INVITATION_REVOKED, "CompanyInvitation", invitation_id, email=masked(ended.email)
        )
        return Outcome(await named(ended, context=context, session=governing.session))

    return await govern(context, company_id, Permission.MEMBERS_MANAGE, act)


async def with_token(context: Context, token: str) -> CompanyInvitation:
    """The invitation that a token names, whatever has become of it.

    Raises:
        NotFound: the token is none of ours, or the invitation is forgotten.
    """
    try:
        invitation_id = context.services.mail_tokens.read(LinkPurpose.COMPANY_INVITATION, token)
    except TokenForged as error:
        raise NotFound("CompanyInvitation") from error
    found = await CompanyInvitation.get(invitation_id)
    if found is None:
        raise NotFound("CompanyInvitation")
    return found


async def named(
    invitation: CompanyInvitation,
    *,
    context: Context,
    role: str | None = None,
    session: AsyncClientSession | None = None,
) -> Invitation:
    """An invitation with the names that it speaks of.

    Args:
        invitation: as stored.
        context: the operation's.
        role: the role's name, where it is known.
        session: the transaction, if there is one.
    """
    company = await Company.light(invitation.company_id, session)
    inviters = await _names({invitation.invited_by})
    if role is None:
        stored = await Role.get(invitation.role_id, session=session)
        role = "" if stored is None else stored.name
    return Invitation(
        invitation,
        invitation.state_at(context.services.now()),
        "" if company is None else company.name,
        role,
        inviters.get(invitation.invited_by, ""),
    )


async def _names(user_ids: set[PydanticObjectId]) -> dict[PydanticObjectId, str]:
    """What people are called, by their ids."""
    users = User.get_pymongo_collection()
    found = await users.find({"_id": {"$in": list(user_ids)}, "deleted_at": None}, {"name": 1}).to_list()
    return {raw["_id"]: raw["name"] for raw in found}
