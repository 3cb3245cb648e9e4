"""What sounds are put together from: noise of a colour, ringing tones, courses of loudness, many of one."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from providers.local.wave_file import RATE_HZ

Samples = NDArray[np.float64]
_EDGE_OCTAVES = 0.5  # how softly a band of noise begins and ends


def seconds(duration_s: float) -> Samples:
    """The time of each sample from the start."""
    return np.arange(max(1, round(duration_s * RATE_HZ))) / RATE_HZ


def noise(duration_s: float, low_hz: float, high_hz: float, random: np.random.Generator) -> Samples:
    """Noise between two frequencies, about as loud as a full tone, whatever the band."""
    count = len(seconds(duration_s))
    spectrum = np.fft.rfft(random.standard_normal(count))
    octaves = np.log2(np.maximum(np.fft.rfftfreq(count, 1 / RATE_HZ), 1e-3))
    rising = np.clip((octaves - np.log2(low_hz)) / _EDGE_OCTAVES + 1, 0, 1)
    falling = np.clip((np.log2(high_hz) - octaves) / _EDGE_OCTAVES + 1, 0, 1)
    sound = np.fft.irfft(spectrum * rising * falling, n=count)
    return np.asarray(0.3 * sound / max(1e-9, float(np.sqrt(np.mean(sound**2)))))


def tone(hz: float | Samples, duration_s: float) -> Samples:
    """A sine, of one frequency or of one for each sample."""
    t = seconds(duration_s)
    return np.sin(2 * np.pi * np.cumsum(np.broadcast_to(hz, t.shape)) / RATE_HZ)


def dying(duration_s: float, half_s: float) -> Samples:
    """A course of loudness that halves again and again."""
    return np.asarray(np.exp2(-seconds(duration_s) / half_s))


def wandering(
    duration_s: float, steps_per_s: float, low: float, high: float, random: np.random.Generator
) -> Samples:
    """A course that goes at random from one value to the next, smoothly."""
    count = max(2, round(duration_s * steps_per_s) + 2)
    places = np.linspace(0, duration_s, count)
    values = random.uniform(low, high, count)
    t = seconds(duration_s)
    index = np.minimum(np.searchsorted(places, t, side="right") - 1, count - 2)
    part = (t - places[index]) / (places[1] - places[0])
    eased = (1 - np.cos(np.pi * part)) / 2
    return np.asarray(values[index] + (values[index + 1] - values[index]) * eased)


def laid(duration_s: float, grains: Iterable[tuple[float, Samples]]) -> Samples:
    """Sounds laid on a silence, each from its time; what reaches beyond the end is cut."""
    whole = np.zeros(len(seconds(duration_s)))
    for at_s, grain in grains:
        start = round(at_s * RATE_HZ)
        part = grain[: max(0, len(whole) - start)]
        whole[start : start + len(part)] += part
    return whole
