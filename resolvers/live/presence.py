"""Who is looking at what in a project, or editing it: said by each tab, and seen by all who see the project.

It is a courtesy among people, and no lock: the edit lock neither knows of it nor is kept by it. Whoever reads
it looks at each one's session, or review link, and at their rights as they are at that moment. So it makes no
difference what ended them, or whether the process died that did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from beanie import PydanticObjectId

from access import authentication
from access.errors import Forbidden, NotFound
from access.permissions import Permission
from access.projects import may
from access.viewer import Guest, Principal
from documents.accounts.session import Session
from documents.accounts.standing import Standing
from documents.projects.project import Project
from documents.projects.review_link import ReviewLink
from documents.tree import place as places
from events.presence import MOST_PER_PROJECT, TAB, Activity, Present, Seat
from resolvers import people
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode

LASTS: Final = timedelta(seconds=30)
"""How long somebody is present who does not say so again."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody who is present, by name.

    Args:
        name: of the account, or as a guest gave it; empty for an account that is gone.
        is_mine: whether the session, or the guest, that asks is meant.
    """

    project_id: PydanticObjectId
    present: Present
    name: str
    is_mine: bool

    @property
    def user_id(self) -> PydanticObjectId | None:
        """The user; None for a guest."""
        return None if self.present.seat.guest_name is not None else self.present.seat.subject_id


async def of_project(context: Context, project_id: PydanticObjectId) -> Sequence[Attendance]:
    """Who is present in a project now, those who came to their node first in front.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
        EventsUnavailable: Redis could not be asked.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_VIEW)
    now = context.services.now()
    found = await context.services.presence.present(project_id, now=now)
    users = {each.seat.holder_id: each.seat.subject_id for each in found if each.seat.guest_name is None}
    standings = await Session.standings(users.items(), now=now)
    guests = {each.seat.subject_id for each in found if each.seat.guest_name is not None}
    links = await ReviewLink.open_ones(project_id, guests, now=now) if guests else {}
    seen = [
        shown
        for each in found
        if (shown := _as_they_may(each, _principal(each.seat, standings, links), project)) is not None
    ]
    return await _named(context, project_id, seen)


async def report(
    context: Context,
    project_id: PydanticObjectId,
    *,
    node: tuple[str, PydanticObjectId] | None,
    activity: Activity,
    tab: str,
) -> Outcome[Attendance]:
    """Say that the viewer, or guest, is at a node, or still there.

    Raises:
        NotFound: the project is not the viewer's to see, or has no such node.
        Forbidden: the viewer says to edit what they may not, or came by an API key.
        EventsUnavailable: Redis could not be asked.
    """
    needed = Permission.PROJECT_EDIT if activity is Activity.EDITING else Permission.PROJECT_VIEW
    await context.projects.check(project_id, needed)
    seat = _seat(context, tab)
    if seat is None:
        return _no_tab()
    if node is not None:
        found = {"_id": project_id, **places.of(*node).match()}
        if await Project.get_pymongo_collection().find_one(found, {"_id": 1}) is None:
            raise NotFound(node[0])
    now = context.services.now()
    said = await context.services.presence.report(
        project_id, Present(seat, node, activity, since=now, expires_at=now + LASTS)
    )
    if said is None:
        text = f"{MOST_PER_PROJECT} tabs are open on this project already: the others are not shown."
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text)
    present, is_news = said
    if is_news:
        await context.services.announcer.presence(project_id, now=now)
    (attendance,) = await _named(context, project_id, [present])
    return Outcome(attendance)


async def end(context: Context, project_id: PydanticObjectId, *, tab: str) -> Outcome[bool]:
    """Say that a tab of the viewer, or guest, is gone; the result is whether it was there.

    Raises:
        NotFound: the project is not the viewer's to see.
        Forbidden: the viewer came by an API key.
        EventsUnavailable: Redis could not be asked.
    """
    await context.projects.check(project_id, Permission.PROJECT_VIEW)
    seat = _seat(context, tab)
    if seat is None:
        return _no_tab()
    was_there = await context.services.presence.end(project_id, seat)
    if was_there:
        await context.services.announcer.presence(project_id, now=context.services.now())
    return Outcome(was_there)


def _seat(context: Context, tab: str) -> Seat | None:
    """The seat of a tab; None if its name is no name of a tab."""
    principal = context.require_principal()
    if not isinstance(principal, Guest) and principal.session_id is None:
        raise Forbidden("Programs are not present: sign in instead of using an API key.")
    if TAB.fullmatch(tab) is None:
        return None
    if isinstance(principal, Guest):
        return Seat(principal.link_id, principal.guest_id, tab, principal.name)
    assert principal.session_id is not None  # noqa: S101 - looked at above
    return Seat(principal.user_id, principal.session_id, tab)


def _no_tab() -> Outcome[Any]:
    text = "A tab is called by 1 to 64 letters, digits, hyphens and underscores, as you like."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.tabId")


def _principal(
    seat: Seat,
    standings: Mapping[PydanticObjectId, Standing],
    links: Mapping[PydanticObjectId, ReviewLink],
) -> Principal | None:
    """Who has the seat, as they would ask now; None if they could not."""
    if seat.guest_name is None:
        standing = standings.get(seat.holder_id)
        if standing is None:
            return None
        return authentication.viewer(seat.subject_id, standing, session_id=seat.holder_id)
    link = links.get(seat.subject_id)
    if link is None:
        return None
    return Guest(link.id, link.project_id, link.role, seat.guest_name, seat.holder_id)


def _as_they_may(present: Present, principal: Principal | None, project: Project) -> Present | None:
    """Somebody's presence with the rights that they have now; None if they may not even look."""
    if principal is None or not may(project, principal, Permission.PROJECT_VIEW):
        return None
    if present.activity is Activity.EDITING and not may(project, principal, Permission.PROJECT_EDIT):
        return replace(present, activity=Activity.LOOKING)
    return present


async def _named(
    context: Context, project_id: PydanticObjectId, found: Sequence[Present]
) -> list[Attendance]:
    principal = context.require_principal()
    holder_id = principal.guest_id if isinstance(principal, Guest) else principal.session_id
    known = await people.named(each.seat.subject_id for each in found if each.seat.guest_name is None)
    return [
        Attendance(
            project_id,
            each,
            known[each.seat.subject_id].name if each.seat.guest_name is None else each.seat.guest_name,
            is_mine=each.seat.holder_id == holder_id,
        )
        for each in found
    ]
