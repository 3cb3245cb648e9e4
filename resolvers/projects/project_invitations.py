"""Invitations to a project: listed and revoked by who shares it, answered by who got the mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access import authentication
from access.email_addresses import masked
from access.errors import AccessRefused, NotFound
from access.mail_tokens import LinkPurpose, TokenForged
from access.permissions import GRANTS, Permission
from access.projects import role_in
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies import membership
from documents.invitation import InvitationState, open_at
from documents.projects.project import Project
from documents.projects.project_invitation import ProjectInvitation
from documents.projects.project_sharing import MOST_PEOPLE
from documents.transaction import in_transaction
from resolvers import people
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.people import Person
from resolvers.projects.collaborators import join
from resolvers.projects.sharing import Sharing, share

_OVER = "This invitation is over: it was answered, revoked, or has expired."


@dataclass(frozen=True, slots=True)
class InvitedTo:
    """What an invitation says to whoever got its mail.

    Args:
        stored: the invitation.
        state: what has become of it by now.
        project: the project's title; empty once the invitation is over.
        inviter: who sent it.
    """

    stored: ProjectInvitation
    state: InvitationState
    project: str
    inviter: Person


async def of_project(context: Context, project_id: PydanticObjectId) -> Sequence[ProjectInvitation]:
    """The open invitations to a project, the newest first.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not share it.
    """
    await context.projects.check(project_id, Permission.PROJECT_SHARE)
    wanted = {"project_id": project_id, **open_at(context.services.now())}
    return await ProjectInvitation.find(wanted).sort("-created_at", "-_id").limit(MOST_PEOPLE).to_list()


async def visible(context: Context, invitation_id: PydanticObjectId) -> ProjectInvitation | None:
    """An invitation to a project that the viewer may share."""
    try:
        return await _load(context, invitation_id)
    except AccessRefused:
        return None


async def by_token(context: Context, token: str) -> InvitedTo:
    """What an invitation says to whoever got its mail.

    Raises:
        NotFound: the token is none of ours, or the invitation is forgotten.
    """
    return await _shown(context, await _with_token(context, token))


async def revoke(context: Context, invitation_id: PydanticObjectId) -> Outcome[ProjectInvitation]:
    """Take an open invitation back.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: the viewer may not share the project.
    """
    known = await _load(context, invitation_id)

    async def act(sharing: Sharing) -> Outcome[ProjectInvitation]:
        ended = await ProjectInvitation.end(
            invitation_id, InvitationState.REVOKED, now=sharing.now, session=sharing.session
        )
        if ended is None:
            return Outcome.refused(UserErrorCode.INVALID, _OVER, at="input.invitationId")
        await sharing.record(
            AuditAction.INVITATION_REVOKED, "ProjectInvitation", invitation_id, email=masked(ended.email)
        )
        return Outcome(ended)

    return await share(context, known.project_id, Permission.PROJECT_SHARE, act)


async def accept(context: Context, token: str) -> Outcome[Project]:
    """Become a collaborator, with the account of the address that was invited.

    Raises:
        NotFound: the token is none of ours, or the project is gone.
    """
    known = await _with_token(context, token)
    viewer_id = context.require_viewer().user_id
    user = await User.get(viewer_id)
    if user is None or user.email_key != known.email_key:
        text = "This invitation was sent to another address: sign in with the account of that one."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.token")

    async def act(sharing: Sharing) -> Outcome[Project]:
        project = sharing.project
        ended = await ProjectInvitation.end(
            known.id,
            InvitationState.ACCEPTED,
            now=sharing.now,
            session=sharing.session,
            accepted_by=viewer_id,
        )
        if ended is None or not await _still_shares(sharing, ended.invited_by):
            return Outcome.refused(UserErrorCode.INVALID, _OVER, at="input.token")
        await sharing.record(AuditAction.INVITATION_ACCEPTED, "ProjectInvitation", known.id)
        if project.owner_id == viewer_id or any(p.user_id == viewer_id for p in project.collaborators):
            return Outcome(project)
        return Outcome(await join(sharing, viewer_id, ended.role))

    return await share(context, known.project_id, None, act)


async def decline(context: Context, token: str) -> Outcome[InvitedTo]:
    """Say no. Takes the token alone: whoever got the mail needs no account for that.

    Raises:
        NotFound: the token is none of ours, or the invitation is forgotten.
    """
    known = await _with_token(context, token)
    now = context.services.now()
    entry = AuditEntry(
        at=now,
        action=AuditAction.INVITATION_DECLINED,
        address=context.remote_address,
        target_kind="ProjectInvitation",
        target_id=known.id,
        project_id=known.project_id,
    )

    async def work(session: AsyncClientSession) -> ProjectInvitation | None:
        ended = await ProjectInvitation.end(known.id, InvitationState.DECLINED, now=now, session=session)
        if ended is not None:
            await AuditEntry.write(entry, session=session)
        return ended

    ended = await in_transaction(work)
    if ended is None:
        return Outcome.refused(UserErrorCode.INVALID, _OVER, at="input.token")
    return Outcome(await _shown(context, ended))


async def _still_shares(sharing: Sharing, inviter_id: PydanticObjectId) -> bool:
    """Whether an invitation's sender may still give what it gives."""
    standing = await membership.standing(inviter_id, sharing.session)
    if standing is None:
        return False
    role = role_in(sharing.project, authentication.viewer(inviter_id, standing))
    return role is not None and Permission.PROJECT_SHARE in GRANTS[role]


async def _shown(context: Context, invitation: ProjectInvitation) -> InvitedTo:
    state = invitation.state_at(context.services.now())
    title = ""
    if state is InvitationState.OPEN:
        projects = Project.get_pymongo_collection()
        raw = await projects.find_one({"_id": invitation.project_id, "deleted_at": None}, {"title": 1})
        title = raw["title"] if raw else ""
    inviter = (await people.named([invitation.invited_by]))[invitation.invited_by]
    return InvitedTo(invitation, state, title, inviter)


async def _with_token(context: Context, token: str) -> ProjectInvitation:
    try:
        invitation_id = context.services.mail_tokens.read(LinkPurpose.PROJECT_INVITATION, token)
    except TokenForged as error:
        raise NotFound("ProjectInvitation") from error
    found = await ProjectInvitation.get(invitation_id)
    if found is None:
        raise NotFound("ProjectInvitation")
    return found


async def _load(context: Context, invitation_id: PydanticObjectId) -> ProjectInvitation:
    projects = context.projects
    found = await ProjectInvitation.get(invitation_id)
    if found is None:
        raise NotFound("ProjectInvitation")
    try:
        await projects.check(found.project_id, Permission.PROJECT_SHARE)
    except NotFound:
        raise NotFound("ProjectInvitation") from None
    return found
