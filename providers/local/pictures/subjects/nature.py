"""What grows and what the earth does: trees, flowers, volcano, waterfall, fire, ice."""

import numpy as np

from providers.local.pictures.pen import Pen, star


def tree(pen: Pen, rng: np.random.Generator) -> None:
    """A tree."""
    pen.blob(
        [(-0.08, -0.02), (-0.045, 0.2), (-0.04, 0.46), (0.04, 0.46), (0.05, 0.2), (0.10, -0.02)], "#6b4434"
    )
    for tip in ((-0.24, 0.60), (0.22, 0.62), (0.02, 0.7)):
        pen.curve([(0, 0.34), (tip[0] * 0.5, 0.48), tip], 0.03, "#6b4434")
    for colour, drop in (("#2f6b48", 0.05), ("#3f8753", 0.0), ("#63a85c", -0.045)):
        for _ in range(15):
            a, r = float(rng.uniform(0, 6.28)), float(rng.random()) ** 0.5
            size = float(rng.uniform(0.07, 0.13)) * (1 if drop >= 0 else 0.7)
            pen.disc(np.cos(a) * r * 0.31 + drop * 0.9, 0.72 + np.sin(a) * r * 0.2 - drop, size, colour)


def pine(pen: Pen, _rng: np.random.Generator) -> None:
    """A pine."""
    pen.rect(-0.03, -0.02, 0.03, 0.2, "#5d4034")
    for tier in range(6):
        y, half = 0.10 + tier * 0.135, 0.30 * (1 - tier / 6.6)
        pen.poly(
            [(-half, y), (-half * 0.35, y + 0.05), (half * 0.4, y + 0.045), (half, y), (0.02, y + 0.27)],
            ("#1f5a48", "#2b6e53")[tier % 2],
        )


def palm(pen: Pen, _rng: np.random.Generator) -> None:
    """A palm."""
    pen.curve([(-0.08, -0.02), (-0.05, 0.25), (0.03, 0.5), (0.10, 0.74)], 0.045, "#8a6244")
    for angle in (10, 48, 82, 118, 150, 182, 212, -28):
        a = np.radians(angle)
        mid, end = (
            (0.10 + np.cos(a) * 0.22, 0.76 + np.sin(a) * 0.2 + 0.06),
            (0.10 + np.cos(a) * 0.42, 0.74 + np.sin(a) * 0.22 - 0.10),
        )
        pen.blob([(0.10, 0.76), (mid[0], mid[1] + 0.03), end, (mid[0], mid[1] - 0.045)], "#2f7d54")
    for x in (0.06, 0.12):
        pen.disc(x, 0.72, 0.032, "#7a4a2c")


def cactus(pen: Pen, _rng: np.random.Generator) -> None:
    """A cactus."""
    green = "#4d8a55"
    pen.line([(0, 0), (0, 0.92)], 0.15, green)
    pen.line([(0, 0.36), (-0.26, 0.38), (-0.27, 0.66)], 0.11, green)
    pen.line([(0, 0.46), (0.24, 0.48), (0.25, 0.76)], 0.11, green)
    for x in (-0.035, 0.0, 0.035):
        pen.line([(x, 0.03), (x, 0.94)], 0.008, "#76ad6c")
    pen.poly(star(0.02, 0.99, 0.06, 0.025, 6), "#f2689a")


def flower(pen: Pen, _rng: np.random.Generator) -> None:
    """A flower."""
    pen.curve([(0.02, 0), (-0.03, 0.3), (0, 0.64)], 0.03, "#3f8048")
    for side, y in ((-1, 0.18), (1, 0.3)):
        pen.blob(
            [(0, y), (side * 0.12, y + 0.14), (side * 0.28, y + 0.16), (side * 0.18, y + 0.02)], "#4f9a55"
        )
    for ring, colour, size in ((0, "#f2b01e", 0.30), (11, "#ffd04a", 0.25)):
        for k in range(16):
            a = np.radians(k * 22.5 + ring)
            c, s = np.cos(a), np.sin(a)
            pen.blob(
                [
                    (c * 0.08, 0.7 + s * 0.08),
                    (c * size * 0.7 - s * 0.05, 0.7 + s * size * 0.7 + c * 0.05),
                    (c * size, 0.7 + s * size),
                    (c * size * 0.7 + s * 0.05, 0.7 + s * size * 0.7 - c * 0.05),
                ],
                colour,
            )
    pen.disc(0, 0.7, 0.125, "#5b3623")
    pen.disc(0, 0.7, 0.07, "#7c4c2c")


def mushroom(pen: Pen, _rng: np.random.Generator) -> None:
    """A mushroom."""
    pen.blob([(-0.11, 0), (-0.08, 0.3), (-0.10, 0.56), (0.10, 0.56), (0.08, 0.3), (0.12, 0)], "#f6ead2")
    pen.blob([(-0.46, 0.50), (-0.36, 0.80), (0, 0.98), (0.36, 0.80), (0.46, 0.50), (0, 0.44)], "#cf3f34")
    for x, y, r in (
        (-0.2, 0.72, 0.06),
        (0.05, 0.84, 0.05),
        (0.24, 0.64, 0.055),
        (-0.02, 0.62, 0.045),
        (-0.34, 0.56, 0.035),
    ):
        pen.disc(x, y, r, "#fff5e4", r * 0.8)


def leaf(pen: Pen, _rng: np.random.Generator) -> None:
    """A leaf."""
    pen.curve([(0, 0), (0.02, 0.3), (0, 0.55)], 0.03, "#4a8a4c")
    for side, low, size in ((-1, 0.30, 0.42), (1, 0.40, 0.46), (-1, 0.55, 0.30)):
        pen.blob(
            [
                (0, low),
                (side * size * 0.5, low + size * 0.28),
                (side * size, low + size * 0.9),
                (side * size * 0.35, low + size * 0.75),
            ],
            "#5fae58",
        )
        pen.curve(
            [(0, low), (side * size * 0.5, low + size * 0.45), (side * size * 0.9, low + size * 0.82)],
            0.01,
            "#a8d48a",
        )


def volcano(pen: Pen, rng: np.random.Generator) -> None:
    """A volcano."""
    for i in range(13):
        y = 0.70 + i * 0.024
        pen.disc(
            0.03 * np.sin(i * 2.1) + 0.034 * i,
            y,
            0.045 + 0.006 * i + 0.008 * float(rng.random()),
            ("#4a3a46", "#5d4a54")[i % 2],
        )
    for _ in range(9):
        a, far = float(rng.uniform(40, 140)), float(rng.uniform(0.12, 0.34))
        x, y = np.cos(np.radians(a)) * far, 0.66 + np.sin(np.radians(a)) * far
        pen.lamp_line(
            [(x * 0.2, 0.66 + (y - 0.66) * 0.3), (x * 0.6, 0.66 + (y - 0.66) * 0.85), (x, y)],
            0.010,
            "#ffb04a",
        )
    pen.lamp([(-0.07, 0.6), (-0.05, 0.8), (-0.01, 0.72), (0.02, 0.88), (0.045, 0.72), (0.08, 0.6)], "#ff7a2e")
    pen.lamp([(-0.03, 0.6), (-0.01, 0.72), (0.02, 0.76), (0.04, 0.6)], "#ffe08a")
    pen.poly(
        [
            (-0.8, 0.0),
            (-0.5, 0.14),
            (-0.26, 0.40),
            (-0.12, 0.64),
            (-0.05, 0.62),
            (0.03, 0.635),
            (0.12, 0.65),
            (0.24, 0.42),
            (0.48, 0.15),
            (0.8, 0.0),
        ],
        "#5a4048",
    )
    pen.poly(
        [
            (0.03, 0.635),
            (0.12, 0.65),
            (0.24, 0.42),
            (0.48, 0.15),
            (0.8, 0.0),
            (0.2, 0.0),
            (0.12, 0.2),
            (0.06, 0.4),
        ],
        "#46323c",
    )
    for path, width in (
        ([(0.0, 0.62), (-0.05, 0.5), (-0.02, 0.4), (-0.13, 0.26), (-0.12, 0.14), (-0.24, 0.0)], 0.034),
        ([(0.06, 0.63), (0.10, 0.5), (0.08, 0.36), (0.20, 0.22), (0.26, 0.04)], 0.024),
        ([(-0.05, 0.5), (-0.18, 0.36), (-0.22, 0.26), (-0.40, 0.08)], 0.018),
    ):
        pen.lamp_line(path, width, "#ff6a24")
        pen.lamp_line(path, width * 0.4, "#ffd77a")
    pen.glow(0.0, 0.70, 0.8, "#ff8a3c", 0.95)
    pen.glow(-0.05, 0.35, 0.4, "#ff6a24", 0.4)


def waterfall(pen: Pen, rng: np.random.Generator) -> None:
    """A waterfall."""
    for side in (-1, 1):
        pen.poly(
            [
                (side * 0.6, -0.05),
                (side * 0.6, 0.92),
                (side * 0.4, 1.0),
                (side * 0.2, 0.9),
                (side * 0.16, 0.5),
                (side * 0.22, -0.05),
            ],
            "#5a6168",
        )
        pen.poly(
            [
                (side * 0.22, -0.05),
                (side * 0.16, 0.5),
                (side * 0.2, 0.9),
                (side * 0.3, 0.6),
                (side * 0.36, -0.05),
            ],
            "#474d56",
        )
        pen.blob([(side * 0.62, 0.9), (side * 0.4, 1.06), (side * 0.18, 0.93), (side * 0.4, 0.92)], "#4f8a55")
    pen.poly([(-0.2, 0.9), (0.2, 0.9), (0.22, 0), (-0.22, 0)], "#a9d8e4")
    for _ in range(22):
        x, y = float(rng.uniform(-0.18, 0.18)), float(rng.uniform(0.3, 0.88))
        pen.line([(x, y), (x, y - float(rng.uniform(0.1, 0.3)))], 0.012, "#f2fbfb")
    for _ in range(14):
        pen.disc(
            float(rng.uniform(-0.28, 0.28)),
            float(rng.uniform(-0.03, 0.06)),
            float(rng.uniform(0.03, 0.07)),
            "#f4fbfb",
        )


def campfire(pen: Pen, _rng: np.random.Generator) -> None:
    """A campfire."""
    for a, b in (((-0.42, 0.0), (0.36, 0.16)), ((0.42, 0.0), (-0.36, 0.16)), ((-0.3, 0.03), (0.3, 0.03))):
        pen.line([a, b], 0.09, "#6b4030")
        pen.disc(*a, 0.045, "#c99a6c")
    for size, colour in ((1.0, "#ff6a2b"), (0.72, "#ff9f3c"), (0.42, "#ffe08a")):
        shape = [
            (0, 0.08),
            (-0.27, 0.2),
            (-0.24, 0.46),
            (-0.12, 0.56),
            (-0.1, 0.76),
            (0.02, 1.0),
            (0.08, 0.7),
            (0.2, 0.56),
            (0.26, 0.28),
            (0.18, 0.12),
        ]
        path = [(x * size, 0.1 + (y - 0.08) * size) for x, y in shape]
        pen.lamp(path, colour)
    pen.glow(0, 0.4, 2.4, "#ffb45c", 0.95)


def iceberg(pen: Pen, _rng: np.random.Generator) -> None:
    """An iceberg."""
    pen.poly(
        [
            (-0.7, 0),
            (-0.5, 0.34),
            (-0.3, 0.46),
            (-0.12, 0.92),
            (0.04, 0.98),
            (0.2, 0.64),
            (0.38, 0.56),
            (0.66, 0),
        ],
        "#f2fafc",
    )
    pen.poly([(0.04, 0.98), (0.2, 0.64), (0.38, 0.56), (0.66, 0), (0.1, 0), (0.16, 0.4)], "#9cc9dd")
    pen.poly([(-0.3, 0.46), (-0.12, 0.92), (-0.18, 0.4), (-0.4, 0), (-0.7, 0), (-0.5, 0.34)], "#c9e6ef")
