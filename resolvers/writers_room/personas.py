"""Personas: listed, made, changed, copied, and given to projects."""

from collections.abc import Mapping
from typing import Any

from beanie import PydanticObjectId

from access.belongings import check_change, seen_by, sees
from access.errors import NotFound
from access.permissions import Permission
from documents.name_search import name_filter
from documents.newest_first import Page, Window, page
from documents.projects.project import Project
from documents.tree import place as places
from documents.writers_room import persona as stored
from documents.writers_room.persona import Persona, PersonaTraits, PersonaVersion
from resolvers.companies.company_changes import answer
from resolvers.companies.governing import own_company
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import nothing_given, set_fields

_LONGEST_SEARCH = 200  # characters


async def visible(context: Context, persona_id: PydanticObjectId) -> Persona | None:
    """A persona; None if there is none, or it is not the viewer's to see."""
    viewer = context.require_viewer()
    found = await Persona.get(persona_id)
    return found if found is not None and sees(viewer, found) else None


async def load(context: Context, persona_id: PydanticObjectId) -> Persona:
    """A persona that the viewer sees.

    Raises:
        NotFound: there is none.
    """
    found = await visible(context, persona_id)
    if found is None:
        raise NotFound("Persona")
    return found


async def listed(
    context: Context, window: Window, *, category: str | None, search: str | None, is_active: bool | None
) -> Page[Persona]:
    """A page of the viewer's own personas, the company's, and the built-in ones, the newest first.

    Raises:
        BadUserInput: the search is too long.
    """
    if search is not None and len(search) > _LONGEST_SEARCH:
        raise BadUserInput("search", f"At most {_LONGEST_SEARCH} characters.")
    query = seen_by(context.require_viewer(), with_built_in=True) | name_filter(search or "")
    if category is not None:
        query["category"] = category
    if is_active is not None:
        query["is_active"] = is_active
    return await page(Persona, query, window, by="created_at")


async def versions(persona: Persona, window: Window) -> Page[PersonaVersion]:
    """A page of a persona's versions, the newest first; whoever got the persona may see them."""
    return await page(PersonaVersion, {"persona_id": persona.id}, window, by="at")


async def create(context: Context, values: Mapping[str, Any], *, in_company: bool) -> Outcome[Persona]:
    """Make a persona: the viewer's own, or the company's.

    Raises:
        NotFound, Forbidden: it is to be the company's, and the viewer has none or may not manage its assets.
    """
    company_id = own_company(context, Permission.ASSETS_MANAGE) if in_company else None
    good, faults = checked(Persona, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    return await _make(context, _new(context, good, company_id=company_id), reason="")


async def copy(
    context: Context, persona_id: PydanticObjectId, *, name: str | None, in_company: bool
) -> Outcome[Persona]:
    """Make a persona of one's own, or the company's, out of any that the viewer sees.

    Raises:
        NotFound: the viewer sees none.
        NotFound, Forbidden: as for `create`.
    """
    company_id = own_company(context, Permission.ASSETS_MANAGE) if in_company else None
    before = await load(context, persona_id)
    values = before.traits.stored()
    if name is not None:
        good, faults = checked(Persona, {"name": name}, at="input")
        if faults:
            return Outcome(user_errors=faults)
        values |= good
    made = _new(context, values, company_id=company_id)
    made.parent_id, made.parent_version = before.id, before.version
    return await _make(context, made, reason=f"Copied from {before.name}."[:200])


def _new(context: Context, values: Mapping[str, Any], *, company_id: PydanticObjectId | None) -> Persona:
    now = context.services.now()
    return Persona(
        **values,
        owner_id=context.require_viewer().user_id if company_id is None else None,
        company_id=company_id,
        created_at=now,
        updated_at=now,
    )


async def _make(context: Context, persona: Persona, *, reason: str) -> Outcome[Persona]:
    async def made() -> Persona:
        await stored.make(persona, by=context.require_viewer().user_id, reason=reason)
        return persona

    return await answer(made())


async def update(
    context: Context,
    persona_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    reason: str,
    expected_revision: int | None,
) -> Outcome[Persona]:
    """Change a persona; what it was stays as a version.

    Raises:
        NotFound, Forbidden: the viewer does not see it, or may not change it.
    """
    check_change(context.require_viewer(), await load(context, persona_id), "Persona")
    if not values:
        return nothing_given()
    good, faults = checked(Persona, values, at="input")
    why, wrong = checked(PersonaVersion, {"reason": reason}, at="input")
    if faults or wrong:
        return Outcome(user_errors=[*faults, *wrong])
    return await _change(context, persona_id, good, reason=why["reason"], expected_revision=expected_revision)


async def restore_version(
    context: Context, persona_id: PydanticObjectId, version: int, *, expected_revision: int | None
) -> Outcome[Persona]:
    """Make a persona what it was in an earlier version, as a new version.

    Raises:
        NotFound, Forbidden: as for `update`.
    """
    check_change(context.require_viewer(), await load(context, persona_id), "Persona")
    earlier = await stored.version_of(persona_id, version)
    if earlier is None:
        return Outcome(user_errors=[_no_version(version)])
    values = {name: getattr(earlier.traits, name) for name in PersonaTraits.model_fields}
    reason = f"Version {version} again."
    return await _change(context, persona_id, values, reason=reason, expected_revision=expected_revision)


async def _change(
    context: Context,
    persona_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    reason: str,
    expected_revision: int | None,
) -> Outcome[Persona]:
    return await answer(
        stored.change(
            persona_id,
            values,
            by=context.require_viewer().user_id,
            reason=reason,
            expected_revision=expected_revision,
            now=context.services.now(),
        )
    )


async def delete(context: Context, persona_id: PydanticObjectId) -> Outcome[Persona]:
    """Remove a persona with its versions. Projects that it was given to are written without one.

    Raises:
        NotFound, Forbidden: the viewer does not see it, or may not change it.
    """
    persona = await load(context, persona_id)
    check_change(context.require_viewer(), persona, "Persona")
    await stored.remove(persona_id)
    return Outcome(persona)


async def give_to_project(
    context: Context,
    project_id: PydanticObjectId,
    persona_id: PydanticObjectId | None,
    *,
    version: int | None,
    expected_revision: int | None,
) -> Outcome[Project]:
    """Let a project be written by a persona in one version of it, the newest where none is named.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the persona, or not change the project.
    """
    await context.projects.check(project_id, Permission.PROJECT_EDIT)
    if persona_id is None:
        if version is not None:
            text = "There is no version of no persona: name the persona, or leave the version out."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.version")
    else:
        persona = await load(context, persona_id)
        version = persona.version if version is None else version
        if await stored.version_of(persona_id, version) is None:
            return Outcome(user_errors=[_no_version(version)])
    return await set_fields(
        context,
        project_id,
        places.project(),
        {"persona_id": persona_id, "persona_version": version},
        expected_revision=expected_revision,
    )


def _no_version(version: int) -> UserError:
    return UserError(UserErrorCode.INVALID, "input.version", f"This persona has no version {version}.")
