"""Speaking a few words with a voice that somebody thinks of choosing."""

from functools import partial

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.media.voice_preview import VoicePreview
from providers.protocols.speech import Speech, SpeechRequest
from providers.spoken.text import spoken_text
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.purchases import buy_file
from tasks.buying.steps import Step
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop


async def speak_preview(shop: Workshop, job: Job, report: Report) -> Done:
    """Have the words spoken, and keep the sound for a day."""
    preview = await VoicePreview.find_one({"job_id": job.id})
    if preview is None:
        raise _gone()
    project = None if job.project_id is None else await shop.project(job.project_id)
    report(0, 1, stage="speaking")
    request = preview_request(preview)
    speaker = (await shop.registry(job, project)).speaker(preview.provider)
    order = Order(
        name="preview",
        inputs=request,
        offer=speaker.offer,
        model=preview.model,
        amounts=_amounts(request),
        project=project,
    )
    bought = await buy_file(
        shop,
        job,
        order,
        Speech,
        key=partial(keys.voice_preview, str(preview.owner_id), str(preview.id)),
        call=lambda _: speaker.speak(request),
    )
    speech = bought.made

    async def attach(session: AsyncClientSession) -> None:
        is_awaited = await VoicePreview.finish(
            preview.id,
            bought.file,
            duration_s=speech.duration_s,
            is_spoken=speech.spoken,
            now=shop.now(),
            session=session,
        )
        if not is_awaited:
            raise _gone()

    return Done(
        result={"preview_id": str(preview.id)},
        attach=attach,
        took=took(job, speech.usage, units=len(request.text)),
    )


def preview_request(preview: VoicePreview) -> SpeechRequest:
    """What is asked for: figures and short forms are read as in a video."""
    return SpeechRequest(
        text=spoken_text(preview.text, preview.language).text,
        language=preview.language,
        voice=preview.voice,
        speed=preview.speed,
        model=preview.model,
    )


def preview_step(job: Job, preview: VoicePreview) -> Step:
    """The speaking of a preview."""
    request = preview_request(preview)
    return Step(
        job.kind,
        preview.id,
        preview.inputs_hash,
        preview.provider,
        len(request.text),
        model=preview.model,
        amounts=_amounts(request),
    )


def _amounts(request: SpeechRequest) -> dict[str, float]:
    return {"characters": len(request.text)}


def _gone() -> Hopeless:
    return Hopeless("PREVIEW_GONE", "The preview's time was over before it was spoken: order it again.")
