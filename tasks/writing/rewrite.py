"""Telling a scene or a frame differently, in its context."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.jobs.job import Job
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.look import TextEffectKind
from documents.tree.script import Frame, Scene
from providers.protocols.persona import Persona
from providers.protocols.script import RewriteRequest, RewrittenFrames, WrittenFrame
from tasks.buying.amounts import text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.purchases import buy, is_bought
from tasks.job_engine.work import Done, Report
from tasks.workshop import Workshop
from tasks.writing.personas import persona_for
from tasks.writing.wording import paragraph
from tasks.writing.words import changed_meanwhile, require_unchanged, words_hash

_AROUND: Final = 2_000
"""Characters of narration on either side that the writer is shown."""
_SHOWN_LENGTH: Final = 300


async def rewrite(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a writer for new words and put them in the old ones' place, if these are still there."""
    project = await shop.project(job.in_project)
    scene, frames = _part(project, job)
    instruction = job.payload["instruction"]
    request = _request(project, scene, frames, instruction, await persona_for(project))
    rewriter = (await shop.registry(job, project)).rewriter(project.style.writer_provider)
    letters = sum(len(frame.narration) + len(frame.picture_prompt) for frame in frames)
    order = Order(
        name="rewriting",
        # The ordered words, not those that stand there now: what was bought for them is told all the same.
        inputs=(job.payload["words"], replace(request, frames=())),
        offer=rewriter.offer,
        model=request.model,
        amounts=text_amounts(len(request.before) + len(request.after) + letters, letters),
        project=project,
    )
    if words_hash(frames) != job.payload["words"] and not is_bought(job, order):
        raise changed_meanwhile()
    report(0, 1, stage="rewriting")
    answer = await buy(shop, job, order, RewrittenFrames, lambda _: rewriter.rewrite(request))
    told = list(zip(frames, answer.frames, strict=True))
    result = {"frames": [_as_result(frame, written) for frame, written in told]}

    async def attach(session: AsyncClientSession) -> None:
        await require_unchanged(project.id, frames, job.payload["words"], result=result, session=session)
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        for frame, written in told:
            await editor.set_fields(places.frame(frame.id), _values(frame, written))

    return Done(result=result, attach=attach, took=took(job, answer.usage, units=1))


def _part(project: Project, job: Job) -> tuple[Scene, Sequence[Frame]]:
    """The scene, and those of its frames that are told anew.

    Raises:
        NodeMissing: the scene or a frame was removed.
    """
    wanted = [PydanticObjectId(each) for each in job.payload["frame_ids"]]
    for scene in project.script.scenes:
        found = [frame for frame in scene.frames if frame.id in wanted]
        if found and len(found) == len(wanted):
            return scene, found
    raise NodeMissing("Frame")


def _request(
    project: Project, scene: Scene, frames: Sequence[Frame], instruction: str, persona: Persona | None
) -> RewriteRequest:
    shown = [frame for each, frame in project.frames() if each.id == scene.id or frame.narration.strip()]
    first, last = shown.index(frames[0]), shown.index(frames[-1])
    brief = project.brief
    return RewriteRequest(
        instruction=instruction,
        frames=tuple(WrittenFrame(frame.narration, frame.picture_prompt, _hook(frame)) for frame in frames),
        scene_title=scene.title,
        before=_narrated(shown[:first])[-_AROUND:],
        after=_narrated(shown[last + 1 :])[:_AROUND],
        language=brief.language,
        tone=brief.tone,
        audience=brief.audience,
        culture=brief.culture,
        persona=persona,
        model=project.style.writer_model,
    )


def _narrated(frames: Sequence[Frame]) -> str:
    return " ".join(frame.narration.strip() for frame in frames)


def _hook(frame: Frame) -> str | None:
    return next((each.text for each in frame.text_effects if each.kind is TextEffectKind.HOOK), None)


def _values(frame: Frame, written: WrittenFrame) -> dict[str, Any]:
    """What the frame says from now on; words that were made out of the old ones go with them."""
    values: dict[str, Any] = {"narration": paragraph(written.narration), "voiceover.text": None}
    prompt = paragraph(written.picture_prompt)
    if prompt and prompt != frame.picture_prompt:
        values |= {"picture_prompt": prompt, "optimised_prompt": None}
    shown = paragraph(written.on_screen_text)[:_SHOWN_LENGTH]
    if shown and _hook(frame) is not None:
        values["text_effects"] = [
            (
                effect.model_copy(update={"text": shown}) if effect.kind is TextEffectKind.HOOK else effect
            ).stored()
            for effect in frame.text_effects
        ]
    return values


def _as_result(frame: Frame, written: WrittenFrame) -> dict[str, Any]:
    return {
        "frame_id": str(frame.id),
        "narration": written.narration,
        "picture_prompt": written.picture_prompt,
    }
