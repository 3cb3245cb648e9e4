"""Finding title, description and hashtags for the platforms."""

from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.brief import PublishingTexts
from documents.tree.changes import TreeEditor
from documents.tree.inputs import hash_of
from providers.protocols.publishing import Metadata, MetadataRequest
from tasks.buying.amounts import text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop
from tasks.writing.personas import persona_for
from tasks.writing.wording import line, paragraph, search_tags, tags

WRITTEN_LETTERS = 1_500
_WORDS = {
    *("title", "description", "shorts_hashtags", "youtube_tags"),
    *("tiktok_text", "tiktok_hashtags", "instagram_text", "instagram_hashtags"),
}


async def describe_video(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask for the words; what a person has changed since the order stays as it is."""
    project = await shop.project(job.in_project)
    request = MetadataRequest(
        title=project.script.title or project.title,
        narration="\n".join(
            frame.narration for _, frame in project.shown_frames() if frame.narration.strip()
        ),
        language=project.brief.language,
        audience=project.brief.audience,
        tone=project.brief.tone,
        persona=await persona_for(project),
        model=project.style.writer_model,
    )
    if not request.narration:
        raise Hopeless("INVALID", "The video has no narration to describe. Write one with generateScript.")
    report(0, 1, stage="describing")
    writer = (await shop.registry(job, project)).metadata_writer(project.style.writer_provider)
    order = Order(
        name="metadata",
        inputs=request,
        offer=writer.offer,
        model=request.model,
        amounts=text_amounts(len(request.narration), WRITTEN_LETTERS),
        project=project,
    )
    found = await buy(shop, job, order, Metadata, lambda _: writer.describe(request))
    words = _as_stored(found)
    provenance = provenance_of(job, found.usage, inputs_hash=hash_of("metadata", request), now=shop.now())
    provenance.knows_facts = writer.offer.knows_facts

    async def attach(session: AsyncClientSession) -> None:
        raw = await Project.get_pymongo_collection().find_one(
            {"_id": project.id}, {"publishing": 1}, session=session
        )
        now = PublishingTexts.model_validate((raw or {}).get("publishing", {}))
        ordered = job.payload["publishing"]
        values = {
            name: value
            for name, value in words.items()
            if getattr(now, name) == ordered.get(name, getattr(now, name))
        }
        values["provenance"] = provenance.stored()
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(places.section(PublishingTexts), values)

    return Done(result=dict(words), attach=attach, took=took(job, found.usage, units=1))


def publishing_words(texts: PublishingTexts) -> dict[str, Any]:
    """The words as they stand, to be compared with later ones."""
    return texts.model_dump(include=_WORDS)


def _as_stored(found: Metadata) -> dict[str, Any]:
    return {
        "title": line(found.title) or "",
        "description": paragraph(found.description),
        "shorts_hashtags": tags(found.shorts_hashtags),
        "youtube_tags": search_tags(found.youtube_tags),
        "tiktok_text": paragraph(found.tiktok_text),
        "tiktok_hashtags": tags(found.tiktok_hashtags),
        "instagram_text": paragraph(found.instagram_text),
        "instagram_hashtags": tags(found.instagram_hashtags),
    }
