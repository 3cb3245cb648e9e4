"""Characters: listed, made, changed, removed; a person's own, and a company's."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from beanie import PydanticObjectId

from access.errors import Forbidden, NotFound
from access.permissions import Permission
from documents import newest_first
from documents.newest_first import Page, Window
from documents.projects.project import Project
from documents.writers_room import characters
from documents.writers_room.character import Character
from resolvers.companies.company_changes import answer
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.projects import projects
from resolvers.tree.changes import nothing_given
from resolvers.tree.named_makers import VOICEOVER_MAKERS, unknown_makers
from resolvers.writers_room import shows

_KIND: Final = Character.__name__


async def visible(context: Context, character_id: PydanticObjectId) -> Character | None:
    """A character of the viewer's own or of the viewer's company; None if there is none to see."""
    character = await characters.find(character_id)
    return character if character is not None and _may_see(context, character) else None


async def editable(context: Context, character_id: PydanticObjectId) -> Character:
    """A character that the viewer may change.

    Raises:
        NotFound: there is none, or it is not the viewer's to see.
        Forbidden: the viewer may see it but not change it.
    """
    character = await visible(context, character_id)
    if character is None:
        raise NotFound(_KIND)
    if character.company_id is not None:
        context.companies.check(character.company_id, Permission.ASSETS_MANAGE)
    elif not context.require_viewer().has(Permission.PROJECT_CREATE):
        raise Forbidden(f"This takes the permission {Permission.PROJECT_CREATE.value}.")
    return character


async def listed(
    context: Context,
    window: Window,
    *,
    company_id: PydanticObjectId | None,
    show_id: PydanticObjectId | None,
) -> Page[Character]:
    """A page of the viewer's own characters, or of a company's, the newest first; of one show or of all.

    Raises:
        NotFound, Forbidden: the viewer may not see the company.
    """
    if company_id is None:
        whose = {"owner_id": context.require_viewer().user_id}
    else:
        context.companies.check(company_id, Permission.COMPANY_VIEW)
        whose = {"company_id": company_id}
    if show_id is not None:
        whose["show_id"] = show_id
    return await newest_first.page(Character, {**whose, "deleted_at": None}, window, by="created_at")


async def of_project(context: Context, project: Project) -> Sequence[Character]:
    """The characters that a project's scenes name, each once, in the order of the scenes.

    Whoever sees the project sees them: they are part of what its pictures are asked for.
    """
    whole, cast = await projects.with_cast(context, project)
    return list({each.id: each for scene in whole.script.scenes for each in cast.of(scene)}.values())


async def not_to_name(
    context: Context, project_id: PydanticObjectId, character_ids: Sequence[PydanticObjectId], *, at: str
) -> Outcome[Any] | None:
    """The refusal of characters that the viewer may not put into a project; None if all may be.

    May be: the viewer's own, the viewer's company's, and whoever is named in the project already.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    known = {each for scene in project.script.scenes for each in scene.character_ids}
    known |= set(project.brief.character_ids)
    known |= {frame.speaker_id for _, frame in project.frames() if frame.speaker_id is not None}
    new = [each for each in character_ids if each not in known]
    seen = {each.id for each in await characters.found(new) if _may_see(context, each)} if new else set()
    if seen.issuperset(new):
        return None
    text = f"{len(set(new) - seen)} of these characters are not there: name your own, or your company's."
    return Outcome.refused(UserErrorCode.INVALID, text, at=at)


async def create(
    context: Context, values: Mapping[str, Any], *, company_id: PydanticObjectId | None
) -> Outcome[Character]:
    """Make a character: the viewer's own, or a company's.

    Raises:
        NotFound, Forbidden: the viewer may not see the company or the show, or not manage its assets.
    """
    viewer, now = context.require_viewer(), context.services.now()
    if company_id is not None:
        context.companies.check(company_id, Permission.ASSETS_MANAGE)
    await _check_show(context, values)
    good, faults = checked(Character, values, at="input")
    faults = faults or await _unknown_voice(context, company_id, good)
    if faults:
        return Outcome(user_errors=faults)
    character = Character(
        **good,
        owner_id=viewer.user_id if company_id is None else None,
        company_id=company_id,
        created_by=viewer.user_id,
        created_at=now,
        updated_at=now,
    )
    await characters.create(character)
    return Outcome(character)


async def update(
    context: Context,
    character_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Character]:
    """Change what is known of a character; pictures of its scenes are then stale.

    Raises:
        NotFound, Forbidden: as for `editable`.
    """
    character = await editable(context, character_id)
    if not values:
        return nothing_given()
    await _check_show(context, values)
    good, faults = checked(Character, values, at="input")
    faults = faults or await _unknown_voice(context, character.company_id, good)
    if faults:
        return Outcome(user_errors=faults)
    now = context.services.now()
    return await answer(characters.update(character_id, good, expected_revision=expected_revision, now=now))


async def delete(
    context: Context, character_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[Character]:
    """Take a character away; scenes that name it are as if they did not.

    Raises:
        NotFound, Forbidden: as for `editable`.
    """
    await editable(context, character_id)
    now = context.services.now()
    return await answer(characters.delete(character_id, expected_revision=expected_revision, now=now))


async def _unknown_voice(
    context: Context, company_id: PydanticObjectId | None, values: Mapping[str, Any]
) -> list[UserError]:
    """What nobody could speak with; a voice without a provider is one of each project's own speaker."""
    voice = values.get("voice")
    if voice is None or voice["provider"] is None:
        return []
    return await unknown_makers(context, company_id, VOICEOVER_MAKERS, voice, now={}, at="input.voice")


async def _check_show(context: Context, values: Mapping[str, Any]) -> None:
    """Let a character be put into a show that the viewer sees alone. Raises NotFound."""
    if show_id := values.get("show_id"):
        await shows.load(context, show_id)


def _may_see(context: Context, character: Character) -> bool:
    viewer = context.require_viewer()
    if character.company_id is None:
        return character.owner_id == viewer.user_id and viewer.is_in_scope(Permission.ACCOUNT_VIEW)
    try:
        context.companies.check(character.company_id, Permission.COMPANY_VIEW)
    except (NotFound, Forbidden):
        return False
    return True
