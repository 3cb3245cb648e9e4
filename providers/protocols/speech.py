"""Speaking, and hearing what was spoken."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage, VoiceOffer


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A text to be read aloud as it stands: nothing in it is markup. `speed` is 0.5 to 2, 1 is natural.

    `voice` is the id of a `VoiceOffer`; None takes the language's first.
    """

    text: str
    language: str
    voice: str | None = None
    speed: float = 1.0
    model: str | None = None


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it is written, and when it is heard, half-open, in seconds from the sound's start."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A voiceover. The words are the spoken text's own tokens, each once, in order.

    `words` is None where the speaker does not say when each word is heard: somebody else has to find out.
    `spoken` is False for a silent reading: the language has no voice here, and the words are timed at
    reading speed so that captions can carry the text. `voice` is the voice that was used, None if silent.
    `duration_s` None: not known before the sound is decoded.
    """

    data: bytes
    mime_type: str
    duration_s: float | None
    words: tuple[SpokenWord, ...] | None
    spoken: bool
    voice: str | None
    usage: Usage


class Speaker(Provides, Protocol):
    """Reads a text aloud and says, if it can, when each word is heard."""

    async def speak(self, request: SpeechRequest) -> Speech:
        """Speak the whole text."""
        ...

    async def voices(self) -> tuple[VoiceOffer, ...]:
        """The voices that there are now: the offer's, or what the provider's own list says."""
        ...


@dataclass(frozen=True, slots=True)
class TranscriptionRequest:
    """Speech to be written down; `language` is a BCP-47 tag, None to find out."""

    data: bytes
    mime_type: str
    language: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard and when; `words` is empty where the model gives no times."""

    text: str
    words: tuple[SpokenWord, ...]
    usage: Usage


class Transcriber(Provides, Protocol):
    """Writes down what is said, with the time of each word."""

    async def transcribe(self, request: TranscriptionRequest) -> Transcript:
        """Write it down."""
        ...
