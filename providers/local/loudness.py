"""Integrated loudness after ITU-R BS.1770-4: K-weighting, blocks of 400 ms, absolute and relative gate."""

import numpy as np
from numpy.typing import NDArray

from providers.local.wave_file import RATE_HZ

# Coefficients of the two K-weighting filters at 48 kHz, from the recommendation's tables 1 and 2.
SHELF_B = (1.53512485958697, -2.69169618940638, 1.19839281085285)
SHELF_A = (1.0, -1.69065929318241, 0.73248077421585)
HIGH_PASS_B = (1.0, -2.0, 1.0)
HIGH_PASS_A = (1.0, -1.99004745483398, 0.99007225036621)
BLOCK_S = 0.4
STEP_S = 0.1
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
OFFSET_LUFS = -0.691


def integrated_lufs(samples: NDArray[np.float64]) -> float:
    """Loudness of (count,) or (count, channels) samples at 48 kHz; -70 for silence.

    The filters are applied to the whole as a spectrum, so that its two ends touch; the difference is far
    below a tenth of a unit.
    """
    channels = samples.reshape(len(samples), -1)
    # A little silence brings the length to one without large prime factors, of which a spectrum is quick.
    grain = 1 << max(0, len(channels).bit_length() - 6)
    length = -(-len(channels) // grain) * grain
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(length))
    response = _biquad(SHELF_B, SHELF_A, z) * _biquad(HIGH_PASS_B, HIGH_PASS_A, z)
    weighted = np.fft.irfft(np.fft.rfft(channels, length, axis=0) * response[:, None], n=length, axis=0)
    power = np.concatenate(([0.0], np.cumsum((weighted[: len(channels)] ** 2).sum(axis=1))))
    block = min(round(BLOCK_S * RATE_HZ), len(channels))
    starts = np.arange(0, len(channels) - block + 1, round(STEP_S * RATE_HZ))
    means = (power[starts + block] - power[starts]) / block
    heard = means[_lufs(means) > ABSOLUTE_GATE_LUFS]
    if not len(heard):
        return ABSOLUTE_GATE_LUFS
    gate = _lufs(heard.mean()) + RELATIVE_GATE_LU
    return float(_lufs(heard[_lufs(heard) > gate].mean()))


def _lufs(mean_square: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(OFFSET_LUFS + 10 * np.log10(np.maximum(mean_square, 1e-12)))


def _biquad(
    b: tuple[float, float, float], a: tuple[float, float, float], z: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    return np.asarray((b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2))
