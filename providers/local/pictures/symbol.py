"""A sign for words that the lexicon does not know: the same words give the same sign."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import math

import numpy as np

from providers.local.pictures.pen import Pen, Point, arc, ellipse, star
from providers.local.pictures.seeding import generator
from providers.local.pictures.subjects.subject import Subject

_INKS = ("#f2e6cf", "#e8604a", "#f2b43c", "#3f9aa0", "#7a5aa8", "#e88fa6")


def symbol_for(words: str) -> Subject:
    """A sculpture whose form, parts and colours come from the words."""
    chooser = generator("symbol", words)
    form = (_rings, _stack, _arches, _facets, _spiral)[int(chooser.integers(5))]
    inks = [str(ink) for ink in chooser.permutation(_INKS)]
    parts = int(chooser.integers(3, 7))

    def draw(pen: Pen, _rng: np.random.Generator) -> None:
        form(pen, inks, parts)
        pen.glow(0, 0.6, 0.8, "#fff0d0", 0.3)

    return Subject(draw, 0.70, "ground", (), reach=0.6, core=0.6)


def _rings(pen: Pen, inks: list[str], parts: int) -> None:
    pen.poly([(-0.16, 0), (0.16, 0), (0.05, 0.2), (-0.05, 0.2)], inks[4])
    for i in range(parts):
        r = 0.42 * (1 - i / (parts + 1))
        pen.line([*ellipse(0, 0.60, r, r * (0.45 + 0.5 * (i % 2)), i * 180 / parts)], 0.032, inks[i % 5])
    pen.disc(0, 0.60, 0.10, inks[5])


def _stack(pen: Pen, inks: list[str], parts: int) -> None:
    y, half, lean = 0.0, 0.40, 0.0
    for i in range(parts + 1):
        tall = 0.95 / (parts + 1)
        if i % 3 == 2:
            pen.disc(lean, y + tall / 2, tall / 2, inks[i % 6])
        elif i % 3 == 1:
            pen.poly([(lean - half, y), *arc(lean, y, half, tall, 180, 0)], inks[i % 6])
        else:
            pen.rect(lean - half, y, lean + half, y + tall, inks[i % 6])
        y += tall
        half *= 0.78
        lean += 0.03 * (-1) ** i


def _arches(pen: Pen, inks: list[str], parts: int) -> None:
    for i in range(parts):
        r = 0.46 * (1 - i / parts)
        high = 0.52 * (1 - 0.12 * i)
        pen.poly([(-r, 0), *arc(0, high, r, r, 180, 0), (r, 0)], inks[i % 6])
    pen.lamp(ellipse(0, 0.40, 0.06, 0.06), "#fff0c8")
    pen.glow(0, 0.40, 0.4, "#fff0c8", 0.6)


def _facets(pen: Pen, inks: list[str], parts: int) -> None:
    corners: list[Point] = [
        (
            0.34 * math.cos(math.radians(90 + 360 * k / (parts + 3))),
            0.56 + 0.44 * math.sin(math.radians(90 + 360 * k / (parts + 3))),
        )
        for k in range(parts + 3)
    ]
    heart = (0.07, 0.62)
    for k, corner in enumerate(corners):
        pen.poly([heart, corner, corners[(k + 1) % len(corners)]], inks[k % 6])
    for x, y, r in ((-0.44, 0.9, 0.05), (0.45, 0.8, 0.04), (0.42, 0.2, 0.03)):
        pen.lamp(star(x, y, r, r * 0.25, 4), "#fff4d0")


def _spiral(pen: Pen, inks: list[str], parts: int) -> None:
    pen.poly([(-0.03, 0), (0.03, 0), (0.02, 0.5), (-0.02, 0.5)], inks[4])
    steps = 26 + parts * 5
    for i in range(steps):
        t = i / steps
        a, r = t * (3 + parts) * 1.7, 0.42 * t
        pen.disc(r * math.cos(a), 0.58 + r * math.sin(a), 0.018 + 0.045 * t, inks[i % 3])
