"""Shows: listed, made, changed; and their episodes."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.belongings import check_change, seen_by, sees
from access.errors import NotFound
from access.permissions import Permission
from access.viewer import Viewer
from documents.newest_first import Page, Window, page
from documents.projects.project import Project
from documents.transaction import in_transaction
from documents.writers_room import episodes as stored_episodes
from documents.writers_room import show as stored
from documents.writers_room.show import Show
from resolvers.companies.company_changes import answer
from resolvers.companies.governing import own_company
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.fields import checked
from resolvers.outcome import Outcome
from resolvers.projects.project_list import PAGE_SIZE, Paging
from resolvers.tree.changes import nothing_given
from resolvers.tree.named_makers import SHOW_MAKERS, unknown_makers
from resolvers.writers_room import personas

_CURSOR: Final = re.compile(r"episode:(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """Episodes by their numbers."""

    projects: Sequence[Project]
    has_next: bool
    has_previous: bool

    def cursor(self, project: Project) -> str:
        """Where an episode stands."""
        return base64.b64encode(f"episode:{project.episode_number}".encode()).decode()


async def visible(context: Context, show_id: PydanticObjectId) -> Show | None:
    """A show; None if there is none, or it is not the viewer's to see."""
    viewer = context.require_viewer()
    found = await Show.get(show_id)
    return found if found is not None and sees(viewer, found) else None


async def load(context: Context, show_id: PydanticObjectId) -> Show:
    """A show that the viewer sees.

    Raises:
        NotFound: there is none.
    """
    found = await visible(context, show_id)
    if found is None:
        raise NotFound("Show")
    return found


async def listed(context: Context, window: Window) -> Page[Show]:
    """A page of the viewer's own shows and the company's, the newest first."""
    query = seen_by(context.require_viewer(), with_built_in=False)
    return await page(Show, query, window, by="created_at")


async def episodes(context: Context, show: Show, paging: Paging) -> EpisodePage:
    """A page of a show's episodes, as far as the viewer sees them.

    Raises:
        BadUserInput: sizes or cursors make no sense.
    """
    paging.check()
    size = paging.last if paging.first is None else paging.first
    from_end = paging.last is not None
    viewer = context.require_viewer()
    if not viewer.is_in_scope(Permission.PROJECT_VIEW):
        return EpisodePage((), has_next=False, has_previous=False)
    found, has_more = await stored_episodes.page(
        show.id,
        _seen_projects(viewer),
        size=PAGE_SIZE if size is None else size,
        after=_number(paging.after, "after"),
        before=_number(paging.before, "before"),
        from_end=from_end,
    )
    return EpisodePage(
        found,
        has_next=paging.before is not None if from_end else has_more,
        has_previous=has_more if from_end else paging.after is not None,
    )


def _seen_projects(viewer: Viewer) -> dict[str, Any]:
    """Filter of the projects that somebody sees; what `access.projects.role_in` says, as a query."""
    own: list[dict[str, Any]] = [{"owner_id": viewer.user_id}, {"collaborators.user_id": viewer.user_id}]
    of_company = (Permission.COMPANY_PROJECTS_VIEW, Permission.COMPANY_PROJECTS_MANAGE)
    if viewer.company_id is not None and any(viewer.has(each) for each in of_company):
        own.append({"company_id": viewer.company_id})
    outside = {"company_id": None} if viewer.lacks_second_factor else {}
    return {"$or": own, **outside}


def _number(cursor: str | None, field: str) -> int | None:
    if cursor is None:
        return None
    try:
        decoded = base64.b64decode(cursor[:100], validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        decoded = ""
    found = _CURSOR.fullmatch(decoded)
    if found is None:
        raise BadUserInput(field, "This is no cursor of this list. Send one that a page of it returned.")
    return int(found[1])


async def create(context: Context, values: Mapping[str, Any], *, in_company: bool) -> Outcome[Show]:
    """Make a show: the viewer's own, or the company's.

    Raises:
        NotFound: the viewer does not see the persona.
        NotFound, Forbidden: it is to be the company's, and the viewer has none or may not manage its assets.
    """
    company_id = own_company(context, Permission.ASSETS_MANAGE) if in_company else None
    good, faults = checked(Show, values, at="input")
    faults = faults or await unknown_makers(context, company_id, SHOW_MAKERS, good, now={}, at="input")
    if faults:
        return Outcome(user_errors=faults)
    if good.get("persona_id") is not None:
        await personas.load(context, good["persona_id"])
    now = context.services.now()
    show = Show(
        **good,
        owner_id=context.require_viewer().user_id if company_id is None else None,
        company_id=company_id,
        created_at=now,
        updated_at=now,
    )

    async def made() -> Show:
        await stored.make(show)
        return show

    return await answer(made())


async def update(
    context: Context, show_id: PydanticObjectId, values: Mapping[str, Any], *, expected_revision: int | None
) -> Outcome[Show]:
    """Change a show. Its episodes stay as they are.

    Raises:
        NotFound, Forbidden: the viewer does not see it or the persona, or may not change it.
    """
    show = await load(context, show_id)
    check_change(context.require_viewer(), show, "Show")
    if not values:
        return nothing_given()
    good, faults = checked(Show, values, at="input")
    faults = faults or await unknown_makers(
        context, show.company_id, SHOW_MAKERS, good, now={"speech_provider": show.speech_provider}, at="input"
    )
    if faults:
        return Outcome(user_errors=faults)
    if good.get("persona_id") is not None:
        await personas.load(context, good["persona_id"])
    return await answer(
        stored.change(show_id, good, expected_revision=expected_revision, now=context.services.now())
    )


async def delete(context: Context, show_id: PydanticObjectId) -> Outcome[Show]:
    """Remove a show. Its episodes stay, as projects of no show.

    Raises:
        NotFound, Forbidden: the viewer does not see it, or may not change it.
    """
    show = await load(context, show_id)
    check_change(context.require_viewer(), show, "Show")

    async def write(session: AsyncClientSession) -> None:
        await Show.get_pymongo_collection().delete_one({"_id": show_id}, session=session)
        await stored_episodes.release_all(show_id, now=context.services.now(), session=session)

    await in_transaction(write)
    return Outcome(show)
