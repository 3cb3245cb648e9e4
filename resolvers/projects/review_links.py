"""Review links: made and ended by who shares a project, opened by people without an account."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from beanie import PydanticObjectId

from access.errors import AccessRefused, NotFound
from access.mail_tokens import LinkPurpose, TokenForged
from access.password_rules import MAX_LENGTH
from access.permissions import Permission
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.notice import NoticeKind
from documents.projects.project_role import ProjectRole
from documents.projects.review_link import MOST_OPEN, ReviewLink, open_at
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.projects.sharing import Sharing, share

_PASSWORD_LENGTH_MIN: Final = 8
_DEAD: Final = "This link does not work, or not any more: ask whoever sent it for a new one."


class ReviewAccess(Enum):
    """What a review link lets its guests do."""

    VIEW = "VIEW"
    COMMENT = "COMMENT"


ROLES: Final = {ReviewAccess.VIEW: ProjectRole.VIEWER, ReviewAccess.COMMENT: ProjectRole.COMMENTER}


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a guest holds.

    Args:
        token: goes with every request, until `expires_at`.
        project_id: what it opens.
        role: what the guest is to the project.
    """

    token: str = field(repr=False)
    expires_at: datetime
    project_id: PydanticObjectId
    role: ProjectRole


def token(context: Context, link: ReviewLink) -> str:
    """What stands in the link; the same each time."""
    return context.services.mail_tokens.token(LinkPurpose.REVIEW_LINK, link.id)


async def of_project(context: Context, project_id: PydanticObjectId) -> list[ReviewLink]:
    """The open links of a project, the newest first.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not share it.
    """
    await context.projects.check(project_id, Permission.PROJECT_SHARE)
    wanted = {"project_id": project_id, **open_at(context.services.now())}
    return await ReviewLink.find(wanted).sort("-created_at", "-_id").limit(MOST_OPEN).to_list()


async def visible(context: Context, link_id: PydanticObjectId) -> ReviewLink | None:
    """A link of a project that the viewer may share."""
    try:
        return await _load(context, link_id)
    except AccessRefused:
        return None


async def create(
    context: Context,
    project_id: PydanticObjectId,
    *,
    name: str,
    access: ReviewAccess,
    password: str | None,
    expires_at: datetime | None,
) -> Outcome[ReviewLink]:
    """Make a link.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not share it.
        RateLimited: too many passwords wait to be hashed.
    """
    await context.projects.check(project_id, Permission.PROJECT_SHARE)
    values, faults = checked(ReviewLink, {"name": name}, at="input")
    now = context.services.now()
    if expires_at is not None and expires_at <= now:
        text = "The link would have expired already; choose a later time, or null for a link without end."
        faults.append(UserError(UserErrorCode.INVALID, "input.expiresAt", text))
    if password is not None and (fault := _password_fault(password)) is not None:
        faults.append(UserError(UserErrorCode.INVALID, "input.password", fault))
    if faults:
        return Outcome(user_errors=faults)
    link = ReviewLink(
        project_id=project_id,
        name=values["name"],
        role=ROLES[access],
        password_hash=None if password is None else await context.services.passwords.hash(password),
        created_by=context.require_viewer().user_id,
        created_at=now,
        expires_at=expires_at,
    )

    async def act(sharing: Sharing) -> Outcome[ReviewLink]:
        if not await ReviewLink.put(link, now=now, session=sharing.session):
            text = f"A project has at most {MOST_OPEN} open review links: revoke one first."
            return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text)
        await sharing.record(
            AuditAction.REVIEW_LINK_CREATED,
            "ReviewLink",
            link.id,
            access=access.value,
            has_password=password is not None,
        )
        return Outcome(link)

    return await share(context, project_id, Permission.PROJECT_SHARE, act)


async def revoke(context: Context, link_id: PydanticObjectId) -> Outcome[ReviewLink]:
    """End a link: its guests are shut out with their next request, and open streams of theirs at once.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: the viewer may not share the project.
    """
    link = await _load(context, link_id)

    async def act(sharing: Sharing) -> Outcome[ReviewLink]:
        ended = await ReviewLink.revoke(link_id, now=sharing.now, session=sharing.session)
        if ended is None:  # it was ended before, and all that follows from it is done
            return Outcome(link)
        await sharing.tell(link_id, NoticeKind.ACCESS_CHANGED, reason="REVIEW_LINK_REVOKED")
        await sharing.record(AuditAction.REVIEW_LINK_REVOKED, "ReviewLink", link_id)
        return Outcome(ended)

    return await share(context, link.project_id, Permission.PROJECT_SHARE, act)


async def open_link(
    context: Context, *, link_token: str, password: str | None, name: str
) -> Outcome[OpenedLink]:
    """Become a guest of a project. A guest of the same link stays the same person and needs no password.

    Raises:
        RateLimited: too many tries at the link's password.
    """
    values, faults = checked(User, {"name": name}, at="input")
    if faults:
        return Outcome(user_errors=faults)
    services = context.services
    now = services.now()
    try:
        link_id = services.mail_tokens.read(LinkPurpose.REVIEW_LINK, link_token)
    except TokenForged:
        return Outcome.refused(UserErrorCode.INVALID, _DEAD, at="input.token")
    link = await ReviewLink.open_one(link_id, now=now)
    if link is None:
        return Outcome.refused(UserErrorCode.INVALID, _DEAD, at="input.token")
    known = context.guest if context.guest is not None and context.guest.link_id == link.id else None
    if known is None and link.password_hash is not None:
        if password is None:
            text = "This link asks for a password."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.password")
        await services.rate_limits.count_guess(f"review-link:{link.id}", context.remote_address)
        if not await services.passwords.verify(link.password_hash, password):
            text = "This is not the link's password."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.password")
    await ReviewLink.note_opening(link.id, now=now)
    guest_id = PydanticObjectId() if known is None else known.guest_id
    signed = services.guests.admit(link, name=values["name"], guest_id=guest_id)
    return Outcome(OpenedLink(signed.value, signed.expires_at, link.project_id, link.role))


async def _load(context: Context, link_id: PydanticObjectId) -> ReviewLink:
    projects = context.projects
    link = await ReviewLink.get(link_id)
    if link is None:
        raise NotFound("ReviewLink")
    try:
        await projects.check(link.project_id, Permission.PROJECT_SHARE)
    except NotFound:
        raise NotFound("ReviewLink") from None
    return link


def _password_fault(password: str) -> str | None:
    if not _PASSWORD_LENGTH_MIN <= len(password) <= MAX_LENGTH:
        return f"A link's password has {_PASSWORD_LENGTH_MIN} to {MAX_LENGTH} characters."
    if any(unicodedata.category(character) in {"Cc", "Cs", "Cn"} for character in password):
        return "A password is made of characters that can be typed."
    return None
