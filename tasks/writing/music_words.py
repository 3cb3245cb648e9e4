"""Finding words for the music of a video."""

from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.brief import Music
from documents.tree.changes import TreeEditor
from providers.errors import CapabilityUnsupported
from providers.protocols.music_words import MusicWords, MusicWordsRequest
from providers.protocols.offer import Capability
from providers.registry import ProviderRegistry
from tasks.buying.amounts import text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.purchases import buy
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop
from tasks.writing.wording import line, paragraph

_WRITTEN_LETTERS = 500


async def suggest_music(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask for the words; what a person has changed since the order stays as it is."""
    project = await shop.project(job.in_project)
    registry = await shop.registry(job, project)
    request = _request(project, registry)
    if not request.narration:
        raise Hopeless("INVALID", "The video has no narration to go by. Write one with generateScript.")
    report(0, 1, stage="listening")
    adviser = registry.music_adviser(project.style.writer_provider)
    order = Order(
        name="music_words",
        inputs=request,
        offer=adviser.offer,
        model=request.model,
        amounts=text_amounts(len(request.narration), _WRITTEN_LETTERS),
        project=project,
    )
    found = await buy(shop, job, order, MusicWords, lambda _: adviser.suggest(request))
    words = {"mood": line(found.mood) or "", "prompt": paragraph(found.prompt), "tempo_bpm": found.tempo_bpm}

    async def attach(session: AsyncClientSession) -> None:
        raw = await Project.get_pymongo_collection().find_one(
            {"_id": project.id}, {"music": 1}, session=session
        )
        now = Music.model_validate((raw or {}).get("music", {}))
        ordered = job.payload["music"]
        values = {name: value for name, value in words.items() if getattr(now, name) == ordered[name]}
        if values:
            editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
            await editor.set_fields(places.section(Music), values)

    return Done(result=dict(words), attach=attach, took=took(job, found.usage, units=1))


def music_words(music: Music) -> dict[str, Any]:
    """The words as they stand, to be compared with later ones."""
    return music.model_dump(include={"mood", "prompt", "tempo_bpm"})


def _request(project: Project, registry: ProviderRegistry) -> MusicWordsRequest:
    brief = project.brief
    told = (frame.narration for _, frame in project.shown_frames())
    return MusicWordsRequest(
        title=project.script.title or project.title,
        narration="\n".join(narration for narration in told if narration.strip()),
        language=brief.language,
        moods=_moods(project, registry),
        tone=brief.tone,
        audience=brief.audience,
        culture=brief.culture,
        model=project.style.writer_model,
    )


def _moods(project: Project, registry: ProviderRegistry) -> tuple[str, ...]:
    """Those that the project's composer knows; none where it takes any, and where there is no composer."""
    try:
        return registry.offer(Capability.MUSIC, project.style.music_provider).styles
    except CapabilityUnsupported:
        return ()
