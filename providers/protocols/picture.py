"""Stills: drawn from words, and changed by words."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage
from providers.protocols.prediction import Tab


@dataclass(frozen=True, slots=True)
class ReferencePicture:
    """A picture that a new one shall agree with, such as a character's; `says` what it shows."""

    data: bytes
    mime_type: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One picture. `seed` comes from content and tells candidates apart; `ordinal` does so beside one seed.

    `scene_prompt` is what the frames of one scene share, so that their pictures belong together;
    `scene_ordinal` and `frame_ordinal` count from 0 in the script and in the scene. `palette` are colours,
    `#RRGGBB`. `full_prompt` is all that a model of pictures is told to show, assembled from these; a maker
    that reads words sends that, and the `negative_prompt` in a place of its own or in words behind it.
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
    full_prompt: str = ""
    palette: tuple[str, ...] = ()
    references: tuple[ReferencePicture, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class MadeImage:
    """An encoded picture and the seed that it was really made from; None where the maker takes none."""

    data: bytes
    mime_type: str
    width: int
    height: int
    seed: int | None
    usage: Usage


class ImageMaker(Provides, Protocol):
    """Draws stills."""

    async def make(self, request: ImageRequest, tab: Tab) -> MadeImage:
        """Draw one picture of exactly the size asked for, or of the nearest that the provider has."""
        ...


@dataclass(frozen=True, slots=True)
class ImageEditRequest:
    """A picture to be changed as the words say.

    `mask` is a PNG of the picture's size whose transparent parts may change; None for all of it.
    """

    picture: bytes
    mime_type: str
    instruction: str
    width: int
    height: int
    mask: bytes | None = None
    references: tuple[ReferencePicture, ...] = ()
    seed: int | None = None
    model: str | None = None


class ImageEditor(Provides, Protocol):
    """Changes stills."""

    def model_for_mask(self, model: str | None) -> str | None:
        """The model that keeps to a mask: the named one, or the first that does. None if it does not."""
        ...

    async def edit(self, request: ImageEditRequest, tab: Tab) -> MadeImage:
        """Make the changed picture."""
        ...
