"""When each written word of a recording is heard, whoever spoke it.

A provider that says when its words are heard is believed. Else a transcriber is asked, where the project
wants that and one is there; else the studio reads the same text with its own voice, which knows its words'
times, and compares both sounds; else the words share the time by their letters. Captions show the written
words always, never a transcript's.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from documents.jobs.job import Job
from documents.projects.project import Project
from documents.tree.inputs import VoiceInputs
from documents.tree.script import WordTimes
from providers.alignment.by_audio import words_in
from providers.alignment.by_transcript import SAME_TEXT_FROM, Matched, words_heard
from providers.alignment.filling import spread
from providers.alignment.sound import Sound, voiced_part
from providers.errors import CapabilityUnsupported, ProviderError
from providers.local.tokens import tokens
from providers.protocols.speech import Speech, SpeechRequest, SpokenWord, Transcript, TranscriptionRequest
from providers.registry import ProviderRegistry
from providers.spoken.captions import says_the_same, shown_words
from providers.spoken.text import SpokenText, spoken_text
from rendering.decoding import mono_samples
from rendering.errors import RenderingFailed
from rendering.intake.media_types import KNOWN
from tasks.buying.order import Order
from tasks.buying.purchases import Bought, buy, spoiled
from tasks.job_engine.work import Hopeless
from tasks.workshop import Workshop

RATE_HZ = 16_000
_READER = "local"


@dataclass(frozen=True, slots=True)
class Timed:
    """The written words with their times, how these are known, and how long the sound lasts."""

    words: tuple[SpokenWord, ...]
    by: WordTimes
    duration_s: float


@dataclass(frozen=True, slots=True)
class SpokenFrame:
    """A frame that was spoken.

    Args:
        job: that speaks it; a transcript is bought once for it.
        project: that pays.
        registry: who may be asked.
        inputs: what the voice is spoken from.
        said: what was spoken, for which written words.
        bought: the voice.
        may_buy: whether a transcript may be bought for it.
    """

    job: Job
    project: Project
    registry: ProviderRegistry
    inputs: VoiceInputs
    said: SpokenText
    bought: Bought[Speech]
    may_buy: bool = True

    @property
    def spoken_tokens(self) -> list[str]:
        """What was spoken, word for word."""
        return [token.text for token in tokens(self.said.text, self.inputs.language)]


async def word_times(shop: Workshop, frame: SpokenFrame) -> Timed:
    """Find out when each word of the frame's narration is heard.

    Raises:
        Hopeless: the sound cannot be decoded.
        Retryable: a transcriber may answer later.
    """
    return await asyncio.to_thread(_shown, frame, await _found(shop, frame))


async def _found(shop: Workshop, frame: SpokenFrame) -> Timed:
    """The times of the words that are spoken."""
    speech = frame.bought.made
    if speech.words and speech.duration_s is not None:
        return Timed(speech.words, WordTimes.PROVIDER, speech.duration_s)
    data = speech.data or await shop.objects.get_bytes(frame.bought.file.key)
    try:
        sound = await _decoded(shop, frame, frame.bought.file.mime_type, data)
    except Hopeless as error:
        if frame.bought.order is None:
            raise
        raise await spoiled(shop, frame.job, frame.bought.order, error.code, error.message) from error
    if speech.words:
        return Timed(speech.words, WordTimes.PROVIDER, sound.duration_s)
    timed = None
    if frame.may_buy and frame.project.style.transcribe_voices:
        timed = await _by_transcript(shop, frame, data, sound.duration_s)
    if timed is None:
        timed = await _by_reading(shop, frame, sound)
    return timed or _estimated(frame, sound)


async def _decoded(shop: Workshop, frame: SpokenFrame, mime_type: str, data: bytes) -> Sound:
    path = shop.scratch / f"{frame.job.id}-{frame.job.fence}.voice"
    try:
        await asyncio.to_thread(path.write_bytes, data)
        samples = await mono_samples(path, KNOWN[mime_type], rate_hz=RATE_HZ, ffmpeg=shop.engine.ffmpeg)
    except (RenderingFailed, KeyError) as error:
        raise Hopeless("PROVIDER_UNAVAILABLE", f"The voice that came cannot be decoded: {error}.") from error
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    return Sound(samples, RATE_HZ)


async def _by_transcript(shop: Workshop, frame: SpokenFrame, data: bytes, duration_s: float) -> Timed | None:
    """Times from a transcriber; None where there is none, or what it heard is another text."""
    try:
        transcriber = frame.registry.transcriber()
    except CapabilityUnsupported:
        return None
    if not transcriber.offer.available:
        return None
    language = frame.inputs.language
    request = TranscriptionRequest(data, frame.bought.file.mime_type, language.split("-")[0])
    order = Order(
        name="transcript",
        inputs=request,
        offer=transcriber.offer,
        model=None,
        amounts={"seconds": duration_s},
        project=frame.project,
    )
    try:
        heard = await buy(shop, frame.job, order, Transcript, lambda _: transcriber.transcribe(request))
    except Hopeless:  # it costs too much or is refused: there is another way
        return None
    # Transcribers write figures: they are read here as they were for the voice.

    def compared() -> Matched:
        words = [replace(word, text=spoken_text(word.text, language).text) for word in heard.words]
        return words_heard(frame.spoken_tokens, words, duration_s=duration_s)

    matched = await asyncio.to_thread(compared)
    if matched.share < SAME_TEXT_FROM:
        return None
    return Timed(matched.words, WordTimes.TRANSCRIPT, duration_s)


async def _by_reading(shop: Workshop, frame: SpokenFrame, sound: Sound) -> Timed | None:
    """Times from a reading of our own; None where our voice does not speak the language."""
    inputs = frame.inputs
    try:
        reader = frame.registry.speaker(_READER)
        reading = await reader.speak(SpeechRequest(frame.said.text, inputs.language, speed=inputs.speed))
    except ProviderError:
        return None
    if not reading.spoken or not reading.words:
        return None
    ours = await _decoded(shop, frame, reading.mime_type, reading.data)
    words = await asyncio.to_thread(words_in, sound, ours, reading.words)
    return Timed(words, WordTimes.ALIGNED, sound.duration_s)


def _estimated(frame: SpokenFrame, sound: Sound) -> Timed:
    from_s, to_s = voiced_part(sound) or (0.0, sound.duration_s)
    return Timed(spread(frame.spoken_tokens, from_s, to_s), WordTimes.ESTIMATED, sound.duration_s)


def _shown(frame: SpokenFrame, timed: Timed) -> Timed:
    """The same times for the written words, out of those of the spoken ones."""
    words = timed.words
    if not says_the_same(frame.said, words):
        # A provider's own spelling: its times are good, its words are not ours.
        words = words_heard(frame.spoken_tokens, words, duration_s=timed.duration_s).words
    inputs = frame.inputs
    if inputs.has_own_text:
        return shown_instead(inputs.shown_text, inputs.language, timed, words)
    return replace(timed, words=shown_words(frame.said, words) if words else ())


def shown_instead(shown: str, language: str, timed: Timed, spoken: Sequence[SpokenWord]) -> Timed:
    """Times for the words of a text that is shown while another one is spoken.

    What both have in common is shown as it is heard; texts that have little in common share the time by
    their letters.
    """
    written = [token.text for token in tokens(shown, language)]
    if not written or not spoken:
        return replace(timed, words=())
    matched = words_heard(written, spoken, duration_s=timed.duration_s)
    if matched.share >= SAME_TEXT_FROM:
        return replace(timed, words=matched.words)
    words = spread(written, spoken[0].start_s, min(spoken[-1].end_s, timed.duration_s))
    return replace(timed, words=words, by=WordTimes.ESTIMATED)
