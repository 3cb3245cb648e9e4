"""What stands in the sky: the Moon, planets, the Sun, the Earth, stars and comets."""

import numpy as np

from providers.local.pictures.pen import Pen, arc, ellipse, star


def moon(pen: Pen, rng: np.random.Generator) -> None:
    """The full Moon."""
    pen.lamp(ellipse(0, 0.5, 0.5, 0.5), "#f3eedc")
    seas = (
        (-0.16, 0.66, 0.17, 0.13),
        (0.10, 0.70, 0.13, 0.10),
        (0.22, 0.50, 0.12, 0.14),
        (-0.22, 0.42, 0.14, 0.16),
        (0.05, 0.42, 0.10, 0.07),
        (-0.05, 0.24, 0.09, 0.06),
    )
    for x, y, rx, ry in seas:
        wobble = [
            (px + float(rng.normal(0, 0.010)), py + float(rng.normal(0, 0.010)))
            for px, py in ellipse(x, y, rx, ry, 20)[::6]
        ]
        pen.lamp(wobble, "#cfc9b8")
    for _ in range(26):
        r, a = 0.46 * float(rng.random()) ** 0.5, float(rng.uniform(0, 6.283))
        size = float(rng.exponential(0.014)) + 0.007
        x, y = np.cos(a) * r * 0.9, 0.5 + np.sin(a) * r * 0.9
        pen.lamp(ellipse(x, y, size, size * 0.9), "#bdb7a6")
        pen.lamp(ellipse(x + size * 0.2, y - size * 0.2, size * 0.72, size * 0.65), "#e6e0cd")
    shadow = arc(0, 0.5, 0.5, 0.5, -62, 118) + arc(0, 0.5, 0.46, 0.47, 118, -62)
    pen.lamp(shadow, "#a9a6a8")
    pen.glow(0, 0.5, 1.0, "#f6f0d8", 0.55)


def planet(pen: Pen, rng: np.random.Generator) -> None:
    """A planet."""
    tilt = 18.0
    back = [(x, y) for x, y in ellipse(0, 0.5, 0.86, 0.20, tilt)]
    pen.line([*back[2:36]], 0.07, "#c9a878")
    for i, colour in enumerate(("#e8b878", "#d99a5e", "#f0cb94", "#c98552", "#e9bd84", "#b87848")):
        low, high = 0.92 - i * 0.14, 0.92 - (i + 1) * 0.14
        points = [p for p in ellipse(0, 0.5, 0.42, 0.42) if p[1] <= low + float(rng.uniform(-0.01, 0.01))]
        pen.poly(points, colour)
        del high
    pen.line([*back[36:], back[0], back[1], back[2]], 0.07, "#e8cfa0")
    pen.line([*[(x * 1.13, 0.5 + (y - 0.5) * 1.13) for x, y in back[37:]]], 0.02, "#f2e2bf")


def sun(pen: Pen, _rng: np.random.Generator) -> None:
    """The Sun."""
    pen.lamp(ellipse(0, 0.5, 0.5, 0.5), "#ffd873")
    pen.lamp(ellipse(0, 0.5, 0.42, 0.42), "#ffeaa6")
    pen.glow(0, 0.5, 1.6, "#ffd98a", 0.9)


def earth(pen: Pen, _rng: np.random.Generator) -> None:
    """The Earth."""
    pen.disc(0, 0.5, 0.5, "#2f86c4")
    land = (
        [(-0.34, 0.80), (-0.12, 0.86), (-0.06, 0.74), (-0.2, 0.62), (-0.24, 0.52), (-0.36, 0.62)],
        [(-0.18, 0.48), (-0.04, 0.42), (-0.08, 0.24), (-0.16, 0.10), (-0.22, 0.28)],
        [(0.08, 0.84), (0.30, 0.86), (0.42, 0.70), (0.32, 0.60), (0.18, 0.68), (0.08, 0.72)],
        [(0.10, 0.60), (0.26, 0.56), (0.30, 0.42), (0.20, 0.22), (0.12, 0.36), (0.04, 0.48)],
    )
    for shape in land:
        pen.blob(shape, "#5fae5c")
    for x, y, long in ((-0.1, 0.7, 0.2), (0.16, 0.5, 0.18), (-0.22, 0.33, 0.14), (0.1, 0.2, 0.16)):
        pen.curve([(x - long, y), (x, y + 0.025), (x + long, y - 0.01)], 0.028, "#f4fbfb")
    pen.disc(0, 0.955, 0.14, "#f4fbfb", 0.04)
    pen.glow(0, 0.5, 0.95, "#8fd8ff", 0.4)


def comet(pen: Pen, _rng: np.random.Generator) -> None:
    """A comet."""
    for spread, colour in ((0.16, "#6fb7d8"), (0.09, "#bfe6ee")):
        pen.lamp([(0.4, 0.3 - spread * 0.5), (0.4 + spread * 0.4, 0.3 + spread * 0.3), (-0.75, 1.0)], colour)
    pen.lamp(ellipse(0.42, 0.29, 0.09, 0.09), "#fffbe8")
    pen.glow(0.42, 0.29, 0.5, "#e8fbff", 0.9)


def shining_star(pen: Pen, _rng: np.random.Generator) -> None:
    """A star."""
    pen.lamp(star(0, 0.5, 0.5, 0.07, 4), "#fff3c8")
    pen.lamp(star(0, 0.5, 0.24, 0.07, 4, 45), "#ffe09a")
    pen.glow(0, 0.5, 0.9, "#fff0c0", 0.9)
