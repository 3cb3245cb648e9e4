"""The library: what a viewer's projects, or the company's, have made and been sent, found and used again."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from beanie import PydanticObjectId
from pydantic import TypeAdapter, ValidationError

from access.errors import NotFound
from access.permissions import Permission
from access.projects import may
from documents.media import library
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.newest_first import Page, Window
from documents.projects.project import Project
from documents.text import Line
from resolvers.companies.governing import own_company
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserErrorCode

_SEARCH: Final[TypeAdapter[str]] = TypeAdapter(Line)


async def entries(
    context: Context,
    *,
    search: str | None,
    tags: Sequence[str],
    kinds: Collection[LibraryKind],
    in_company: bool,
    project_id: PydanticObjectId | None,
    window: Window,
) -> Page[LibraryEntry]:
    """A page of the viewer's own library, of the company's, or of one project's.

    Raises:
        NotFound, Forbidden: the project or the company is not the viewer's to see.
        BadUserInput: the search is too long.
    """
    if project_id is not None:
        await context.projects.check(project_id, Permission.PROJECT_VIEW)
    viewer = context.require_viewer()
    try:
        text = _SEARCH.validate_python(search or "")
    except ValidationError as error:
        raise BadUserInput("search", "One line of at most 200 characters.") from error
    whose: dict[str, Any]
    if project_id is not None:
        whose = {"project_id": project_id}
    elif in_company:
        whose = {"company_id": own_company(context, Permission.COMPANY_PROJECTS_VIEW)}
    else:
        whose = {"owner_id": viewer.user_id}
    found = await library.page(whose, window, search=text, tags=tags, kinds=kinds)
    return Page(await _shown(context, found.members), found.has_more, found.window)


async def visible(context: Context, entry_id: PydanticObjectId) -> LibraryEntry | None:
    """An entry; None if there is none, or its project is not the viewer's to see."""
    entry = await LibraryEntry.get(entry_id)
    if entry is None:
        return None
    try:
        await context.projects.check(entry.project_id, Permission.PROJECT_VIEW)
    except NotFound:
        return None
    return entry


async def load(context: Context, entry_id: PydanticObjectId) -> LibraryEntry:
    """An entry that the viewer may see.

    Raises:
        NotFound: there is none.
    """
    entry = await visible(context, entry_id)
    if entry is None:
        raise NotFound("LibraryEntry")
    return entry


async def duplicates(context: Context, entry: LibraryEntry) -> Sequence[LibraryEntry]:
    """Other entries with the very same bytes, as far as the viewer may see them; the newest first."""
    return await _shown(context, await library.same_bytes(entry))


async def update(
    context: Context, entry_id: PydanticObjectId, tags: Sequence[str], *, expected_revision: int | None
) -> Outcome[LibraryEntry]:
    """Give an entry other tags.

    Raises:
        NotFound, Forbidden: the viewer may not see its project, or not change it.
    """
    entry = await load(context, entry_id)
    await context.projects.check(entry.project_id, Permission.PROJECT_EDIT)
    good, faults = checked(LibraryEntry, {"tags": list(dict.fromkeys(tags))}, at="input")
    if faults:
        return Outcome(user_errors=faults)
    changed = await library.change_tags(entry_id, good["tags"], expected_revision=expected_revision)
    if changed is not None:
        return Outcome(changed)
    return Outcome.refused(
        UserErrorCode.REVISION_CONFLICT,
        "The entry was changed meanwhile. Look at it as it is now and try again with its revision.",
        at="input.expectedRevision",
        result=await load(context, entry_id),
    )


async def _shown(context: Context, found: Sequence[LibraryEntry]) -> Sequence[LibraryEntry]:
    """Those whose projects the viewer sees now, whatever the entries say of themselves."""
    ids = {entry.project_id for entry in found}
    if not ids:
        return found
    light = dict.fromkeys(("script", "timeline", "outbox"), 0)
    query = {"_id": {"$in": sorted(ids)}, "deleted_at": None}
    raw = await Project.get_pymongo_collection().find(query, light).to_list()
    projects = [Project.model_validate(each) for each in raw]
    principal = context.require_principal()
    seen = {project.id for project in projects if may(project, principal, Permission.PROJECT_VIEW)}
    return [entry for entry in found if entry.project_id in seen]
