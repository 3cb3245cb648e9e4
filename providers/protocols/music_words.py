"""Words for a composer: what music would go with a video."""

from dataclasses import dataclass
from typing import Final, Protocol

from providers.protocols.offer import Provides, Usage

SLOWEST_BPM: Final = 50.0
FASTEST_BPM: Final = 180.0


@dataclass(frozen=True, slots=True)
class MusicWordsRequest:
    """A video without music: its title and the whole narration.

    `moods` are those that the composer knows, by name; empty where it takes any word.
    """

    title: str
    narration: str
    language: str
    moods: tuple[str, ...] = ()
    tone: str | None = None
    audience: str | None = None
    culture: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class MusicWords:
    """What to ask a composer for.

    `mood` is one of the request's, or a word or two. `prompt` is in English, which composers read, and names
    nobody. `tempo_bpm` is 50 to 180.
    """

    mood: str
    prompt: str
    tempo_bpm: float
    usage: Usage


class MusicAdviser(Provides, Protocol):
    """Finds words for the music out of what is told."""

    async def suggest(self, request: MusicWordsRequest) -> MusicWords:
        """Find the words."""
        ...
