"""What carries people: ships, trains, cars, bicycles, and what flies."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np

from providers.local.pictures.pen import Pen, arc


def sailboat(pen: Pen, _rng: np.random.Generator) -> None:
    """A sailboat."""
    pen.line([(0, 0.1), (0, 1.0)], 0.016, "#5b3a2a")
    pen.blob([(0.03, 0.96), (0.24, 0.62), (0.44, 0.24), (0.22, 0.215), (0.03, 0.22)], "#fbf3e2")
    pen.blob([(-0.03, 0.88), (-0.12, 0.55), (-0.36, 0.24), (-0.18, 0.22), (-0.03, 0.24)], "#f0d9b8")
    pen.line([(0.03, 0.5), (0.335, 0.45)], 0.006, "#d9c4a0")
    pen.poly([(0, 1.0), (0.11, 0.975), (0, 0.945)], pen.accent)
    pen.blob(
        [
            (-0.52, 0.15),
            (-0.2, 0.13),
            (0.2, 0.13),
            (0.52, 0.17),
            (0.40, 0.03),
            (0.15, -0.03),
            (-0.25, -0.03),
            (-0.44, 0.03),
        ],
        "#8c3b2c",
    )
    pen.line([(-0.50, 0.145), (0.50, 0.16)], 0.022, "#f5e6cc")


def train(pen: Pen, _rng: np.random.Generator) -> None:
    """A train."""
    pen.rect(-2.0, -0.03, 2.0, 0.0, "#4a3b3a")
    for i in range(54):
        pen.rect(-2.0 + i * 0.075, -0.07, -1.965 + i * 0.075, -0.03, "#3b2d2b")
    body, iron = "#b53a2e", "#33313c"
    for car in range(2):
        x = -0.62 - car * 0.78
        pen.rect(x - 0.72, 0.14, x, 0.58, "#a8442f" if car else "#c25a34")
        pen.poly([(x - 0.74, 0.58), (x + 0.02, 0.58), (x - 0.04, 0.65), (x - 0.68, 0.65)], iron)
        pen.rect(x - 0.72, 0.27, x, 0.295, "#f2dcae")
        for i in range(5):
            left = x - 0.66 + i * 0.132
            pen.lamp([(left, 0.35), (left + 0.085, 0.35), (left + 0.085, 0.51), (left, 0.51)], "#ffe09a")
        for wheel in (x - 0.58, x - 0.42, x - 0.28, x - 0.12):
            pen.disc(wheel, 0.085, 0.085, iron)
            pen.disc(wheel, 0.085, 0.035, "#8b8894")
    pen.rect(-0.56, 0.14, -0.14, 0.72, body)
    pen.poly([(-0.62, 0.72), (-0.08, 0.72), (-0.14, 0.79), (-0.56, 0.79)], iron)
    for x in (-0.45, -0.25):
        pen.lamp([(x - 0.065, 0.45), (x + 0.065, 0.45), (x + 0.065, 0.64), (x - 0.065, 0.64)], "#ffe09a")
    pen.rect(-0.16, 0.24, 0.62, 0.54, body)
    pen.disc(0.62, 0.39, 0.05, iron, 0.15)
    for x in (0.02, 0.24, 0.46):
        pen.rect(x, 0.235, x + 0.022, 0.545, "#e2b455")
    pen.poly([(0.42, 0.53), (0.54, 0.53), (0.59, 0.80), (0.37, 0.80)], iron)
    pen.rect(0.36, 0.79, 0.60, 0.83, "#e2b455")
    pen.disc(0.16, 0.55, 0.08, "#e2b455", 0.09)
    pen.rect(-0.6, 0.12, 0.66, 0.22, iron)
    for x, r in ((-0.40, 0.155), (-0.06, 0.155), (0.30, 0.10), (0.54, 0.10)):
        pen.disc(x, r - 0.01, r, iron)
        pen.disc(x, r - 0.01, r * 0.8, "#a8322a")
        for spoke in range(6):
            a = np.radians(spoke * 30)
            dx, dy = np.cos(a) * r * 0.78, np.sin(a) * r * 0.78
            pen.line([(x - dx, r - 0.01 - dy), (x + dx, r - 0.01 + dy)], 0.012, iron)
    pen.line([(-0.40, 0.10), (0.30, 0.10)], 0.03, "#c9c2bc")
    pen.poly([(0.64, 0.16), (0.64, -0.02), (0.88, -0.02)], "#e2b455")
    pen.lamp([*arc(0.67, 0.53, 0.045, 0.045, 0, 360)], "#fff3c4")
    pen.glow(0.72, 0.53, 0.5, "#ffe9a8", 0.8)
    pen.beam(0.68, 0.53, -3, 2.2, 9, "#ffedb8")
    for i in range(9):
        pen.disc(0.44 - i * 0.17, 0.89 + 0.014 * i + 0.02 * (i % 3), 0.07 + 0.011 * i, "#f3ece6")


def car(pen: Pen, _rng: np.random.Generator) -> None:
    """A car."""
    paint = "#d9482f"
    pen.blob(
        [
            (-1.0, 0.26),
            (-0.98, 0.5),
            (-0.62, 0.56),
            (-0.34, 0.9),
            (0.26, 0.92),
            (0.56, 0.58),
            (0.94, 0.5),
            (1.02, 0.28),
            (0.9, 0.16),
            (-0.9, 0.16),
        ],
        paint,
    )
    pen.poly([(-0.48, 0.58), (-0.27, 0.84), (-0.04, 0.85), (-0.04, 0.58)], "#bfe3ea")
    pen.poly([(0.03, 0.58), (0.03, 0.85), (0.23, 0.84), (0.44, 0.58)], "#bfe3ea")
    pen.line([(-0.95, 0.38), (0.98, 0.38)], 0.02, "#f6e7cf")
    for x in (-0.58, 0.6):
        pen.disc(x, 0.18, 0.21, "#25232c")
        pen.disc(x, 0.18, 0.11, "#d5d3d6")
    pen.lamp(arc(0.95, 0.43, 0.05, 0.06, 0, 360), "#fff2bf")
    pen.glow(0.98, 0.43, 0.6, "#ffe9a8", 0.7)
    pen.rect(-0.5, 0.92, 0.2, 0.95, "#6b4434")
    pen.rect(-0.42, 0.95, -0.05, 1.09, "#c58b4a")


def bicycle(pen: Pen, _rng: np.random.Generator) -> None:
    """A bicycle."""
    ink = "#2c2a33"
    for x in (-0.5, 0.5):
        for angle in range(0, 180, 20):
            a = np.radians(angle)
            pen.line(
                [
                    (x - np.cos(a) * 0.33, 0.35 - np.sin(a) * 0.33),
                    (x + np.cos(a) * 0.33, 0.35 + np.sin(a) * 0.33),
                ],
                0.006,
                "#a8a6ac",
            )
        pen.line(arc(x, 0.35, 0.34, 0.34, 0, 360), 0.035, ink)
    frame = pen.accent
    for path in (
        [(-0.5, 0.35), (-0.06, 0.35), (0.36, 0.78), (-0.2, 0.78), (-0.06, 0.35)],
        [(-0.5, 0.35), (-0.2, 0.78)],
        [(0.5, 0.35), (0.34, 0.92)],
    ):
        pen.line(path, 0.035, frame)
    pen.line([(-0.2, 0.78), (-0.24, 0.9)], 0.028, ink)
    pen.blob([(-0.38, 0.92), (-0.1, 0.93), (-0.1, 0.89), (-0.36, 0.87)], ink)
    pen.curve([(0.34, 0.92), (0.42, 1.0), (0.52, 0.94)], 0.03, ink)
    pen.disc(-0.06, 0.35, 0.07, "#c9c6c4")
    pen.blob([(0.40, 0.66), (0.66, 0.66), (0.62, 0.86), (0.43, 0.86)], "#b98449")


def airplane(pen: Pen, _rng: np.random.Generator) -> None:
    """An airplane."""
    pen.poly([(-0.05, 0.55), (0.14, 0.55), (-0.42, 0.98), (-0.56, 0.98)], "#c9d4da")
    pen.poly([(-0.86, 0.56), (-0.70, 0.56), (-0.92, 0.90), (-1.06, 0.90)], "#d8483a")
    pen.blob(
        [
            (-1.0, 0.58),
            (-0.5, 0.64),
            (0.4, 0.64),
            (0.8, 0.6),
            (1.0, 0.5),
            (0.78, 0.42),
            (0.2, 0.37),
            (-0.5, 0.42),
        ],
        "#f8f5ee",
    )
    pen.blob([(-0.9, 0.53), (0, 0.52), (0.9, 0.47), (0.6, 0.41), (-0.5, 0.43)], "#d8483a")
    for i in range(12):
        pen.disc(-0.5 + i * 0.085, 0.575, 0.016, "#3a5670")
    pen.poly([(0.78, 0.59), (0.9, 0.56), (0.88, 0.52), (0.76, 0.53)], "#3a5670")
    pen.poly([(-0.14, 0.50), (0.16, 0.50), (-0.34, 0.02), (-0.54, 0.02)], "#dfe6e8")
    pen.blob([(-0.16, 0.33), (0.06, 0.34), (0.1, 0.28), (0.04, 0.23), (-0.16, 0.24)], "#b43c32")


def rocket(pen: Pen, _rng: np.random.Generator) -> None:
    """A rocket."""
    for x, wide, low in ((0, 0.12, -0.10), (0, 0.07, 0.0)):
        pen.lamp(
            [(x - wide, 0.18), (x - wide * 0.7, 0.08), (x, low), (x + wide * 0.7, 0.08), (x + wide, 0.18)],
            "#ff8a3c" if wide > 0.1 else "#fff0b0",
        )
    pen.glow(0, 0.06, 0.6, "#ffb45c", 0.9)
    pen.blob([(-0.12, 0.42), (-0.27, 0.22), (-0.26, 0.1), (-0.10, 0.2)], "#c23b34")
    pen.blob([(0.12, 0.42), (0.27, 0.22), (0.26, 0.1), (0.10, 0.2)], "#c23b34")
    pen.blob(
        [
            (0, 1.0),
            (-0.11, 0.84),
            (-0.165, 0.58),
            (-0.14, 0.32),
            (-0.09, 0.18),
            (0.09, 0.18),
            (0.14, 0.32),
            (0.165, 0.58),
            (0.11, 0.84),
        ],
        "#f8f2e6",
    )
    pen.poly(
        [(0, 1.02), *[(x, y) for x, y in ((-0.05, 0.965), (-0.105, 0.83), (0.105, 0.83), (0.05, 0.965))]],
        "#c23b34",
    )
    pen.rect(-0.148, 0.36, 0.148, 0.395, "#c23b34")
    pen.disc(0, 0.66, 0.08, "#8d8a96")
    pen.disc(0, 0.66, 0.06, "#7fd0e2")
    pen.disc(-0.018, 0.68, 0.018, "#e8fbff")
    pen.poly([(-0.02, 0.16), (0.02, 0.16), (0.02, 0.36), (-0.02, 0.36)], "#a8322c")


def balloon(pen: Pen, _rng: np.random.Generator) -> None:
    """A balloon."""
    outline = [
        (0, 1.0),
        (-0.23, 0.95),
        (-0.36, 0.76),
        (-0.33, 0.56),
        (-0.16, 0.32),
        (-0.07, 0.24),
        (0.07, 0.24),
        (0.16, 0.32),
        (0.33, 0.56),
        (0.36, 0.76),
        (0.23, 0.95),
    ]
    for share, colour in ((1.0, "#d9483b"), (0.74, "#f7e4bd"), (0.46, "#e88b3c"), (0.17, "#f7e4bd")):
        pen.blob([(x * share, y) for x, y in outline], colour)
    for x in (-0.06, 0.06):
        pen.line([(x, 0.25), (x * 0.9, 0.12)], 0.006, "#4a342a")
    pen.poly([(-0.065, 0.12), (0.065, 0.12), (0.05, 0.02), (-0.05, 0.02)], "#8a5a36")
    pen.rect(-0.072, 0.105, 0.072, 0.13, "#b07a48")
    pen.glow(0, 0.24, 0.22, "#ffd98a", 0.6)


def satellite(pen: Pen, _rng: np.random.Generator) -> None:
    """A satellite."""
    for side in (-1, 1):
        pen.line([(0, 0.5), (side * 0.9, 0.5)], 0.02, "#c7c7cf")
        for panel in range(3):
            x = side * (0.3 + panel * 0.24)
            pen.rect(x - 0.105, 0.30, x + 0.105, 0.70, "#2f5ea8")
            for line in (0.4, 0.5, 0.6):
                pen.line([(x - 0.105, line), (x + 0.105, line)], 0.008, "#8fb4e8")
    pen.rect(-0.15, 0.30, 0.15, 0.72, "#e2b95a")
    pen.poly([(-0.16, 0.9), *arc(0, 0.86, 0.16, 0.13, 180, 360), (0.16, 0.9)], "#f2efe8")
    pen.line([(0, 0.8), (0, 1.0)], 0.014, "#c7c7cf")


def anchor(pen: Pen, _rng: np.random.Generator) -> None:
    """An anchor."""
    iron = "#56606e"
    pen.line(arc(0, 0.88, 0.085, 0.085, 0, 360), 0.045, iron)
    pen.line([(0, 0.8), (0, 0.08)], 0.075, iron)
    pen.line([(-0.22, 0.68), (0.22, 0.68)], 0.06, iron)
    pen.line(arc(0, 0.46, 0.38, 0.38, 195, 345), 0.075, iron)
    for side in (-1, 1):
        pen.poly([(side * 0.46, 0.46), (side * 0.25, 0.34), (side * 0.42, 0.22)], iron)
    pen.curve([(0.02, 0.9), (0.2, 0.7), (-0.16, 0.5), (0.18, 0.28), (0.36, 0.02)], 0.035, "#c9a26a")
