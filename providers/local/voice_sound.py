"""From espeak-ng's raw samples to a voiceover: resampled, evened out in tone, trimmed and levelled."""

import numpy as np
from numpy.typing import NDArray

from providers.local.limiter import limited
from providers.local.loudness import integrated_lufs
from providers.local.wave_file import RATE_HZ

TARGET_LUFS = -18.0  # one channel; played on both sides it is heard at about -15
PEAK = 10 ** (-1.5 / 20)
SILENCE = 10 ** (-45 / 20)  # of the loudest sample
LEAD_S = 0.03
TAIL_S = 0.08
FADE_S = 0.008
# (frequency in Hz, gain in dB), straight in between: no rumble, less boxiness, a little presence, a rounded
# top, where the synthesiser hisses.
TONE = ((0, -40), (50, -18), (90, 0), (220, 0), (400, -2), (900, 0), (3_000, 2), (5_500, 0), (11_025, -7))


def voice_sound(pcm: bytes, rate_hz: int) -> tuple[NDArray[np.float64], float]:
    """Mono samples at 48 kHz, and how many seconds were cut off the start. Empty where nothing is heard."""
    raw = np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32_768
    if not len(raw) or not raw.any():
        return np.zeros(0), 0.0
    sound = _resampled_and_toned(raw, rate_hz)
    heard = np.flatnonzero(np.abs(sound) > SILENCE * np.abs(sound).max())
    start = max(0, int(heard[0]) - round(LEAD_S * RATE_HZ))
    sound = sound[start : int(heard[-1]) + round(TAIL_S * RATE_HZ)].copy()
    ramp = np.linspace(0, 1, min(round(FADE_S * RATE_HZ), len(sound) // 2))
    sound[: len(ramp)] *= ramp
    sound[len(sound) - len(ramp) :] *= ramp[::-1]
    gain = 10 ** ((TARGET_LUFS - integrated_lufs(sound)) / 20)
    return limited(sound * gain, PEAK), start / RATE_HZ


def _resampled_and_toned(raw: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    # A spectrum that is longer at the top is the same sound at a higher rate, exactly; whole seconds keep
    # both counts whole and quick to transform, and half a second of silence keeps the ends apart.
    seconds = int(np.ceil(len(raw) / rate_hz + 0.5))
    spectrum = np.fft.rfft(raw, n=seconds * rate_hz)
    gain_db = np.interp(np.arange(len(spectrum)) / seconds, *np.transpose(TONE))
    spectrum *= 10 ** (gain_db / 20)
    sound = np.fft.irfft(spectrum, n=seconds * RATE_HZ) * (RATE_HZ / rate_hz)
    return np.asarray(sound[: round(len(raw) * RATE_HZ / rate_hz)])
