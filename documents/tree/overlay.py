"""What a brand brings to a style: pictures laid over the whole video, and a font."""

from enum import StrEnum
from typing import Annotated, Final

from beanie import PydanticObjectId
from pydantic import ConfigDict, Field

from documents.text import Line
from documents.tree.asset import Provenance, StoredFile
from documents.tree.node import Stored

OVERLAYS_MAX: Final = 4
"""How many a video shows at once."""


class BrandFont(Stored):
    """A font for captions and titles; its file is the project's own copy."""

    name: Line
    file: StoredFile
    provenance: Provenance


class Corner(StrEnum):
    """Where an overlay stands, inside the platforms' safe areas."""

    TOP_LEFT = "TOP_LEFT"
    TOP_RIGHT = "TOP_RIGHT"
    BOTTOM_LEFT = "BOTTOM_LEFT"
    BOTTOM_RIGHT = "BOTTOM_RIGHT"


OverlaySize = Annotated[float, Field(ge=0.04, le=0.5, allow_inf_nan=False)]
Opacity = Annotated[float, Field(ge=0.05, le=1, allow_inf_nan=False)]


class OverlayLook(Stored):
    """How an overlay is shown.

    Args:
        size: its longer side, as a share of the video's shorter side.
        opacity: 1 hides what is behind it.
    """

    model_config = ConfigDict(extra="forbid")

    corner: Corner = Corner.TOP_RIGHT
    size: OverlaySize = 0.2
    opacity: Opacity = 1.0


class Overlay(OverlayLook):
    """An overlay of a project; its file is the project's own copy.

    Args:
        width: of its picture, in pixels.
        height: of its picture, in pixels.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    file: StoredFile
    width: int
    height: int
    provenance: Provenance
