"""Characters out of words and pictures: described, and made of those whom a script speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.permissions import Permission
from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.transaction import in_transaction
from documents.tree import place as places
from documents.tree.brief import Brief
from documents.tree.edit import Changed
from documents.tree.script import Script
from documents.tree.script_analysis import FoundCharacter, ScriptAnalysis
from documents.writers_room import characters
from documents.writers_room.character import Character
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs import generation
from resolvers.jobs.idempotency import replayed
from resolvers.jobs.pricing import price_steps
from resolvers.jobs.providers import unsupported
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.changes import answer, editor_of
from resolvers.writers_room.characters import editable
from tasks.buying.steps import Step
from tasks.writing.character_analysis import sheet_amounts, told_of
from tasks.writing.script_analysis import known_characters

_LANGUAGE: Final = "en"
_IN_SCENE: Final = 50
"""Characters of a scene."""


async def analyse(
    context: Context,
    character_id: PydanticObjectId,
    *,
    language: str | None,
    provider: str | None,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have a character described, out of its pictures and of what is said about it.

    Raises:
        NotFound, Forbidden: the viewer may not see the character, or not change it.
    """
    character = await editable(context, character_id)
    if known := await replayed(
        context, idempotency_key, JobKind.CHARACTER_ANALYSIS, None, node_id=character_id
    ):
        return known
    given = {"language": language or _LANGUAGE}
    _, faults = checked(Brief, given, at="input")
    if faults:
        return Outcome(user_errors=faults)
    if not character.images and not told_of(character):
        text = "There is neither a picture nor a word of the character: add some first."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.characterId")
    viewer_id = context.require_viewer().user_id
    registry = await context.services.providers.registry(viewer_id, character.company_id)
    if fault := unsupported(registry, Capability.CHARACTER, provider=provider):
        return Outcome(user_errors=[fault])
    job = generation.new_job(
        context,
        JobKind.CHARACTER_ANALYSIS,
        None,
        node_id=character_id,
        key=idempotency_key,
        payload={**given, "provider": provider},
    )
    amounts = sheet_amounts(told_of(character), pictures=len(character.images))
    step = Step(job.kind, None, "", provider, 1, amounts=amounts)
    if fault := await price_steps(context, registry, None, [job], [step]):
        return Outcome(user_errors=[fault])
    return await generation.start_one(context, job)


async def from_analysis(
    context: Context, project_id: PydanticObjectId, names: Sequence[str] | None
) -> Outcome[Project]:
    """Make the characters whom the last reading found, and put them into their scenes.

    Those of whom there is a character of that name are put in as they are. Doing it twice changes nothing.

    Args:
        context: the operation's.
        project_id: whose script was read.
        names: of those who are wanted; None for all.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    analysis = project.script.analysis
    if analysis is None:
        text = "The script was not read yet: have it done with analyseScript."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.projectId")
    wanted = {each.name.casefold(): each for each in analysis.characters}
    if names is not None:
        missing = [name for name in names if name.casefold() not in wanted]
        if missing:
            text = f"The reading found nobody of the name {missing[0]!r}."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.names")
        wanted = {name.casefold(): wanted[name.casefold()] for name in names}
    return await _made(context, project, analysis, wanted)


async def _made(
    context: Context, project: Project, analysis: ScriptAnalysis, wanted: Mapping[str, FoundCharacter]
) -> Outcome[Project]:
    """All in one transaction: nobody is made for a project that cannot be changed now."""
    known = await known_characters(project, context.require_viewer().user_id)
    new = {name: _new(context, found) for name, found in wanted.items() if name not in known}
    people = {**known, **new}
    edit = await editor_of(context, project)
    stored = analysis.stored()
    for each in stored["characters"]:
        if each["name"].casefold() in people:
            each["character_id"] = people[each["name"].casefold()].id

    async def write(session: AsyncClientSession) -> Changed:
        within = replace(edit, session=session)
        for character in new.values():
            await characters.create(character, session=session)
        for scene in project.script.scenes:
            appear = [people[name].id for name, found in wanted.items() if scene.id in found.scene_ids]
            values = {"character_ids": list(dict.fromkeys([*scene.character_ids, *appear]))[:_IN_SCENE]}
            if values["character_ids"] != scene.character_ids:
                place = places.scene(scene.id)
                await within.set_fields(place, values, expected_revision=scene.revision)
        return await within.set_fields(places.section(Script), {"analysis": stored})

    outcome = await answer(context, in_transaction(write))
    if outcome.user_errors:
        return Outcome(user_errors=outcome.user_errors)
    await context.services.announcer.project(project.id)
    return Outcome(await context.projects.load(project.id, Permission.PROJECT_VIEW))


def _new(context: Context, found: FoundCharacter) -> Character:
    """A character of the viewer's own."""
    user_id, now = context.require_viewer().user_id, context.services.now()
    values: dict[str, Any] = found.model_dump(exclude={"scene_ids", "character_id"})
    return Character(**values, owner_id=user_id, created_by=user_id, created_at=now, updated_at=now)
