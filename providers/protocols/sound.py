"""Music and sound effects."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage
from providers.protocols.prediction import Tab


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """Music by mood. `seed` comes from content; `tempo_bpm` (50 to 180) None takes the mood's own.

    `prompt` describes the music in words, for composers that read them.
    """

    mood: str
    duration_s: float
    seed: int
    tempo_bpm: float | None = None
    prompt: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Music:
    """Music. Shorter than asked for only when `loopable`: then its end leads into its start.

    `duration_s` None: not known before the sound is decoded. `seed` is the one that it was really made from;
    None where the maker takes none.
    """

    data: bytes
    mime_type: str
    duration_s: float | None
    loopable: bool
    tempo_bpm: float | None
    usage: Usage
    seed: int | None = None


class Composer(Provides, Protocol):
    """Makes music without words."""

    async def compose(self, request: MusicRequest, tab: Tab) -> Music:
        """Compose at least the length asked for, or as much as the provider makes."""
        ...


@dataclass(frozen=True, slots=True)
class SoundEffectRequest:
    """A sound by its description, such as `a door creaks`. `duration_s` None lets the provider decide."""

    prompt: str
    duration_s: float | None
    seed: int
    model: str | None = None


@dataclass(frozen=True, slots=True)
class MadeSound:
    """An encoded sound, and the seed that it was really made from; None where the maker takes none.

    `duration_s` None: not known before it is decoded.
    """

    data: bytes
    mime_type: str
    duration_s: float | None
    usage: Usage
    seed: int | None = None


class SoundMaker(Provides, Protocol):
    """Makes sound effects."""

    def check(self, request: SoundEffectRequest) -> None:
        """Say of what cannot be made that it cannot, before anybody waits for it; `make` says it too.

        Raises:
            InvalidRequest: the prompt or the duration is none that is taken here.
        """
        ...

    async def make(self, request: SoundEffectRequest, tab: Tab) -> MadeSound:
        """Make one sound."""
        ...
