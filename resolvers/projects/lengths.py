"""How long a project's video is as things stand, and whether that is what its brief asks for."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.inputs import voice_inputs
from documents.tree.script import Frame
from tasks.buying.steps import spoken_seconds
from tasks.rendering.timeline import is_told, shot_seconds

_SLOWEST: Final = 0.5
_FASTEST: Final = 2.0
"""Bounds of `Style.speech_speed`."""


class LengthFit(StrEnum):
    """How a length compares with the brief's bounds."""

    FITS = "FITS"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"


@dataclass(frozen=True, slots=True)
class Length:
    """A video's length.

    Args:
        duration_s: in seconds: of the voices that are recorded, and by letters where they are not, or where
            something else is to be said now.
        is_measured: whether all voices are recorded as they are wanted now.
        fit: how it compares with the brief's bounds; None while there is nothing to tell.
        fitting_speed: the style's speech speed with which it would fit; None where it fits, or none would do.
    """

    duration_s: float
    is_measured: bool
    fit: LengthFit | None
    fitting_speed: float | None = None


def length_of(project: Project, cast: Cast) -> Length:
    """The length of a project that was loaded whole.

    A timeline of its own is as long as its clips; nothing that is said changes that.
    """
    if project.timeline is not None:
        arranged_s = sum(clip.duration_s for clip in project.timeline.clips)
        return Length(arranged_s, is_measured=True, fit=_fit(project, arranged_s))
    shown = [frame for _, frame in project.shown_frames()]
    if not shown:
        return Length(0.0, is_measured=False, fit=None)
    voices = {frame.id: _voice(project, frame, cast) for frame in shown if is_told(frame)}
    spoken_s = sum(voice.duration_s for voice in voices.values())
    duration_s = sum(
        shot_seconds(voices[frame.id].duration_s if frame.id in voices else None, frame.duration_s)
        for frame in shown
    )
    fit = _fit(project, duration_s)
    return Length(
        duration_s,
        is_measured=all(voice.is_measured for voice in voices.values()),
        fit=fit,
        fitting_speed=_fitting_speed(project, fit, spoken_s=spoken_s, silent_s=duration_s - spoken_s),
    )


@dataclass(frozen=True, slots=True)
class _Voice:
    duration_s: float
    is_measured: bool


def _voice(project: Project, frame: Frame, cast: Cast) -> _Voice:
    """How long a frame's voice is: as recorded, as it would be at another speed, or by letters."""
    recording, wanted = frame.voiceover.recording, voice_inputs(project, frame, cast)
    if recording is None:
        return _Voice(spoken_seconds(wanted), is_measured=False)
    spoken_from = recording.provenance.inputs_hash
    if spoken_from is None or spoken_from == wanted.hash:  # uploaded, or as it would be made now
        return _Voice(recording.duration_s, is_measured=True)
    if spoken_from == replace(wanted, speed=recording.speed).hash:
        return _Voice(recording.duration_s * recording.speed / wanted.speed, is_measured=False)
    return _Voice(spoken_seconds(wanted), is_measured=False)


def _fit(project: Project, duration_s: float) -> LengthFit:
    low, high = project.brief.min_duration_s, project.brief.max_duration_s
    if high is not None and duration_s > high:
        return LengthFit.TOO_LONG
    if low is not None and duration_s < low:
        return LengthFit.TOO_SHORT
    return LengthFit.FITS


def _fitting_speed(project: Project, fit: LengthFit, *, spoken_s: float, silent_s: float) -> float | None:
    """What is said takes as much longer as it is said slower; the rest stays as long as it is."""
    brief, at_speed_1 = project.brief, spoken_s * project.style.speech_speed
    bound = {LengthFit.TOO_LONG: brief.max_duration_s, LengthFit.TOO_SHORT: brief.min_duration_s}.get(fit)
    if bound is None or bound <= silent_s:
        return None
    exact = 100 * at_speed_1 / (bound - silent_s)
    speed = (math.ceil(exact) if fit is LengthFit.TOO_LONG else math.floor(exact)) / 100
    return speed if _SLOWEST <= speed <= _FASTEST else None
