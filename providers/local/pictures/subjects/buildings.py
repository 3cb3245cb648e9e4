"""What people build: lighthouse, castle, mill, house, tower, bridge, temple."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np

from providers.local.pictures.pen import Pen, Point, arc

WARM = "#ffdf8a"


def _window(pen: Pen, x: float, y: float, wide: float, tall: float) -> None:
    pen.lamp(
        [
            (x - wide, y),
            (x + wide, y),
            (x + wide, y + tall * 0.7),
            *arc(x, y + tall * 0.7, wide, wide, 0, 180),
        ],
        WARM,
    )


def lighthouse(pen: Pen, rng: np.random.Generator) -> None:
    """A lighthouse."""
    pen.blob(
        [
            (-0.42, -0.05),
            (-0.34, 0.07),
            (-0.2, 0.10),
            (-0.12, 0.17),
            (0.13, 0.165),
            (0.22, 0.10),
            (0.36, 0.05),
            (0.46, -0.05),
            (0, -0.11),
        ],
        "#5a5560",
    )
    pen.blob(
        [(-0.30, -0.06), (-0.18, 0.06), (-0.02, 0.02), (0.1, 0.09), (0.26, 0.03), (0.36, -0.06), (0, -0.11)],
        "#474250",
    )
    foot, top, low, high = 0.115, 0.068, 0.13, 0.80
    for band in range(6):
        a, b = band / 6, (band + 1) / 6
        wa, wb = foot + (top - foot) * a, foot + (top - foot) * b
        ya, yb = low + (high - low) * a, low + (high - low) * b
        pen.poly([(-wa, ya), (wa, ya), (wb, yb), (-wb, yb)], "#f7f0e4" if band % 2 else "#d8453a")
    for y in (0.30, 0.50, 0.66):
        _window(pen, 0.012, y, 0.014, 0.045)
    pen.rect(-0.105, 0.80, 0.105, 0.82, "#3a3844")
    pen.line([(-0.10, 0.855), (0.10, 0.855)], 0.006, "#3a3844")
    for x in (-0.10, -0.05, 0.0, 0.05, 0.10):
        pen.line([(x, 0.82), (x, 0.855)], 0.006, "#3a3844")
    pen.lamp([(-0.052, 0.82), (0.052, 0.82), (0.052, 0.905), (-0.052, 0.905)], "#fff0b0")
    for x in (-0.05, -0.017, 0.017, 0.05):
        pen.line([(x, 0.82), (x, 0.905)], 0.006, "#3a3844")
    pen.poly([(-0.072, 0.905), (0.072, 0.905), (0.018, 0.975), (-0.018, 0.975)], "#b8342e")
    pen.line([(0, 0.97), (0, 1.02)], 0.008, "#3a3844")
    pen.rect(0.11, 0.11, 0.30, 0.20, "#efe6d6")
    pen.poly([(0.09, 0.20), (0.32, 0.20), (0.27, 0.27), (0.13, 0.27)], "#a83a32")
    _window(pen, 0.17, 0.13, 0.016, 0.05)
    _window(pen, 0.24, 0.13, 0.016, 0.05)
    side = 1 if rng.random() < 0.5 else -1
    pen.glow(0, 0.86, 0.34, "#ffe9a8", 0.95)
    pen.beam(0, 0.86, 10 if side > 0 else 170, 2.4, 8.5, "#ffedb8")
    pen.beam(0, 0.86, 193 if side > 0 else -13, 1.9, 7, "#ffedb8")


def castle(pen: Pen, rng: np.random.Generator) -> None:
    """A castle."""
    stone, dark, roof = "#9d93a0", "#7d7484", "#7c3347"
    pen.blob(
        [
            (-0.62, -0.08),
            (-0.5, 0.08),
            (-0.3, 0.16),
            (0, 0.2),
            (0.3, 0.16),
            (0.5, 0.06),
            (0.64, -0.08),
            (0, -0.11),
        ],
        "#5d6156",
    )

    def tower(x: float, half: float, low: float, high: float, tip: float, colour: str) -> None:  # noqa: PLR0917 - coordinates read best in their order
        pen.rect(x - half, low, x + half, high, colour)
        pen.rect(x - half * 1.2, high, x + half * 1.2, high + 0.025, dark)
        for i in range(4):
            left = x - half * 1.2 + i * half * 0.7
            pen.rect(left, high + 0.025, left + half * 0.35, high + 0.045, dark)
        if tip:
            pen.poly([(x - half * 1.15, high + 0.04), (x + half * 1.15, high + 0.04), (x, high + tip)], roof)
            pen.line([(x, high + tip), (x, high + tip + 0.05)], 0.006, dark)
            pen.poly(
                [(x, high + tip + 0.05), (x + 0.06, high + tip + 0.035), (x, high + tip + 0.018)], pen.accent
            )
        _window(pen, x, low + (high - low) * 0.72, half * 0.2, 0.045)

    tower(0.0, 0.085, 0.3, 0.72, 0.22, dark)
    tower(-0.2, 0.06, 0.2, 0.58, 0.18, dark)
    tower(0.21, 0.065, 0.2, 0.52, 0.17, dark)
    pen.rect(-0.36, 0.1, 0.36, 0.36, stone)
    for i in range(10):
        pen.rect(-0.36 + i * 0.075, 0.36, -0.325 + i * 0.075, 0.385, stone)
    tower(-0.38, 0.075, 0.06, 0.46, 0.2, stone)
    tower(0.39, 0.07, 0.05, 0.42, 0.18, stone)
    pen.poly([(-0.07, 0.1), (0.07, 0.1), *arc(0, 0.22, 0.07, 0.07, 0, 180)], "#2d2630")
    for x in (-0.22, -0.14, 0.14, 0.22):
        _window(pen, x, 0.24, 0.012, 0.045)
    for _ in range(16):
        x, y = float(rng.uniform(-0.32, 0.32)), float(rng.uniform(0.12, 0.32))
        if abs(x) > 0.09:
            pen.rect(x, y, x + 0.03, y + 0.012, dark)
    pen.poly([(-0.06, 0.1), (0.06, 0.1), (0.16, -0.1), (-0.10, -0.1)], "#b39a7c")
    pen.glow(0, 0.25, 0.5, WARM, 0.25)


def windmill(pen: Pen, rng: np.random.Generator) -> None:
    """A windmill."""
    pen.poly([(-0.15, 0), (0.15, 0), (0.09, 0.58), (-0.09, 0.58)], "#f0e3cd")
    pen.poly([(-0.11, 0.58), *arc(0, 0.58, 0.11, 0.11, 180, 0), (0.11, 0.58)], "#8c4a3a")
    pen.rect(-0.03, 0, 0.03, 0.11, "#6b4434")
    _window(pen, -0.03, 0.25, 0.016, 0.05)
    _window(pen, 0.03, 0.42, 0.014, 0.045)
    turn = float(rng.uniform(0, 90))
    for blade in range(4):
        a = np.radians(turn + blade * 90)
        along, over = (np.cos(a), np.sin(a)), (-np.sin(a), np.cos(a))

        def at(
            far: float, off: float, along: tuple[float, float] = along, over: tuple[float, float] = over
        ) -> Point:
            return along[0] * far + over[0] * off, 0.62 + along[1] * far + over[1] * off

        pen.poly([at(0.09, 0.0), at(0.09, 0.085), at(0.44, 0.085), at(0.44, 0.0)], "#f7efe0")
        pen.line([at(0, 0), at(0.46, 0)], 0.016, "#5b4236")
        for step in range(5):
            pen.line([at(0.10 + step * 0.083, 0), at(0.10 + step * 0.083, 0.085)], 0.006, "#8a6a54")
    pen.disc(0, 0.62, 0.026, "#5b4236")


def turbine(pen: Pen, rng: np.random.Generator) -> None:
    """A turbine."""
    pen.poly([(-0.022, 0), (0.022, 0), (0.011, 0.64), (-0.011, 0.64)], "#f4f6f6")
    turn = float(rng.uniform(0, 120))
    for blade in range(3):
        a = np.radians(turn + blade * 120)
        c, s = np.cos(a), np.sin(a)
        pen.poly(
            [
                (0, 0.65),
                (0.10 * c - 0.022 * s, 0.65 + 0.10 * s + 0.022 * c),
                (0.42 * c, 0.65 + 0.42 * s),
                (0.10 * c + 0.006 * s, 0.65 + 0.10 * s - 0.006 * c),
            ],
            "#ffffff",
        )
    pen.disc(0, 0.65, 0.024, "#dfe5e8")


def factory(pen: Pen, _rng: np.random.Generator) -> None:
    """A factory."""
    for x, high in ((-0.34, 0.92), (-0.20, 0.80)):
        pen.poly([(x - 0.05, 0), (x + 0.05, 0), (x + 0.036, high), (x - 0.036, high)], "#b4604a")
        pen.rect(x - 0.042, high - 0.09, x + 0.042, high - 0.05, "#f0e3d0")
        for puff in range(5):
            pen.disc(x + 0.05 + puff * 0.085, high + 0.05 + puff * 0.022, 0.045 + 0.012 * puff, "#d9d3d0")
    pen.rect(-0.5, 0, 0.5, 0.34, "#8f5a50")
    for i in range(4):
        x = -0.10 + i * 0.15
        pen.poly([(x, 0.34), (x + 0.15, 0.34), (x + 0.15, 0.48)], "#6d4a52")
    for i in range(6):
        x = -0.41 + i * 0.165
        pen.lamp([(x - 0.04, 0.12), (x + 0.04, 0.12), (x + 0.04, 0.22), (x - 0.04, 0.22)], WARM)


def house(pen: Pen, _rng: np.random.Generator) -> None:
    """A house."""
    pen.rect(0.14, 0.62, 0.24, 0.95, "#8e5546")
    pen.rect(-0.38, 0, 0.38, 0.46, "#f0ddc0")
    pen.poly([(-0.47, 0.44), (0.47, 0.44), (0.22, 0.84), (-0.22, 0.84)], "#a5453a")
    pen.poly([(-0.16, 0.46), (0.16, 0.46), (0.0, 0.72)], "#f7e8d0")
    pen.rect(-0.08, 0, 0.08, 0.28, "#6b3f30")
    pen.disc(0.045, 0.14, 0.012, "#e8c060")
    for x in (-0.24, 0.24):
        pen.rect(x - 0.085, 0.14, x + 0.085, 0.34, "#fff6e4")
        pen.lamp([(x - 0.07, 0.155), (x + 0.07, 0.155), (x + 0.07, 0.325), (x - 0.07, 0.325)], WARM)
        pen.line([(x, 0.155), (x, 0.325)], 0.014, "#fff6e4")
    _window(pen, 0, 0.52, 0.04, 0.09)
    for i in range(4):
        pen.disc(0.20 + 0.035 * i, 0.98 + 0.022 * i, 0.025 + 0.010 * i, "#e7e2de")
    pen.glow(0, 0.24, 0.6, WARM, 0.3)


def skyscraper(pen: Pen, rng: np.random.Generator) -> None:
    """A skyscraper."""
    for x, wide, high, tone in (
        (-0.2, 0.12, 0.62, "#5f7690"),
        (0.2, 0.13, 0.70, "#56708c"),
        (0.0, 0.13, 0.86, "#7c95ad"),
    ):
        pen.rect(x - wide, 0, x + wide, high, tone)
        pen.poly([(x - wide, high), (x + wide, high), (x + wide * 0.3, high + 0.06)], tone)
        for row in range(int(high / 0.04) - 1):
            for column in range(6):
                left = x - wide + 0.018 + column * (wide * 2 - 0.03) / 6
                if rng.random() < 0.5:
                    pen.lamp(
                        [
                            (left, 0.03 + row * 0.04),
                            (left + 0.022, 0.03 + row * 0.04),
                            (left + 0.022, 0.052 + row * 0.04),
                            (left, 0.052 + row * 0.04),
                        ],
                        WARM,
                    )
    pen.line([(0.04, 0.9), (0.04, 1.06)], 0.01, "#7c95ad")


def bridge(pen: Pen, _rng: np.random.Generator) -> None:
    """A bridge."""
    red = "#c8452f"
    for x in (-0.62, 0.62):
        for off in (-0.035, 0.035):
            pen.rect(x + off - 0.016, -0.05, x + off + 0.016, 0.94, red)
        for y in (0.42, 0.62, 0.82, 0.93):
            pen.rect(x - 0.05, y, x + 0.05, y + 0.03, red)
    cable = [(-0.62 + 1.24 * i / 30, 0.36 + 0.58 * (2 * i / 30 - 1) ** 2) for i in range(31)]
    pen.line(cable, 0.014, red)
    for side in (-1, 1):
        pen.line([(side * 0.62, 0.94), (side * 1.18, 0.32)], 0.014, red)
    for x, y in cable[1:-1]:
        pen.line([(x, y), (x, 0.30)], 0.005, red)
    pen.rect(-1.2, 0.27, 1.2, 0.315, "#9c3527")
    pen.rect(-1.2, 0.245, 1.2, 0.272, "#6e2a26")


def temple(pen: Pen, _rng: np.random.Generator) -> None:
    """A temple."""
    stone, shade = "#f2e6cf", "#cdbb9c"
    for i in range(3):
        pen.rect(-0.58 + i * 0.03, i * 0.035, 0.58 - i * 0.03, 0.035 + i * 0.035, shade if i % 2 else stone)
    pen.rect(-0.44, 0.10, 0.44, 0.60, "#6d5a5a")
    for i in range(6):
        x = -0.42 + i * 0.168
        pen.poly([(x - 0.042, 0.12), (x + 0.042, 0.12), (x + 0.035, 0.58), (x - 0.035, 0.58)], stone)
        for line in (-0.016, 0.0, 0.016):
            pen.line([(x + line, 0.14), (x + line, 0.565)], 0.005, shade)
        pen.rect(x - 0.055, 0.10, x + 0.055, 0.125, shade)
        pen.rect(x - 0.052, 0.575, x + 0.052, 0.605, shade)
    pen.rect(-0.52, 0.605, 0.52, 0.69, stone)
    pen.rect(-0.52, 0.60, 0.52, 0.615, shade)
    pen.poly([(-0.56, 0.69), (0.56, 0.69), (0, 0.93)], stone)
    pen.poly([(-0.42, 0.71), (0.42, 0.71), (0, 0.885)], shade)


def pyramid(pen: Pen, _rng: np.random.Generator) -> None:
    """A pyramid."""
    for x, size in ((0.62, 0.55), (-0.55, 0.66), (0.05, 1.0)):
        pen.poly([(x - size * 0.75, 0), (x + size * 0.75, 0), (x, size)], "#e8b872")
        pen.poly([(x + size * 0.16, 0), (x + size * 0.75, 0), (x, size)], "#a8703f")
        for row in range(1, 9):
            y = size * row / 9.5
            half = size * 0.75 * (1 - y / size)
            pen.line([(x - half, y), (x + half * 0.21, y)], 0.004, "#c9955a")


def pagoda(pen: Pen, _rng: np.random.Generator) -> None:
    """A pagoda."""
    y = 0.0
    pen.rect(-0.36, 0, 0.36, 0.05, "#8b8078")
    for level in range(4):
        half = 0.25 - level * 0.042
        pen.rect(-half, y + 0.04, half, y + 0.19, "#b5402f")
        for x in (-half * 0.55, 0.0, half * 0.55):
            pen.lamp(
                [(x - 0.025, y + 0.07), (x + 0.025, y + 0.07), (x + 0.025, y + 0.15), (x - 0.025, y + 0.15)],
                WARM,
            )
        wide = half + 0.15
        pen.poly(
            [
                (-wide, y + 0.215),
                (-half * 0.8, y + 0.20),
                (half * 0.8, y + 0.20),
                (wide, y + 0.215),
                (half * 0.7, y + 0.28),
                (-half * 0.7, y + 0.28),
            ],
            "#2f3d46",
        )
        y += 0.205
    pen.line([(0, y + 0.06), (0, y + 0.17)], 0.014, "#d8a83f")


def tent(pen: Pen, _rng: np.random.Generator) -> None:
    """A tent with a light in it."""
    pen.poly([(-0.7, 0), (0.35, 0), (-0.1, 0.86), (-0.2, 0.86)], "#e0713c")
    pen.poly([(0.35, 0), (0.75, 0), (-0.1, 0.86)], "#b34e30")
    pen.lamp([(-0.38, 0), (0.05, 0), (-0.16, 0.66)], "#ffd98a")
    pen.glow(-0.15, 0.3, 1.0, WARM, 0.5)
