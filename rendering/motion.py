"""Camera moves over stills, as expressions for FFmpeg's `perspective` filter.

`perspective` samples between pixels; `zoompan` rounds its window to whole ones, which shakes.
"""

from dataclasses import dataclass

from rendering.timeline import Easing, Motion, MotionKind, Rect

# A pan at exactly the picture's own size breathes in sharpness as it crosses whole pixels.
_PAN_STRENGTH_MIN = 0.04
_EASINGS = {
    Easing.LINEAR: "{t}",
    Easing.EASE_IN: "{t}*{t}",
    Easing.EASE_OUT: "{t}*(2-{t})",
    Easing.EASE_IN_OUT: "{t}*{t}*(3-2*{t})",
}
_WHOLE = Rect(x=0, y=0, size=1)


@dataclass(frozen=True, slots=True)
class Corners:
    """The `perspective` filter's expressions for the four source corners."""

    x0: str
    y0: str
    x1: str
    y1: str
    x2: str
    y2: str
    x3: str
    y3: str


def way(motion: Motion) -> tuple[Rect, Rect]:
    """Return the rectangles at which the move begins and ends; both the same when nothing moves."""
    if motion.from_rect is not None and motion.to_rect is not None:
        return motion.from_rect, motion.to_rect
    if motion.kind is MotionKind.NONE or motion.strength == 0:
        return _WHOLE, _WHOLE
    if motion.kind in (MotionKind.ZOOM_IN, MotionKind.ZOOM_OUT):
        near = _window(motion.strength, motion.focus_x, motion.focus_y)
        return (_WHOLE, near) if motion.kind is MotionKind.ZOOM_IN else (near, _WHOLE)
    strength = max(motion.strength, _PAN_STRENGTH_MIN)
    low_x, high_x = _window(strength, 0, motion.focus_y), _window(strength, 1, motion.focus_y)
    low_y, high_y = _window(strength, motion.focus_x, 0), _window(strength, motion.focus_x, 1)
    return {
        MotionKind.PAN_LEFT: (high_x, low_x),
        MotionKind.PAN_RIGHT: (low_x, high_x),
        MotionKind.PAN_UP: (high_y, low_y),
        MotionKind.PAN_DOWN: (low_y, high_y),
    }[motion.kind]


def corners(motion: Motion, *, first: int, frames: int) -> Corners | None:
    """Return the expressions for a piece of a move, None when the whole picture stands still.

    Args:
        motion: the move.
        first: the piece's first video frame within the move.
        frames: how many video frames the whole move takes, over all pieces.
    """
    start, end = way(motion)
    if start == end == _WHOLE:
        return None
    # `on` counts the filter's output from 1. A move of one frame stays at its beginning.
    passed = f"min(1,(on+{first - 1})/{max(1, frames - 1)})"
    eased = _EASINGS[motion.easing].format(t=passed)
    x = _between(start.x, end.x, eased)
    y = _between(start.y, end.y, eased)
    size = _between(start.size, end.size, eased)
    left, top, right, bottom = f"W*({x})", f"H*({y})", f"W*({x}+{size})", f"H*({y}+{size})"
    return Corners(left, top, right, top, left, bottom, right, bottom)


def _window(strength: float, across: float, down: float) -> Rect:
    size = 1 / (1 + strength)
    return Rect(x=(1 - size) * across, y=(1 - size) * down, size=size)


def _between(start: float, end: float, eased: str) -> str:
    if start == end:
        return f"{start:.9f}"
    return f"({start:.9f}+({end - start:.9f})*{eased})"
