"""How each sound is made, from its length and chance."""

from collections.abc import Callable, Mapping

import numpy as np

from providers.local.sounds.parts import Samples, dying, laid, noise, seconds, tone, wandering

Recipe = Callable[[float, np.random.Generator], Samples]


def _whoosh(duration_s: float, random: np.random.Generator) -> Samples:
    """Bands of noise, one after another, up and down again: something passes."""
    part = seconds(duration_s) / duration_s
    bands = np.geomspace(250, 7_000, 8)
    whole = np.zeros(len(part))
    for index, low_hz in enumerate(bands):
        centre = 0.5 - 0.25 * (index / len(bands) - 0.5)
        course = np.exp(-(((part - centre) / 0.18) ** 2)) * 0.8**index
        whole += noise(duration_s, low_hz, low_hz * 1.8, random) * course
    return whole


def _ding(duration_s: float, random: np.random.Generator) -> Samples:
    pitch_hz = 880 * 2 ** random.uniform(-0.1, 0.1)
    partials = ((1.0, 1.0, 0.35), (2.0, 0.5, 0.25), (2.76, 0.35, 0.15), (5.4, 0.2, 0.06))
    ringing = np.zeros(len(seconds(duration_s)))
    for ratio, level, half_s in partials:
        ringing += level * tone(pitch_hz * ratio, duration_s) * dying(duration_s, half_s)
    return ringing


def _pop(duration_s: float, random: np.random.Generator) -> Samples:
    top_hz = random.uniform(900, 1_200)
    course_hz = 350 + (top_hz - 350) * np.minimum(1, seconds(duration_s) / 0.05)
    return tone(course_hz, duration_s) * dying(duration_s, 0.02)


def _click(duration_s: float, random: np.random.Generator) -> Samples:
    return noise(duration_s, 1_500, 8_000, random) * dying(duration_s, 0.004)


def _rise(duration_s: float, random: np.random.Generator) -> Samples:
    part = seconds(duration_s) / duration_s
    tones = tone(110 * 8**part, duration_s) + 0.5 * tone(165 * 8**part, duration_s)
    return (0.5 * tones + noise(duration_s, 800, 9_000, random)) * part**2


def _boom(duration_s: float, random: np.random.Generator) -> Samples:
    falling_hz = 35 + 75 * np.exp2(-seconds(duration_s) / 0.08)
    body = tone(falling_hz, duration_s) * dying(duration_s, 0.35)
    crack = noise(duration_s, 60, 2_500, random) * dying(duration_s, 0.07)
    return body + crack


def _thunder(duration_s: float, random: np.random.Generator) -> Samples:
    rolling = noise(duration_s, 30, 220, random) * wandering(duration_s, 5, 0.1, 1.0, random)
    crack = noise(duration_s, 400, 6_000, random) * dying(duration_s, 0.09)
    return 1.6 * rolling * dying(duration_s, duration_s / 3) + crack


def _applause(duration_s: float, random: np.random.Generator) -> Samples:
    count = round(220 * duration_s)
    claps = [
        noise(0.05, low_hz, 2.6 * low_hz, random) * dying(0.05, 0.006)
        for low_hz in random.uniform(700, 1_600, 24)
    ]
    times = random.uniform(0, duration_s, count)
    which = random.integers(0, len(claps), count)
    levels = random.uniform(0.2, 1.0, count)
    struck = zip(times, which, levels, strict=True)
    return laid(duration_s, ((at_s, level * claps[one]) for at_s, one, level in struck))


def _rain(duration_s: float, random: np.random.Generator) -> Samples:
    falling = noise(duration_s, 900, 9_000, random) * wandering(duration_s, 1.5, 0.8, 1.0, random)
    drops = [
        (at_s, random.uniform(0.1, 0.6) * noise(0.03, hz, 1.5 * hz, random) * dying(0.03, 0.004))
        for at_s, hz in zip(
            random.uniform(0, duration_s, round(25 * duration_s)),
            random.uniform(1_500, 5_000, round(25 * duration_s)),
            strict=True,
        )
    ]
    return falling + laid(duration_s, drops)


def _wind(duration_s: float, random: np.random.Generator) -> Samples:
    low = noise(duration_s, 90, 400, random) * wandering(duration_s, 0.8, 0.4, 1.0, random)
    whistle = noise(duration_s, 500, 900, random) * wandering(duration_s, 1.2, 0.0, 0.5, random) ** 2
    return low + whistle


def _waves(duration_s: float, random: np.random.Generator) -> Samples:
    swell = (1 - np.cos(2 * np.pi * (seconds(duration_s) / 7 + random.uniform(0, 1)))) / 2
    return noise(duration_s, 150, 900, random) * (0.25 + swell) + noise(duration_s, 1_500, 7_000, random) * (
        0.05 + swell**3
    )


def _fire(duration_s: float, random: np.random.Generator) -> Samples:
    count = round(14 * duration_s)
    crackles = [
        (at_s, level * noise(0.02, 1_200, 7_000, random) * dying(0.02, 0.002))
        for at_s, level in zip(
            random.uniform(0, duration_s, count), random.uniform(0.2, 2.0, count), strict=True
        )
    ]
    roar = noise(duration_s, 60, 350, random) * wandering(duration_s, 4, 0.5, 1.0, random)
    return 0.7 * roar + laid(duration_s, crackles)


def _heartbeat(duration_s: float, random: np.random.Generator) -> Samples:
    beat_s = 60 / random.uniform(66, 76)
    thump = tone(45 + 30 * dying(0.25, 0.03), 0.25) * dying(0.25, 0.045)
    beats = np.arange(0, duration_s, beat_s)
    return laid(duration_s, [*((at, thump) for at in beats), *((at + 0.3, 0.7 * thump) for at in beats)])


def _clock(duration_s: float, random: np.random.Generator) -> Samples:
    strike = noise(0.04, 1_800, 6_000, random) * dying(0.04, 0.003)
    tick = strike + 0.5 * tone(2_400, 0.04) * dying(0.04, 0.006)
    tock = strike + 0.5 * tone(1_900, 0.04) * dying(0.04, 0.006)
    return laid(
        duration_s,
        ((at, tock if index % 2 else tick) for index, at in enumerate(np.arange(0, duration_s, 0.5))),
    )


def _typing(duration_s: float, random: np.random.Generator) -> Samples:
    keys = [
        0.8 * noise(0.06, 1_000, 6_000, random) * dying(0.06, 0.005)
        + 0.4 * tone(random.uniform(140, 260), 0.06) * dying(0.06, 0.01)
        for _ in range(6)
    ]
    times = np.cumsum(random.uniform(0.07, 0.24, round(12 * duration_s) + 1))
    return laid(
        duration_s,
        ((at, random.uniform(0.5, 1) * keys[random.integers(len(keys))]) for at in times[times < duration_s]),
    )


def _footsteps(duration_s: float, random: np.random.Generator) -> Samples:
    def step() -> Samples:
        heel = tone(70 + 60 * dying(0.18, 0.02), 0.18) * dying(0.18, 0.025)
        return heel + 0.5 * noise(0.18, 500, 3_500, random) * dying(0.18, 0.018)

    return laid(duration_s, ((at, step()) for at in np.arange(0.05, duration_s, 0.55)))


def _shutter(duration_s: float, random: np.random.Generator) -> Samples:
    return laid(duration_s, [(0.0, _click(0.08, random)), (0.11, 0.8 * _click(0.08, random))])


def _beep(duration_s: float, random: np.random.Generator) -> Samples:
    # A period that is no whole number of samples: FFmpeg takes bytes that repeat evenly for MPEG-TS.
    pitch_hz = random.uniform(985, 1_015)
    return tone(pitch_hz, duration_s) + 0.15 * tone(2 * pitch_hz, duration_s)


def _coin(duration_s: float, random: np.random.Generator) -> Samples:  # noqa: ARG001
    first = np.sign(tone(987.77, 0.08)) * 0.5
    second = np.sign(tone(1_318.51, duration_s - 0.08)) * 0.5 * dying(duration_s - 0.08, 0.18)
    return laid(duration_s, [(0.0, first), (0.08, second)])


def _drumroll(duration_s: float, random: np.random.Generator) -> Samples:
    def stroke() -> Samples:
        skin = tone(190, 0.12) * dying(0.12, 0.02)
        return skin + noise(0.12, 1_000, 8_000, random) * dying(0.12, 0.025)

    times = np.arange(0, duration_s, 1 / 22)
    return laid(
        duration_s, ((at, (0.3 + 0.7 * at / duration_s) * random.uniform(0.8, 1) * stroke()) for at in times)
    )


RECIPES: Mapping[str, Recipe] = {
    "whoosh": _whoosh,
    "ding": _ding,
    "pop": _pop,
    "click": _click,
    "rise": _rise,
    "boom": _boom,
    "thunder": _thunder,
    "applause": _applause,
    "rain": _rain,
    "wind": _wind,
    "waves": _waves,
    "fire": _fire,
    "heartbeat": _heartbeat,
    "clock": _clock,
    "typing": _typing,
    "footsteps": _footsteps,
    "shutter": _shutter,
    "beep": _beep,
    "coin": _coin,
    "drumroll": _drumroll,
}
