"""Speaking one frame's narration."""

from pymongo.asynchronous.client_session import AsyncClientSession

from documents import place as places
from documents.cast import cast_of
from documents.change_event import ChangeKind
from documents.inputs import voice_inputs
from documents.job import Job
from documents.script import VoiceRecording, WordTiming
from documents.tree import TreeEditor
from providers.protocols.speech import Speech, SpeechRequest
from storage import keys
from tasks.derived import derived_id
from tasks.file_types import EXTENSIONS
from tasks.image import place_in_script
from tasks.narration import narration
from tasks.provenance import provenance_of, took
from tasks.purchases import Order, buy_file
from tasks.word_times import SpokenFrame, word_times
from tasks.work import Done, Hopeless, Report
from tasks.workshop import Workshop


async def speak_voiceover(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a speaker for the frame's voice, store it, and make it the frame's voiceover."""
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    inputs = voice_inputs(project, frame, await cast_of(project))
    if not inputs.text.strip():
        raise Hopeless("INVALID", "The frame has no narration to speak. Write one with updateFrame.")
    report(0, 1, stage="speaking")
    said = narration(inputs)
    request = SpeechRequest(
        text=said.text, language=inputs.language, voice=inputs.voice, speed=inputs.speed, model=inputs.model
    )
    registry = await shop.registry(job, project)
    speaker = registry.speaker(inputs.provider)
    asset_id = derived_id(job.id, "voiceover", inputs.hash)

    def key(made: Speech) -> str:
        extension = EXTENSIONS[made.mime_type]
        return keys.scene_asset(str(project.id), str(scene.id), "voiceovers", str(asset_id), extension)

    order = Order(
        name="speech",
        offer=speaker.offer,
        model=inputs.model,
        amounts={"characters": len(said.text)},
        project=project,
    )
    bought = await buy_file(shop, job, order, Speech, key=key, call=lambda _: speaker.speak(request))
    speech = bought.made
    timed = await word_times(shop, SpokenFrame(job, project, registry, inputs, said, bought))
    provenance = provenance_of(job, speech.usage, inputs_hash=inputs.hash, now=shop.now())
    recording = VoiceRecording(
        file=bought.file,
        duration_s=timed.duration_s,
        words=[WordTiming(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in timed.words],
        word_times=timed.by,
        is_spoken=speech.spoken,
        provenance=provenance,
    )

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(
            places.voiceover(frame.id), {"recording": recording.stored()}, kind=ChangeKind.ASSET_READY
        )

    return Done(
        result={"key": bought.file.key, "duration_s": timed.duration_s},
        attach=attach,
        took=took(job, speech.usage, units=len(inputs.text)),
    )
