"""A company's members: listed, given roles, removed; and leaving by oneself."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import orjson
from beanie import PydanticObjectId
from pydantic import TypeAdapter, ValidationError

from access.company_roles import administers, another_administrator, held_by, roles_of
from access.errors import Forbidden, NotFound
from access.permissions import Permission
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies import company_projects, member_list, membership
from documents.companies.company_invitation import CompanyInvitation
from documents.companies.member_list import NameSpot
from documents.companies.role import Role
from documents.text import Line
from resolvers.companies.governing import TOLD_AT_ONCE, Governing, govern, look_again, own_company
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.projects.project_list import PAGE_SIZE, Paging

_SEARCH: Final[TypeAdapter[str]] = TypeAdapter(Line)
_LONGEST_CURSOR: Final = 2_000  # characters; a name has 200, each at most 4 bytes, and base64 adds a third


class ProjectsOnLeaving(Enum):
    """What becomes of the projects that somebody who goes owns in the company."""

    KEEP = "KEEP"
    MOVE = "MOVE"


@dataclass(frozen=True, slots=True)
class Member:
    """A user as the others in the company see one.

    Args:
        user: the account.
        role: what the member may do; None for a role that is none of the company's.
        company_id: the company.
    """

    user: User
    role: Role | None
    company_id: PydanticObjectId


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Members in order of their names."""

    members: Sequence[Member]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class MemberGone:
    """Somebody who no longer belongs to the company.

    Args:
        user_id: who.
        projects: how many projects of the company the person owned.
    """

    user_id: PydanticObjectId
    projects: int


async def of_company(
    context: Context, company_id: PydanticObjectId, *, search: str | None, paging: Paging
) -> MemberPage:
    """A page of a company's members, by name.

    Raises:
        NotFound: the viewer does not belong to the company.
        BadUserInput: sizes, cursors or the search make no sense.
    """
    context.companies.check(company_id, Permission.COMPANY_VIEW)
    paging.check()
    try:
        words = _SEARCH.validate_python(search or "")
    except ValidationError as error:
        raise BadUserInput("search", "Search for words of a name: one line, 200 characters.") from error
    size = paging.last if paging.first is None else paging.first
    from_end = paging.last is not None
    found, has_more = await member_list.page(
        company_id,
        search=words,
        size=PAGE_SIZE if size is None else size,
        after=_read(paging.after, "after"),
        before=_read(paging.before, "before"),
        from_end=from_end,
    )
    roles = await roles_of(company_id)
    return MemberPage(
        [Member(user, roles.get(user.role_id), company_id) for user in found],
        has_next=paging.before is not None if from_end else has_more,
        has_previous=has_more if from_end else paging.after is not None,
    )


def cursor(member: Member) -> str:
    """Where a member stands in the list, for `after` and `before`."""
    text = orjson.dumps([member.user.name, str(member.user.id)])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _read(text: str | None, at: str) -> NameSpot | None:
    if text is None:
        return None
    malformed = BadUserInput(at, "This is no cursor of this list. Send one as the API returned it.")
    if len(text) > _LONGEST_CURSOR:
        raise malformed
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        name, user_id = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(name, str):
            raise malformed
        return NameSpot(name, PydanticObjectId(user_id))
    except (ValueError, TypeError) as error:  # bson's and base64's own among them
        raise malformed from error


async def visible(context: Context, user_id: PydanticObjectId) -> Member | None:
    """A member of the viewer's company, None for anybody else."""
    viewer = context.viewer
    if viewer is None or viewer.company_id is None or not viewer.has(Permission.COMPANY_VIEW):
        return None
    user = await membership.member(viewer.company_id, user_id)
    if user is None:
        return None
    return Member(user, (await roles_of(viewer.company_id)).get(user.role_id), viewer.company_id)


async def change_role(
    context: Context, user_id: PydanticObjectId, role_id: PydanticObjectId
) -> Outcome[Member]:
    """Give a member another role; it counts from the member's next request on.

    Raises:
        NotFound: the company has no such member or role.
        Forbidden: the viewer may not manage members, or the member's role holds more than the viewer's.
    """
    company_id = own_company(context, Permission.MEMBERS_MANAGE)

    async def act(governing: Governing) -> Outcome[Member]:
        roles = await roles_of(company_id, governing.session)
        subject = await _subject(governing, user_id, roles)
        role = roles.get(role_id)
        if role is None:
            raise NotFound("Role")
        if refusal := governing.refuse_to_give(role, at="input.roleId"):
            return refusal
        if role.id != subject.user.role_id:
            stays_administrator = administers(held_by(role))
            if not stays_administrator and (refusal := await _refuse_last(governing, subject)):
                return refusal
            await membership.give_role(
                user_id, company_id, role.id, now=governing.now, session=governing.session
            )
            await governing.tell_access_changed([user_id], "ROLE_CHANGED")
            await governing.record(
                AuditAction.MEMBER_ROLE_CHANGED,
                "Member",
                user_id,
                before=None if subject.role is None else subject.role.name,
                after=role.name,
            )
        changed = subject.user.model_copy(update={"role_id": role.id})
        return Outcome(Member(changed, role, company_id))

    outcome = await govern(context, company_id, Permission.MEMBERS_MANAGE, act)
    if user_id == context.require_viewer().user_id:
        await look_again(context)
    return outcome


async def remove(
    context: Context,
    user_id: PydanticObjectId,
    *,
    projects: ProjectsOnLeaving,
    heir_id: PydanticObjectId | None,
) -> Outcome[MemberGone]:
    """Take a member out of the company; nothing of it is open to that person from the next request on.

    Args:
        context: the operation's.
        user_id: the member.
        projects: whether the member's projects stay or go along.
        heir_id: the member who gets those that stay; None for the viewer.

    Raises:
        NotFound: the company has no such member.
        Forbidden: the viewer may not manage members, or the member's role holds more than the viewer's.
    """
    company_id = own_company(context, Permission.MEMBERS_MANAGE)
    viewer_id = context.require_viewer().user_id
    if user_id == viewer_id:
        text = "This is yourself: `leaveCompany` is the way out."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.memberId")

    async def act(governing: Governing) -> Outcome[MemberGone]:
        roles = await roles_of(company_id, governing.session)
        subject = await _subject(governing, user_id, roles)
        return await _take_out(
            governing, subject, projects, heir_id or viewer_id, action=AuditAction.MEMBER_REMOVED
        )

    return await govern(context, company_id, Permission.MEMBERS_MANAGE, act)


async def leave(
    context: Context, *, projects: ProjectsOnLeaving, heir_id: PydanticObjectId | None
) -> Outcome[MemberGone]:
    """Leave the company.

    Args:
        context: the operation's.
        projects: whether the viewer's projects stay or go along; only who may do everything in the company's
            projects can take them along.
        heir_id: the member who gets those that stay; None for an administrator.

    Raises:
        NotFound: the viewer belongs to no company.
    """
    viewer_id = context.require_viewer().user_id
    standing = await membership.standing(viewer_id)  # a company that is closed to the viewer can be left, too
    if standing is None or standing.company_id is None:
        raise NotFound("Company")
    company_id = standing.company_id

    async def act(governing: Governing) -> Outcome[MemberGone]:
        subject = await _own_place(governing, viewer_id)
        if projects is ProjectsOnLeaving.MOVE and not governing.viewer.has(
            Permission.COMPANY_PROJECTS_MANAGE
        ):
            text = (
                "The company's projects stay with it. Ask an administrator to remove you with your projects."
            )
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.projects")
        heir = heir_id or await another_administrator(
            company_id, besides=viewer_id, session=governing.session
        )
        return await _take_out(governing, subject, projects, heir, action=AuditAction.MEMBER_LEFT)

    outcome = await govern(context, company_id, None, act)
    if outcome.result is not None:
        await look_again(context)
    return outcome


async def depart(governing: Governing, user_id: PydanticObjectId) -> Outcome[MemberGone]:
    """Leave the company as a part of a larger change; the projects stay with an administrator."""
    subject = await _own_place(governing, user_id)
    heir = await another_administrator(governing.company_id, besides=user_id, session=governing.session)
    return await _take_out(governing, subject, ProjectsOnLeaving.KEEP, heir, action=AuditAction.MEMBER_LEFT)


async def _own_place(governing: Governing, user_id: PydanticObjectId) -> Member:
    user = await membership.member(governing.company_id, user_id, governing.session)
    if user is None:
        raise NotFound("Company")
    roles = await roles_of(governing.company_id, governing.session)
    return Member(user, roles.get(user.role_id), governing.company_id)


async def _subject(
    governing: Governing, user_id: PydanticObjectId, roles: Mapping[PydanticObjectId, Role]
) -> Member:
    """The member who is acted upon, whose role holds no more than the actor's."""
    user = await membership.member(governing.company_id, user_id, governing.session)
    if user is None:
        raise NotFound("Member")
    role = roles.get(user.role_id)
    exceeding = "" if role is None else governing.exceeding(held_by(role))
    if exceeding:
        raise Forbidden(f"This member's role holds what you do not hold yourself: {exceeding}.")
    return Member(user, role, governing.company_id)


async def _refuse_last(governing: Governing, subject: Member) -> Outcome[Any] | None:
    if subject.role is None or not administers(held_by(subject.role)):
        return None
    others = await another_administrator(
        governing.company_id, besides=subject.user.id, session=governing.session
    )
    if others is not None:
        return None
    text = "This is the company's last administrator: make somebody else one first."
    return Outcome.refused(UserErrorCode.LAST_ADMINISTRATOR, text)


async def _take_out(
    governing: Governing,
    subject: Member,
    projects: ProjectsOnLeaving,
    heir_id: PydanticObjectId | None,
    *,
    action: AuditAction,
) -> Outcome[MemberGone]:
    if refusal := await _refuse_last(governing, subject):
        return refusal
    company_id, user_id, session, now = (
        governing.company_id,
        subject.user.id,
        governing.session,
        governing.now,
    )
    affected = [user_id]
    if projects is ProjectsOnLeaving.KEEP:
        heir = None if heir_id == user_id else heir_id
        if heir is None or not await membership.hold_place(heir, company_id, session=session):
            text = "Name a member of the company who gets the projects and is not suspended."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.newOwnerId")
        owned = await company_projects.keep(company_id, user_id, heir, now=now, session=session)
        affected += [heir] if owned else []
    else:
        owned = await company_projects.release(company_id, user_id, now=now, session=session)
        # Whoever looked at them as a member of the company may not any more.
        affected += await membership.others(company_id, user_id, most=TOLD_AT_ONCE, session=session)
    shared = await company_projects.unshare(company_id, user_id, now=now, session=session)
    await CompanyInvitation.revoke_all_by(company_id, user_id, now=now, session=session)
    await membership.leave(user_id, company_id, now=now, session=session)
    governing.projects += [*owned, *shared]
    await governing.tell_access_changed(affected, action.value)
    await governing.record(
        action,
        "Member",
        user_id,
        role=None if subject.role is None else subject.role.name,
        projects=projects.value,
        owned=len(owned),
        new_owner=str(heir_id) if projects is ProjectsOnLeaving.KEEP and owned else None,
    )
    return Outcome(MemberGone(user_id, len(owned)))
