"""Collaborators of a project: added, given other roles, removed; leaving, and giving it to another owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from beanie import PydanticObjectId

from access.email_addresses import EmailAddress, MalformedAddress, masked
from access.errors import NotFound
from access.permissions import GRANTS, Permission
from access.projects import role_in
from access.viewer import Guest
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.invitation import GOOD_FOR, InvitationState
from documents.notice import NoticeKind
from documents.projects import project_sharing
from documents.projects.project import Collaborator, Project
from documents.projects.project_invitation import ProjectInvitation
from documents.projects.project_role import ProjectRole
from documents.projects.project_sharing import MOST_PEOPLE
from mail.template import MailTemplate
from resolvers import people
from resolvers.accounts import mails
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.people import Person
from resolvers.projects.sharing import Sharing, share


class FormerOwner(Enum):
    """What becomes of the owner who gives a project away."""

    STAYS_EDITOR = "STAYS_EDITOR"
    LEAVES = "LEAVES"


@dataclass(frozen=True, slots=True)
class SharedWith:
    """A collaborator and who that is."""

    role: ProjectRole
    person: Person


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of sharing a project with an address: one of the two."""

    project: Project
    invitation: ProjectInvitation | None = None


@dataclass(frozen=True, slots=True)
class LeftProject:
    """A project that the viewer is no collaborator of any more."""

    project_id: PydanticObjectId


async def of_project(context: Context, project: Project) -> Sequence[SharedWith]:
    """Whom a project that the viewer sees is shared with; guests are told of nobody.

    Addresses are shown to those alone who may share it.
    """
    principal = context.require_principal()
    if isinstance(principal, Guest):
        return []
    role = role_in(project, principal)
    may_share = role is not None and Permission.PROJECT_SHARE in GRANTS[role]
    known = await people.named((each.user_id for each in project.collaborators), with_email=may_share)
    return [SharedWith(each.role, known[each.user_id]) for each in project.collaborators]


async def add(
    context: Context, project_id: PydanticObjectId, *, email: str, role: ProjectRole
) -> Outcome[Shared]:
    """Share a project with an address: at once with a verified account, else by an invitation.

    An account whose address nobody has proved to own gets the invitation as well: whoever signed up with it
    may be somebody else.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not share it.
        RateLimited: the viewer causes too many mails, or the address gets too many.
    """
    await context.projects.check(project_id, Permission.PROJECT_SHARE)
    if (refusal := _refuse_owner_role(role)) is not None:
        return refusal
    try:
        address = EmailAddress.parse(email)
    except MalformedAddress as error:
        return Outcome.refused(UserErrorCode.INVALID, str(error), at="input.email")
    viewer_id = context.require_viewer().user_id
    await context.services.rate_limits.count_mail(context.remote_address, address.key, user_id=viewer_id)

    async def act(sharing: Sharing) -> Outcome[Shared]:
        invited = await ProjectInvitation.count_open(
            project_id, now=sharing.now, most=MOST_PEOPLE, session=sharing.session
        )
        if len(sharing.project.collaborators) + invited >= MOST_PEOPLE:
            text = f"A project is shared with at most {MOST_PEOPLE} people, invited ones included."
            return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text)
        inviter = await User.get(viewer_id, session=sharing.session)
        users = User.get_pymongo_collection()
        raw = await users.find_one(
            {"email_key": address.key, "email_verified_at": {"$ne": None}, "deleted_at": None},
            session=sharing.session,
        )
        if raw is None:
            return await _invite(sharing, address, role, inviter)
        return await _add(sharing, User.model_validate(raw), role, inviter)

    return await share(context, project_id, Permission.PROJECT_SHARE, act)


async def _add(sharing: Sharing, user: User, role: ProjectRole, inviter: User | None) -> Outcome[Shared]:
    project, now, session = sharing.project, sharing.now, sharing.session
    if user.id == project.owner_id:
        text = "This is the project's owner."
        return Outcome.refused(UserErrorCode.TAKEN, text, at="input.email")
    if any(each.user_id == user.id for each in project.collaborators):
        text = "The project is shared with this person already: `changeCollaboratorRole` gives another role."
        return Outcome.refused(UserErrorCode.TAKEN, text, at="input.email")
    changed = await join(sharing, user.id, role)
    open_one = await ProjectInvitation.open_for(project.id, user.email_key, now=now, session=session)
    if open_one is not None:
        await ProjectInvitation.end(open_one.id, InvitationState.REVOKED, now=now, session=session)
    told = await sharing.tell(
        user.id,
        NoticeKind.PROJECT_SHARED,
        title=project.title,
        role=role.value,
        by=None if inviter is None else str(inviter.id),
        byName="" if inviter is None else inviter.name,
    )
    await sharing.store(
        mails.letter(
            sharing.context,
            MailTemplate.PROJECT_SHARED,
            to=user.email,
            locale=user.locale,
            owner_id=sharing.context.require_viewer().user_id,
            about=told.id,
            name=user.name,
            inviter="" if inviter is None else inviter.name,
            project=project.title,
        )
    )
    return Outcome(Shared(changed))


async def join(sharing: Sharing, user_id: PydanticObjectId, role: ProjectRole) -> Project:
    """Make somebody a collaborator who is none."""
    joined = [*sharing.project.collaborators, Collaborator(user_id=user_id, role=role)]
    changed = await project_sharing.set_people(
        sharing.project.id, joined, now=sharing.now, session=sharing.session
    )
    await sharing.tell(user_id, NoticeKind.ACCESS_CHANGED, reason="PROJECT_SHARED")
    await sharing.record(AuditAction.COLLABORATOR_ADDED, "User", user_id, role=role.value)
    return changed


async def _invite(
    sharing: Sharing, address: EmailAddress, role: ProjectRole, inviter: User | None
) -> Outcome[Shared]:
    project, now, session = sharing.project, sharing.now, sharing.session
    if await ProjectInvitation.open_for(project.id, address.key, now=now, session=session):
        text = "This address has an open invitation: revoke it first to send another one."
        return Outcome.refused(UserErrorCode.TAKEN, text, at="input.email")
    viewer_id = sharing.context.require_viewer().user_id
    made = ProjectInvitation(
        project_id=project.id,
        email=address.typed,
        email_key=address.key,
        role=role,
        invited_by=viewer_id,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    await ProjectInvitation.put(made, session=session)
    await sharing.store(
        mails.letter(
            sharing.context,
            MailTemplate.PROJECT_INVITATION,
            to=made.email,
            locale="en" if inviter is None else inviter.locale,
            owner_id=viewer_id,
            about=made.id,
            inviter="" if inviter is None else inviter.name,
            project=project.title,
        )
    )
    await sharing.record(
        AuditAction.COLLABORATOR_INVITED,
        "ProjectInvitation",
        made.id,
        email=masked(made.email),
        role=role.value,
    )
    return Outcome(Shared(project, made))


async def change_role(
    context: Context, project_id: PydanticObjectId, user_id: PydanticObjectId, *, role: ProjectRole
) -> Outcome[Project]:
    """Give a collaborator another role; it counts from the person's next request on.

    Raises:
        NotFound: the project is not the viewer's to see, or has no such collaborator.
        Forbidden: the viewer may not share it.
    """
    if (refusal := _refuse_owner_role(role)) is not None:
        await context.projects.check(project_id, Permission.PROJECT_SHARE)
        return refusal

    async def act(sharing: Sharing) -> Outcome[Project]:
        before = _collaborator(sharing.project, user_id)
        if before.role is role:
            return Outcome(sharing.project)
        changed = await project_sharing.set_people(
            project_id,
            [
                each.model_copy(update={"role": role}) if each.user_id == user_id else each
                for each in sharing.project.collaborators
            ],
            now=sharing.now,
            session=sharing.session,
        )
        await sharing.tell(user_id, NoticeKind.ACCESS_CHANGED, reason="ROLE_CHANGED")
        await sharing.record(
            AuditAction.COLLABORATOR_ROLE_CHANGED,
            "User",
            user_id,
            before=before.role.value,
            after=role.value,
        )
        return Outcome(changed)

    return await share(context, project_id, Permission.PROJECT_SHARE, act)


async def remove(
    context: Context, project_id: PydanticObjectId, user_id: PydanticObjectId
) -> Outcome[Project]:
    """Take a project away from a collaborator: with the next request, and from open streams at once.

    Raises:
        NotFound: the project is not the viewer's to see, or has no such collaborator.
        Forbidden: the viewer may not share it.
    """

    async def act(sharing: Sharing) -> Outcome[Project]:
        _collaborator(sharing.project, user_id)
        changed = await _take_out(sharing, user_id)
        by = await User.get(context.require_viewer().user_id, session=sharing.session)
        await sharing.tell(
            user_id,
            NoticeKind.PROJECT_UNSHARED,
            title=sharing.project.title,
            byName="" if by is None else by.name,
        )
        await sharing.record(AuditAction.COLLABORATOR_REMOVED, "User", user_id, left=False)
        return Outcome(changed)

    return await share(context, project_id, Permission.PROJECT_SHARE, act)


async def leave(context: Context, project_id: PydanticObjectId) -> Outcome[LeftProject]:
    """Stop being a collaborator.

    Raises:
        NotFound: the project is not the viewer's to see.
    """

    async def act(sharing: Sharing) -> Outcome[LeftProject]:
        viewer_id = context.require_viewer().user_id
        if sharing.project.owner_id == viewer_id:
            text = "The project is yours: give it to another owner first, or delete it."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.projectId")
        if all(each.user_id != viewer_id for each in sharing.project.collaborators):
            text = "You see this project as a member of its company, not as a collaborator."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.projectId")
        await _take_out(sharing, viewer_id)
        await sharing.record(AuditAction.COLLABORATOR_REMOVED, "User", viewer_id, left=True)
        return Outcome(LeftProject(project_id))

    return await share(context, project_id, Permission.PROJECT_VIEW, act)


async def transfer(
    context: Context, project_id: PydanticObjectId, user_id: PydanticObjectId, *, former: FormerOwner
) -> Outcome[Project]:
    """Give a project to a collaborator, or to a member of its company; it is theirs at once.

    It stays in its company, and leaves the folder of its former owner.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not give it away.
    """

    async def act(sharing: Sharing) -> Outcome[Project]:
        project = sharing.project
        if user_id == project.owner_id:
            text = "The project belongs to this person already."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.userId")
        if not await _may_own(sharing, user_id):
            text = "A project goes to one of its collaborators, or to a member of its company."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.userId")
        others = [each for each in project.collaborators if each.user_id != user_id]
        if former is FormerOwner.STAYS_EDITOR:
            others.append(Collaborator(user_id=project.owner_id, role=ProjectRole.EDITOR))
        changed = await project_sharing.set_people(
            project_id, others, now=sharing.now, session=sharing.session, owner_id=user_id, folder_id=None
        )
        for each in (user_id, project.owner_id):
            await sharing.tell(each, NoticeKind.ACCESS_CHANGED, reason="PROJECT_TRANSFERRED")
        by = await User.get(context.require_viewer().user_id, session=sharing.session)
        await sharing.tell(
            user_id,
            NoticeKind.PROJECT_SHARED,
            title=project.title,
            role=ProjectRole.OWNER.value,
            by=None if by is None else str(by.id),
            byName="" if by is None else by.name,
        )
        await sharing.record(
            AuditAction.PROJECT_TRANSFERRED,
            "Project",
            project_id,
            before=str(project.owner_id),
            after=str(user_id),
        )
        return Outcome(changed)

    return await share(context, project_id, Permission.PROJECT_DELETE, act)


async def _may_own(sharing: Sharing, user_id: PydanticObjectId) -> bool:
    standing = await membership.standing(user_id, sharing.session)
    if standing is None:
        return False
    project = sharing.project
    is_of_company = project.company_id is not None and standing.company_id == project.company_id
    return is_of_company or any(each.user_id == user_id for each in project.collaborators)


async def _take_out(sharing: Sharing, user_id: PydanticObjectId) -> Project:
    changed = await project_sharing.set_people(
        sharing.project.id,
        [each for each in sharing.project.collaborators if each.user_id != user_id],
        now=sharing.now,
        session=sharing.session,
    )
    await sharing.tell(user_id, NoticeKind.ACCESS_CHANGED, reason="PROJECT_UNSHARED")
    return changed


def _collaborator(project: Project, user_id: PydanticObjectId) -> Collaborator:
    for each in project.collaborators:
        if each.user_id == user_id:
            return each
    raise NotFound("Collaborator")


def _refuse_owner_role(role: ProjectRole) -> Outcome[Any] | None:
    if role is not ProjectRole.OWNER:
        return None
    text = "A project has one owner: `transferProject` gives it to another."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.role")
