"""Signs of knowledge: brain, DNA, atom, microscope, telescope, flask."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np

from providers.local.pictures.pen import Pen, arc, ellipse


def brain(pen: Pen, rng: np.random.Generator) -> None:
    """A brain."""
    pink, fold, light = "#ee9aa6", "#b8566e", "#f9c2c4"
    pen.blob([(0.10, 0.22), (0.16, -0.02), (0.28, -0.03), (0.26, 0.24)], "#d07f8c")
    pen.blob([(0.18, 0.30), (0.26, 0.12), (0.46, 0.08), (0.60, 0.22), (0.50, 0.36)], "#dc8494")
    for i in range(4):
        pen.curve([(0.26, 0.18 + i * 0.045), (0.42, 0.15 + i * 0.05), (0.55, 0.22 + i * 0.03)], 0.010, fold)
    pen.blob(
        [
            (-0.62, 0.46),
            (-0.60, 0.66),
            (-0.44, 0.84),
            (-0.18, 0.95),
            (0.12, 0.97),
            (0.40, 0.88),
            (0.60, 0.68),
            (0.66, 0.46),
            (0.54, 0.31),
            (0.28, 0.28),
            (0.04, 0.26),
            (-0.14, 0.20),
            (-0.34, 0.24),
            (-0.40, 0.34),
            (-0.56, 0.36),
        ],
        pink,
    )
    for path in (
        [(-0.40, 0.34), (-0.16, 0.40), (0.08, 0.46), (0.30, 0.54)],
        [(-0.02, 0.95), (0.02, 0.82), (-0.06, 0.70), (0.02, 0.58), (-0.02, 0.47)],
        [(-0.56, 0.54), (-0.42, 0.50), (-0.36, 0.60), (-0.22, 0.56), (-0.16, 0.66)],
        [(-0.50, 0.74), (-0.38, 0.68), (-0.32, 0.78), (-0.18, 0.74), (-0.14, 0.86)],
        [(-0.30, 0.88), (-0.26, 0.80), (-0.10, 0.90)],
        [(0.10, 0.94), (0.14, 0.80), (0.26, 0.78), (0.28, 0.88)],
        [(0.12, 0.68), (0.22, 0.64), (0.32, 0.72), (0.44, 0.66), (0.46, 0.80)],
        [(0.34, 0.56), (0.44, 0.52), (0.56, 0.58), (0.60, 0.50)],
        [(0.14, 0.36), (0.28, 0.40), (0.40, 0.36), (0.50, 0.44)],
        [(-0.26, 0.26), (-0.14, 0.30), (-0.04, 0.28), (0.06, 0.34)],
    ):
        pen.curve([(x + 0.008, y + 0.016) for x, y in path], 0.022, light)
        pen.curve(path, 0.022, fold)
    for _ in range(9):
        a, far = float(rng.uniform(0.2, 2.9)), float(rng.uniform(0.66, 0.85))
        x, y = np.cos(a) * far, 0.52 + np.sin(a) * far * 0.66
        if y < 1.08:
            pen.lamp_line([(np.cos(a) * 0.58, 0.54 + np.sin(a) * 0.42), (x, y)], 0.006, "#ffe0a8")
            pen.lamp(ellipse(x, y, 0.018, 0.018), "#fff0c8")
            pen.glow(x, y, 0.10, "#ffe0a8", 0.6)
    pen.glow(0, 0.55, 0.9, "#ffb0b8", 0.35)


def dna(pen: Pen, _rng: np.random.Generator) -> None:
    """A double helix."""
    steps = [i / 60 for i in range(61)]

    def strand(phase: float) -> list[tuple[float, float]]:
        return [(0.19 * float(np.sin(t * 9.5 + phase)), t) for t in steps]

    one, two = strand(0.0), strand(np.pi)
    for i in range(2, 60, 3):
        middle = ((one[i][0] + two[i][0]) / 2, one[i][1])
        pen.line([one[i], middle], 0.018, ("#ffcf5a", "#7fd8c8")[i % 2])
        pen.line([middle, two[i]], 0.018, ("#f2785a", "#8fb8f2")[i % 2])
    pen.line(two, 0.035, "#4fa3d8")
    pen.line(one, 0.035, "#f2e8d6")
    pen.glow(0, 0.5, 0.7, "#8fe0ff", 0.3)


def atom(pen: Pen, _rng: np.random.Generator) -> None:
    """An atom."""
    for turn in (0, 60, 120):
        pen.line(
            [
                *ellipse(0, 0.5, 0.5, 0.17, turn),
                (0.5 * np.cos(np.radians(turn)), 0.5 + 0.5 * np.sin(np.radians(turn))),
            ],
            0.022,
            "#f2ead8",
        )
    for x, y, colour in (
        (-0.04, 0.52, "#e8604a"),
        (0.05, 0.54, "#f6c24f"),
        (0.0, 0.44, "#e8604a"),
        (0.05, 0.46, "#f6c24f"),
    ):
        pen.disc(x, y, 0.065, colour)
    for turn, at in ((0, 40), (60, 160), (120, 280)):
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        x, y = 0.5 * np.cos(np.radians(at)), 0.17 * np.sin(np.radians(at))
        pen.lamp(ellipse(x * c - y * s, 0.5 + x * s + y * c, 0.035, 0.035), "#7fe8ff")
        pen.glow(x * c - y * s, 0.5 + x * s + y * c, 0.14, "#7fe8ff", 0.7)
    pen.glow(0, 0.5, 0.5, "#ffcf8a", 0.6)


def microscope(pen: Pen, _rng: np.random.Generator) -> None:
    """A microscope."""
    body, dark = "#e8ecec", "#4f5f6a"
    pen.blob([(-0.34, 0), (-0.34, 0.08), (0.34, 0.08), (0.34, 0)], dark)
    pen.line(arc(-0.02, 0.42, 0.30, 0.34, -80, 72), 0.09, body)
    pen.rect(-0.28, 0.30, 0.12, 0.345, dark)
    pen.poly([(-0.19, 0.44), (-0.05, 0.40), (0.10, 0.86), (-0.04, 0.905)], body)
    pen.poly([(-0.165, 0.40), (-0.085, 0.375), (-0.06, 0.45), (-0.145, 0.475)], dark)
    pen.poly([(-0.02, 0.90), (0.08, 0.868), (0.115, 0.98), (0.015, 1.01)], dark)
    pen.disc(0.24, 0.36, 0.06, pen.accent)
    pen.lamp(ellipse(-0.11, 0.21, 0.05, 0.03), "#ffe9a8")
    pen.glow(-0.11, 0.30, 0.28, "#ffe9a8", 0.6)


def telescope(pen: Pen, _rng: np.random.Generator) -> None:
    """A telescope."""
    for x in (-0.3, 0.02, 0.3):
        pen.line([(0, 0.50), (x, 0.0)], 0.035, "#6b4a36")
    pen.poly([(-0.42, 0.36), (-0.36, 0.28), (0.48, 0.80), (0.40, 0.94)], "#e2b45a")
    pen.poly([(0.36, 0.955), (0.51, 0.75), (0.58, 0.79), (0.43, 1.0)], "#a87432")
    pen.poly([(-0.52, 0.30), (-0.47, 0.235), (-0.35, 0.29), (-0.41, 0.37)], "#4a3a3c")
    pen.poly([(-0.06, 0.575), (0.0, 0.49), (0.05, 0.52), (-0.01, 0.61)], "#a87432")
    pen.disc(0, 0.5, 0.045, "#4a3a3c")


def flask(pen: Pen, _rng: np.random.Generator) -> None:
    """A flask."""
    pen.blob(
        [
            (-0.08, 0.96),
            (-0.08, 0.58),
            (-0.36, 0.16),
            (-0.30, 0.02),
            (0.30, 0.02),
            (0.36, 0.16),
            (0.08, 0.58),
            (0.08, 0.96),
        ],
        "#d9ecee",
    )
    pen.lamp(
        [(-0.20, 0.38), (-0.33, 0.16), (-0.28, 0.045), (0.28, 0.045), (0.33, 0.16), (0.20, 0.38)], "#4fd8b0"
    )
    for x, y, r in (
        (-0.1, 0.16, 0.04),
        (0.08, 0.24, 0.05),
        (0.16, 0.11, 0.03),
        (-0.02, 0.33, 0.025),
        (0.0, 0.5, 0.03),
        (0.03, 0.68, 0.022),
    ):
        pen.lamp(ellipse(x, y, r, r), "#c8fff0")
    pen.rect(-0.11, 0.93, 0.11, 0.98, "#f2fbfb")
    pen.glow(0, 0.2, 0.6, "#6fffd8", 0.55)
