"""Under water: light from above, weed and coral on the ground, bubbles."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np
from PIL import Image, ImageDraw

from providers.local.pictures.palette import mix
from providers.local.pictures.pen import open_curve
from providers.local.pictures.stage import Stage
from providers.local.pictures.terrain import fill_below


def undersea(stage: Stage) -> None:
    """The water column and the sea's bed."""
    palette = stage.palette
    sky = palette.sky
    stage.canvas.wash([(0.0, mix(sky[0], sky[1], 0.35)), (0.22, sky[1]), (0.58, sky[2]), (1.0, sky[3])])
    for layer in range(4):
        near = layer / 3
        shape = stage.skyline(f"reef {layer}", bumps=2.2, rough=0.55)
        line = stage.height * (0.74 + 0.055 * layer) - shape * stage.height * (0.17 - 0.02 * layer)
        colour = mix(sky[2], palette.near, 0.22 + 0.55 * near)
        fill_below(stage, line, colour, mix(colour, palette.near, 0.5), fade_px=stage.height * 0.22)
        _weed(stage, line, near)
    if stage.allows("beams"):
        stage.light.shafts(palette.sun, 0.36, stage.brief.scene_rng("shafts"), slant=-0.35, reach=0.85)
    stage.light.halo(stage.sun_x, -stage.height * 0.03, stage.unit * 0.9, palette.sun, 0.5)
    _bubbles(stage)


def _weed(stage: Stage, line: np.ndarray[tuple[int, ...], np.dtype[np.float32]], near: float) -> None:
    rng = stage.brief.frame_rng(f"weed {near:.2f}")
    layer = Image.new("L", (stage.width * 2, stage.height * 2))
    coral = Image.new("L", layer.size)
    draw, branch = ImageDraw.Draw(layer), ImageDraw.Draw(coral)
    size = stage.unit * (0.07 + 0.11 * near) * 2
    for _ in range(9 + round(5 * near)):
        x = float(rng.random())
        column = min(int(x * stage.width), stage.width - 1)
        px, py = x * layer.width, float(line[column]) * 2 + size * 0.1
        if rng.random() < 0.65:
            for _ in range(4):
                tall, sway = size * float(rng.uniform(0.6, 1.7)), size * float(rng.uniform(-0.3, 0.3))
                stem = [
                    (px, py),
                    (px + sway, py - tall * 0.35),
                    (px - sway * 0.4, py - tall * 0.7),
                    (px + sway, py - tall),
                ]
                draw.line(open_curve(stem), fill=255, width=max(2, round(size * 0.05)), joint="curve")
                px += size * 0.10
        else:
            for angle in np.linspace(-1.0, 1.0, 6):
                reach = size * float(rng.uniform(0.45, 0.75))
                tip = (px + np.sin(angle) * reach, py - np.cos(angle) * reach)
                branch.line([(px, py), tip], fill=255, width=max(3, round(size * 0.09)))
                r = size * 0.07
                branch.ellipse((tip[0] - r, tip[1] - r, tip[0] + r, tip[1] + r), fill=255)
    palette = stage.palette
    water = mix(palette.sky[2], palette.near, 0.30 + 0.55 * near)
    stage.canvas.fill(water, layer.reduce(2))
    stage.canvas.fill(mix(water, palette.accent, 0.42 - 0.12 * near), coral.reduce(2))


def _bubbles(stage: Stage) -> None:
    rng = stage.brief.frame_rng("bubbles")
    grain = 2
    layer = Image.new("L", (stage.width * grain, stage.height * grain))
    draw = ImageDraw.Draw(layer)
    for _ in range(4):
        x0, y0 = float(rng.random()), float(rng.uniform(0.25, 0.8))
        for _ in range(9):
            x, y = (x0 + rng.normal(0, 0.02)) * layer.width, (y0 - rng.random() * 0.22) * layer.height
            r = stage.unit * float(rng.uniform(0.003, 0.013)) * grain
            draw.ellipse((x - r, y - r, x + r, y + r), outline=190, width=max(2, round(r * 0.22)), fill=36)
            draw.ellipse((x - r * 0.5, y - r * 0.6, x - r * 0.1, y - r * 0.2), fill=230)
    stage.canvas.fill(mix(stage.palette.sun, stage.palette.sky[0], 0.4), layer.reduce(grain))
