"""What the product asks of whoever writes, draws, speaks, animates and composes, and what it gets back.

Everything here is a frozen value or a Protocol: requests are complete (an answer depends on nothing else),
results carry their own usage, and no provider sees an id, a database or a path.

Durations are seconds, positions in speech are seconds from its start, sizes are pixels, money is in minor
units (cents) of the named currency. Every method raises the errors of `providers.errors` alone, never blocks
the event loop, and stops its work when it is cancelled.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

MAX_SCENES = 200
MAX_FRAMES_PER_SCENE = 30


class Capability(StrEnum):
    """A kind of work that a provider may offer."""

    SCRIPT = "script"
    IMAGE = "image"
    SPEECH = "speech"
    MUSIC = "music"
    CLIP = "clip"
    LIP_SYNC = "lip_sync"


Unit = Literal["tokens", "characters", "images", "seconds", "calls"]
Gender = Literal["female", "male", "neutral"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call took: `units` of `unit` at a cost of `cost_minor` (0 for local), in `duration_ms`."""

    provider: str
    model: str
    cost_minor: int
    currency: str
    units: float
    unit: Unit
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit of work costs, in minor units of the currency; a fraction of one is possible."""

    minor_per_unit: float
    currency: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class VoiceOffer:
    """A voice: `id` is what a `SpeechRequest` names, `language` a BCP-47 tag."""

    id: str
    name: str
    language: str
    gender: Gender


@dataclass(frozen=True, slots=True)
class Offer:
    """What one provider can do of one capability, here and now.

    `languages` are BCP-47 tags that it handles well; empty means that language does not matter to it.
    `reason_unavailable` says what is missing and how to provide it; it is None when `available`.
    `knows_facts` is False for a writer that only structures words and knows nothing about the world.
    `max_text_characters` and `max_topic_characters` bound what a writer takes of a brief, white space at the
    ends apart; None for no bound beyond the brief's own.
    """

    capability: Capability
    provider: str
    models: tuple[str, ...]
    voices: tuple[VoiceOffer, ...] = ()
    languages: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    available: bool = True
    reason_unavailable: str | None = None
    price: Price | None = None
    knows_facts: bool = True
    max_text_characters: int | None = None
    max_topic_characters: int | None = None


@dataclass(frozen=True, slots=True)
class ScriptBrief:
    """What a script shall be made of: a topic to write about, or a text to structure; the text wins.

    `language` is a BCP-47 tag; `target_duration_s` is the spoken length aimed at (5 to 3,600).
    """

    topic: str | None
    text: str | None
    language: str
    target_duration_s: float
    tone: str | None = None
    audience: str | None = None
    style: str | None = None
    max_scenes: int = MAX_SCENES
    max_frames_per_scene: int = MAX_FRAMES_PER_SCENE


@dataclass(frozen=True, slots=True)
class WrittenFrame:
    """One picture's time on screen: what is said and what is seen."""

    narration: str
    picture_prompt: str
    on_screen_text: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenScene:
    """Frames that belong together; `summary` says what they share, and serves as `scene_prompt`."""

    title: str
    summary: str
    frames: tuple[WrittenFrame, ...]


@dataclass(frozen=True, slots=True)
class WrittenScript:
    """A whole script.

    `language` is the language that the narration is in: not the brief's where the writer lacks that one.
    `knows_facts` is False when nothing in the script comes from knowledge of the topic.
    """

    title: str
    scenes: tuple[WrittenScene, ...]
    language: str
    knows_facts: bool
    usage: Usage


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One picture. `seed` comes from content; `ordinal` tells the candidates of one frame apart, from 0.

    `scene_prompt` is what the frames of one scene share, so that their pictures belong together;
    `scene_ordinal` and `frame_ordinal` count from 0 in the script and in the scene.
    """

    prompt: str
    negative_prompt: str
    style: str
    width: int
    height: int
    seed: int
    ordinal: int
    scene_prompt: str
    scene_ordinal: int
    frame_ordinal: int


@dataclass(frozen=True, slots=True)
class MadeImage:
    """An encoded picture and the seed that it was really made from."""

    data: bytes
    mime_type: str
    width: int
    height: int
    seed: int
    usage: Usage


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A text to be read aloud as it stands: nothing in it is markup. `speed` is 0.5 to 2, 1 is natural.

    `voice` is the id of a `VoiceOffer`; None takes the language's first.
    """

    text: str
    language: str
    voice: str | None = None
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it is written, and when it is heard, half-open."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A voiceover. The words are the written text's own tokens, each once, in order.

    `spoken` is False for a silent reading: the language has no voice here, and the words are timed at
    reading speed so that captions can carry the text. `voice` is the voice that was used, None if silent.
    """

    data: bytes
    mime_type: str
    duration_s: float
    words: tuple[SpokenWord, ...]
    spoken: bool
    voice: str | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """Music by mood. `seed` comes from content; `tempo_bpm` (50 to 180) None takes the mood's own."""

    mood: str
    duration_s: float
    seed: int
    tempo_bpm: float | None = None


@dataclass(frozen=True, slots=True)
class Music:
    """Music of whole bars. Shorter than asked for only when `loopable`: then its end leads into its start."""

    data: bytes
    mime_type: str
    duration_s: float
    loopable: bool
    tempo_bpm: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """A moving picture from words, and from a first picture where one is given."""

    prompt: str
    duration_s: float
    width: int
    height: int
    seed: int
    first_image: bytes | None = None


@dataclass(frozen=True, slots=True)
class MadeClip:
    """An encoded moving picture."""

    data: bytes
    mime_type: str
    duration_s: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class LipSyncRequest:
    """A face, moving or still, and the speech that its lips shall follow."""

    picture: bytes
    speech: bytes


class Provides(Protocol):
    """What every implementation says about itself."""

    @property
    def offer(self) -> Offer:
        """What it can do here; constant for the life of the object."""
        ...


class ScriptWriter(Provides, Protocol):
    """Turns a brief into scenes and frames."""

    async def write(self, brief: ScriptBrief) -> WrittenScript:
        """Write the whole script. A given text is never changed: its words are the narration's words."""
        ...


class ImageMaker(Provides, Protocol):
    """Draws stills."""

    async def make(self, request: ImageRequest) -> MadeImage:
        """Draw one picture of exactly the size asked for, or of the nearest that the provider has."""
        ...


class Speaker(Provides, Protocol):
    """Reads a text aloud and says when each word is heard."""

    async def speak(self, request: SpeechRequest) -> Speech:
        """Speak the whole text."""
        ...


class Composer(Provides, Protocol):
    """Makes music without words."""

    async def compose(self, request: MusicRequest) -> Music:
        """Compose at least the length asked for."""
        ...


class ClipMaker(Provides, Protocol):
    """Makes moving pictures."""

    async def animate(self, request: ClipRequest) -> MadeClip:
        """Make one clip."""
        ...


class LipSyncer(Provides, Protocol):
    """Moves a face's lips to a voice."""

    async def sync(self, request: LipSyncRequest) -> MadeClip:
        """Make one clip as long as the speech."""
        ...
