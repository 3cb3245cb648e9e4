"""What a project is to be: the brief that the writer gets, and the style that everything made follows."""

from enum import StrEnum
from typing import Annotated

from beanie import PydanticObjectId
from pydantic import Field, model_validator

from documents.text import Colour, LanguageTag, Line, Manuscript, Paragraph, Tag
from documents.tree.asset import Provenance, StoredFile
from documents.tree.look import CaptionLook, TransitionKind
from documents.tree.node import Node, Section
from documents.tree.overlay import OVERLAYS_MAX, BrandFont, Overlay
from documents.tree.reference_image import REFERENCES_MAX, ReferenceImage

Volume = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
TargetSeconds = Annotated[float, Field(ge=5, le=3_600, allow_inf_nan=False)]


class Brief(Section):
    """What the video is about and for whom.

    Args:
        topic: a subject that a writer turns into a script.
        text: a finished text that is told word for word; it goes before the topic.
        character_ids: who may appear.
        target_duration_s: length aimed at, in seconds; a given text is never shortened for it.
    """

    topic: Manuscript | None = None
    text: Manuscript | None = None
    prompt: Paragraph | None = None
    language: LanguageTag = "en"
    audience: Line | None = None
    tone: Line | None = None
    culture: Line | None = None
    character_description: Paragraph | None = None
    character_ids: Annotated[list[PydanticObjectId], Field(max_length=50)] = Field(default_factory=list)
    target_duration_s: TargetSeconds = 45.0
    min_duration_s: TargetSeconds | None = None
    max_duration_s: TargetSeconds | None = None
    target_scenes: Annotated[int, Field(ge=1, le=200)] | None = None

    @model_validator(mode="after")
    def _durations_in_order(self) -> "Brief":
        low, high = self.min_duration_s, self.max_duration_s
        if low is not None and high is not None and low > high:
            msg = "minDurationS is greater than maxDurationS"
            raise ValueError(msg)
        return self


class AspectRatio(StrEnum):
    """Shape of the video."""

    PORTRAIT = "PORTRAIT"
    SQUARE = "SQUARE"
    LANDSCAPE = "LANDSCAPE"
    FEED = "FEED"


class Resolution(StrEnum):
    """Length of the video's shorter side, in pixels."""

    P480 = "P480"
    P720 = "P720"
    P1080 = "P1080"


class Style(Section):
    """How the video looks and sounds.

    Args:
        look: words for the pictures, such as `cinematic`, `watercolor` or `cyberpunk neon`.
        palette: colours that pictures should keep to.
        voice: a voice's id, as the `providers` query lists them; None takes the language's first.
        transcribe_voices: whether a transcriber is asked when the words of a voice are heard, where its maker
            does not say it; else its sound is compared with a reading of the studio's own.
        speech_speed: 1 is the voice's own pace.
        caption_font: for captions and titles, as far as it has their letters; None for the usual one.
        overlays: pictures over the whole video, under its texts.
        reference_images: of things that must look as they do, in all pictures.
        seed: makes every generated thing anew when it changes.
    """

    look: Line = "cinematic"
    palette: Annotated[list[Colour], Field(max_length=8)] = Field(default_factory=list)
    negative_prompt: Paragraph = ""
    aspect_ratio: AspectRatio = AspectRatio.PORTRAIT
    resolution: Resolution = Resolution.P1080
    fps: Annotated[int, Field(ge=30, le=30)] = 30
    voice: Line | None = None
    speech_speed: Annotated[float, Field(ge=0.5, le=2, allow_inf_nan=False)] = 1.0
    voice_volume: Volume = 1.0
    transition: TransitionKind = TransitionKind.CROSSFADE
    captions: CaptionLook = Field(default_factory=CaptionLook)
    caption_font: BrandFont | None = None
    overlays: Annotated[list[Overlay], Field(max_length=OVERLAYS_MAX)] = Field(default_factory=list)
    reference_images: Annotated[list[ReferenceImage], Field(max_length=REFERENCES_MAX)] = Field(
        default_factory=list
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    writer_provider: Line | None = None
    writer_model: Line | None = None
    image_provider: Line | None = None
    image_model: Line | None = None
    speech_provider: Line | None = None
    speech_model: Line | None = None
    transcribe_voices: bool = False
    music_provider: Line | None = None
    music_model: Line | None = None
    sound_effect_provider: Line | None = None
    clip_provider: Line | None = None
    clip_model: Line | None = None
    lip_sync_provider: Line | None = None
    lip_sync_model: Line | None = None


class MusicTrack(Node):
    """Music that a provider made or a person uploaded."""

    file: StoredFile
    duration_s: float
    provenance: Provenance


class Music(Section):
    """The project's background music.

    Args:
        mood: such as `calm`, `epic` or `mysterious`; a provider says which it has.
        tempo_bpm: beats a minute; None for the mood's own.
        volume: before ducking, 0 to 1.
    """

    is_enabled: bool = True
    mood: Line = "uplifting"
    prompt: Paragraph | None = None
    tempo_bpm: Annotated[float, Field(ge=50, le=180, allow_inf_nan=False)] | None = None
    volume: Volume = 0.25
    track: MusicTrack | None = None


class PublishingTexts(Section):
    """Words that go with the video to the platforms.

    Args:
        youtube_tags: what people search for; nobody sees them.
        provenance: who found them last; None where only people did.
    """

    title: Line = ""
    description: Paragraph = ""
    shorts_hashtags: Annotated[list[Tag], Field(max_length=30)] = Field(default_factory=list)
    youtube_tags: Annotated[list[Tag], Field(max_length=30)] = Field(default_factory=list)
    tiktok_text: Paragraph = ""
    tiktok_hashtags: Annotated[list[Tag], Field(max_length=30)] = Field(default_factory=list)
    instagram_text: Paragraph = ""
    instagram_hashtags: Annotated[list[Tag], Field(max_length=30)] = Field(default_factory=list)
    provenance: Provenance | None = None
