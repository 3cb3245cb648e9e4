"""One piece of work of each kind, and what must be true of its result whoever did it."""

import wave
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from providers.protocols.analysis import (
    AnalysisRequest,
    CharacterRequest,
    PromptRequest,
    SceneToAnalyse,
)
from providers.protocols.chat import ChatEnd, ChatTurn, Conversation, PlanRequest
from providers.protocols.clip import ClipRequest, LipSyncRequest
from providers.protocols.music_words import FASTEST_BPM, SLOWEST_BPM, MusicWordsRequest
from providers.protocols.offer import Capability, Usage
from providers.protocols.persona import Persona
from providers.protocols.picture import ImageEditRequest, ImageRequest
from providers.protocols.prediction import Unwritten
from providers.protocols.publishing import MetadataRequest
from providers.protocols.script import RewriteRequest, ScriptBrief, WrittenFrame
from providers.protocols.sound import MusicRequest, SoundEffectRequest
from providers.protocols.speech import SpeechRequest, TranscriptionRequest
from providers.protocols.translation import TranslationRequest
from tests.stand_ins.media import still, wav

PERSONA = Persona(name="Guide", instructions="You are a patient guide.", temperature=0.7, top_p=0.9)
SPOKEN = "Seven ships came home."


async def write(maker: Any) -> Usage:
    brief = ScriptBrief(
        topic="How lighthouses work", text=None, language="en", target_duration_s=24, target_scenes=2
    )
    made = await maker.write(brief)
    assert made.title.strip()
    assert made.language == "en"
    assert 1 <= len(made.scenes) <= brief.max_scenes
    for scene in made.scenes:
        assert scene.title.strip()
        assert scene.summary.strip()
        assert 1 <= len(scene.frames) <= brief.max_frames_per_scene
        assert all(frame.narration.strip() and frame.picture_prompt.strip() for frame in scene.frames)
    return made.usage  # type: ignore[no-any-return]


async def rewrite(maker: Any) -> Usage:
    frames = (WrittenFrame("The sea is big.", "a sea"), WrittenFrame("The land is small.", "a land"))
    made = await maker.rewrite(
        RewriteRequest("funnier", frames, scene_title="Sea", before="", after="And so on.", language="en")
    )
    assert len(made.frames) == len(frames)
    assert all(frame.narration.strip() and frame.picture_prompt.strip() for frame in made.frames)
    return made.usage  # type: ignore[no-any-return]


async def analyse(maker: Any) -> Usage:
    scenes = (SceneToAnalyse("Sea", "Anna looks at the sea."), SceneToAnalyse("Land", "She goes home."))
    made = await maker.analyse(AnalysisRequest("The sea", scenes, "en", known_characters=("Anna",)))
    assert len(made.scenes) == len(scenes)
    assert made.summary.strip()
    assert made.hook_score is None or 0 <= made.hook_score <= 10
    return made.usage  # type: ignore[no-any-return]


async def describe_character(maker: Any) -> Usage:
    pictures = ((still(64, 64, 1, "PNG"), "image/png"),)
    made = await maker.analyse(CharacterRequest("Anna", "A keeper of forty.", "en", pictures=pictures))
    assert made.sheet.name == "Anna"
    assert made.sheet.description.strip()
    return made.usage  # type: ignore[no-any-return]


async def optimise(maker: Any) -> Usage:
    made = await maker.optimise(PromptRequest("a lighthouse", "It shines.", "The coast", "watercolour"))
    assert made.prompt.strip()
    return made.usage  # type: ignore[no-any-return]


async def describe(maker: Any) -> Usage:
    made = await maker.describe(MetadataRequest("Lighthouses", "They shine far.", "en"))
    assert 1 <= len(made.title) <= 100
    assert 1 <= len(made.description) <= 5_000
    assert len(made.tiktok_text) + sum(len(tag) + 2 for tag in made.tiktok_hashtags) <= 2_200
    assert len(made.instagram_text) + sum(len(tag) + 2 for tag in made.instagram_hashtags) <= 2_200
    assert sum(len(tag) + 1 for tag in made.youtube_tags) <= 500
    assert not any(set(tag) & set("#,<>") for tag in made.youtube_tags)
    for tag in (*made.shorts_hashtags, *made.tiktok_hashtags, *made.instagram_hashtags):
        assert tag
        assert not set(tag) & set("# \t\n")
    return made.usage  # type: ignore[no-any-return]


async def suggest_music(maker: Any) -> Usage:
    told = "They shine far. Nobody lives there any more."
    made = await maker.suggest(MusicWordsRequest("Lighthouses", told, "en", moods=("calm", "Sad")))
    assert made.mood in {"calm", "Sad"}
    assert 1 <= len(made.prompt) <= 1_000
    assert SLOWEST_BPM <= made.tempo_bpm <= FASTEST_BPM
    return made.usage  # type: ignore[no-any-return]


async def translate(maker: Any) -> Usage:
    texts = ("The sea is big.", "", "The land is small.")
    made = await maker.translate(TranslationRequest(texts, "en", "pt"))
    assert [bool(text) for text in made.texts] == [True, False, True]
    return made.usage  # type: ignore[no-any-return]


async def converse(maker: Any) -> Usage:
    said = [piece async for piece in maker.converse(Conversation(PERSONA, (ChatTurn("user", "Hello!"),)))]
    *pieces, end = said
    assert isinstance(end, ChatEnd)
    assert all(isinstance(piece, str) for piece in pieces)
    assert "".join(pieces).strip()
    return end.usage


async def plan(maker: Any) -> Usage:
    days = ("2026-12-01", "2026-12-02")
    made = await maker.plan(PlanRequest(PERSONA, "A channel about the sea", days, "en", per_day=2))
    assert [video.day for video in made.videos] == [day for day in days for _ in range(2)]
    assert all(video.title and video.topic and video.hook for video in made.videos)
    return made.usage  # type: ignore[no-any-return]


async def draw(maker: Any, *, unwanted: str = "") -> Usage:
    made = await maker.make(
        ImageRequest(
            prompt="a lighthouse at dusk",
            negative_prompt=unwanted,
            style="",
            width=768,
            height=1344,
            seed=7,
            ordinal=0,
            scene_prompt="a coast",
            scene_ordinal=0,
            frame_ordinal=0,
        ),
        Unwritten(),
    )
    _check_picture(made)
    assert made.height > made.width
    return made.usage  # type: ignore[no-any-return]


async def edit(maker: Any) -> Usage:
    request = ImageEditRequest(still(64, 64, 1, "PNG"), "image/png", "make it night", width=1024, height=1024)
    made = await maker.edit(request, Unwritten())
    _check_picture(made)
    return made.usage  # type: ignore[no-any-return]


def _check_picture(made: Any) -> None:
    with Image.open(BytesIO(made.data)) as image:
        image.load()
        assert image.size == (made.width, made.height)
        assert made.mime_type == f"image/{(image.format or '').lower()}"


async def speak(maker: Any) -> Usage:
    made = await maker.speak(SpeechRequest(SPOKEN, "en"))
    assert made.data
    assert made.mime_type.startswith("audio/")
    if made.mime_type == "audio/wav":
        with wave.open(BytesIO(made.data)) as file:
            assert file.getnframes() > 0
    if made.words is not None:
        assert [word.text for word in made.words] == SPOKEN.split()
        assert all(word.start_s < word.end_s for word in made.words)
    assert not made.spoken or made.voice in {voice.id for voice in await maker.voices()}
    return made.usage  # type: ignore[no-any-return]


async def transcribe(maker: Any) -> Usage:
    made = await maker.transcribe(TranscriptionRequest(wav(1.0), "audio/wav", "en"))
    assert made.text.strip()
    assert all(0 <= word.start_s <= word.end_s and word.text.strip() for word in made.words)
    return made.usage  # type: ignore[no-any-return]


async def make_sound(maker: Any) -> Usage:
    made = await maker.make(SoundEffectRequest("rain on a tin roof", 1.0, 7), Unwritten())
    assert made.data
    assert made.mime_type.startswith("audio/")
    return made.usage  # type: ignore[no-any-return]


async def compose(maker: Any) -> Usage:
    made = await maker.compose(MusicRequest("calm", 4.0, 7, prompt="calm piano"), Unwritten())
    assert made.data
    assert made.mime_type.startswith("audio/")
    assert made.loopable or made.duration_s is None or made.duration_s >= 4.0
    return made.usage  # type: ignore[no-any-return]


async def animate(maker: Any, *, unwanted: str = "") -> Usage:
    picture = still(64, 64, 1, "PNG")
    request = ClipRequest("waves", 2.0, 256, 448, 7, first_image=picture, negative_prompt=unwanted)
    made = await maker.animate(request, Unwritten())
    assert made.data
    assert made.mime_type.startswith("video/")
    return made.usage  # type: ignore[no-any-return]


async def sync(maker: Any) -> Usage:
    request = LipSyncRequest(still(64, 64, 1, "PNG"), "image/png", wav(1.0), "audio/wav")
    made = await maker.sync(request, Unwritten())
    assert made.data
    assert made.mime_type.startswith("video/")
    return made.usage  # type: ignore[no-any-return]


WORK: Mapping[Capability, Callable[[Any], Awaitable[Usage]]] = {
    Capability.SCRIPT: write,
    Capability.REWRITE: rewrite,
    Capability.ANALYSIS: analyse,
    Capability.CHARACTER: describe_character,
    Capability.PROMPT: optimise,
    Capability.METADATA: describe,
    Capability.MUSIC_WORDS: suggest_music,
    Capability.TRANSLATION: translate,
    Capability.CHAT: converse,
    Capability.PLAN: plan,
    Capability.IMAGE: draw,
    Capability.IMAGE_EDIT: edit,
    Capability.SPEECH: speak,
    Capability.TRANSCRIPTION: transcribe,
    Capability.SOUND_EFFECT: make_sound,
    Capability.MUSIC: compose,
    Capability.CLIP: animate,
    Capability.LIP_SYNC: sync,
}

SHOWING: Mapping[Capability, Callable[..., Awaitable[Usage]]] = {
    Capability.IMAGE: draw,
    Capability.CLIP: animate,
}
"""Those of the work that may be told what must not appear, as `unwanted`."""
