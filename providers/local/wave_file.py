"""Samples as a WAV file in memory: 48 kHz, 16 bit."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
MIME_TYPE = "audio/wav"
FULL_SCALE = 32_767


def wav(samples: NDArray[np.float64]) -> bytes:
    """A WAV file of `samples`, shaped (count,) for mono or (count, 2) for stereo, in -1 to 1."""
    integers = np.rint(np.clip(samples, -1.0, 1.0) * FULL_SCALE).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(integers.tobytes())
    return out.getvalue()
