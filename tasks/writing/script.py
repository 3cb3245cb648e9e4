"""Writing a project's script."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from beanie import PydanticObjectId
from pydantic import ValidationError
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.projects.cast import cast_of
from documents.projects.project import Project
from documents.text import Line
from documents.tree.changes import TreeEditor
from documents.tree.inputs import script_inputs
from documents.tree.look import TextEffect, TextEffectKind
from documents.tree.script import Frame, Scene, Script
from documents.writers_room import characters
from documents.writers_room.character import Character
from documents.writers_room.persona import Persona
from providers.protocols.script import ScriptBrief, WrittenFrame, WrittenScript
from tasks.buying.amounts import script_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy
from tasks.job_engine.derived import derived_id
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop
from tasks.writing.personas import persona_for
from tasks.writing.told_before import as_episode, to_avoid
from tasks.writing.wording import line

_LINE_LENGTH = 200
_PARAGRAPH_LENGTH = 5_000
_SHOWN_LENGTH = 300
_OF_SHOW = 20


async def write_script(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a writer for the whole script and put it in the old one's place."""
    project = await shop.project(job.in_project)
    inputs = script_inputs(project)
    if not (inputs.text or inputs.topic):
        raise Hopeless("INVALID", "The brief has neither a topic nor a text. Set one with updateBrief.")
    report(0, 1, stage="writing")
    asked_for = [each for each in (await as_episode(project), inputs.instructions) if each]
    people, everywhere = await _who_may_appear(project), project.brief.character_description
    brief = ScriptBrief(
        topic=inputs.topic,
        text=inputs.text,
        language=inputs.language,
        target_duration_s=inputs.target_duration_s,
        tone=inputs.tone,
        audience=inputs.audience,
        style=inputs.look,
        max_scenes=min(inputs.target_scenes or shop.caps.scenes_per_script, shop.caps.scenes_per_script),
        max_frames_per_scene=shop.caps.frames_per_scene,
        culture=inputs.culture,
        instructions="\n".join(asked_for) or None,
        target_scenes=inputs.target_scenes,
        min_duration_s=inputs.min_duration_s,
        max_duration_s=inputs.max_duration_s,
        avoid=await to_avoid(project, by=job.owner_id),
        characters=tuple(each for each in (everywhere, *(one.appearance for one in people)) if each),
        persona=await persona_for(project),
        model=inputs.model,
    )
    writer = (await shop.registry(job, project)).script_writer(inputs.provider)
    order = Order(
        name="script",
        inputs=replace(brief, avoid=()),  # what was told lately makes no script out of date
        offer=writer.offer,
        model=inputs.model,
        amounts=script_amounts(inputs),
        project=project,
    )
    written = await buy(shop, job, order, WrittenScript, lambda _: writer.write(brief))
    if brief.persona is not None and project.persona_id is not None:
        await Persona.note_use(project.persona_id, now=shop.now())
    provenance = provenance_of(job, written.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.knows_facts = written.knows_facts
    script = _script_that_fits(job, written, {each.name.casefold(): each.id for each in people})
    script.text = inputs.text
    script.provenance = provenance

    async def attach(session: AsyncClientSession) -> None:
        await TreeEditor(job.in_project, shop.caps, shop.now(), session).replace_script(script)

    return Done(
        result={"scenes": len(script.scenes), "title": script.title},
        attach=attach,
        took=took(job, written.usage, units=1),
    )


async def _who_may_appear(project: Project) -> Sequence[Character]:
    """The characters that the brief names, those of the show, and those of the script that there is."""
    found = await characters.found(project.brief.character_ids)
    if project.show_id is not None:
        company = {"company_id": project.company_id}
        whose = {"owner_id": project.owner_id} if project.company_id is None else company
        of_show = {**whose, "show_id": project.show_id}
        found += await characters.newest(of_show, most=_OF_SHOW)
    found += (await cast_of(project)).characters.values()
    return list({each.id: each for each in found}.values())


def _script_that_fits(job: Job, written: WrittenScript, people: Mapping[str, PydanticObjectId]) -> Script:
    """The script as it is stored: titles and prompts are cut to their length, but nothing that is said is.

    Raises:
        Hopeless: what is said cannot be stored.
    """
    try:
        return _as_script(job, written, people)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise Hopeless(
            "INVALID",
            f"The writer's script cannot be stored: {where}: {fault['msg']}. Change the brief's text, or "
            "choose another writer in the style.",
        ) from error


def _line(text: str) -> Line:
    return " ".join(text.split())[:_LINE_LENGTH]


def _as_frame(job: Job, scene: int, index: int, written: WrittenFrame) -> Frame:
    shown = (written.on_screen_text or "").strip()[:_SHOWN_LENGTH]
    return Frame(
        id=derived_id(job.id, "frame", scene, index),
        narration=written.narration,
        picture_prompt=written.picture_prompt[:_PARAGRAPH_LENGTH],
        text_effects=[TextEffect(kind=TextEffectKind.HOOK, text=shown)] if shown else [],
    )


def _as_script(job: Job, written: WrittenScript, people: Mapping[str, PydanticObjectId]) -> Script:
    return Script(
        title=_line(written.title),
        scenes=[
            Scene(
                id=derived_id(job.id, "scene", number),
                title=_line(scene.title),
                summary=scene.summary[:_PARAGRAPH_LENGTH],
                location=line(scene.location),
                time_of_day=line(scene.time_of_day),
                character_ids=[
                    people[name.casefold()]
                    for name in dict.fromkeys(scene.characters)
                    if name.casefold() in people
                ],
                frames=[_as_frame(job, number, index, each) for index, each in enumerate(scene.frames)],
            )
            for number, scene in enumerate(written.scenes)
        ],
    )
