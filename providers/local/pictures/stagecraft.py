"""Places that are none: a poster's backdrop of discs, arcs and drifting shapes for ideas and symbols."""

import math

from PIL import Image, ImageDraw

from providers.local.pictures.palette import mix
from providers.local.pictures.stage import Stage
from providers.local.pictures.terrain import fill_below


def backdrop(stage: Stage) -> None:
    """Discs behind the hero, orbits around it, a wave of hills to stand on."""
    palette = stage.palette
    sky = palette.sky
    stage.canvas.wash([(0.0, sky[0]), (0.55, sky[1]), (1.0, mix(sky[1], sky[2], 0.7))])
    rng = stage.brief.scene_rng("backdrop")
    kind = int(rng.integers(3))
    x, y = stage.width * stage.camera.hero_x, stage.height * 0.40
    x = stage.width / 2 + (x - stage.width / 2) * 0.5
    if kind == 0:
        _discs(stage, x, y)
    elif kind == 1:
        _sunburst(stage, x, y)
    else:
        _orbits(stage, x, y)
    _drift(stage)
    for layer in range(4):
        near = layer / 3
        shape = stage.skyline(f"wave {layer}", bumps=1.1 + 0.3 * layer, octaves=2, rough=0.3)
        line = stage.height * (0.70 + 0.065 * layer) - shape * stage.height * 0.085
        colour = mix(mix(sky[2], sky[1], 0.35), palette.near, 0.16 + 0.66 * near)
        fill_below(
            stage, line, mix(colour, palette.accent, 0.20 * (1 - near)), colour, fade_px=stage.height * 0.08
        )
    stage.light.halo(x, y, stage.unit * 0.8, palette.sun, 0.24)


def _discs(stage: Stage, x: float, y: float) -> None:
    sky = stage.palette.sky
    layer = Image.new("L", (stage.width * 2, stage.height * 2))
    for step, share in enumerate((0.66, 0.52, 0.38)):
        layer.paste(0, (0, 0, *layer.size))
        r = stage.unit * share * 2
        ImageDraw.Draw(layer).ellipse(
            (x * 2 - r, y * 2 - r, x * 2 + r, y * 2 + r), fill=(110, 150, 235)[step]
        )
        stage.canvas.fill((mix(sky[1], sky[2], 0.5), sky[2], sky[3])[step], layer.reduce(2))


def _sunburst(stage: Stage, x: float, y: float) -> None:
    sky = stage.palette.sky
    layer = Image.new("L", (stage.width * 2, stage.height * 2))
    draw = ImageDraw.Draw(layer)
    reach = math.hypot(*layer.size)
    turn = float(stage.brief.scene_rng("burst").uniform(0, 10))
    for i in range(18):
        a, b = math.radians(i * 20 + turn), math.radians(i * 20 + 9 + turn)
        draw.polygon(
            [
                (x * 2, y * 2),
                (x * 2 + math.cos(a) * reach, y * 2 + math.sin(a) * reach),
                (x * 2 + math.cos(b) * reach, y * 2 + math.sin(b) * reach),
            ],
            fill=90,
        )
    stage.canvas.fill(sky[2], layer.reduce(2))
    layer.paste(0, (0, 0, *layer.size))
    r = stage.unit * 0.40 * 2
    draw.ellipse((x * 2 - r, y * 2 - r, x * 2 + r, y * 2 + r), fill=240)
    stage.canvas.fill(sky[3], layer.reduce(2))


def _orbits(stage: Stage, x: float, y: float) -> None:
    sky, accent = stage.palette.sky, stage.palette.accent
    lines, dots = (
        Image.new("L", (stage.width * 2, stage.height * 2)),
        Image.new("L", (stage.width * 2, stage.height * 2)),
    )
    draw, points = ImageDraw.Draw(lines), ImageDraw.Draw(dots)
    rng = stage.brief.scene_rng("orbits")
    r = stage.unit * 0.36 * 2
    draw.ellipse((x * 2 - r, y * 2 - r, x * 2 + r, y * 2 + r), fill=225)
    for ring in range(5):
        r = stage.unit * (0.43 + 0.10 * ring) * 2
        draw.ellipse(
            (x * 2 - r, y * 2 - r, x * 2 + r, y * 2 + r),
            outline=120 - ring * 16,
            width=max(2, round(stage.unit * 0.005)),
        )
        angle = float(rng.uniform(0, 2 * math.pi))
        px, py, s = (
            x * 2 + math.cos(angle) * r,
            y * 2 + math.sin(angle) * r,
            stage.unit * float(rng.uniform(0.02, 0.05)),
        )
        points.ellipse((px - s, py - s, px + s, py + s), fill=255)
    stage.canvas.fill(mix(sky[2], sky[3], 0.6), lines.reduce(2))
    stage.canvas.fill(accent, dots.reduce(2))


def _drift(stage: Stage) -> None:
    """Small diamonds, rings and dots that float in the upper part."""
    rng = stage.brief.frame_rng("drift")
    layer = Image.new("L", (stage.width * 2, stage.height * 2))
    draw = ImageDraw.Draw(layer)
    for _ in range(26):
        x, y = float(rng.random()) * layer.width, float(rng.random()) * stage.horizon * 2
        r = stage.unit * float(rng.exponential(0.008) + 0.004) * 2
        strength = int(rng.integers(60, 190))
        kind = int(rng.integers(3))
        if kind == 0:
            draw.polygon([(x, y - r * 1.4), (x + r, y), (x, y + r * 1.4), (x - r, y)], fill=strength)
        elif kind == 1:
            draw.ellipse((x - r, y - r, x + r, y + r), outline=strength, width=max(2, round(r * 0.25)))
        else:
            draw.ellipse((x - r * 0.6, y - r * 0.6, x + r * 0.6, y + r * 0.6), fill=strength)
    stage.canvas.fill(mix(stage.palette.sun, stage.palette.sky[3], 0.5), layer.reduce(2))
