"""Speaking one frame's narration."""

from functools import partial

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.media import library
from documents.media.file_copy import Copy
from documents.media.library_entry import LibraryKind
from documents.projects.cast import cast_of
from documents.projects.change_event import ChangeKind
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.inputs import VoiceInputs, voice_inputs
from documents.tree.script import Scene, VoiceRecording, WordTiming
from providers.protocols.speech import Speech, SpeechRequest
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy_file
from tasks.buying.reuse import reused
from tasks.job_engine.derived import derived_id
from tasks.job_engine.work import Done, Hopeless, Report, Took
from tasks.making.image import place_in_script
from tasks.making.library_assets import voice_of
from tasks.making.narration import narration
from tasks.making.word_times import SpokenFrame, word_times
from tasks.workshop import Workshop


async def speak_voiceover(shop: Workshop, job: Job, report: Report) -> Done:
    """Give the frame a voice: one that was spoken from the same inputs, if that is wanted, or a new one."""
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    inputs = voice_inputs(project, frame, await cast_of(project))
    if not inputs.text.strip():
        raise Hopeless("INVALID", "The frame has no narration to speak. Write one with updateFrame.")
    report(0, 1, stage="speaking")
    asset_id = derived_id(job.id, "voiceover", inputs.hash)
    key = partial(keys.scene_asset, str(project.id), str(scene.id), "voiceovers")
    there = frame.voiceover.recording
    again = await reused(
        shop,
        job,
        project,
        LibraryKind.VOICEOVER,
        inputs.hash,
        copy=lambda file: Copy(file, str(asset_id), key),
        without={there.file.sha256} if there else set(),
    )
    if again is not None:
        entry, spent = again.entry, None
        recording = VoiceRecording(
            file=again.file,
            duration_s=entry.duration_s,
            speed=inputs.speed,
            words=entry.words,
            word_times=entry.word_times,
            is_spoken=entry.is_spoken,
            provenance=again.provenance,
        )
    else:
        recording, spent = await _spoken(shop, job, project, scene, inputs)

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(
            places.voiceover(frame.id), {"recording": recording.stored()}, kind=ChangeKind.ASSET_READY
        )
        if again is not None:
            await again.count(shop, session)
        else:
            await library.enter(job.in_project, voice_of(frame.id, asset_id, recording), session=session)

    return Done(
        result={"key": recording.file.key, "duration_s": recording.duration_s}, attach=attach, took=spent
    )


async def _spoken(
    shop: Workshop, job: Job, project: Project, scene: Scene, inputs: VoiceInputs
) -> tuple[VoiceRecording, Took]:
    """Ask a speaker for the voice, store it, and find out when its words are heard."""
    said = narration(inputs)
    request = SpeechRequest(
        text=said.text, language=inputs.language, voice=inputs.voice, speed=inputs.speed, model=inputs.model
    )
    registry = await shop.registry(job, project)
    speaker = registry.speaker(inputs.provider)
    asset_id = derived_id(job.id, "voiceover", inputs.hash)
    key = partial(keys.scene_asset, str(project.id), str(scene.id), "voiceovers", str(asset_id))
    order = Order(
        name="speech",
        inputs=request,
        offer=speaker.offer,
        model=inputs.model,
        amounts={"characters": len(said.text)},
        project=project,
    )
    bought = await buy_file(shop, job, order, Speech, key=key, call=lambda _: speaker.speak(request))
    speech = bought.made
    timed = await word_times(shop, SpokenFrame(job, project, registry, inputs, said, bought))
    recording = VoiceRecording(
        file=bought.file,
        duration_s=timed.duration_s,
        speed=inputs.speed,
        words=[WordTiming(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in timed.words],
        word_times=timed.by,
        is_spoken=speech.spoken,
        provenance=provenance_of(job, speech.usage, inputs_hash=inputs.hash, now=shop.now()),
    )
    return recording, took(job, speech.usage, units=len(said.text))
