"""Forests: rows of conifers on a slope, and tall trunks that frame the picture."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np
from PIL import Image, ImageDraw

from providers.local.pictures.noise import Field
from providers.local.pictures.palette import Rgb, mix
from providers.local.pictures.stage import Stage
from providers.local.pictures.terrain import fill_below


def treeline(
    stage: Stage, *, foot: Field, colour: Rgb, height: float, name: str, density: float = 1.0
) -> None:
    """Conifers along an edge (pixels from the top per column); `height` in pixels of the tallest."""
    rng = stage.brief.frame_rng(f"trees {name}")
    layer = Image.new("L", (stage.width * 2, stage.height * 2))
    draw = ImageDraw.Draw(layer)
    x = -height * 0.3
    while x < stage.width + height * 0.3:
        tall = height * float(rng.uniform(0.45, 1.0))
        column = min(max(int(x), 0), stage.width - 1)
        _conifer(draw, x * 2, (float(foot[column]) + height * 0.05) * 2, tall * 2, rng)
        x += height * float(rng.uniform(0.10, 0.34)) / density
    stage.canvas.fill(colour, layer.reduce(2))


def _conifer(draw: ImageDraw.ImageDraw, x: float, foot: float, tall: float, rng: np.random.Generator) -> None:
    tiers, half = 6, tall * float(rng.uniform(0.15, 0.21))
    outline: list[tuple[float, float]] = []
    for tier in range(tiers):
        y = foot - tall * (0.12 + 0.88 * tier / tiers)
        wide = half * (1 - tier / tiers) ** 0.85 * float(rng.uniform(0.85, 1.1))
        outline += [(wide, y), (wide * 0.45, y - tall * 0.05)]
    points = [(x + dx, y) for dx, y in outline] + [(x, foot - tall * 1.04)]
    points += [(x - dx * 0.97, y) for dx, y in reversed(outline)]
    draw.polygon(points, fill=255)
    draw.rectangle((x - tall * 0.014, foot - tall * 0.14, x + tall * 0.014, foot + tall * 0.03), fill=255)


def forest(stage: Stage, *, base: float) -> None:
    """Rows of trees from the haze forwards, between them light."""
    palette = stage.palette
    for layer in range(4):
        near = layer / 3
        shape = stage.skyline(f"slope {layer}", bumps=1.6, octaves=3)
        line = stage.height * (base - 0.15 + 0.07 * layer) - (shape - 0.3) * stage.height * 0.08
        colour = palette.depth(0.14 + 0.48 * near)
        treeline(stage, foot=line, colour=colour, height=stage.unit * (0.22 + 0.16 * near), name=str(layer))
        fill_below(
            stage, line, colour, mix(colour, palette.haze, 0.62 * (1 - near)), fade_px=stage.height * 0.10
        )


def trunks(stage: Stage) -> None:
    """Tall trunks at both edges, cut off by the top: the viewer stands among them."""
    rng = stage.brief.frame_rng("trunks")
    layer = Image.new("L", (stage.width * 2, stage.height * 2))
    draw = ImageDraw.Draw(layer)
    width, height = layer.size
    for share in (0.03, 0.15, 0.88, 0.98):
        x = width * (share + float(rng.uniform(-0.025, 0.025)))
        half = stage.unit * float(rng.uniform(0.022, 0.05)) * (1.25 if share in {0.03, 0.98} else 0.7)
        lean = float(rng.uniform(-0.02, 0.02)) * width
        foot = height * float(rng.uniform(0.86, 0.97))
        draw.polygon(
            [
                (x - half * 1.9, foot),
                (x - half, foot * 0.88),
                (x - half * 0.7 + lean, 0),
                (x + half * 0.7 + lean, 0),
                (x + half, foot * 0.88),
                (x + half * 1.9, foot),
            ],
            fill=255,
        )
        for _ in range(4):
            y = height * float(rng.uniform(0.03, 0.42))
            out = (1 if share < 0.5 else -1) * half * float(rng.uniform(3.0, 7.0))
            sag = float(rng.uniform(-0.06, 0.03)) * height
            tip = (x + out, y + sag)
            draw.polygon([(x, y - half * 0.35), tip, (x, y + half * 0.35)], fill=255)
            for twig in range(5):
                at = 0.3 + twig * 0.15
                px, py = x + out * at, y + sag * at
                r = half * 0.9 * (1.2 - at)
                draw.ellipse((px - r * 1.9, py - r * 0.5, px + r * 1.9, py + r), fill=255)
    stage.canvas.fill(mix(stage.shade, stage.palette.ground, 0.12), layer.reduce(2))
