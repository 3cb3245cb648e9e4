"""Things of the house and of trade: cup, book, clock, coins, lamp, instruments, games."""

import numpy as np

from providers.local.pictures.pen import Pen, arc, ellipse, star


def coffee(pen: Pen, rng: np.random.Generator) -> None:
    """A cup of coffee."""
    pen.disc(0, 0.05, 0.60, "#e9dcc8", 0.065)
    pen.disc(0, 0.065, 0.46, "#d3c1a6", 0.045)
    pen.line(arc(0.36, 0.36, 0.17, 0.15, -80, 95), 0.06, "#f2e7d6")
    pen.blob(
        [
            (-0.40, 0.58),
            (-0.39, 0.40),
            (-0.31, 0.20),
            (-0.18, 0.08),
            (0.18, 0.08),
            (0.31, 0.20),
            (0.39, 0.40),
            (0.40, 0.58),
        ],
        "#fbf4e8",
    )
    pen.blob([(-0.38, 0.40), (-0.36, 0.32), (0, 0.26), (0.36, 0.32), (0.38, 0.40), (0, 0.335)], pen.accent)
    pen.disc(0, 0.575, 0.40, "#efe3d0", 0.09)
    pen.disc(0, 0.57, 0.365, "#5a3220", 0.073)
    pen.disc(-0.05, 0.565, 0.22, "#8a5632", 0.04)
    pen.blob([(0, 0.54), (-0.10, 0.575), (-0.06, 0.60), (0, 0.585), (0.06, 0.60), (0.10, 0.575)], "#f2dcb8")
    for i, x in enumerate((-0.16, 0.02, 0.18)):
        sway, top = 0.07 * (1 if i % 2 else -1), 0.92 + 0.07 * i % 0.13
        points = [(x, 0.66), (x + sway, 0.75), (x - sway * 0.6, 0.86), (x + sway * 0.5, top + 0.08)]
        pen.curve(points, 0.022, "#f6efe6")
        pen.glow(x, 0.8, 0.16, "#fff6e8", 0.22)
    for _ in range(7):
        x = float(rng.choice([-1, 1])) * float(rng.uniform(0.52, 0.74))
        y, turn = float(rng.uniform(-0.06, 0.02)), float(rng.uniform(0, 180))
        pen.disc(x, y, 0.05, "#4a2818", 0.032, turn)
        pen.line(
            [
                (x - 0.03 * np.cos(np.radians(turn)), y - 0.03 * np.sin(np.radians(turn))),
                (x + 0.03 * np.cos(np.radians(turn)), y + 0.03 * np.sin(np.radians(turn))),
            ],
            0.007,
            "#8a5632",
        )


def book(pen: Pen, _rng: np.random.Generator) -> None:
    """A book."""
    pen.poly([(-0.72, 0.08), (0, 0.0), (0.72, 0.08), (0.70, 0.50), (0, 0.42), (-0.70, 0.50)], "#8a3a34")
    for side in (-1, 1):
        pen.blob(
            [
                (0, 0.05),
                (side * 0.3, 0.13),
                (side * 0.66, 0.12),
                (side * 0.64, 0.52),
                (side * 0.32, 0.56),
                (0, 0.46),
            ],
            "#fbf3e0",
        )
        for row in range(5):
            y = 0.22 + row * 0.06
            pen.curve(
                [(side * 0.08, y - 0.03), (side * 0.3, y + 0.02), (side * 0.56, y + 0.01)], 0.009, "#c9b896"
            )
    pen.poly([(0.05, 0.46), (0.09, 0.46), (0.10, 0.02), (0.07, 0.06), (0.04, 0.02)], pen.accent)
    for x, y, r in (
        (0, 0.7, 0.05),
        (-0.2, 0.82, 0.035),
        (0.19, 0.84, 0.04),
        (0.06, 0.98, 0.03),
        (-0.32, 0.98, 0.022),
        (0.36, 1.02, 0.02),
    ):
        pen.lamp(star(x, y, r, r * 0.25, 4), "#ffe9a8")
    pen.glow(0, 0.5, 0.7, "#ffe2a0", 0.75)


def clock(pen: Pen, rng: np.random.Generator) -> None:
    """A clock."""
    pen.disc(0, 0.5, 0.5, "#7a4a34")
    pen.disc(0, 0.5, 0.455, "#d9a95a")
    pen.disc(0, 0.5, 0.42, "#fbf3e0")
    for hour in range(12):
        a = np.radians(hour * 30)
        inner = 0.30 if hour % 3 == 0 else 0.345
        pen.line(
            [(np.sin(a) * inner, 0.5 + np.cos(a) * inner), (np.sin(a) * 0.385, 0.5 + np.cos(a) * 0.385)],
            0.022 if hour % 3 == 0 else 0.012,
            "#3a2c30",
        )
    turn = float(rng.uniform(0, 6.28))
    pen.line([(0, 0.5), (np.sin(turn) * 0.2, 0.5 + np.cos(turn) * 0.2)], 0.04, "#3a2c30")
    pen.line([(0, 0.5), (np.sin(turn * 12) * 0.31, 0.5 + np.cos(turn * 12) * 0.31)], 0.025, "#3a2c30")
    pen.disc(0, 0.5, 0.035, "#c8452f")


def coins(pen: Pen, rng: np.random.Generator) -> None:
    """Stacks of coins."""
    for x, count in ((0.40, 11), (-0.44, 4), (-0.02, 7)):
        for i in range(count):
            y = 0.03 + i * 0.06
            off = float(rng.uniform(-0.012, 0.012))
            pen.disc(x + off, y, 0.19, "#a86f1e", 0.062)
            pen.rect(x + off - 0.19, y, x + off + 0.19, y + 0.035, "#c98a28")
            pen.disc(x + off, y + 0.04, 0.19, "#f2bf45", 0.062)
        top = 0.03 + (count - 1) * 0.06 + 0.04
        pen.disc(x, top, 0.145, "#dba234", 0.046)
        pen.poly(star(x, top, 0.075, 0.03, 5), "#ffe08a")
    pen.disc(-0.30, 0.56, 0.20, "#b37a22")
    pen.disc(-0.315, 0.57, 0.19, "#f6c64f")
    pen.disc(-0.315, 0.57, 0.145, "#e0a636")
    pen.poly(star(-0.315, 0.57, 0.10, 0.042, 5), "#fff0b0")
    for x, y, s in ((0.04, 0.72, 0.05), (0.62, 0.86, 0.06), (-0.58, 0.42, 0.04)):
        pen.lamp(star(x, y, s, s * 0.2, 4), "#fff6cc")
    pen.glow(0.1, 0.4, 0.9, "#ffd873", 0.4)


def chart(pen: Pen, _rng: np.random.Generator) -> None:
    """A rising chart."""
    for i, high in enumerate((0.26, 0.36, 0.32, 0.54, 0.66, 0.88)):
        x = -0.55 + i * 0.19
        pen.rect(x, 0, x + 0.13, high, "#4fa3a0" if i % 2 else "#3a7f93")
        pen.poly([(x + 0.13, 0), (x + 0.17, 0.025), (x + 0.17, high + 0.025), (x + 0.13, high)], "#285c70")
    pen.line([(-0.55, 0.36), (-0.3, 0.52), (-0.1, 0.46), (0.2, 0.76), (0.52, 1.02)], 0.035, pen.accent)
    pen.poly([(0.60, 1.09), (0.42, 1.04), (0.55, 0.92)], pen.accent)
    pen.rect(-0.66, -0.03, 0.68, 0.0, "#f2e6cf")


def lightbulb(pen: Pen, _rng: np.random.Generator) -> None:
    """A lightbulb."""
    pen.glow(0, 0.66, 0.95, "#ffe08a", 0.95)
    pen.lamp([*arc(0, 0.66, 0.31, 0.32, -48, 228), (-0.13, 0.30), (0.13, 0.30)], "#ffe9a6")
    pen.lamp(ellipse(-0.08, 0.74, 0.13, 0.15), "#fff6d6")
    pen.lamp_line(
        [(-0.06, 0.32), (-0.09, 0.56), (-0.03, 0.64), (0, 0.57), (0.03, 0.64), (0.09, 0.56), (0.06, 0.32)],
        0.014,
        "#e08a2c",
    )
    for i in range(4):
        pen.rect(
            -0.13 + 0.008 * i,
            0.235 - i * 0.05,
            0.13 - 0.008 * i,
            0.285 - i * 0.05,
            ("#8f97a2", "#b9c0c8")[i % 2],
        )
    pen.blob([(-0.08, 0.09), (0.08, 0.09), (0, 0.02)], "#4d535e")
    for angle in range(0, 181, 30):
        a = np.radians(angle)
        pen.lamp_line(
            [(np.cos(a) * 0.42, 0.66 + np.sin(a) * 0.42), (np.cos(a) * 0.50, 0.66 + np.sin(a) * 0.50)],
            0.018,
            "#ffe9a6",
        )


def heart(pen: Pen, _rng: np.random.Generator) -> None:
    """A heart."""
    t = np.linspace(0, 2 * np.pi, 120)
    xs, ys = 16 * np.sin(t) ** 3, 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    for size, colour in ((1.0, "#d9344a"), (0.80, "#ea5560")):
        pen.poly(
            [
                (float(x) * 0.029 * size, 0.56 + (float(y) + 2.4) * 0.029 * size - 0.07)
                for x, y in zip(xs, ys, strict=True)
            ],
            colour,
        )
    pen.blob([(-0.32, 0.72), (-0.24, 0.82), (-0.14, 0.82), (-0.24, 0.74), (-0.29, 0.62)], "#ffc4c0")
    pen.glow(0, 0.5, 0.8, "#ff8a8a", 0.4)


def key(pen: Pen, _rng: np.random.Generator) -> None:
    """A key."""
    gold = "#e2ae45"
    pen.line(arc(0, 0.8, 0.15, 0.15, 0, 360), 0.07, gold)
    pen.line([(0, 0.65), (0, 0.04)], 0.07, gold)
    for y, out in ((0.08, 0.2), (0.20, 0.15)):
        pen.line([(0, y), (out, y)], 0.06, gold)
    pen.rect(-0.06, 0.58, 0.06, 0.63, "#b8842c")


def crown(pen: Pen, _rng: np.random.Generator) -> None:
    """A crown."""
    pen.poly(
        [(-0.6, 0.75), (-0.5, 0.1), (0.5, 0.1), (0.6, 0.75), (0.28, 0.42), (0, 0.92), (-0.28, 0.42)],
        "#f0b93c",
    )
    pen.rect(-0.51, 0.08, 0.51, 0.22, "#c98a28")
    for x, y, colour in (
        (-0.6, 0.78, "#d8404a"),
        (0, 0.94, "#4aa3d8"),
        (0.6, 0.78, "#d8404a"),
        (-0.25, 0.15, "#4aa3d8"),
        (0, 0.15, "#d8404a"),
        (0.25, 0.15, "#4aa3d8"),
    ):
        pen.disc(x, y, 0.055, colour)


def hourglass(pen: Pen, _rng: np.random.Generator) -> None:
    """A hourglass."""
    for y in (0.0, 0.92):
        pen.rect(-0.33, y, 0.33, y + 0.08, "#8a5636")
    for side in (-1, 1):
        pen.line([(side * 0.29, 0.06), (side * 0.29, 0.94)], 0.035, "#a8703f")
        pen.blob(
            [(0, 0.5), (side * 0.03, 0.55), (side * 0.23, 0.74), (side * 0.22, 0.92), (0, 0.92)], "#cfe8ea"
        )
        pen.blob(
            [(0, 0.5), (side * 0.03, 0.45), (side * 0.23, 0.26), (side * 0.22, 0.08), (0, 0.08)], "#cfe8ea"
        )
    pen.blob([(0, 0.52), (-0.14, 0.68), (0, 0.72), (0.14, 0.68)], "#f0b63c")
    pen.blob([(-0.2, 0.09), (0, 0.30), (0.2, 0.09)], "#f0b63c")
    pen.line([(0, 0.52), (0, 0.22)], 0.014, "#f0b63c")


def gear(pen: Pen, _rng: np.random.Generator) -> None:
    """Two gears that mesh."""
    for x, y, r, teeth, colour in ((-0.14, 0.42, 0.36, 12, "#c98a4a"), (0.36, 0.76, 0.24, 9, "#8fa3ad")):
        pen.poly(star(x, y, r * 1.14, r * 0.94, teeth), colour)
        pen.disc(x, y, r * 0.95, colour)
        pen.disc(x, y, r * 0.62, "#4a3c3c")
        for k in range(5):
            a = np.radians(k * 72 + 10)
            pen.line([(x, y), (x + np.cos(a) * r * 0.7, y + np.sin(a) * r * 0.7)], r * 0.16, colour)
        pen.disc(x, y, r * 0.2, "#f2e2c2")
