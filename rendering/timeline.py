"""The timeline: an immutable snapshot of everything that a render shows and plays.

It is plain data that survives a round trip through JSON unchanged. Pictures and sounds are named by the
SHA-256 of their bytes, so a timeline can be planned, compared and cached on a machine that has none of them.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_SIDE_MIN, _SIDE_MAX = 64, 3840
_SHORT_SIDES = {"480p": 480, "720p": 720, "1080p": 1080}
_ASPECTS = {"9:16": (9, 16), "1:1": (1, 1), "4:5": (4, 5), "16:9": (16, 9)}


def _between(low: float, high: float, unit: str = "") -> Callable[[float], float]:
    def check(value: float) -> float:
        if not low <= value <= high:
            raise ValueError(f"is {value:g}{unit}; it may be {low:g} to {high:g}{unit}")
        return value

    return check


def _even(value: int) -> int:
    if value % 2 or not _SIDE_MIN <= value <= _SIDE_MAX:
        raise ValueError(f"is {value}; it must be an even number of pixels from {_SIDE_MIN} to {_SIDE_MAX}")
    return value


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Extension = Annotated[str, Field(pattern=r"^[a-z0-9]{1,5}$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Share = Annotated[float, AfterValidator(_between(0, 1))]
Seconds = Annotated[float, AfterValidator(_between(0, 36_000, " s"))]


class _Snapshot(BaseModel):
    """What all parts share: frozen, no unknown fields, only finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Profile(StrEnum):
    """How much work the encoder puts into the picture."""

    PREVIEW = "preview"
    DRAFT = "draft"
    STANDARD = "standard"
    HIGH = "high"


class SourceKind(StrEnum):
    """What a shot shows."""

    IMAGE = "image"
    CLIP = "clip"


class MotionKind(StrEnum):
    """How the camera moves over a still. `RECTANGLES` goes from one given rectangle to another."""

    NONE = "none"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    PAN_UP = "pan_up"
    PAN_DOWN = "pan_down"
    RECTANGLES = "rectangles"


class Easing(StrEnum):
    """How the camera's speed changes along its way."""

    LINEAR = "linear"
    EASE_IN = "ease_in"
    EASE_OUT = "ease_out"
    EASE_IN_OUT = "ease_in_out"


class TransitionKind(StrEnum):
    """How one shot gives way to the next."""

    CUT = "cut"
    CROSSFADE = "crossfade"
    FADE_BLACK = "fade_black"
    FADE_WHITE = "fade_white"
    DISSOLVE = "dissolve"
    WIPE_LEFT = "wipe_left"
    WIPE_RIGHT = "wipe_right"
    WIPE_UP = "wipe_up"
    WIPE_DOWN = "wipe_down"
    SLIDE_LEFT = "slide_left"
    SLIDE_RIGHT = "slide_right"
    SLIDE_UP = "slide_up"
    SLIDE_DOWN = "slide_down"
    SMOOTH_LEFT = "smooth_left"
    SMOOTH_RIGHT = "smooth_right"
    SMOOTH_UP = "smooth_up"
    SMOOTH_DOWN = "smooth_down"
    COVER_LEFT = "cover_left"
    COVER_RIGHT = "cover_right"
    REVEAL_LEFT = "reveal_left"
    REVEAL_RIGHT = "reveal_right"
    CIRCLE_OPEN = "circle_open"
    CIRCLE_CLOSE = "circle_close"
    RADIAL = "radial"
    ZOOM = "zoom"
    BLUR = "blur"
    PIXELATE = "pixelate"


class TextEffectKind(StrEnum):
    """The role of a text that is burned into a shot."""

    TITLE = "title"
    HOOK = "hook"
    LOWER_THIRD = "lower_third"


class CaptionPreset(StrEnum):
    """How spoken words appear: not at all, whole lines, the spoken word coloured, or one popping up."""

    NONE = "none"
    PLAIN = "plain"
    KARAOKE = "karaoke"
    POP = "pop"


class CaptionPosition(StrEnum):
    """Where captions stand inside the platforms' safe area."""

    TOP = "top"
    CENTER = "center"
    BOTTOM = "bottom"


class Corner(StrEnum):
    """Where an overlay stands inside the platforms' safe area."""

    TOP_LEFT = "top_left"
    TOP_RIGHT = "top_right"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM_RIGHT = "bottom_right"


class VideoFormat(_Snapshot):
    """Size in square pixels, both even, and whole video frames a second."""

    width: Annotated[int, AfterValidator(_even)]
    height: Annotated[int, AfterValidator(_even)]
    fps: Literal[24, 25, 30, 60] = 30

    @classmethod
    def named(cls, aspect: str, resolution: str, fps: Literal[24, 25, 30, 60] = 30) -> Self:
        """Return the format of an aspect ("9:16", "1:1", "4:5", "16:9") at "480p", "720p" or "1080p".

        The resolution is the shorter side; the longer one is rounded up to an even number.

        Raises:
            ValueError: the aspect or the resolution is not one of these.
        """
        if aspect not in _ASPECTS:
            raise ValueError(f"aspect: is {aspect!r}; it may be {', '.join(_ASPECTS)}")
        if resolution not in _SHORT_SIDES:
            raise ValueError(f"resolution: is {resolution!r}; it may be {', '.join(_SHORT_SIDES)}")
        across, down = _ASPECTS[aspect]
        short = _SHORT_SIDES[resolution]
        return cls(width=_scaled(short, across, down), height=_scaled(short, down, across), fps=fps)


def _scaled(short: int, side: int, other: int) -> int:
    exact = short if side <= other else -(-short * side // other)
    return exact + exact % 2


class Source(_Snapshot):
    """A picture or clip: the hash of its bytes, its file extension, and its size in pixels as displayed.

    `duration_s` is a clip's length, None where it is not known.
    """

    sha256: Sha256
    kind: SourceKind
    extension: Extension
    width: Annotated[int, Field(ge=1, le=32_768)]
    height: Annotated[int, Field(ge=1, le=32_768)]
    duration_s: Annotated[float, AfterValidator(_between(0.01, 36_000, " s"))] | None = None


class Rect(_Snapshot):
    """A part of the frame-filling picture: left, top and size as shares (0 to 1) of its width and height.

    One size serves both directions, so that a rectangle always has the shape of the frame.
    """

    x: Share
    y: Share
    size: Annotated[float, AfterValidator(_between(0.2, 1))]

    @model_validator(mode="after")
    def _inside(self) -> Self:
        # A hair of slack: 0.7 + 0.3 need not be exactly 1 in floating point.
        if max(self.x, self.y) + self.size > 1 + 1e-9:
            raise ValueError(
                "x + size and y + size may not exceed 1: the rectangle must lie inside the picture"
            )
        return self


class Motion(_Snapshot):
    """A camera move over a still; clips keep their own motion.

    `strength` says how far a zoom or pan goes (0.15: to 1.15 times the size). `focus_x` and `focus_y` are the
    point (0 to 1, from the left and top) which zooms aim at, and around which a picture of another shape is
    cropped; the crop counts for clips as well.
    """

    kind: MotionKind = MotionKind.ZOOM_IN
    easing: Easing = Easing.LINEAR
    strength: Annotated[float, AfterValidator(_between(0, 1))] = 0.15
    focus_x: Share = 0.5
    focus_y: Share = 0.5
    from_rect: Rect | None = None
    to_rect: Rect | None = None

    @model_validator(mode="after")
    def _has_rectangles(self) -> Self:
        given = self.from_rect is not None and self.to_rect is not None
        if (self.kind is MotionKind.RECTANGLES) != given:
            raise ValueError("from_rect and to_rect are given, both, with kind `rectangles` and no other")
        return self


class Transition(_Snapshot):
    """The way into the next shot; it takes the last `duration_s` of its own shot. A cut takes no time."""

    kind: TransitionKind = TransitionKind.CUT
    duration_s: Annotated[float, AfterValidator(_between(0, 5, " s"))] = 0.5


class Word(_Snapshot):
    """A spoken word and when it sounds, in seconds from the start of its voice file."""

    text: Annotated[str, Field(min_length=1, max_length=200)]
    start_s: Seconds
    end_s: Seconds

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end_s < self.start_s:
            raise ValueError(f"end_s: is {self.end_s:g} s; it may not be before start_s, {self.start_s:g} s")
        return self


class Voice(_Snapshot):
    """A voiceover that starts `lead_in_s` after its shot; what outlasts the video is cut."""

    sha256: Sha256
    extension: Extension
    duration_s: Annotated[float, AfterValidator(_between(0.01, 3600, " s"))]
    lead_in_s: Annotated[float, AfterValidator(_between(0, 60, " s"))] = 0.0
    words: tuple[Word, ...] = ()


class SoundEffect(_Snapshot):
    """A sound that starts `start_s` after its shot and is heard to its end, in later shots too.

    `volume` is a factor from 0 to 1. No voice ducks it. What outlasts the video is cut.
    """

    sha256: Sha256
    extension: Extension
    duration_s: Annotated[float, AfterValidator(_between(0.01, 3600, " s"))]
    start_s: Seconds = 0.0
    volume: Share = 0.5


class Music(_Snapshot):
    """Music under the whole video, looped to its length and faded out at its end.

    `volume` is a factor from 0 to 1; `ducking` lowers it further while a voice sounds.
    """

    sha256: Sha256
    extension: Extension
    duration_s: Annotated[float, AfterValidator(_between(0.1, 36_000, " s"))]
    volume: Share = 0.35
    ducking: bool = True
    fade_out_s: Annotated[float, AfterValidator(_between(0, 30, " s"))] = 1.5


class TextEffect(_Snapshot):
    """A text burned into a shot from `start_s` (after the shot's start), by default until the shot ends."""

    kind: TextEffectKind
    text: Annotated[str, Field(min_length=1, max_length=300)]
    start_s: Seconds = 0.0
    duration_s: Annotated[float, AfterValidator(_between(0.1, 3600, " s"))] | None = None
    colour: Colour = "#FFFFFF"
    background: Colour | None = None


class CaptionStyle(_Snapshot):
    """How captions look.

    `size` is the letters' height as a share of the frame's shorter side; `background` is the box behind a
    line, None for none; `max_words` is the most words shown at once.
    """

    preset: CaptionPreset = CaptionPreset.KARAOKE
    position: CaptionPosition = CaptionPosition.BOTTOM
    size: Annotated[float, AfterValidator(_between(0.02, 0.2))] = 0.075
    colour: Colour = "#FFFFFF"
    highlight: Colour = "#FFD400"
    outline: Colour = "#000000"
    background: Colour | None = None
    uppercase: bool = False
    max_words: Annotated[int, Field(ge=1, le=20)] = 5


class BrandFont(_Snapshot):
    """A font for all texts, as far as it has their letters."""

    sha256: Sha256
    extension: Extension


class Overlay(_Snapshot):
    """A picture over the whole video, under its texts: a logo, a watermark.

    `size` is its longer side as a share of the frame's shorter side; it keeps its shape. Overlays of one
    corner stand one below the other, in their order.
    """

    sha256: Sha256
    extension: Extension
    width: Annotated[int, Field(ge=1, le=32_768)]
    height: Annotated[int, Field(ge=1, le=32_768)]
    corner: Corner = Corner.TOP_RIGHT
    size: Annotated[float, AfterValidator(_between(0.04, 0.5))] = 0.2
    opacity: Annotated[float, AfterValidator(_between(0.05, 1))] = 1.0


class Shot(_Snapshot):
    """One source's time on screen.

    Shots stand end to end; a transition overlaps the end of its shot with a moving start of the next one,
    and changes no shot's place. The others are for clips: `trim_start_s` says where in the clip the shot
    begins, `trim_end_s` how much of its end is not shown (for a source whose length is known), `speed` how
    fast it plays. It plays from where it is first seen; with `plays_at_s` it holds its first picture until so
    long after the shot's own start. A clip that ends early holds its last picture. `source_volume`, a factor
    from 0 to 1, says how loud the clip's own sound is while it plays; only a clip that has one may be heard.
    """

    id: Annotated[str, Field(min_length=1, max_length=100)]
    source: Source
    duration_s: Annotated[float, AfterValidator(_between(0.1, 3600, " s"))]
    motion: Motion = Motion()
    transition: Transition = Transition()
    voice: Voice | None = None
    texts: tuple[TextEffect, ...] = ()
    sounds: Annotated[tuple[SoundEffect, ...], Field(max_length=10)] = ()
    trim_start_s: Seconds = 0.0
    trim_end_s: Seconds = 0.0
    plays_at_s: Annotated[float, AfterValidator(_between(0, 60, " s"))] | None = None
    speed: Annotated[float, AfterValidator(_between(0.25, 4))] = 1.0
    source_volume: Share = 0.0


class Timeline(_Snapshot):
    """All that one render shows and plays. `language` is a BCP 47 tag; it chooses fonts and line breaks."""

    format: VideoFormat
    profile: Profile = Profile.STANDARD
    shots: Annotated[tuple[Shot, ...], Field(min_length=1, max_length=2000)]
    captions: CaptionStyle = CaptionStyle()
    font: BrandFont | None = None
    overlays: Annotated[tuple[Overlay, ...], Field(max_length=4)] = ()
    music: Music | None = None
    voice_gain_db: Annotated[float, AfterValidator(_between(-30, 30, " dB"))] = 0.0
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] = "en"

    @model_validator(mode="after")
    def _shot_ids_differ(self) -> Self:
        seen: set[str] = set()
        for shot in self.shots:
            if shot.id in seen:
                raise ValueError(f"shots: the id {shot.id!r} stands twice; each shot has its own")
            seen.add(shot.id)
        return self
