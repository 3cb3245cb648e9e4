"""Reading a script closely: what is in it, and what its scenes need to be shown."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.projects.cast import cast_of
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.asset import Provenance
from documents.tree.changes import TreeEditor
from documents.tree.inputs import hash_of
from documents.tree.script import Scene, Script
from documents.tree.script_analysis import FOUND_MAX, FoundCharacter
from documents.tree.script_analysis import ScriptAnalysis as StoredAnalysis
from documents.writers_room import characters
from documents.writers_room.character import Character
from providers.protocols.analysis import AnalysedScene, AnalysisRequest, SceneToAnalyse, ScriptAnalysis
from tasks.buying.amounts import text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop
from tasks.writing.wording import line, paragraph

_PROPS: Final = 50
_KNOWN: Final = 100
"""Names that a reader is told of."""


async def analyse_script(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a reader what is in the script; keep it, and fill in what scenes lack if that was asked for."""
    project = await shop.project(job.in_project)
    scenes = project.script.scenes
    if not any(frame.narration.strip() for _, frame in project.frames()):
        raise Hopeless("INVALID", "The script has no narration to read. Write one with generateScript.")
    report(0, 1, stage="reading")
    known = await known_characters(project, job.owner_id)
    request = AnalysisRequest(
        title=project.script.title or project.title,
        scenes=tuple(SceneToAnalyse(scene.title, _told(scene)) for scene in scenes),
        language=project.brief.language,
        known_characters=tuple(each.name for each in known.values())[:_KNOWN],
        model=project.style.writer_model,
    )
    analyst = (await shop.registry(job, project)).script_analyst(project.style.writer_provider)
    told = sum(len(scene.narration) for scene in request.scenes)
    order = Order(
        name="analysis",
        inputs=request,
        offer=analyst.offer,
        model=request.model,
        amounts=text_amounts(told, told * 2),
        project=project,
    )
    found = await buy(shop, job, order, ScriptAnalysis, lambda _: analyst.analyse(request))
    provenance = provenance_of(job, found.usage, inputs_hash=hash_of("analysis", request), now=shop.now())
    analysis = _as_stored(scenes, found, known, provenance)
    fills = bool(job.payload.get("apply"))

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        raw = await Project.get_pymongo_collection().find_one({"_id": job.in_project}, session=session)
        current = None if raw is None else Project.model_validate(raw).script
        values: dict[str, Any] = {"analysis": analysis.stored()}
        if current is not None and fills:
            values |= {
                name: given
                for name, given in (("genre", analysis.genre), ("kind", analysis.kind))
                if given and not getattr(current, name)
            }
        await editor.set_fields(places.section(Script), values)
        if current is None or not fills:
            return
        read = {scene.id: each for scene, each in zip(scenes, found.scenes, strict=False)}
        for scene in current.scenes:
            if scene.id in read and (lacking := _lacking(scene, read[scene.id], known)):
                await editor.set_fields(places.scene(scene.id), lacking)

    return Done(
        result={"characters": [each.name for each in analysis.characters]},
        attach=attach,
        took=took(job, found.usage, units=1),
    )


async def known_characters(project: Project, user_id: PydanticObjectId) -> Mapping[str, Character]:
    """Characters that a script of this project may speak of, by their names in small letters.

    Those of its scenes go before the company's, and these before the person's own.
    """
    whose: list[dict[str, Any]] = [{"owner_id": user_id}]
    if project.company_id is not None:
        whose.append({"company_id": project.company_id})
    found = [each for owner in whose for each in await characters.newest(owner, most=_KNOWN)]
    found += (await cast_of(project)).characters.values()
    return {each.name.casefold(): each for each in found}


def _told(scene: Scene) -> str:
    return " ".join(frame.narration.strip() for frame in scene.frames if frame.narration.strip())


def _as_stored(
    scenes: Sequence[Scene],
    found: ScriptAnalysis,
    known: Mapping[str, Character],
    provenance: Provenance,
) -> StoredAnalysis:
    people = []
    for sheet in found.characters[:FOUND_MAX]:
        name = line(sheet.name)
        if name is None:
            continue
        appears = [
            scene.id
            for scene, read in zip(scenes, found.scenes, strict=False)
            if name.casefold() in {each.casefold() for each in read.characters}
        ]
        one = known.get(name.casefold())
        people.append(
            FoundCharacter(
                name=name,
                description=paragraph(sheet.description),
                age=line(sheet.age),
                gender=line(sheet.gender),
                role=line(sheet.role),
                cultural_context=line(sheet.cultural_context),
                scene_ids=appears,
                character_id=one.id if one else None,
            )
        )
    return StoredAnalysis(
        summary=paragraph(found.summary),
        genre=line(found.genre),
        kind=line(found.kind),
        hook_score=None if found.hook_score is None else min(10, max(0, found.hook_score)),
        suggestions=[paragraph(each) for each in found.suggestions[:FOUND_MAX]],
        characters=people,
        provenance=provenance,
    )


def _lacking(scene: Scene, read: AnalysedScene, known: Mapping[str, Character]) -> dict[str, Any]:
    """Values for those fields of a scene that nobody has written."""
    matched = [known[name.casefold()].id for name in read.characters if name.casefold() in known]
    found = {
        "visual_description": paragraph(read.visual_description),
        "location": line(read.location),
        "time_of_day": line(read.time_of_day),
        "heading": line(read.heading),
        "action": paragraph(read.action),
        "dialogue": paragraph(read.dialogue),
        "hook_text": line(read.hook),
        "props": [each for prop in read.props if (each := line(prop))][:_PROPS],
        "character_ids": list(dict.fromkeys(matched)),
    }
    return {name: value for name, value in found.items() if value and not getattr(scene, name)}
