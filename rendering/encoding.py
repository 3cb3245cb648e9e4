"""How a profile sets x264. All segments of a render share these, or they could not be joined by copying."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rendering.timeline import Profile, VideoFormat

TIME_BASE_PER_FRAME: Final = 512
"""Ticks of the MP4 time base that one video frame lasts."""

VIDEO_GLOBAL_ARGUMENTS: Final = ("-cpuflags", "avx2", "-filter_complex_threads", "1")
"""AVX-512 computes other pixels than AVX2; with one instruction set all machines write the same bytes."""

_KEYFRAME_EVERY_S: Final = 4


@dataclass(frozen=True, slots=True)
class _Effort:
    preset: str
    crf: int
    interpolation: str


_EFFORTS: Final[Mapping[Profile, _Effort]] = {
    Profile.PREVIEW: _Effort("veryfast", 28, "linear"),
    Profile.DRAFT: _Effort("veryfast", 23, "linear"),
    Profile.STANDARD: _Effort("medium", 20, "linear"),
    Profile.HIGH: _Effort("slow", 18, "cubic"),
}


def interpolation(profile: Profile) -> str:
    """Return how `perspective` samples between pixels."""
    return _EFFORTS[profile].interpolation


def video_options(profile: Profile, video_format: VideoFormat, *, video_frames: int) -> dict[str, str]:
    """Return FFmpeg's output options for a segment of so many video frames."""
    effort = _EFFORTS[profile]
    keyframe_every = str(_KEYFRAME_EVERY_S * video_format.fps)
    return {
        "frames:v": str(video_frames),
        "c:v": "libx264",
        "preset": effort.preset,
        "crf": str(effort.crf),
        "profile:v": "high",
        "g": keyframe_every,
        "keyint_min": keyframe_every,
        "sc_threshold": "0",
        # With more threads x264 does not always write the same bytes; workers give the parallelism.
        "threads": "1",
        "pix_fmt": "yuv420p",
        "color_range": "tv",
        "colorspace": "bt709",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "r": str(video_format.fps),
        "video_track_timescale": str(video_format.fps * TIME_BASE_PER_FRAME),
        "fflags": "+bitexact",
        "flags:v": "+bitexact",
        "map_metadata": "-1",
    }
