"""The last look at a finished video: is it what was planned, and does it show and sound as it should?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from rendering.audio import placed_voices
from rendering.errors import InspectionFailed
from rendering.frame_grid import SAMPLE_RATE
from rendering.join import Finished
from rendering.loudness import TARGET_LUFS, TOLERANCE_LU, TRUE_PEAK_MAX_DBTP, Loudness, read_loudness
from rendering.motion import way
from rendering.plan import RenderPlan
from rendering.probe import MediaFacts, probe
from rendering.runner import run
from rendering.timeline import SourceKind, TransitionKind

_BLACK_S: Final = 0.5
_FROZEN_S: Final = 1.0
_SILENT_S: Final = 0.5
_NUMBER: Final = r"(-?[\d.]+)"
_BLACK = re.compile(rf"black_start:{_NUMBER} black_end:{_NUMBER}")
_FROZEN = re.compile(rf"freeze_(start|end): {_NUMBER}")
_SILENT = re.compile(rf"silence_(start|end): {_NUMBER}")
# Enough to tell black and still from not, at a fraction of the work.
_GLANCE: Final = "scale=-2:180:flags=neighbor"
_LOOK: Final = (
    f"[0:v]{_GLANCE},blackdetect=d={_BLACK_S}:pix_th=0.08,freezedetect=n=-60dB:d={_FROZEN_S}[v];"
    f"[0:a]silencedetect=n=-50dB:d={_SILENT_S},ebur128=peak=true:framelog=quiet[a]"
)


class FindingCode(StrEnum):
    """What is not as it should be. The first six are defects; the others may be what the sources hold."""

    CODEC = "codec"
    SIZE = "size"
    FRAME_RATE = "frame_rate"
    FRAME_COUNT = "frame_count"
    FRAME_TIMES = "frame_times"
    DURATION = "duration"
    LOUDNESS = "loudness"
    TRUE_PEAK = "true_peak"
    BLACK = "black"
    FROZEN = "frozen"
    SILENT_VOICE = "silent_voice"


_DEFECTS: Final = frozenset(
    {
        FindingCode.CODEC,
        FindingCode.SIZE,
        FindingCode.FRAME_RATE,
        FindingCode.FRAME_COUNT,
        FindingCode.FRAME_TIMES,
        FindingCode.DURATION,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and when; times in seconds, None for the whole file."""

    code: FindingCode
    message: str
    from_s: float | None = None
    to_s: float | None = None

    @property
    def is_defect(self) -> bool:
        """Whether the file must not be handed out."""
        return self.code in _DEFECTS


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, and the facts."""

    findings: tuple[Finding, ...]
    facts: MediaFacts
    loudness: Loudness

    def refuse_defects(self) -> None:
        """Let a good file pass.

        Raises:
            InspectionFailed: a finding is a defect.
        """
        defects = [finding for finding in self.findings if finding.is_defect]
        if defects:
            raise InspectionFailed(defects)


async def inspect(
    plan: RenderPlan, finished: Finished, *, ffmpeg: Path, timeout_s: float | None = None
) -> Inspection:
    """Decode a finished video once and compare it with its plan.

    Raises:
        SourceUnreadable: it cannot be opened at all.
        EncoderFailed: it cannot be decoded, or takes longer than `timeout_s`.
    """
    limit_s = 120 + 0.5 * plan.total_video_frames if timeout_s is None else timeout_s
    facts = await probe(finished.video, ffmpeg=ffmpeg, demuxer="mov", timeout_s=limit_s)
    ran = await run(
        ffmpeg,
        (
            *("-f", "mov", "-protocol_whitelist", "file,pipe", "-i", str(finished.video.resolve())),
            "-filter_complex",
            _LOOK,
            *("-map", "[v]", "-map", "[a]", "-f", "null", "-"),
        ),
        cwd=finished.video.parent,
        timeout_s=limit_s,
    )
    loudness = read_loudness(ran.log)
    findings = (
        *_stream_findings(plan, facts),
        *_loudness_findings(loudness, sounds=finished.gain_db is not None),
        *_black_findings(plan, ran.log),
        *_frozen_findings(plan, ran.log),
        *_silence_findings(plan, ran.log),
    )
    return Inspection(findings, facts, loudness)


def _stream_findings(plan: RenderPlan, facts: MediaFacts) -> Iterator[Finding]:
    video, audio, wanted = facts.video, facts.audio, plan.timeline.format
    if video is None or audio is None:
        yield Finding(
            FindingCode.CODEC, "The file lacks a video or an audio stream; it has to hold one of each."
        )
        return
    found = (video.codec, video.profile, video.pixel_format, audio.codec, audio.sample_rate)
    if found != ("h264", "High", "yuv420p", "aac", SAMPLE_RATE):
        yield Finding(
            FindingCode.CODEC, f"The file holds {found}; planned is H.264 High yuv420p with AAC 48 kHz."
        )
    if (video.width, video.height) != (wanted.width, wanted.height):
        yield Finding(
            FindingCode.SIZE,
            f"The frame is {video.width} x {video.height}; planned is {wanted.width} x {wanted.height}.",
        )
    if video.fps != wanted.fps:
        yield Finding(FindingCode.FRAME_RATE, f"It plays at {video.fps} fps; planned is {wanted.fps}.")
    if len(video.times) != plan.total_video_frames:
        yield Finding(
            FindingCode.FRAME_COUNT,
            f"It has {len(video.times)} video frames; planned are {plan.total_video_frames}.",
        )
    for number, time in enumerate(video.times):
        if time * wanted.fps != number:
            yield Finding(
                FindingCode.FRAME_TIMES,
                f"Video frame {number} shows at {float(time):.4f} s; planned is {number / wanted.fps:.4f} s.",
                float(time),
                float(time),
            )
            break
    for name, length_s in (("picture", video.duration_s), ("sound", audio.duration_s)):
        # AAC comes in whole packets, so the sound may end up to two of them late.
        if not -1 / wanted.fps < length_s - plan.duration_s < max(1 / wanted.fps, 2048 / SAMPLE_RATE):
            yield Finding(
                FindingCode.DURATION,
                f"The {name} lasts {length_s:.3f} s; planned are {plan.duration_s:.3f} s.",
            )


def _loudness_findings(loudness: Loudness, *, sounds: bool) -> Iterator[Finding]:
    if not sounds:
        return
    lufs, peak = loudness.integrated_lufs, loudness.true_peak_dbtp
    if lufs is None or abs(lufs - TARGET_LUFS) > TOLERANCE_LU:
        found = "too quiet to measure" if lufs is None else f"at {lufs:.1f} LUFS"
        yield Finding(FindingCode.LOUDNESS, f"It is {found}; aimed at is {TARGET_LUFS:g} LUFS.")
    if peak is not None and peak > TRUE_PEAK_MAX_DBTP:
        yield Finding(
            FindingCode.TRUE_PEAK, f"It peaks at {peak:.1f} dBTP; at most {TRUE_PEAK_MAX_DBTP:g} is right."
        )


def _black_findings(plan: RenderPlan, log: str) -> Iterator[Finding]:
    fps = plan.timeline.format.fps
    meant = [
        ((slot.first + slot.body_frames) / fps, (slot.first + slot.frames) / fps)
        for shot, slot in zip(plan.timeline.shots, plan.slots, strict=True)
        if shot.transition.kind is TransitionKind.FADE_BLACK
    ]
    for match in _BLACK.finditer(log):
        start, end = float(match[1]), float(match[2])
        if not any(first <= start and end <= last + 1 / fps for first, last in meant):
            yield Finding(FindingCode.BLACK, f"The picture is black for {end - start:.1f} s.", start, end)


def _frozen_findings(plan: RenderPlan, log: str) -> Iterator[Finding]:
    fps = plan.timeline.format.fps
    frozen = list(_stretches(_FROZEN, log, plan.duration_s))
    for shot, slot in zip(plan.timeline.shots, plan.slots, strict=True):
        start, end = way(shot.motion)
        if shot.source.kind is SourceKind.IMAGE and start == end:
            continue
        for begins, ends in frozen:
            first, last = max(begins, slot.first / fps), min(ends, (slot.first + slot.frames) / fps)
            if last - first >= _FROZEN_S:
                yield Finding(
                    FindingCode.FROZEN, f"Shot {shot.id} stands still for {last - first:.1f} s.", first, last
                )


def _silence_findings(plan: RenderPlan, log: str) -> Iterator[Finding]:
    silent = list(_stretches(_SILENT, log, plan.duration_s))
    for one in placed_voices(plan.timeline, plan.slots):
        start = one.first_sample / SAMPLE_RATE
        end = min(plan.duration_s, one.end_sample / SAMPLE_RATE)
        quiet = sum(max(0.0, min(last, end) - max(first, start)) for first, last in silent)
        if quiet > (end - start) / 2:
            yield Finding(
                FindingCode.SILENT_VOICE,
                f"Nothing sounds for {quiet:.1f} s of a voiceover of {end - start:.1f} s.",
                start,
                end,
            )


def _stretches(pattern: re.Pattern[str], log: str, end_s: float) -> Iterator[tuple[float, float]]:
    """Pair starts with ends; one that is still open lasts until the end."""
    start: float | None = None
    for match in pattern.finditer(log):
        if match[1] == "start":
            start = float(match[2])
        elif start is not None:
            yield start, float(match[2])
            start = None
    if start is not None:
        yield start, end_s
