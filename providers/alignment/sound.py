"""Sound as numbers, and where in it somebody speaks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAME_S = 0.01
# How far above the noise, on the way from the noise to the voice, a voice is taken for one.
VOICED_FROM = 0.35
QUIETEST_DB = -35.0  # against the voice
STEADY_FRAMES = 4  # a click is shorter
_NOTHING = 1e-5


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel of samples in -1 to 1, and how many there are in a second."""

    samples: NDArray[np.float64]
    rate_hz: int

    @property
    def duration_s(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate_hz

    def between(self, start_s: float, end_s: float) -> "Sound":
        """The part from `start_s` up to `end_s`."""
        return Sound(self.samples[round(start_s * self.rate_hz) : round(end_s * self.rate_hz)], self.rate_hz)


def voiced_part(sound: Sound) -> tuple[float, float] | None:
    """When the speaking begins and ends, in seconds; None where nothing is heard.

    The bound lies between the noise that is there all the time and the voice, so that a recording made in a
    noisy room is cut as one made in a quiet one.
    """
    step = round(FRAME_S * sound.rate_hz)
    count = len(sound.samples) // step
    if count < STEADY_FRAMES:
        return None
    power = (sound.samples[: count * step].reshape(count, step) ** 2).mean(axis=1)
    loudness_db = 10 * np.log10(np.maximum(power, _NOTHING**2))
    noise_db, voice_db = np.percentile(loudness_db, (5, 95))
    if voice_db <= 20 * np.log10(_NOTHING):
        return None
    bound_db = max(voice_db + QUIETEST_DB, noise_db + VOICED_FROM * (voice_db - noise_db))
    loud = np.convolve(loudness_db > bound_db, np.ones(STEADY_FRAMES), "valid") == STEADY_FRAMES
    steady = np.flatnonzero(loud)
    if not len(steady):
        return 0.0, sound.duration_s
    return float(steady[0] * FRAME_S), float((steady[-1] + STEADY_FRAMES) * FRAME_S)
