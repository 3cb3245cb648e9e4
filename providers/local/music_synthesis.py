"""A score made audible: additive and noise voices laid on a ring, so that the end is the beginning."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from providers.local.limiter import limited
from providers.local.loudness import integrated_lufs
from providers.local.music_score import BEATS_PER_BAR, Note, Score
from providers.local.wave_file import RATE_HZ

Samples = NDArray[np.float64]

TARGET_LUFS = -18.0
CEILING = 10 ** (-1.2 / 20)  # leaves true peaks between the samples below -1 dB
ATTACK_S = 0.006
LARGEST_FACTOR = 7
# Level and place from left (-1) to right (1) of each part; those of a chord's notes spread by themselves.
MIX = {
    "pad": (0.16, 0.0),
    "bass": (0.26, 0.0),
    "arpeggio": (0.26, 0.35),
    "melody": (0.26, -0.2),
    "bells": (0.22, 0.25),
    "kick": (0.36, 0.0),
    "snare": (0.20, 0.1),
    "hat": (0.13, -0.3),
}
SENDS = {"pad": 0.8, "arpeggio": 0.7, "melody": 0.8, "bells": 1.0, "snare": 0.4, "hat": 0.2}


def synthesise(
    score: Score, mood: Mapping[str, Any], beat_samples: int, random: np.random.Generator
) -> Samples:
    """Stereo samples, (count, 2), of exactly the score's bars, which loop without a seam."""
    count = score.bars * BEATS_PER_BAR * beat_samples
    beat_s = beat_samples / RATE_HZ
    dry, wet = np.zeros((count, 2)), np.zeros((count, 2))
    made: dict[tuple[str, int, float], Samples] = {}
    for name, notes in score.parts.items():
        level, place = MIX[name]
        level *= {"pad": mood["pad"], "bass": mood["bass"]}.get(name, 1.0)
        for index, note in enumerate(notes):
            key = (name, note.pitch, note.beats)
            if key not in made:
                made[key] = _voice(name, note, beat_s, mood["bright"], random)
            side = place if name != "pad" else (-0.5, 0.0, 0.5, 0.25)[index % 4]
            pan = np.array([np.cos((side + 1) * np.pi / 4), np.sin((side + 1) * np.pi / 4)])
            sound = made[key][:, None] * (pan * level * note.level)
            _lay(dry, sound, round(note.beat * beat_samples))
            if name in SENDS:
                _lay(wet, sound * SENDS[name], round(note.beat * beat_samples))
    mixed = dry + _reverberated(wet, mood["reverb"], random)
    mixed -= mixed.mean(axis=0)
    gain = 10 ** ((TARGET_LUFS - integrated_lufs(mixed)) / 20)
    return limited(mixed * gain, CEILING, loops=True)


def beat_in_samples(tempo_bpm: float) -> int:
    """Samples of a beat, next to the tempo (within 1 %) and with no prime factor above seven.

    Spectra of a length with large prime factors take several times as long.
    """
    aim = round(RATE_HZ * 60 / tempo_bpm)
    return next(
        beat
        for off in range(aim)
        for beat in (aim + off, aim - off)
        if _largest_factor(beat) <= LARGEST_FACTOR
    )


def _largest_factor(number: int) -> int:
    factor = 2
    while factor * factor <= number:
        if number % factor:
            factor += 1
        else:
            number //= factor
    return number


def _lay(ring: Samples, sound: Samples, at: int) -> None:
    """Add a sound at a sample of the ring; what rings on past the end is heard at the start."""
    at %= len(ring)
    sound = sound[: len(ring)]
    head = min(len(sound), len(ring) - at)
    ring[at : at + head] += sound[:head]
    ring[: len(sound) - head] += sound[head:]


def _voice(name: str, note: Note, beat_s: float, bright: float, random: np.random.Generator) -> Samples:
    held_s = note.beats * beat_s
    hertz = 440 * 2 ** ((note.pitch - 69) / 12)
    make: dict[str, Callable[[], Samples]] = {
        "pad": partial(_pad, hertz, held_s, bright),
        "bass": partial(_bass, hertz, held_s, bright),
        "arpeggio": partial(_plucked, hertz, 0.5, bright),
        "melody": partial(_sung, hertz, held_s, bright),
        "bells": partial(_bell, hertz),
        "kick": _kick,
        "snare": partial(_snare, random),
        "hat": partial(_hat, random),
    }
    return make[name]()


def _time(seconds: float) -> Samples:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def _envelope(t: Samples, attack_s: float, held_s: float, release_s: float) -> Samples:
    """Rises, holds, and falls to nothing, all along half cosines: no corner that would click."""
    rise = np.clip(t / attack_s, 0, 1)
    fall = np.clip((t - held_s) / release_s, 0, 1)
    return np.asarray((0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 + 0.5 * np.cos(np.pi * fall)))


def _pad(hertz: float, held_s: float, bright: float) -> Samples:
    # Overlaps the next chord: release as long as the attack, so that chords melt into one another.
    fade_s = min(1.2, held_s / 2)
    t = _time(held_s + fade_s)
    sound = np.zeros(len(t))
    for detune in (0.9985, 1.0015):
        # Harmonics as powers of one rotation: a sine for each would be most of the work of a whole piece.
        turn = np.exp(2j * np.pi * hertz * detune * t + 2.1j * detune)
        harmonic = turn.copy()
        for number in range(1, 6):
            sound += harmonic.imag / number ** (2.4 - bright)
            harmonic *= turn
    return sound / 2 * _envelope(t, fade_s, held_s, fade_s)


def _bass(hertz: float, held_s: float, bright: float) -> Samples:
    t = _time(held_s + 0.08)
    sound = np.sin(2 * np.pi * hertz * t) + (0.25 + 0.3 * bright) * np.sin(4 * np.pi * hertz * t)
    sound += 0.2 * bright * np.sin(6 * np.pi * hertz * t)
    return np.asarray(sound * np.exp(-0.8 * t) * _envelope(t, 0.012, held_s, 0.08))


def _plucked(hertz: float, decay_s: float, bright: float) -> Samples:
    t = _time(decay_s * 3)
    sound = np.zeros(len(t))
    for harmonic in range(1, 7):
        # High harmonics die first, as on a string.
        weight = np.exp(-t / decay_s * (0.8 + 0.7 * harmonic)) / harmonic ** (2.0 - bright)
        sound += weight * np.sin(2 * np.pi * hertz * harmonic * t)
    return sound * _envelope(t, ATTACK_S, decay_s * 2, decay_s)


def _sung(hertz: float, held_s: float, bright: float) -> Samples:
    t = _time(held_s + 0.25)
    vibrato = 0.004 * np.clip(t - 0.25, 0, 0.4) / 0.4 * np.sin(2 * np.pi * 5.1 * t) / 5.1
    phase = 2 * np.pi * hertz * (t + vibrato)
    sound = np.sin(phase) + (0.2 + 0.3 * bright) * np.sin(2 * phase) + 0.12 * np.sin(3 * phase)
    return np.asarray(sound * np.exp(-0.9 * t) * _envelope(t, 0.03, held_s, 0.25))


def _bell(hertz: float) -> Samples:
    t = _time(2.4)
    sound = np.zeros(len(t))
    for ratio, weight, decay_s in ((1, 1, 0.9), (2, 0.5, 0.6), (3.01, 0.22, 0.35), (5.4, 0.08, 0.18)):
        sound += weight * np.exp(-t / decay_s) * np.sin(2 * np.pi * hertz * ratio * t)
    return sound * _envelope(t, ATTACK_S, 1.6, 0.8)


def _kick() -> Samples:
    t = _time(0.35)
    phase = 2 * np.pi * (48 * t - 90 / 30 * (np.exp(-30 * t) - 1))
    return np.asarray(np.sin(phase) * np.exp(-9 * t) * _envelope(t, 0.003, 0.25, 0.1))


def _snare(random: np.random.Generator) -> Samples:
    t = _time(0.22)
    noise = _coloured(random.standard_normal(len(t)), 900, 6_500)
    body = 0.5 * np.sin(2 * np.pi * 185 * t) * np.exp(-28 * t)
    return np.asarray((noise * np.exp(-20 * t) + body) * _envelope(t, 0.003, 0.12, 0.1))


def _hat(random: np.random.Generator) -> Samples:
    t = _time(0.08)
    noise = _coloured(random.standard_normal(len(t)), 6_000, 13_000)
    return np.asarray(noise * np.exp(-60 * t) * _envelope(t, 0.002, 0.04, 0.04))


def _coloured(noise: Samples, low_hz: float, high_hz: float) -> Samples:
    """Noise between two frequencies, at a level of one."""
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(len(noise), 1 / RATE_HZ)
    spectrum *= np.exp(-((np.log(np.maximum(hertz, 1) / np.sqrt(low_hz * high_hz))) ** 2) * 2)
    sound = np.fft.irfft(spectrum, n=len(noise))
    return np.asarray(sound / (3 * sound.std()))


def _reverberated(wet: Samples, amount: float, random: np.random.Generator) -> Samples:
    """A hall: convolution with decaying noise, around the ring, so that its tail crosses the loop's seam."""
    count = len(wet)
    t = _time(min(1.2 + 1.6 * amount, count / RATE_HZ))
    decay = np.exp(-t * 6.9 / (1.0 + 1.6 * amount)) * np.clip(t / 0.015, 0, 1)
    hall = random.standard_normal((len(t), 2)) * decay[:, None]
    spectrum = np.fft.rfft(hall, n=count, axis=0)
    hertz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    tone = 1 / (1 + (hertz / 3_200) ** 2) * (hertz**2 / (hertz**2 + 180.0**2))
    spectrum *= tone[:, None] / np.sqrt((hall**2).sum(axis=0))
    return np.asarray(np.fft.irfft(np.fft.rfft(wet, axis=0) * spectrum, n=count, axis=0) * amount * 1.6)
