import asyncio
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, cast

import imageio_ffmpeg
import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.caps import Caps
from documents.tree.inputs import voice_is_stale
from documents.tree.lexicon import LexiconEntry, Pronunciation
from documents.tree.script import VoiceRecording, WordTimes
from providers.desk import ProviderDesk
from providers.errors import ContentRefused
from providers.local.service import LocalService
from providers.local.speech import LocalSpeaker
from providers.protocols.offer import Capability, Offer, Usage, VoiceOffer
from providers.protocols.speech import Speech, SpeechRequest, SpokenWord, Transcript, TranscriptionRequest
from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from storage.object_store import ObjectStore
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Report
from tasks.making.voiceover import speak_voiceover
from tasks.workshop import Workshop
from tests.studio import Studio, make_frame, make_project, open_studio

NARRATION = "Dr. Wu paid $5.50 for 1,200 honey bees, e.g. at 3pm. They dance to show the way to the flowers."
FFMPEG = Path(imageio_ffmpeg.get_ffmpeg_exe())


def mp3(wav: bytes) -> bytes:
    arguments = ("-v", "error", "-i", "pipe:0", "-f", "mp3", "-b:a", "64k", "pipe:1")
    return subprocess.run([FFMPEG, *arguments], input=wav, capture_output=True, check=True).stdout


class Foreigner:
    """A speaker with another voice, whose answers are MP3 and tell nothing but their sound."""

    offer = Offer(Capability.SPEECH, "studio", ("foreign",), is_free=True)

    def __init__(self, *, keeps: Callable[[Speech], Speech]) -> None:
        self._speaker = LocalSpeaker()
        self._keeps = keeps
        self.asked: list[SpeechRequest] = []
        self.truth: tuple[SpokenWord, ...] = ()
        self.duration_s = 0.0

    async def voices(self) -> tuple[VoiceOffer, ...]:
        return ()

    async def speak(self, request: SpeechRequest) -> Speech:
        self.asked.append(request)
        own = replace(request, voice="en-gb+f2", speed=1.2) if request.language == "en" else request
        speech = await self._speaker.speak(own)
        assert speech.words is not None
        assert speech.duration_s is not None
        self.truth, self.duration_s = speech.words, speech.duration_s
        usage = Usage(provider="studio", model="foreign", duration_ms=1)
        data = await asyncio.to_thread(mp3, speech.data)
        return self._keeps(replace(speech, data=data, mime_type="audio/mpeg", usage=usage))


class Listener:
    """A transcriber that writes figures, leaves out words and adds some."""

    offer = Offer(Capability.TRANSCRIPTION, "studio", ("ear",), is_free=True)

    def __init__(self, foreigner: Foreigner, *, is_deaf: bool = False) -> None:
        self._foreigner = foreigner
        self._is_deaf = is_deaf

    async def transcribe(self, request: TranscriptionRequest) -> Transcript:
        if self._is_deaf:
            raise ContentRefused("studio", "It will not listen.")
        assert request.language == "en"
        heard = []
        for word in self._foreigner.truth:
            text = {"Doctor": "dr", "twelve": "12", "honey": "um honey"}.get(word.text, word.text.lower())
            if word.text != "bees,":
                heard.append(replace(word, text=text))
        words = tuple(heard)
        usage = Usage(provider="studio", model="ear", duration_ms=1)
        return Transcript(" ".join(word.text for word in words), words, usage)


class Recording(LocalService):
    """A provider that speaks, and hears if there is a listener."""

    name = "studio"

    def __init__(self, speaker: Foreigner, listener: Listener | None) -> None:
        self._makers = {Capability.SPEECH: speaker}
        if listener is not None:
            self._makers |= {Capability.TRANSCRIPTION: listener}


def nothing_but_sound(speech: Speech) -> Speech:
    return replace(speech, words=None, duration_s=None)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Studio]:
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
        objects=object_store,
    ) as opened:
        yield opened


class Booth:
    """Speaks the one frame of a project with some providers."""

    def __init__(self, studio: Studio, folder: Path) -> None:
        self._studio = studio
        self._folder = folder

    async def project(self, narration: str = NARRATION, **values: Any) -> Project:
        project = await make_project(self._studio.context(), frames=[make_frame(narration=narration)])
        for name, value in values.items():
            setattr(project, name, value)
        await project.replace()
        return project

    async def speak(self, project: Project, *services: LocalService) -> tuple[Job, Project]:
        studio = self._studio
        desk = ProviderDesk([*services], dict.fromkeys(Capability, "PROVIDERS"))
        shop = Workshop(
            objects=studio.services.objects,
            providers=ProviderChoice(desk, Sealing({"s": "s" * 32})),
            caps=Caps(),
            engine=RenderEngine(FFMPEG, FontShelf(self._folder, fetch=None), ""),
            intake=cast("Any", None),
            scratch=self._folder,
            kill_points=KillPoints(),
            now=studio.services.now,
            correspondence=cast("Any", None),
        )
        job = Job(
            kind=JobKind.VOICEOVER,
            queue=QUEUE_OF[JobKind.VOICEOVER],
            project_id=project.id,
            node_id=project.script.scenes[0].frames[0].id,
            owner_id=project.owner_id,
            root_id=project.id,
            max_attempts=1,
            queued_at=studio.services.now(),
        )

        async def work(job: Job, report: Report) -> Done:
            return await speak_voiceover(shop, job, report)

        await studio.services.dispatcher.start([job])
        await studio.engine({JobKind.VOICEOVER: work}).run(job.id)
        ended, now = await Job.get(job.id), await Project.get(project.id)
        assert ended is not None
        assert now is not None
        return ended, now


@pytest.fixture
def booth(studio: Studio, tmp_path: Path) -> Booth:
    return Booth(studio, tmp_path)


def recording_of(project: Project) -> VoiceRecording:
    recording = project.script.scenes[0].frames[0].voiceover.recording
    assert recording is not None
    for word, following in pairwise(recording.words):
        assert word.start_s <= word.end_s <= following.start_s + 1e-6
    return recording


def starts(words: Any) -> dict[str, float]:
    """Of the words that are said once."""
    times = Counter(word.text.lower() for word in words)
    return {word.text.lower(): word.start_s for word in words if times[word.text.lower()] == 1}


async def spoken_by(
    booth: Booth, foreigner: Foreigner, listener: Listener | None = None, *, transcribes: bool = False
) -> VoiceRecording:
    project = await booth.project()
    project.style.transcribe_voices = transcribes
    await project.replace()
    job, project = await booth.speak(project, Recording(foreigner, listener), LocalService())
    assert job.state is JobState.SUCCEEDED, job.error
    recording = recording_of(project)
    assert [word.text for word in recording.words] == NARRATION.split()
    assert recording.file.key.endswith(".mp3")
    assert recording.duration_s == pytest.approx(foreigner.duration_s, abs=0.06)
    return recording


def errors_s(recording: VoiceRecording, foreigner: Foreigner) -> list[float]:
    """How far words that are spoken as they are written are from where they are really heard."""
    truth, found = starts(foreigner.truth), starts(recording.words)
    return [abs(found[text] - truth[text]) for text in truth if text in found]


async def test_a_sound_alone_gets_its_words_times_from_a_reading_of_our_own(booth: Booth) -> None:
    foreigner = Foreigner(keeps=nothing_but_sound)
    recording = await spoken_by(booth, foreigner)
    assert recording.word_times is WordTimes.ALIGNED
    missed = errors_s(recording, foreigner)
    assert len(missed) >= 10
    assert median(missed) < 0.04  # an MP3 begins some 25 ms late
    (request,) = foreigner.asked
    assert request.text == (
        "Doctor Wu paid five dollars and fifty cents for one thousand two hundred honey bees, for example at "
        "three p m. They dance to show the way to the flowers."
    )


async def test_a_transcriber_is_asked_where_that_is_wanted(booth: Booth) -> None:
    foreigner = Foreigner(keeps=nothing_but_sound)
    recording = await spoken_by(booth, foreigner, Listener(foreigner), transcribes=True)
    assert recording.word_times is WordTimes.TRANSCRIPT
    assert median(errors_s(recording, foreigner)) < 0.03


async def test_a_transcriber_that_refuses_or_is_not_wanted_leaves_it_to_the_reading(booth: Booth) -> None:
    for is_deaf, transcribes in ((True, True), (False, False)):
        foreigner = Foreigner(keeps=nothing_but_sound)
        listener = Listener(foreigner, is_deaf=is_deaf)
        recording = await spoken_by(booth, foreigner, listener, transcribes=transcribes)
        assert recording.word_times is WordTimes.ALIGNED


async def test_a_provider_that_tells_its_times_is_believed(booth: Booth) -> None:
    foreigner = Foreigner(keeps=lambda speech: replace(speech, duration_s=None))
    recording = await spoken_by(booth, foreigner)
    assert recording.word_times is WordTimes.PROVIDER
    assert max(errors_s(recording, foreigner)) < 0.001
    price = next(word for word in recording.words if word.text == "$5.50")
    truth = starts(foreigner.truth)
    assert (price.start_s, price.end_s) == pytest.approx((truth["five"], truth["cents"] + 0.35), abs=0.15)


async def test_a_language_that_the_studio_cannot_read_is_timed_by_its_letters(booth: Booth) -> None:
    project = await booth.project("ミツバチは踊ります。花への道を示します。")
    project.brief.language = "ja"
    await project.replace()

    class Hummer(Foreigner):
        async def speak(self, request: SpeechRequest) -> Speech:
            return await super().speak(replace(request, text="Bees dance and show the way.", language="en"))

    job, project = await booth.speak(
        project, Recording(Hummer(keeps=nothing_but_sound), None), LocalService()
    )
    assert job.state is JobState.SUCCEEDED, job.error
    recording = recording_of(project)
    assert recording.word_times is WordTimes.ESTIMATED
    assert "".join(word.text for word in recording.words) == "ミツバチは踊ります。花への道を示します。"
    assert recording.words[-1].end_s <= recording.duration_s


async def test_the_lexicon_is_spoken_and_the_written_words_are_shown(booth: Booth) -> None:
    entries = [
        LexiconEntry(written="Nguyen", spoken="win"),
        LexiconEntry(written="bees", spoken="x", language="de"),
    ]
    project = await booth.project("Nguyen keeps bees.", pronunciation=Pronunciation(entries=entries))
    foreigner = Foreigner(keeps=lambda speech: speech)
    _, project = await booth.speak(project, Recording(foreigner, None))
    assert foreigner.asked[0].text == "win keeps bees."
    assert [word.text for word in recording_of(project).words] == ["Nguyen", "keeps", "bees."]
    frame = project.script.scenes[0].frames[0]
    assert not voice_is_stale(project, frame, Cast())
    project.pronunciation.entries.append(LexiconEntry(written="honey", spoken="hun"))
    assert not voice_is_stale(project, frame, Cast())
    assert voice_is_stale(project, frame, Cast(lexicon=(LexiconEntry(written="KEEPS", spoken="has"),)))


async def test_a_text_of_its_own_is_spoken_as_it_stands_and_the_narration_shown(booth: Booth) -> None:
    project = await booth.project("Bees dance 3 times to show the way.")
    frame = project.script.scenes[0].frames[0]
    frame.voiceover.text = "Bees, they dance 3 times, to show all others the way."
    await project.replace()
    foreigner = Foreigner(keeps=lambda speech: speech)
    _, project = await booth.speak(project, Recording(foreigner, None))
    assert foreigner.asked[0].text == frame.voiceover.text
    recording = recording_of(project)
    assert [word.text for word in recording.words] == frame.narration.split()
    truth, found = starts(foreigner.truth), starts(recording.words)
    assert found["show"] == pytest.approx(truth["show"])
    assert found["way."] == pytest.approx(truth["way."])


async def test_a_sound_that_is_none_ends_the_job_with_the_reason(booth: Booth) -> None:
    project = await booth.project()
    broken = Foreigner(keeps=lambda speech: replace(speech, data=b"no sound", words=None))
    job, project = await booth.speak(project, Recording(broken, None))
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert "decoded" in job.error.message
    assert project.script.scenes[0].frames[0].voiceover.recording is None
