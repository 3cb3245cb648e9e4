"""Which of FFmpeg's `xfade` kinds each transition is."""

from collections.abc import Mapping
from typing import Final

from rendering.timeline import TransitionKind

XFADE_NAMES: Final[Mapping[TransitionKind, str]] = {
    TransitionKind.CROSSFADE: "fade",
    TransitionKind.FADE_BLACK: "fadeblack",
    TransitionKind.FADE_WHITE: "fadewhite",
    TransitionKind.DISSOLVE: "dissolve",
    TransitionKind.WIPE_LEFT: "wipeleft",
    TransitionKind.WIPE_RIGHT: "wiperight",
    TransitionKind.WIPE_UP: "wipeup",
    TransitionKind.WIPE_DOWN: "wipedown",
    TransitionKind.SLIDE_LEFT: "slideleft",
    TransitionKind.SLIDE_RIGHT: "slideright",
    TransitionKind.SLIDE_UP: "slideup",
    TransitionKind.SLIDE_DOWN: "slidedown",
    TransitionKind.SMOOTH_LEFT: "smoothleft",
    TransitionKind.SMOOTH_RIGHT: "smoothright",
    TransitionKind.SMOOTH_UP: "smoothup",
    TransitionKind.SMOOTH_DOWN: "smoothdown",
    TransitionKind.COVER_LEFT: "coverleft",
    TransitionKind.COVER_RIGHT: "coverright",
    TransitionKind.REVEAL_LEFT: "revealleft",
    TransitionKind.REVEAL_RIGHT: "revealright",
    TransitionKind.CIRCLE_OPEN: "circleopen",
    TransitionKind.CIRCLE_CLOSE: "circleclose",
    TransitionKind.RADIAL: "radial",
    TransitionKind.ZOOM: "zoomin",
    TransitionKind.BLUR: "hblur",
    TransitionKind.PIXELATE: "pixelize",
}
