"""What the viewer sees beside the pictures themselves: motion, transitions, words on the screen, captions."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from documents.text import Colour, Line, Paragraph
from documents.tree.asset import Provenance, StoredFile
from documents.tree.node import Node, Stored

_ROUNDING = 1e-6
Fraction01 = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class MotionKind(StrEnum):
    """How the camera moves over a still picture."""

    AUTO = "AUTO"
    NONE = "NONE"
    ZOOM_IN = "ZOOM_IN"
    ZOOM_OUT = "ZOOM_OUT"
    PAN_LEFT = "PAN_LEFT"
    PAN_RIGHT = "PAN_RIGHT"
    PAN_UP = "PAN_UP"
    PAN_DOWN = "PAN_DOWN"
    RECTANGLES = "RECTANGLES"


class Easing(StrEnum):
    """How the motion starts and stops."""

    LINEAR = "LINEAR"
    EASE_IN = "EASE_IN"
    EASE_OUT = "EASE_OUT"
    EASE_IN_OUT = "EASE_IN_OUT"


class Rectangle(Stored):
    """A part of the picture, in fractions of its width and height from the top left corner."""

    x: Fraction01
    y: Fraction01
    width: Annotated[float, Field(ge=0.1, le=1, allow_inf_nan=False)]
    height: Annotated[float, Field(ge=0.1, le=1, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _inside(self) -> "Rectangle":
        if max(self.x + self.width, self.y + self.height) > 1 + _ROUNDING:
            msg = "reaches outside of the picture: x + width and y + height are at most 1"
            raise ValueError(msg)
        return self


class Motion(Stored):
    """Camera motion over a still: a kind, or (RECTANGLES) the part shown first and the part shown last."""

    kind: MotionKind = MotionKind.AUTO
    easing: Easing = Easing.EASE_IN_OUT
    strength: Annotated[float, Field(ge=0, le=0.5, allow_inf_nan=False)] = 0.12
    from_rectangle: Rectangle | None = None
    to_rectangle: Rectangle | None = None

    @model_validator(mode="after")
    def _both_rectangles(self) -> "Motion":
        if self.kind is MotionKind.RECTANGLES and (self.from_rectangle is None or self.to_rectangle is None):
            msg = "RECTANGLES needs fromRectangle and toRectangle"
            raise ValueError(msg)
        return self


class TransitionKind(StrEnum):
    """How one frame gives way to the next. AUTO lets the project's style decide."""

    AUTO = "AUTO"
    CUT = "CUT"
    CROSSFADE = "CROSSFADE"
    FADE_BLACK = "FADE_BLACK"
    FADE_WHITE = "FADE_WHITE"
    WIPE_LEFT = "WIPE_LEFT"
    WIPE_RIGHT = "WIPE_RIGHT"
    SLIDE_LEFT = "SLIDE_LEFT"
    SLIDE_RIGHT = "SLIDE_RIGHT"
    SLIDE_UP = "SLIDE_UP"
    SLIDE_DOWN = "SLIDE_DOWN"
    CIRCLE_OPEN = "CIRCLE_OPEN"
    DISSOLVE = "DISSOLVE"
    RADIAL = "RADIAL"


class Transition(Stored):
    """The change into the next frame; `duration_s` means nothing for a CUT."""

    kind: TransitionKind = TransitionKind.AUTO
    duration_s: Annotated[float, Field(ge=0.1, le=2, allow_inf_nan=False)] = 0.5


class TextEffectKind(StrEnum):
    """What words on the screen are for."""

    TITLE = "TITLE"
    HOOK = "HOOK"
    LOWER_THIRD = "LOWER_THIRD"


class TextEffect(Stored):
    """Words shown over the picture, apart from the captions.

    Args:
        start_s: seconds after the frame begins.
        duration_s: seconds on the screen; None until the frame ends.
    """

    kind: TextEffectKind
    text: Annotated[Paragraph, Field(min_length=1, max_length=300)]
    start_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 0.0
    duration_s: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] | None = None
    colour: Colour | None = None


EFFECTS_MAX = 10
"""Sound effects of one frame."""


class SoundEffect(Node):
    """A sound laid under a frame; it is heard to its end, into later frames if it lasts so long.

    Args:
        name: for people.
        prompt: what the sound is, in words, such as `a door creaks`; what a provider makes it from.
        start_s: seconds after the frame begins.
        volume: 0 (silent) to 1.
        wanted_s: length that is asked for; None lets the provider decide.
        file: None until it is made: then nothing is heard.
        duration_s: length of the file.
    """

    name: Line = ""
    prompt: Annotated[Paragraph, Field(max_length=1_000)] = ""
    start_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 0.0
    volume: Fraction01 = 0.5
    wanted_s: Annotated[float, Field(ge=0.5, le=30, allow_inf_nan=False)] | None = None
    file: StoredFile | None = None
    duration_s: float | None = None
    provenance: Provenance | None = None


class CaptionPreset(StrEnum):
    """How captions look."""

    NONE = "NONE"
    KARAOKE = "KARAOKE"
    POP = "POP"
    BOX = "BOX"
    PLAIN = "PLAIN"


class Placement(StrEnum):
    """Where captions stand, inside the platforms' safe areas."""

    TOP = "TOP"
    CENTER = "CENTER"
    BOTTOM = "BOTTOM"


class TextSize(StrEnum):
    """Caption size, relative to the height of the video."""

    SMALL = "SMALL"
    MEDIUM = "MEDIUM"
    LARGE = "LARGE"


class CaptionLook(Stored):
    """The captions of a whole project."""

    preset: CaptionPreset = CaptionPreset.KARAOKE
    placement: Placement = Placement.BOTTOM
    size: TextSize = TextSize.MEDIUM
    colour: Colour = "#FFFFFF"
    highlight: Colour = "#FFD400"
    outline: Colour = "#101010"
    background: Colour | None = None
    uppercase: bool = False
    max_words: Annotated[int, Field(ge=1, le=12)] = 5
