"""Speaking one frame's narration."""

from pymongo.asynchronous.client_session import AsyncClientSession

from documents import place as places
from documents.cast import cast_of
from documents.change_event import ChangeKind
from documents.inputs import voice_inputs
from documents.job import Job
from documents.script import VoiceRecording, WordTiming
from documents.tree import TreeEditor
from providers.protocols.speech import Speech, SpeechRequest, SpokenWord
from storage import keys
from tasks.derived import derived_id
from tasks.file_types import EXTENSIONS
from tasks.image import place_in_script
from tasks.provenance import provenance_of, took
from tasks.purchases import Order, buy_file
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
    request = SpeechRequest(
        text=inputs.text, language=inputs.language, voice=inputs.voice, speed=inputs.speed, model=inputs.model
    )
    speaker = (await shop.registry(job, project)).speaker(inputs.provider)
    asset_id = derived_id(job.id, "voiceover", inputs.hash)

    def key(made: Speech) -> str:
        extension = EXTENSIONS[made.mime_type]
        return keys.scene_asset(str(project.id), str(scene.id), "voiceovers", str(asset_id), extension)

    order = Order(
        name="speech",
        offer=speaker.offer,
        model=inputs.model,
        amounts={"characters": len(inputs.text)},
        project=project,
    )
    bought = await buy_file(shop, job, order, Speech, key=key, call=lambda _: speaker.speak(request))
    speech = bought.made
    duration_s = speech.duration_s or 0.0
    provenance = provenance_of(job, speech.usage, inputs_hash=inputs.hash, now=shop.now())
    words = speech.words or ()
    if inputs.shown_text != inputs.text:
        words = timed_as_shown(inputs.shown_text, words, duration_s)
    recording = VoiceRecording(
        file=bought.file,
        duration_s=duration_s,
        words=[WordTiming(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in words],
        is_spoken=speech.spoken,
        provenance=provenance,
    )

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(
            places.voiceover(frame.id), {"recording": recording.stored()}, kind=ChangeKind.ASSET_READY
        )

    return Done(
        result={"key": bought.file.key, "duration_s": duration_s},
        attach=attach,
        took=took(job, speech.usage, units=len(inputs.text)),
    )


def timed_as_shown(shown: str, spoken: tuple[SpokenWord, ...], duration_s: float) -> tuple[SpokenWord, ...]:
    """Times for the words of a text that is shown while another one is spoken.

    Each shown word gets the share of the speaking time that its letters are of all shown letters: the two
    texts say the same thing in other words, so nothing finer is known.
    """
    tokens = shown.split()
    if not tokens or not spoken:
        return ()
    start_s, end_s = spoken[0].start_s, min(spoken[-1].end_s, duration_s)
    total = sum(len(token) for token in tokens)
    words, letters = [], 0
    for token in tokens:
        begin = start_s + (end_s - start_s) * letters / total
        letters += len(token)
        words.append(SpokenWord(token, begin, start_s + (end_s - start_s) * letters / total))
    return tuple(words)
