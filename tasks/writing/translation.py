"""A project in another language: a new project, whole from the moment that it is there.

Its texts are translated, a part at a time and each part once. It gets copies of all pictures, clips and
music, and no voices: these are spoken anew.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.companies import membership
from documents.jobs.job import Job
from documents.projects import project_life
from documents.projects.cast import cast_of
from documents.projects.project import Project
from documents.tree.asset import Provenance
from documents.tree.inputs import image_inputs, image_is_stale, script_inputs
from documents.tree.media_inputs import clip_inputs, clip_is_stale
from providers.errors import CapabilityUnsupported
from providers.protocols.offer import Capability
from providers.protocols.prediction import Tab
from providers.protocols.translation import Translation, TranslationRequest, Translator
from providers.registry import ProviderRegistry
from storage.errors import ObjectMissing
from tasks.buying.amounts import text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy
from tasks.job_engine.work import Done, Report, Retryable
from tasks.workshop import Workshop
from tasks.writing.project_copy import ProjectCopy, copy_id, copy_objects
from tasks.writing.translated_texts import Spot, spots
from tasks.writing.wording import line

_PART_LETTERS: Final = 8_000
"""Letters that are translated at a time."""

_LEFT_BEHIND: Final = frozenset(
    {
        "recording",
        "lip_sync",
        "timeline",
        "pronunciation",
        "budget",
        "collaborators",
        "status",
        "is_archived",
        "show_id",
        "episode_number",
        "folder_id",
        "production_id",
        "latest_render_id",
        "edit_lock",
        "outbox",
        "deleted_at",
        "revision",
        "analysis",
    }
)
"""Fields that begin anew in the copy, whatever node they stand in."""


async def translate_project(shop: Workshop, job: Job, report: Report) -> Done:
    """Translate all texts, copy all objects, and store the new project in one piece."""
    original = await shop.project(job.in_project)
    language = job.payload["language"]
    copy = ProjectCopy(original, copy_id(job.id, job.fence))
    made = Project.model_validate(copy.values(without=_LEFT_BEHIND))
    registry = await shop.registry(job, original)
    translator = registry.translator(original.style.writer_provider)
    answers = await _translate(shop, job, translator, original, made, report=report)
    if title := line(job.payload.get("title")):
        made.title = title
    made.brief.language = language
    made.brief.text = None  # the words that are told stand in the script
    made.style.voice = _voice_in(registry, original, language)
    await _settle(shop, job, original, made)
    if answers:
        made.script.provenance = provenance_of(
            job, answers[0].usage, inputs_hash=script_inputs(made).hash, now=shop.now()
        )
    report(1, 1, stage="copying")
    try:
        await copy_objects(shop.objects, copy.objects)
    except* ObjectMissing as missing:
        text = "Something was removed from the project while it was being copied."
        raise Retryable("ASSETS_MISSING", text) from missing

    async def attach(session: AsyncClientSession) -> None:
        if made.company_id is not None and not await membership.hold_place(
            made.owner_id, made.company_id, session=session
        ):
            made.company_id = None  # who ordered it has left the company meanwhile
        await project_life.create(made, session=session)

    usage = answers[0].usage if answers else None
    return Done(
        result={"project_id": str(made.id)},
        attach=attach,
        took=took(job, usage, units=1) if usage else None,
    )


async def _translate(
    shop: Workshop, job: Job, translator: Translator, original: Project, made: Project, *, report: Report
) -> list[Translation]:
    """Put the translated texts into the new project."""
    parts, cast = _parts(spots(made)), await cast_of(original)
    answers = []
    for number, part in enumerate(parts):
        report(number, len(parts), stage="translating")
        request = TranslationRequest(
            texts=tuple(spot.text for spot in part),
            from_language=made.brief.language,
            to_language=job.payload["language"],
            culture=made.brief.culture,
            terms=tuple(each.name for each in cast.characters.values()),
            model=made.style.writer_model,
        )
        letters = sum(len(text) for text in request.texts)
        order = Order(
            name="part",
            inputs=request,
            offer=translator.offer,
            model=request.model,
            amounts=text_amounts(letters, letters),
            project=original,
        )
        ask = partial(_ask, translator, request)
        answers.append(await buy(shop, job, order, Translation, ask))
        for spot, text in zip(part, answers[-1].texts, strict=True):
            spot.put(text)
    return answers


async def _ask(translator: Translator, request: TranslationRequest, _: Tab) -> Translation:
    return await translator.translate(request)


def _parts(texts: Sequence[Spot]) -> list[list[Spot]]:
    """The texts in their order, in parts of a length that a model answers in one piece."""
    parts: list[list[Spot]] = []
    letters = _PART_LETTERS
    for spot in texts:
        if letters + len(spot.text) > _PART_LETTERS:
            parts.append([])
            letters = 0
        parts[-1].append(spot)
        letters += len(spot.text)
    return parts


def _voice_in(registry: ProviderRegistry, original: Project, language: str) -> str | None:
    """The project's voice, if it speaks the new language too; None for that language's first."""
    try:
        offer = registry.offer(Capability.SPEECH, original.style.speech_provider)
    except CapabilityUnsupported:
        return None
    speaks = {
        voice.id
        for voice in offer.voices
        if not voice.language or voice.language.partition("-")[0] == language.partition("-")[0]
    }
    return original.style.voice if original.style.voice in speaks else None


async def _settle(shop: Workshop, job: Job, original: Project, made: Project) -> None:
    """Say whose the new project is and where its assets came from.

    A picture that fitted its words fits their translation: it is as fresh as it was.
    """
    now, cast = shop.now(), await cast_of(original)
    made.owner_id = job.owner_id
    made.translated_from = original.id
    made.created_at = made.updated_at = now
    for scene, own_scene in zip(original.script.scenes, made.script.scenes, strict=True):
        for frame, own_frame in zip(scene.frames, own_scene.frames, strict=True):
            own_frame.voiceover.voice = own_frame.voiceover.provider = None
            drawn_from = image_inputs(made, own_scene, own_frame, cast).hash
            for image, own in zip(frame.images, own_frame.images, strict=True):
                if not image_is_stale(original, scene, frame, image, cast):
                    own.redate(drawn_from)
                _came_from(own.provenance, image.id)
        for clip, own_clip in zip(scene.clips, own_scene.clips, strict=True):
            if clip.start and clip.wanted_s and not clip_is_stale(original, scene, clip, cast):
                now_from = clip_inputs(made, own_scene, cast, clip.start, clip.wanted_s)
                own_clip.provenance.inputs_hash = now_from.hash
            _came_from(own_clip.provenance, clip.id)
        for seed, own_seed in zip(scene.seed_frames, own_scene.seed_frames, strict=True):
            _came_from(own_seed.provenance, seed.id)
    track, own_track = original.music.track, made.music.track
    if track is not None and own_track is not None:
        _came_from(own_track.provenance, track.id)


def _came_from(provenance: Provenance, parent_id: PydanticObjectId) -> None:
    """Name the original, whose price was paid once."""
    provenance.parent_id = parent_id
    provenance.cost_micros = 0
