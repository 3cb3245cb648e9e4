"""Saying a frame's picture prompt better for a model of pictures."""

from dataclasses import replace
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.projects.cast import Cast, cast_of
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.inputs import image_inputs
from documents.tree.picture_prompt import assembled
from documents.tree.script import Frame, Scene
from providers.protocols.analysis import OptimisedPrompt, PromptRequest
from tasks.buying.amounts import text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.purchases import buy, is_bought, spoiled
from tasks.job_engine.work import Done, Report
from tasks.making.image import place_in_script
from tasks.workshop import Workshop
from tasks.writing.wording import paragraph
from tasks.writing.words import changed_meanwhile, require_unchanged, words_hash


async def optimise_prompt(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask for a better prompt; it is sent from now on instead of the one that is put together."""
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    request = _request(project, scene, frame, await cast_of(project))
    writer = (await shop.registry(job, project)).prompt_writer(project.style.writer_provider)
    given = len(request.prompt) + len(request.narration) + len(request.scene)
    order = Order(
        name="prompt",
        # The ordered words, not those that stand there now: what was bought for them is told all the same.
        inputs=(job.payload["words"], replace(request, prompt="", narration="")),
        offer=writer.offer,
        model=request.model,
        amounts=text_amounts(given, len(request.prompt) * 2),
        project=project,
    )
    if words_hash([frame]) != job.payload["words"] and not is_bought(job, order):
        raise changed_meanwhile()
    report(0, 1, stage="rewording")
    better = await buy(shop, job, order, OptimisedPrompt, lambda _: writer.optimise(request))
    prompt, negative = paragraph(better.prompt), paragraph(better.negative_prompt)
    if not prompt:
        why = "The writer answered with an empty prompt. Write it with updateFrame, or try again."
        raise await spoiled(shop, job, order, "INVALID", why)
    result = {"frames": [{"frame_id": str(frame.id), "picture_prompt": prompt, "negative_prompt": negative}]}
    values: dict[str, Any] = {"optimised_prompt": prompt}
    if negative and not frame.negative_prompt:
        values["negative_prompt"] = negative

    async def attach(session: AsyncClientSession) -> None:
        await require_unchanged(project.id, [frame], job.payload["words"], result=result, session=session)
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(places.frame(frame.id), values)

    return Done(result=result, attach=attach, took=took(job, better.usage, units=1))


def _request(project: Project, scene: Scene, frame: Frame, cast: Cast) -> PromptRequest:
    plain = frame.model_copy(update={"optimised_prompt": None})
    inputs = image_inputs(project, scene, plain, cast)
    around = (inputs.scene_prompt, inputs.location, inputs.time_of_day, inputs.culture)
    everywhere = (inputs.character_description,) if inputs.character_description else ()
    return PromptRequest(
        prompt=frame.picture_prompt or assembled(inputs).prompt,
        narration=frame.narration,
        scene=". ".join(part for part in around if part),
        style=", ".join(part for part in (inputs.look, *inputs.palette) if part),
        characters=(*inputs.characters, *everywhere),
        model=project.style.writer_model,
    )
