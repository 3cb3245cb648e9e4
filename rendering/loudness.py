"""Bringing a mix to its loudness: measure, set one gain, limit the peaks, measure again.

One gain for the whole keeps the dynamics that `loudnorm` flattens, at half its cost.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ffmpeg
from ffmpeg import AudioStream

from rendering.arguments import argument_list
from rendering.audio import AUDIO_GLOBAL_ARGUMENTS
from rendering.errors import EncoderFailed
from rendering.runner import run

TARGET_LUFS: Final = -14.0
TOLERANCE_LU: Final = 1.0
TRUE_PEAK_MAX_DBTP: Final = -1.0

_SILENCE_LUFS: Final = -60.0
_CLOSE_ENOUGH_LU: Final = 0.3
_GAIN_MAX_DB: Final = 50.0
_ROUNDS: Final = 4
# The limiter sees samples, AAC and the ear what lies between them: room for both below -1 dBTP.
_LIMIT: Final = 0.8
_INTEGRATED = re.compile(r"\bI:\s+(-?[\d.]+|-inf|nan) LUFS")
_TRUE_PEAK = re.compile(r"\bPeak:\s+(-?[\d.]+|-inf|nan) dBFS")


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness and true peak after EBU R 128; None for what is too quiet to have one."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None


def read_loudness(log: str) -> Loudness:
    """Read the summary that the `ebur128` filter wrote last."""
    integrated, peak = _INTEGRATED.findall(log), _TRUE_PEAK.findall(log)
    if not integrated or not peak:
        raise EncoderFailed(0, f"no loudness was measured\n{log[-500:]}")
    lufs, dbtp = float(integrated[-1]), float(peak[-1])
    return Loudness(
        integrated_lufs=lufs if lufs > _SILENCE_LUFS else None,
        true_peak_dbtp=dbtp if dbtp > _SILENCE_LUFS * 2 else None,
    )


def measured(stream: AudioStream) -> AudioStream:
    """Pass the sound on and have its loudness logged."""
    # By its name: the typed method takes the filter for one without a sound output.
    return ffmpeg.afilter(stream, name="ebur128", peak="true", framelog="quiet")


def limited(stream: AudioStream, gain_db: float) -> AudioStream:
    """Apply a gain and hold the peaks down."""
    return stream.volume(volume=f"{gain_db:.2f}dB").alimiter(limit=_LIMIT, level=False, latency=True)


async def gain_for(mixed: Path, first: Loudness, *, binary: Path, timeout_s: float) -> float | None:
    """Find the gain that brings a WAV file to the target once its peaks are limited.

    The limiter takes loudness away, the more the peakier the sound, so the gain is corrected by measuring.

    Returns:
        Decibels, or None for a file that is silent: silence stays as it is.
    """
    if first.integrated_lufs is None:
        return None
    gain_db = min(TARGET_LUFS - first.integrated_lufs, _GAIN_MAX_DB)
    for _ in range(_ROUNDS):
        sound = measured(limited(ffmpeg.input(mixed.name, f="wav").audio, gain_db))
        output = ffmpeg.output(sound, filename="-", f="null")
        ran = await run(
            binary,
            argument_list(output, *AUDIO_GLOBAL_ARGUMENTS),
            cwd=mixed.parent,
            timeout_s=timeout_s,
        )
        lufs = read_loudness(ran.log).integrated_lufs
        if lufs is None or abs(TARGET_LUFS - lufs) <= _CLOSE_ENOUGH_LU:
            break
        gain_db = min(gain_db + TARGET_LUFS - lufs, _GAIN_MAX_DB)
    return round(gain_db, 2)
