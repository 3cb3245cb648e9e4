"""Draws one subject as filled shapes, in its own coordinates, larger than needed so that edges are smooth.

The origin is the middle of the subject's foot, y points up, and 1.0 is the height that was asked for.
"""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from providers.local.pictures.palette import Rgb, mix, multiplied, rgb

Point = tuple[float, float]

_BELOW = 0.12
_ABOVE = 1.26


@dataclass(frozen=True, slots=True)
class Lighting:
    """What light does to a subject.

    Attributes:
        ambient: the colour of the light, to multiply local colours with.
        key: the colour of the edge that the light touches.
        haze: what distance fades into.
        shadow: what the dark side turns to.
        depth: 0 close, 1 lost in the haze.
        side: -1 light from the left, 1 from the right.
        contrast: 0 flat colour, 1 strongly modelled.
    """

    ambient: Rgb
    key: Rgb
    haze: Rgb
    shadow: Rgb
    depth: float
    side: float
    contrast: float


@dataclass(frozen=True, slots=True)
class Glow:
    """A light that a subject gives: where (its own coordinates), how wide, which colour, how strong 0..1."""

    x: float
    y: float
    radius: float
    colour: Rgb
    strength: float


@dataclass(frozen=True, slots=True)
class Beam:
    """A cone of light from a lamp; angle in degrees, 0 to the right, counter-clockwise."""

    x: float
    y: float
    angle: float
    length: float
    spread: float
    colour: Rgb


class Pen:
    """A transparent sheet around one subject."""

    def __init__(self, height_px: float, reach: float, lighting: Lighting, accent: Rgb) -> None:
        """Start a sheet.

        Args:
            height_px: pixels per 1.0 on the finished picture.
            reach: how far the subject extends to either side of its middle.
            lighting: the light that it stands in.
            accent: the scene's accent colour, for what may have any colour.
        """
        self.grain = 2 if height_px > 700 else 3
        self.scale = height_px * self.grain
        self.reach = reach
        self.lighting = lighting
        self.accent = accent
        width = max(self.grain, int(2 * reach * self.scale) // self.grain * self.grain)
        height = max(self.grain, int((_ABOVE + _BELOW) * self.scale) // self.grain * self.grain)
        self._body = Image.new("RGBA", (width, height))
        self._draw = ImageDraw.Draw(self._body)
        self._lamps = Image.new("RGBA", (width, height))
        self._lamp_draw = ImageDraw.Draw(self._lamps)
        self._lit = False
        self.glows: list[Glow] = []
        self.beams: list[Beam] = []

    def _at(self, point: Point) -> Point:
        return (point[0] + self.reach) * self.scale, (_ABOVE - point[1]) * self.scale

    def _ink(self, colour: str | Rgb) -> Rgb:
        plain = rgb(colour) if isinstance(colour, str) else colour
        lit = multiplied(plain, self.lighting.ambient)
        return mix(lit, self.lighting.haze, self.lighting.depth)

    def poly(self, points: Sequence[Point], colour: str | Rgb) -> None:
        """A filled polygon."""
        self._draw.polygon([self._at(p) for p in points], fill=self._ink(colour))

    def blob(self, points: Sequence[Point], colour: str | Rgb) -> None:
        """A filled closed curve through the points."""
        self.poly(closed_curve(points), colour)

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: str | Rgb) -> None:
        """A filled rectangle, given by two corners."""
        self.poly([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)

    def disc(  # noqa: PLR0917 - coordinates read best in their order
        self, x: float, y: float, rx: float, colour: str | Rgb, ry: float | None = None, turn: float = 0.0
    ) -> None:
        """A filled ellipse; `turn` in degrees, counter-clockwise."""
        self.poly(ellipse(x, y, rx, rx if ry is None else ry, turn), colour)

    def line(self, points: Sequence[Point], width: float, colour: str | Rgb) -> None:
        """A line with round ends and corners; `width` in the subject's own unit."""
        ink = self._ink(colour)
        self._stroke(self._draw, points, width, ink)

    def curve(self, points: Sequence[Point], width: float, colour: str | Rgb) -> None:
        """A smooth open line through the points."""
        self.line(open_curve(points), width, colour)

    def lamp(self, points: Sequence[Point], colour: str | Rgb) -> None:
        """A filled polygon that shines by itself: no shade falls on it."""
        plain = rgb(colour) if isinstance(colour, str) else colour
        self._lamp_draw.polygon([self._at(p) for p in points], fill=plain)
        self._lit = True

    def lamp_line(self, points: Sequence[Point], width: float, colour: str | Rgb) -> None:
        """A line that shines by itself."""
        plain = rgb(colour) if isinstance(colour, str) else colour
        self._stroke(self._lamp_draw, points, width, plain)
        self._lit = True

    def glow(self, x: float, y: float, radius: float, colour: str | Rgb, strength: float = 0.7) -> None:
        """Light that spreads into the picture around a point."""
        plain = rgb(colour) if isinstance(colour, str) else colour
        self.glows.append(Glow(x, y, radius, plain, strength))

    def beam(self, x: float, y: float, angle: float, length: float, spread: float, colour: str | Rgb) -> None:  # noqa: PLR0917 - coordinates read best in their order
        """A cone of light that leaves the subject."""
        plain = rgb(colour) if isinstance(colour, str) else colour
        self.beams.append(Beam(x, y, angle, length, spread, plain))

    def cut(self, points: Sequence[Point]) -> None:
        """Make a hole: what lies behind shows through."""
        self._draw.polygon([self._at(p) for p in points], fill=(0, 0, 0, 0))

    def _stroke(self, draw: ImageDraw.ImageDraw, points: Sequence[Point], width: float, ink: Rgb) -> None:
        pixels = [self._at(p) for p in points]
        thick = max(1.0, width * self.scale)
        draw.line(pixels, fill=ink, width=round(thick), joint="curve")
        radius = thick / 2
        for x, y in (pixels[0], pixels[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)

    def finished(self) -> Image.Image:
        """The subject in its light, as RGBA at the size of the finished picture."""
        body = _modelled(self._body.reduce(self.grain), self.lighting)
        if self._lit:
            body.alpha_composite(self._lamps.reduce(self.grain))
        return body

    @property
    def foot(self) -> Point:
        """Where the subject's origin lies on the finished sheet, in pixels."""
        return self.reach * self.scale / self.grain, _ABOVE * self.scale / self.grain


def _modelled(body: Image.Image, lighting: Lighting) -> Image.Image:
    """Shade away from the light, and a bright edge towards it."""
    if lighting.contrast <= 0:
        return body
    alpha = body.getchannel("A")
    box = alpha.getbbox()
    if box is None:
        return body
    width, height = body.size
    across = np.linspace(-1.0, 1.0, width, dtype=np.float32) * np.float32(lighting.side)
    middle, half = (box[0] + box[2]) / 2 / width * 2 - 1, max((box[2] - box[0]) / width, 1e-3)
    lean = np.clip((across - middle * lighting.side) / half, -1, 1)
    shade = np.clip(0.34 - 0.46 * lean, 0.0, 0.75) * lighting.contrast * (1 - lighting.depth)
    strip = Image.fromarray((shade * 255).astype(np.uint8).reshape(1, -1))
    dark = strip.resize((width, height), Image.Resampling.BILINEAR)
    colour = body.convert("RGB")
    shaded = Image.composite(
        Image.new("RGB", body.size, lighting.shadow), colour, dark.point(lambda v: v * 0.72)
    )
    step = max(1, round(height * 0.006))
    moved = ImageChops.offset(alpha, round(-lighting.side * step), round(step * 0.8))
    edge = ImageChops.subtract(alpha, moved).filter(ImageFilter.GaussianBlur(step * 0.35))
    strength = 0.75 * lighting.contrast * (1 - lighting.depth)
    edge = edge.point(lambda v: v * strength)
    rimmed = Image.composite(Image.new("RGB", body.size, lighting.key), shaded, edge)
    rimmed.putalpha(alpha)
    return rimmed


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> list[Point]:
    """The outline of an ellipse; `turn` in degrees, counter-clockwise."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    angles = [2 * math.pi * i / 72 for i in range(72)]
    return [
        (
            x + rx * math.cos(a) * cos - ry * math.sin(a) * sin,
            y + rx * math.cos(a) * sin + ry * math.sin(a) * cos,
        )
        for a in angles
    ]


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:  # noqa: PLR0917 - coordinates read best in their order
    """A piece of an ellipse between two angles in degrees."""
    angles = [math.radians(start + (end - start) * i / 36) for i in range(37)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def star(x: float, y: float, outer: float, inner: float, points: int, turn: float = 90.0) -> list[Point]:  # noqa: PLR0917 - coordinates read best in their order
    """A star with so many points; also gears and petals."""
    corners = []
    for i in range(points * 2):
        radius = outer if i % 2 == 0 else inner
        angle = math.radians(turn + 180 * i / points)
        corners.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return corners


def closed_curve(points: Sequence[Point]) -> list[Point]:
    """A Catmull-Rom curve through the points and back to the first."""
    count = len(points)
    return _spline([points[(i - 1) % count] for i in range(count + 3)])


def open_curve(points: Sequence[Point]) -> list[Point]:
    """A Catmull-Rom curve from the first point to the last."""
    return [*_spline([points[0], *points, points[-1]]), points[-1]]


def _spline(knots: Sequence[Point]) -> list[Point]:
    curve: list[Point] = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        for step in range(12):
            t = step / 12
            weights = (
                (-t + 2 * t * t - t**3) / 2,
                (2 - 5 * t * t + 3 * t**3) / 2,
                (t + 4 * t * t - 3 * t**3) / 2,
                (t**3 - t * t) / 2,
            )
            x = sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True))
            y = sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True))
            curve.append((x, y))
    return curve


def mirrored(points: Sequence[Point]) -> list[Point]:
    """The outline closed by its own mirror image about x = 0."""
    return [*points, *((-x, y) for x, y in reversed(points))]
