"""Space: nebula, a far planet, and the ground of a small world."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from providers.local.pictures.noise import fractal
from providers.local.pictures.palette import mix
from providers.local.pictures.stage import Stage
from providers.local.pictures.terrain import fill_below


def nebula(stage: Stage) -> None:
    """Clouds of gas in two colours along a slanted band."""
    rng = stage.brief.scene_rng("nebula")
    wide, tall = max(8, stage.width // 8), max(8, stage.height // 8)
    y, x = np.mgrid[0:tall, 0:wide].astype(np.float32)
    tilt = float(rng.uniform(-0.9, 0.9))
    band = np.exp(-((((y / tall - 0.36) + tilt * (x / wide - 0.5) * 0.6) / 0.24) ** 2))
    for colour in (stage.palette.sky[3], stage.palette.accent, stage.palette.sun):
        gas = np.clip(fractal(rng, wide, tall, cells=(2.4, 3.6), octaves=5) - 0.42, 0, 1) * 1.5
        stage.canvas.soft_fill(colour, (gas * band * 0.75).astype(np.float32))


def far_planet(stage: Stage) -> None:
    """A banded planet at the upper edge, half in shadow."""
    rng = stage.brief.scene_rng("far planet")
    radius = stage.unit * float(rng.uniform(0.13, 0.24))
    x = stage.width * (0.78 if stage.camera.hero_x < 0.5 else 0.22)
    y = stage.height * float(rng.uniform(0.14, 0.24))
    edge = round(radius * 2)
    disc = Image.new("L", (edge * 2, edge * 2))
    ImageDraw.Draw(disc).ellipse((4, 4, edge * 2 - 4, edge * 2 - 4), fill=255)
    mask = disc.reduce(2)
    bands = fractal(rng, 2, mask.height, cells=(1, 7), octaves=3)[:, :1]
    light = np.array(mix(stage.palette.accent, stage.palette.sun, 0.35), np.float32)
    dark = np.array(mix(stage.palette.accent, stage.palette.sky[2], 0.6), np.float32)
    rows = (dark + (light - dark) * bands).astype(np.uint8).reshape(-1, 1, 3)
    stage.canvas.lay(Image.fromarray(rows).resize(mask.size), (round(x - radius), round(y - radius)), mask)
    night = Image.new("L", mask.size, 225)
    shift = radius * (0.55 if stage.sun_x < x else -0.55)
    ImageDraw.Draw(night).ellipse((-shift, -radius * 0.25, edge - shift, edge - radius * 0.25), fill=0)
    night = Image.composite(
        night.filter(ImageFilter.GaussianBlur(radius * 0.10)), Image.new("L", mask.size), mask
    )
    stage.canvas.fill(
        mix(stage.palette.sky[0], stage.palette.near, 0.5), night, (round(x - radius), round(y - radius))
    )
    stage.light.halo(x, y, radius * 2.4, stage.palette.accent, 0.22)


def small_world(stage: Stage) -> None:
    """Cratered ground in three layers."""
    palette = stage.palette
    rng = stage.brief.frame_rng("craters")
    for layer in range(3):
        near = layer / 2
        shape = stage.skyline(f"world {layer}", bumps=1.8, rough=0.5)
        line = stage.height * (0.735 + 0.06 * layer) - shape * stage.height * 0.075
        colour = mix(palette.sky[3], palette.ground, 0.35 + 0.5 * near)
        fill_below(
            stage,
            line,
            mix(colour, palette.sun, 0.18),
            mix(colour, palette.near, 0.62),
            fade_px=stage.height * 0.22,
        )
    holes = Image.new("L", (stage.width * 2, stage.height * 2))
    rims = Image.new("L", holes.size)
    for _ in range(16):
        depth = float(rng.random())
        x, y = float(rng.random()) * holes.width, holes.height * (0.86 + 0.13 * depth)
        r = stage.unit * (0.02 + 0.08 * depth) * float(rng.uniform(0.5, 1.2)) * 2
        box = (x - r, y - r * 0.26, x + r, y + r * 0.26)
        ImageDraw.Draw(rims).ellipse((box[0], box[1] + r * 0.09, box[2], box[3] + r * 0.09), fill=70)
        ImageDraw.Draw(holes).ellipse(box, fill=120)
        ImageDraw.Draw(rims).ellipse(box, fill=0)
    stage.canvas.fill(mix(palette.sun, palette.sky[3], 0.5), rims.reduce(2))
    stage.canvas.fill(palette.near, holes.reduce(2))
