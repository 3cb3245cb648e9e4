"""Which colours a picture has: chosen for the scene, so that its frames share them."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import colorsys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

Rgb = tuple[int, int, int]

_FILE = Path(__file__).with_name("palettes.toml")


def rgb(hexadecimal: str) -> Rgb:
    """#rrggbb as three numbers in 0..255."""
    return int(hexadecimal[1:3], 16), int(hexadecimal[3:5], 16), int(hexadecimal[5:7], 16)


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """From `one` (share 0) to `other` (share 1)."""
    a, b, c = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return _inside(a), _inside(b), _inside(c)


def scaled(colour: Rgb, factor: float) -> Rgb:
    """Brighter (factor above 1) or darker."""
    a, b, c = (round(x * factor) for x in colour)
    return _inside(a), _inside(b), _inside(c)


def multiplied(colour: Rgb, light: Rgb) -> Rgb:
    """The colour as it looks in coloured light; white light leaves it."""
    a, b, c = (round(x * y / 255) for x, y in zip(colour, light, strict=True))
    return a, b, c


def luminance(colour: Rgb) -> float:
    """How bright the colour looks, 0..1."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def _inside(value: int) -> int:
    return min(255, max(0, value))


def _turned(colour: Rgb, hue: float, saturation: float) -> Rgb:
    h, s, v = colorsys.rgb_to_hsv(*(x / 255 for x in colour))
    r, g, b = colorsys.hsv_to_rgb((h + hue) % 1.0, min(1.0, s * saturation), v)
    return round(r * 255), round(g * 255), round(b * 255)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one scene.

    Attributes:
        name: what it is called in palettes.toml.
        moods: the times, weathers, settings and styles that it suits.
        sky: from the top of the picture down to the horizon.
        sun: the light itself.
        near: the darkest, closest layer.
        ground: land in the middle distance.
        accent: what the eye should go to.
    """

    name: str
    moods: frozenset[str]
    sky: tuple[Rgb, ...]
    sun: Rgb
    near: Rgb
    ground: Rgb
    accent: Rgb

    @property
    def haze(self) -> Rgb:
        """What distance fades into: the sky at the horizon."""
        return mix(self.sky[-1], self.sky[-2], 0.35)

    @property
    def ambient(self) -> Rgb:
        """The light that falls on things, as a colour to multiply with."""
        middle = mix(self.sky[-1], self.sky[-2], 0.5)
        brightness = 0.62 + 0.42 * luminance(self.sky[-1])
        return scaled(mix((255, 255, 255), middle, 0.38), brightness)

    def depth(self, share: float) -> Rgb:
        """A layer's colour: 0 is far away in the haze, 0.5 the land, 1 the closest dark."""
        if share < 0.5:
            return mix(self.haze, self.ground, share * 2)
        return mix(self.ground, self.near, share * 2 - 1)

    def turned(self, hue: float, saturation: float) -> "Palette":
        """The same palette with every hue turned by a share of the colour circle."""
        return replace(
            self,
            sky=tuple(_turned(c, hue, saturation) for c in self.sky),
            sun=_turned(self.sun, hue, saturation),
            near=_turned(self.near, hue, saturation),
            ground=_turned(self.ground, hue, saturation),
            accent=_turned(self.accent, hue, saturation),
        )


@cache
def palettes() -> tuple[Palette, ...]:
    """Every palette of palettes.toml, in the file's order."""
    entries = tomllib.loads(_FILE.read_text("utf-8"))["palette"]
    return tuple(
        Palette(
            name=entry["name"],
            moods=frozenset(entry["moods"]),
            sky=tuple(rgb(c) for c in entry["sky"]),
            sun=rgb(entry["sun"]),
            near=rgb(entry["near"]),
            ground=rgb(entry["ground"]),
            accent=rgb(entry["accent"]),
        )
        for entry in entries
    )


def choose(moods: Sequence[str], rng: np.random.Generator, *, sealed: Iterable[str]) -> Palette:
    """The palette that suits most of the moods, the first of them weighing most.

    Args:
        moods: what the scene is like, most important first.
        rng: decides between palettes that suit equally well, and turns the hues a little.
        sealed: moods whose palettes are for them alone: nobody gets neon without asking.
    """
    weights = {mood: 2.0 ** (len(moods) - place) for place, mood in enumerate(moods)}
    closed = frozenset(sealed) - frozenset(moods)
    scores = [
        -1.0 if palette.moods & closed else sum(weights.get(mood, 0.0) for mood in palette.moods)
        for palette in palettes()
    ]
    best = max(scores)
    fitting = [p for p, score in zip(palettes(), scores, strict=True) if score >= best * 0.62]
    chosen = fitting[int(rng.integers(len(fitting)))]
    return chosen.turned(float(rng.uniform(-0.022, 0.022)), float(rng.uniform(0.94, 1.08)))
