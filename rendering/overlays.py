"""Pictures that are laid over the whole video: where they stand, and the filters that put them there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import ffmpeg
from ffmpeg import VideoStream

from rendering.captions_layout import safe_area
from rendering.picture import IMAGE_DEMUXERS, INPUT_OPTIONS
from rendering.timeline import Corner, Overlay, VideoFormat

_GAP: Final = 0.02  # between two overlays of one corner, as a share of the frame's shorter side


@dataclass(frozen=True, slots=True)
class PlacedOverlay:
    """An overlay and the box that it fills, in whole, even pixels of the frame; `name` is its file's."""

    overlay: Overlay
    name: str
    x: int
    y: int
    width: int
    height: int


def placed_overlays(overlays: Sequence[Overlay], video_format: VideoFormat) -> tuple[PlacedOverlay, ...]:
    """Give each overlay its box: in its corner of the safe area, below (above) the one that is there already.

    One for which a corner has no room left is pushed back into the safe area, over its neighbour.
    """
    area = safe_area(video_format)
    short = min(video_format.width, video_format.height)
    used = dict.fromkeys(Corner, 0.0)
    placed = []
    for number, overlay in enumerate(overlays):
        scale = overlay.size * short / max(overlay.width, overlay.height)
        width, height = _even(overlay.width * scale), _even(overlay.height * scale)
        is_left = overlay.corner in {Corner.TOP_LEFT, Corner.BOTTOM_LEFT}
        is_top = overlay.corner in {Corner.TOP_LEFT, Corner.TOP_RIGHT}
        taken = used[overlay.corner]
        x = area.left if is_left else area.right - width
        y = area.top + taken if is_top else area.bottom - height - taken
        y = min(max(y, area.top), area.bottom - height)
        used[overlay.corner] = taken + height + _GAP * short
        name = f"overlay{number}.{overlay.extension}"
        # Even, since a pixel of colour covers two of brightness each way.
        placed.append(PlacedOverlay(overlay, name, _even_floor(x), _even_floor(y), width, height))
    return tuple(placed)


def laid_over(stream: VideoStream, placed: PlacedOverlay) -> VideoStream:
    """Return yuv420p video with the overlay on each of its frames; one decoded picture serves them all.

    Raises:
        ValueError: the overlay's extension is of no known kind.
    """
    known = IMAGE_DEMUXERS.get(placed.overlay.extension)
    if known is None:
        extension = placed.overlay.extension
        raise ValueError(f"overlay.extension: is {extension!r}; it may be {', '.join(IMAGE_DEMUXERS)}")
    opened = ffmpeg.input(placed.name, f=known, extra_options=dict(INPUT_OPTIONS))
    # Scaled with its colours multiplied by their opacity: what hides under see-through parts would bleed out.
    multiplied = ffmpeg.vfilter(opened.video.format(pix_fmts="gbrap"), name="premultiply", inplace=1)
    scaled = multiplied.scale(w=str(placed.width), h=str(placed.height), flags="area")
    shown = ffmpeg.vfilter(scaled, name="unpremultiply", inplace=1)
    if placed.overlay.opacity < 1:
        shown = shown.colorchannelmixer(aa=placed.overlay.opacity)
    shown = shown.scale(out_color_matrix="bt709", out_range="tv").format(pix_fmts="yuva420p")
    # FFmpeg goes by the frame's mark, and unpremultiply leaves the one that says multiplied.
    return stream.overlay(
        shown, x=str(placed.x), y=str(placed.y), format="yuv420", alpha="straight", eof_action="repeat"
    ).format(pix_fmts="yuv420p")


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))


def _even_floor(length: float) -> int:
    return max(0, 2 * int(length // 2))
