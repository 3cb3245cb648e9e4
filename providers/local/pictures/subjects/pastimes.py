"""Things of leisure: games, music, screens, food."""

import numpy as np

from providers.local.pictures.pen import Pen


def chess(pen: Pen, _rng: np.random.Generator) -> None:
    """Two chess pieces."""
    for x, tone, size in ((-0.38, "#3a2f38", 0.74), (0.16, "#f2e4c8", 1.0)):

        def at(px: float, py: float, x: float = x, size: float = size) -> tuple[float, float]:
            return x + px * size, py * size

        pen.blob(
            [
                at(-0.22, 0),
                at(-0.22, 0.08),
                at(-0.13, 0.14),
                at(-0.08, 0.5),
                at(-0.13, 0.72),
                at(0.13, 0.72),
                at(0.08, 0.5),
                at(0.13, 0.14),
                at(0.22, 0.08),
                at(0.22, 0),
            ],
            tone,
        )
        pen.poly([at(-0.16, 0.72), at(0.16, 0.72), at(0.12, 0.66), at(-0.12, 0.66)], pen.accent)
        pen.poly([at(-0.12, 0.73), at(-0.16, 0.90), at(0.16, 0.90), at(0.12, 0.73)], tone)
        pen.line([at(0, 0.88), at(0, 1.02)], 0.045 * size, tone)
        pen.line([at(-0.06, 0.96), at(0.06, 0.96)], 0.04 * size, tone)


def football(pen: Pen, _rng: np.random.Generator) -> None:
    """A football."""
    pen.disc(0, 0.5, 0.5, "#f8f5ee")
    for x, y, size, turn in (
        (0, 0.5, 0.16, 90),
        *(
            (
                0.40 * np.cos(np.radians(90 + 72 * k)),
                0.5 + 0.40 * np.sin(np.radians(90 + 72 * k)),
                0.115,
                270 + 72 * k,
            )
            for k in range(5)
        ),
    ):
        pen.poly(
            [
                (x + size * np.cos(np.radians(turn + 72 * k)), y + size * np.sin(np.radians(turn + 72 * k)))
                for k in range(5)
            ],
            "#2c2a33",
        )
    for k in range(5):
        a = np.radians(90 + 72 * k)
        pen.line(
            [(np.cos(a) * 0.16, 0.5 + np.sin(a) * 0.16), (np.cos(a) * 0.30, 0.5 + np.sin(a) * 0.30)],
            0.014,
            "#2c2a33",
        )


def guitar(pen: Pen, _rng: np.random.Generator) -> None:
    """A guitar."""
    pen.blob(
        [
            (0, 0),
            (-0.22, 0.06),
            (-0.26, 0.22),
            (-0.16, 0.34),
            (-0.18, 0.46),
            (-0.08, 0.53),
            (0.08, 0.53),
            (0.18, 0.46),
            (0.16, 0.34),
            (0.26, 0.22),
            (0.22, 0.06),
        ],
        "#c9783a",
    )
    pen.disc(0, 0.36, 0.075, "#3a221a")
    pen.rect(-0.10, 0.13, 0.10, 0.155, "#4a2c20")
    pen.rect(-0.03, 0.40, 0.03, 0.88, "#4a2c20")
    pen.poly([(-0.04, 0.87), (0.04, 0.87), (0.06, 1.0), (-0.06, 1.0)], "#3a221a")
    for x in (-0.015, -0.005, 0.005, 0.015):
        pen.line([(x, 0.145), (x, 0.9)], 0.003, "#f6e9c8")


def notes(pen: Pen, _rng: np.random.Generator) -> None:
    """Musical notes on their lines."""
    ink = pen.accent
    for x, y in ((-0.34, 0.14), (0.2, 0.22)):
        pen.disc(x, y, 0.145, ink, 0.105, 20)
        pen.line([(x + 0.12, y + 0.04), (x + 0.12, y + 0.66)], 0.045, ink)
    pen.poly([(-0.24, 0.70), (0.345, 0.78), (0.345, 0.95), (-0.24, 0.86)], ink)
    for i in range(5):
        y = 0.16 + i * 0.16
        pen.curve([(-1.1, y), (-0.4, y + 0.12), (0.4, y - 0.06), (1.1, y + 0.08)], 0.006, "#fff3dc")


def computer(pen: Pen, _rng: np.random.Generator) -> None:
    """A computer."""
    pen.blob([(-0.52, 0.20), (-0.52, 0.94), (0.52, 0.94), (0.52, 0.20)], "#2d3440")
    pen.lamp([(-0.49, 0.24), (0.49, 0.24), (0.49, 0.90), (-0.49, 0.90)], "#16323f")
    for row, (start, long) in enumerate(
        ((0, 0.4), (0.08, 0.5), (0.16, 0.3), (0.16, 0.44), (0.08, 0.24), (0, 0.52), (0.08, 0.36))
    ):
        y = 0.82 - row * 0.08
        pen.lamp(
            [
                (-0.40 + start, y),
                (-0.40 + start + long, y),
                (-0.40 + start + long, y + 0.03),
                (-0.40 + start, y + 0.03),
            ],
            ("#7dffc8", "#ffcf70", "#7fc8ff")[row % 3],
        )
    pen.poly([(-0.56, 0.18), (0.56, 0.18), (0.72, 0.02), (-0.72, 0.02)], "#b9c2ca")
    pen.poly([(-0.48, 0.155), (0.48, 0.155), (0.56, 0.08), (-0.56, 0.08)], "#7b8790")
    pen.rect(-0.72, -0.01, 0.72, 0.02, "#8d99a2")
    pen.glow(0, 0.58, 0.8, "#7fe8ff", 0.4)


def phone(pen: Pen, _rng: np.random.Generator) -> None:
    """A phone."""
    pen.blob([(-0.27, 0.02), (-0.27, 0.98), (0.27, 0.98), (0.27, 0.02)], "#23242e")
    pen.lamp([(-0.235, 0.07), (0.235, 0.07), (0.235, 0.93), (-0.235, 0.93)], "#2f8fb0")
    for i in range(12):
        x, y = -0.15 + i % 3 * 0.15, 0.80 - i // 3 * 0.17
        pen.lamp(
            [(x - 0.05, y - 0.05), (x + 0.05, y - 0.05), (x + 0.05, y + 0.05), (x - 0.05, y + 0.05)],
            ("#ffcf5a", "#ff7a5a", "#8fe8c0", "#f6f2e6")[i % 4],
        )
    pen.glow(0, 0.5, 0.7, "#8fe0ff", 0.45)


def camera(pen: Pen, _rng: np.random.Generator) -> None:
    """A camera."""
    pen.blob([(-0.6, 0.08), (-0.6, 0.72), (0.6, 0.72), (0.6, 0.08)], "#3a3640")
    pen.rect(-0.22, 0.7, 0.22, 0.86, "#c9c2bc")
    pen.rect(-0.62, 0.52, 0.62, 0.70, "#c9c2bc")
    for r, colour in ((0.27, "#e2dcd4"), (0.23, "#24222a"), (0.16, "#2f5e78"), (0.09, "#16303f")):
        pen.disc(0, 0.38, r, colour)
    pen.disc(-0.06, 0.45, 0.035, "#e8fbff")
    pen.disc(0.44, 0.61, 0.045, pen.accent)


def apple(pen: Pen, _rng: np.random.Generator) -> None:
    """An apple."""
    pen.blob(
        [
            (0, 0.74),
            (-0.2, 0.82),
            (-0.42, 0.66),
            (-0.42, 0.34),
            (-0.22, 0.05),
            (0, 0.08),
            (0.22, 0.05),
            (0.42, 0.34),
            (0.42, 0.66),
            (0.2, 0.82),
        ],
        "#d23c34",
    )
    pen.blob([(-0.3, 0.66), (-0.34, 0.5), (-0.28, 0.36), (-0.22, 0.5), (-0.24, 0.64)], "#f29a86")
    pen.curve([(0, 0.74), (0.01, 0.86), (0.07, 0.96)], 0.03, "#5b3a2a")
    pen.blob([(0.04, 0.86), (0.16, 0.98), (0.34, 0.96), (0.22, 0.84)], "#5fa84f")


def bread(pen: Pen, _rng: np.random.Generator) -> None:
    """A loaf."""
    pen.blob(
        [
            (-0.9, 0.1),
            (-0.92, 0.42),
            (-0.6, 0.74),
            (0, 0.84),
            (0.6, 0.74),
            (0.92, 0.42),
            (0.9, 0.1),
            (0, 0.02),
        ],
        "#c9853f",
    )
    for x in (-0.5, -0.16, 0.18, 0.52):
        pen.blob([(x - 0.12, 0.34), (x - 0.02, 0.66), (x + 0.12, 0.74), (x + 0.04, 0.44)], "#f2cd8a")


def wine(pen: Pen, _rng: np.random.Generator) -> None:
    """A bottle and a glass of wine."""
    pen.blob(
        [
            (-0.36, 0.02),
            (-0.36, 0.5),
            (-0.25, 0.64),
            (-0.24, 0.96),
            (-0.12, 0.96),
            (-0.11, 0.64),
            (0.0, 0.5),
            (0.0, 0.02),
        ],
        "#2f4a3a",
    )
    pen.rect(-0.355, 0.16, -0.005, 0.40, "#f4e8cc")
    pen.rect(-0.245, 0.86, -0.115, 1.0, "#8a2a3a")
    pen.blob([(0.12, 0.62), (0.13, 0.42), (0.26, 0.28), (0.39, 0.42), (0.40, 0.62)], "#d9e8ea")
    pen.blob([(0.13, 0.50), (0.15, 0.38), (0.26, 0.29), (0.37, 0.38), (0.39, 0.50)], "#a82a44")
    pen.line([(0.26, 0.3), (0.26, 0.03)], 0.022, "#d9e8ea")
    pen.disc(0.26, 0.02, 0.13, "#d9e8ea", 0.022)
