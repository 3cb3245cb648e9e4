"""One shot's moving picture as a filter chain: cropped to the frame's shape, moved, cut to a piece."""

from fractions import Fraction
from typing import Final

import ffmpeg
from ffmpeg import VideoStream

from rendering.encoding import interpolation
from rendering.frame_grid import exact, nearest
from rendering.motion import corners
from rendering.timeline import Profile, Shot, Source, SourceKind, VideoFormat

IMAGE_DEMUXERS: Final = {
    "png": "png_pipe",
    "jpg": "jpeg_pipe",
    "jpeg": "jpeg_pipe",
    "webp": "webp_pipe",
}
CLIP_DEMUXERS: Final = {"mp4": "mov", "mov": "mov", "m4v": "mov", "webm": "matroska", "mkv": "matroska"}
INPUT_OPTIONS: Final = {"protocol_whitelist": "file,pipe", "threads": "1"}
"""An input can name no address, and is decoded by one thread, since workers give the parallelism."""

_WITH_ALPHA: Final = frozenset({"png", "webp"})
_HAIR_S: Final = 0.0005
_LAST_S: Final = 1.0
"""Before its end a clip has a picture in every stretch of this length."""


def demuxer(source: Source) -> str:
    """Return the one demuxer that may open the source: content can not choose another, such as a playlist's.

    Raises:
        ValueError: the extension is of no known kind.
    """
    known = IMAGE_DEMUXERS if source.kind is SourceKind.IMAGE else CLIP_DEMUXERS
    try:
        return known[source.extension]
    except KeyError:
        raise ValueError(
            f"source.extension: is {source.extension!r}; it may be {', '.join(known)} "
            f"for a source of kind {source.kind.value}"
        ) from None


def picture(
    shot: Shot,
    name: str,
    video_format: VideoFormat,
    profile: Profile,
    *,
    first: int,
    video_frames: int,
    seen_frames: int,
    overlap_in: int,
) -> VideoStream:
    """Return a piece of a shot as yuv420p video in the frame's size, its frames numbered from 0.

    Args:
        shot: the shot; its `duration_s` does not matter here.
        name: the source's file name in the working folder.
        video_format: the frame.
        profile: says how a moving picture is sampled.
        first: the piece's first video frame, counted from where the shot is first seen.
        video_frames: the piece's length.
        seen_frames: how many video frames the whole shot is seen.
        overlap_in: how many of them come before the shot's own start.

    Raises:
        ValueError: the source's extension is of no known kind.
    """
    if shot.source.kind is SourceKind.CLIP:
        held = 0
        if shot.plays_at_s is not None:
            held = overlap_in + nearest(exact(shot.plays_at_s) * video_format.fps)
        return _clip(shot, name, video_format, first=first, video_frames=video_frames, held=held)
    opened = ffmpeg.input(
        name, f=demuxer(shot.source), extra_options={"framerate": str(video_format.fps), **INPUT_OPTIONS}
    )
    # The loop filter repeats the decoded picture; `-loop 1` would decode the file again for each frame.
    shown = opened.video
    if shot.source.extension in _WITH_ALPHA:
        # What is see-through becomes black: the colours stored there were never meant to be seen.
        shown = ffmpeg.vfilter(shown.format(pix_fmts="gbrap"), name="premultiply", inplace=1)
    still = _fitted(shown, shot, video_format).loop(loop=video_frames - 1, size=1, start=0).setpts(expr="N")
    move = corners(shot.motion, first=first, frames=seen_frames)
    if move is None:
        return still
    return still.perspective(
        x0=move.x0,
        y0=move.y0,
        x1=move.x1,
        y1=move.y1,
        x2=move.x2,
        y2=move.y2,
        x3=move.x3,
        y3=move.y3,
        interpolation=interpolation(profile),
        sense="source",
        eval="frame",
    )


def tagged(stream: VideoStream) -> VideoStream:
    """Mark the stream as BT.709, limited range: options of the encoder alone leave the matrix unknown."""
    return stream.setparams(
        range="tv", colorspace="bt709", color_primaries="bt709", color_trc="bt709"
    ).setsar(sar="1")


def _clip(
    shot: Shot, name: str, video_format: VideoFormat, *, first: int, video_frames: int, held: int
) -> VideoStream:
    # Every piece counts from the clip's own start, so that pieces meet without a repeated or lost frame.
    opened_s, skipped = _opening(shot, video_format.fps)
    opened = ffmpeg.input(
        name,
        f=demuxer(shot.source),
        ss=f"{max(0.0, opened_s - _HAIR_S):.6f}" if opened_s else None,
        extra_options=dict(INPUT_OPTIONS),
    )
    played = opened.video
    end_s = _end_s(shot)
    if shot.trim_end_s and end_s is not None:
        played = played.setpts(expr="PTS-STARTPTS").trim(end=f"{max(end_s - opened_s, _HAIR_S):.6f}")
    played = played.setpts(expr=f"(PTS-STARTPTS)/{shot.speed!r}").fps(fps=str(video_format.fps), start_time=0)
    if skipped:
        played = played.tpad(stop_mode="clone", stop=-1).trim(start_frame=skipped).setpts(expr="PTS-STARTPTS")
    if held:
        played = played.tpad(start_mode="clone", start=held)
    piece = played.tpad(stop_mode="clone", stop=-1).trim(start_frame=first, end_frame=first + video_frames)
    return _fitted(piece, shot, video_format).settb(expr=f"1/{video_format.fps}").setpts(expr="N")


def _end_s(shot: Shot) -> float | None:
    """Where in the clip nothing more of it is shown."""
    known = shot.source.duration_s
    return None if known is None else max(known - shot.trim_end_s, _HAIR_S)


def _opening(shot: Shot, fps: int) -> tuple[float, int]:
    """Where the clip is opened, and how many video frames from there on are not shown.

    Opened past its end a clip would have no picture at all to hold: then it is opened a little before.
    """
    end_s = _end_s(shot)
    if end_s is None or shot.trim_start_s <= end_s - _LAST_S:
        return shot.trim_start_s, 0
    opened_s = max(0.0, end_s - _LAST_S)
    skipped_s = (exact(shot.trim_start_s) - exact(opened_s)) / exact(shot.speed)
    return opened_s, nearest(skipped_s * Fraction(fps))


def _fitted(stream: VideoStream, shot: Shot, video_format: VideoFormat) -> VideoStream:
    """Crop to the frame's shape around the focus, then scale.

    Cropping first bounds the memory: a very long picture scaled to cover the frame could be gigabytes.
    """
    width, height = video_format.width, video_format.height
    cropped = stream.crop(
        out_w=f"max(1,min(iw,round(ih*{width}/{height})))",
        out_h=f"max(1,min(ih,round(iw*{height}/{width})))",
        x=f"(in_w-out_w)*{shot.motion.focus_x:.9f}",
        y=f"(in_h-out_h)*{shot.motion.focus_y:.9f}",
    )
    scaled = cropped.scale(
        w=str(width), h=str(height), flags="lanczos", out_color_matrix="bt709", out_range="tv"
    )
    return tagged(scaled.format(pix_fmts="yuv420p"))
