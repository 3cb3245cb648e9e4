"""Moving pictures, and lips that follow a voice."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage
from providers.protocols.picture import ReferencePicture
from providers.protocols.prediction import Tab


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """A moving picture from words, and from a first picture where one is given.

    `references` are pictures of those who appear, given where there is no first picture that shows them.
    """

    prompt: str
    duration_s: float
    width: int
    height: int
    seed: int
    first_image: bytes | None = None
    first_image_type: str = "image/png"
    negative_prompt: str = ""
    references: tuple[ReferencePicture, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class MadeClip:
    """An encoded moving picture, and the seed that it was really made from; None where the maker takes none.

    `duration_s` None: not known before it is probed.
    """

    data: bytes
    mime_type: str
    duration_s: float | None
    usage: Usage
    seed: int | None = None


class ClipMaker(Provides, Protocol):
    """Makes moving pictures."""

    async def animate(self, request: ClipRequest, tab: Tab) -> MadeClip:
        """Make one clip."""
        ...


@dataclass(frozen=True, slots=True)
class LipSyncRequest:
    """A face, moving or still, and the speech that its lips shall follow."""

    picture: bytes
    picture_type: str
    speech: bytes
    speech_type: str
    model: str | None = None


class LipSyncer(Provides, Protocol):
    """Moves a face's lips to a voice."""

    async def sync(self, request: LipSyncRequest, tab: Tab) -> MadeClip:
        """Make one clip as long as the speech."""
        ...
