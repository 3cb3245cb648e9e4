"""People, seen from behind: they give a landscape its size, and they look where the viewer looks."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np

from providers.local.pictures.pen import Pen, mirrored


def person(pen: Pen, rng: np.random.Generator) -> None:
    """A person."""
    coat = ("#c8452f", "#e0a030", "#2f6f8f", "#7a4a86", "#3f7f5a")[int(rng.integers(5))]
    dark = "#2d2c38"
    pen.line([(-0.055, 0.4), (-0.075, 0.03)], 0.085, dark)
    pen.line([(0.055, 0.4), (0.085, 0.03)], 0.085, dark)
    pen.disc(-0.085, 0.015, 0.06, "#1f1d26", 0.025)
    pen.disc(0.10, 0.015, 0.06, "#1f1d26", 0.025)
    pen.blob(
        [
            (-0.14, 0.78),
            (-0.16, 0.56),
            (-0.19, 0.30),
            (0, 0.27),
            (0.19, 0.30),
            (0.16, 0.56),
            (0.14, 0.78),
            (0, 0.83),
        ],
        coat,
    )
    pen.curve([(-0.13, 0.74), (-0.2, 0.56), (-0.18, 0.38)], 0.07, coat)
    pen.curve([(0.13, 0.74), (0.21, 0.56), (0.19, 0.38)], 0.07, coat)
    pen.disc(0, 0.91, 0.078, "#d9a27c", 0.088)
    pen.blob([(-0.085, 0.90), (-0.07, 0.99), (0, 1.01), (0.07, 0.99), (0.085, 0.90), (0, 0.86)], "#3a2a28")
    if rng.random() < 0.6:
        pen.blob([(-0.105, 0.74), (-0.115, 0.50), (0.115, 0.50), (0.105, 0.74), (0, 0.77)], "#6b4a36")
        pen.rect(-0.09, 0.76, 0.09, 0.81, pen.accent)
    else:
        pen.blob(
            [(-0.08, 0.80), (0.02, 0.83), (0.09, 0.79), (0.22, 0.70), (0.28, 0.74), (0.16, 0.81), (0, 0.86)],
            pen.accent,
        )


def child(pen: Pen, rng: np.random.Generator) -> None:
    """A child."""
    coat = ("#f0b63c", "#d9564a", "#4a9ab8")[int(rng.integers(3))]
    for x in (-0.07, 0.07):
        pen.line([(x, 0.3), (x * 1.2, 0.04)], 0.10, "#34405a")
        pen.disc(x * 1.4, 0.025, 0.075, "#c8452f", 0.035)
    pen.blob(mirrored([(0, 0.64), (-0.14, 0.60), (-0.21, 0.24), (0, 0.21)]), coat)
    pen.curve([(-0.13, 0.56), (-0.24, 0.42), (-0.22, 0.32)], 0.075, coat)
    pen.curve([(0.13, 0.56), (0.28, 0.68), (0.34, 0.84)], 0.075, coat)
    pen.disc(0, 0.80, 0.155, "#e0ac86")
    pen.blob([(-0.165, 0.78), (-0.14, 0.93), (0, 0.985), (0.14, 0.93), (0.165, 0.78), (0, 0.72)], "#5b3a2a")
    pen.line([(0.34, 0.84), (0.36, 1.0)], 0.006, "#fff3e0")


def robot(pen: Pen, _rng: np.random.Generator) -> None:
    """A robot."""
    steel, dark = "#b9c6cc", "#6f828c"
    pen.line([(0, 0.92), (0, 1.0)], 0.02, dark)
    pen.lamp([(x, 1.0 + y) for x, y in ((-0.03, 0), (0, 0.03), (0.03, 0), (0, -0.03))], "#ff7a4a")
    for x in (-0.13, 0.13):
        pen.rect(x - 0.055, 0.03, x + 0.055, 0.24, dark)
        pen.blob([(x - 0.10, 0.0), (x - 0.08, 0.08), (x + 0.08, 0.08), (x + 0.10, 0.0)], steel)
    for side in (-1, 1):
        pen.curve([(side * 0.26, 0.54), (side * 0.38, 0.44), (side * 0.36, 0.28)], 0.07, dark)
        pen.disc(side * 0.36, 0.26, 0.06, steel)
    pen.blob([(-0.27, 0.22), (-0.29, 0.40), (-0.25, 0.58), (0.25, 0.58), (0.29, 0.40), (0.27, 0.22)], steel)
    pen.rect(-0.14, 0.30, 0.14, 0.47, dark)
    pen.lamp(
        [
            (-0.11, 0.36),
            (-0.05, 0.36),
            (-0.02, 0.43),
            (0.02, 0.33),
            (0.05, 0.37),
            (0.11, 0.37),
            (0.11, 0.38),
            (0.04, 0.38),
            (0.02, 0.35),
            (-0.02, 0.45),
            (-0.055, 0.37),
            (-0.11, 0.37),
        ],
        "#7dffd0",
    )
    pen.rect(-0.06, 0.57, 0.06, 0.63, dark)
    pen.blob([(-0.27, 0.64), (-0.28, 0.80), (-0.22, 0.92), (0.22, 0.92), (0.28, 0.80), (0.27, 0.64)], steel)
    pen.blob([(-0.21, 0.68), (-0.21, 0.84), (0.21, 0.84), (0.21, 0.68)], "#22303c")
    for x in (-0.1, 0.1):
        pen.lamp(
            [(x + 0.045 * np.cos(a), 0.765 + 0.05 * np.sin(a)) for a in np.linspace(0, 6.28, 24)], "#6ff0ff"
        )
        pen.glow(x, 0.765, 0.18, "#6ff0ff", 0.6)
