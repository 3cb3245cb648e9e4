"""Everything above the horizon: the gradient, stars, sun or moon, clouds, birds and northern lights."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np
from PIL import Image, ImageDraw

from providers.local.pictures.canvas import mask_of
from providers.local.pictures.noise import fractal, stretched
from providers.local.pictures.palette import mix
from providers.local.pictures.pen import open_curve
from providers.local.pictures.stage import Stage

_CELESTIAL = frozenset({"moon", "sun", "planet", "earth", "star"})


def paint_sky(stage: Stage) -> None:
    """The whole sky, back to front."""
    sky = stage.palette.sky
    bottom = stage.horizon
    stage.canvas.wash([(0.0, sky[0]), (0.38, sky[1]), (0.76, sky[2]), (1.0, sky[3])], 0, bottom)
    stage.canvas.wash([(0.0, sky[3]), (1.0, sky[3])], bottom)
    weather = stage.brief.weather
    if stage.is_dark and stage.allows("stars") and weather not in {"storm", "rain"}:
        _stars(stage)
    if stage.brief.setting == "arctic" and stage.is_dark:
        _aurora(stage)
    hidden = weather in {"rain", "storm", "fog"} or _CELESTIAL.intersection(stage.brief.subjects)
    if not hidden and stage.allows("moon" if stage.is_dark else "sun"):
        _sun(stage)
    if weather != "clear" and stage.allows("clouds"):
        _clouds(stage)
    birds = stage.brief.weather in {"fair", "clear", "clouds"} and not stage.is_dark
    if birds and stage.allows("birds") and stage.brief.frame_rng("birds").random() < 0.6:
        _birds(stage)


def _stars(stage: Stage) -> None:
    rng = stage.brief.frame_rng("stars")
    count = round(stage.width * stage.horizon / 6_500)
    xs, ys = rng.random(count) * stage.width, rng.random(count) ** 1.5 * stage.horizon
    sizes = rng.exponential(0.55, count) * stage.unit / 900 + 0.5
    layer = Image.new("L", (stage.width, stage.height))
    draw = ImageDraw.Draw(layer)
    for x, y, r, bright in zip(xs, ys, sizes, rng.integers(90, 255, count), strict=True):
        draw.ellipse((x - r, y - r, x + r, y + r), fill=int(bright * (1 - 0.75 * (y / stage.horizon) ** 2)))
    stage.canvas.fill((255, 250, 235), layer)


def _aurora(stage: Stage) -> None:
    rng = stage.brief.scene_rng("aurora")
    wide, tall = 180, 240
    rows = np.linspace(0, 1, tall, dtype=np.float32)[:, None]
    for band in range(3):
        path = 0.30 + 0.11 * band + 0.16 * (stretched(rng.random((1, 6), dtype=np.float32), wide, 1) - 0.5)
        curtain = 0.5 + 0.5 * stretched(rng.random((1, 46), dtype=np.float32), wide, 1)
        above = np.clip((path - rows) / 0.30, 0, 1)
        glow = np.where(rows < path, np.exp(-above * 3.2), np.exp(-np.abs(rows - path) * 60)) * curtain
        colour = ((120, 255, 190), (90, 220, 210), (190, 120, 255))[band]
        stage.canvas.soft_fill(colour, (glow * 0.5).astype(np.float32))


def _sun(stage: Stage) -> None:
    palette = stage.palette
    size = {"dawn": 0.105, "dusk": 0.15, "noon": 0.085, "night": 0.085}[stage.brief.time] * stage.unit
    size = min(size * stage.view.sun, max(size, stage.unit * 0.37))
    core = mix(palette.sun, (255, 255, 255), 0.15)
    x, y = stage.sun_x, stage.sun_y
    grain = 3
    edge = round(size * grain * 2)
    disc = Image.new("L", (edge + 6, edge + 6))
    ImageDraw.Draw(disc).ellipse((3, 3, edge + 3, edge + 3), fill=255)
    small = disc.reduce(grain)
    # The ring around it first: poster suns sit in two paler discs.
    for ring, strength in ((2.3, 26), (1.6, 40)):
        wider = small.resize(
            (round(small.width * ring), round(small.height * ring)), Image.Resampling.BICUBIC
        )
        halo = wider.point(lambda v, s=strength: v * s // 255)
        stage.canvas.fill(core, halo, (round(x - halo.width / 2), round(y - halo.height / 2)))
    stage.canvas.fill(core, small, (round(x - small.width / 2), round(y - small.height / 2)))
    if stage.is_dark:
        _seas_of_moon(stage, small, size)
    stage.light.halo(x, y, stage.unit * 0.75, palette.sun, 0.42 if stage.is_dark else 0.5)


def _seas_of_moon(stage: Stage, disc: Image.Image, size: float) -> None:
    rng = stage.brief.scene_rng("moon")
    layer = Image.new("L", disc.size)
    draw = ImageDraw.Draw(layer)
    for _ in range(6):
        x, y = disc.width * rng.uniform(0.2, 0.8), disc.height * rng.uniform(0.2, 0.8)
        r = size * rng.uniform(0.08, 0.28)
        draw.ellipse((x - r, y - r, x + r, y + r * 0.9), fill=46)
    visible = Image.composite(layer, Image.new("L", disc.size), disc)
    place = (round(stage.sun_x - disc.width / 2), round(stage.sun_y - disc.height / 2))
    stage.canvas.fill(stage.palette.sky[1], visible, place)


def _clouds(stage: Stage) -> None:
    """Long flat clouds near the horizon; heaps of them where the weather says so."""
    palette, weather = stage.palette, stage.brief.weather
    rng = stage.brief.frame_rng("clouds")
    wide, tall = max(8, stage.width // 3), max(8, stage.horizon // 3)
    heavy = weather in {"storm", "rain", "clouds"} or stage.brief.setting == "sky"
    cells = (3.2, 6.0) if heavy else (2.0, 11.0)
    field = fractal(rng, wide, tall, cells=cells, octaves=5)
    rows = np.linspace(0, 1, tall, dtype=np.float32)[:, None]
    where = 1 - 0.55 * rows if heavy else np.exp(-(((rows - 0.62) / 0.30) ** 2))
    threshold = 0.47 if heavy else 0.60
    cover = np.clip((field - threshold) / 0.16, 0, 1) * where
    # A second reading of the same noise, a little higher, tells the lit tops from the shaded bellies.
    below = np.roll(field, -max(1, tall // 40), axis=0)
    lit = np.clip(0.5 + (below - field) * 4.5, 0, 1)
    dark = mix(palette.sky[1], palette.sky[0], 0.35) if weather in {"storm", "rain"} else palette.sky[1]
    bright = mix(palette.sun, palette.sky[3], 0.35)
    size = (stage.width, stage.horizon)
    belly = mask_of(cover * (0.42 if not heavy else 0.66)).resize(size, Image.Resampling.BICUBIC)
    top = mask_of(cover * (1 - lit) * (0.62 if not stage.is_dark else 0.3)).resize(
        size, Image.Resampling.BICUBIC
    )
    stage.canvas.fill(mix(dark, palette.sky[2], 0.4), belly)
    stage.canvas.fill(bright, top)


def _birds(stage: Stage) -> None:
    rng = stage.brief.frame_rng("flock")
    grain = 3
    layer = Image.new("L", (stage.width, stage.height))
    x0 = stage.width * float(rng.uniform(0.12, 0.7))
    y0 = stage.height * float(rng.uniform(0.12, 0.24))
    for _ in range(int(rng.integers(4, 8))):
        x, y = x0 + rng.normal(0, 0.10) * stage.unit, y0 + rng.normal(0, 0.05) * stage.unit
        s = stage.unit * rng.uniform(0.012, 0.028) * grain
        tile = Image.new("L", (round(s * 2.4), round(s * 1.4)))
        cx, cy = tile.width / 2, tile.height * 0.6
        left = open_curve([(cx, cy), (cx - s * 0.45, cy - s * 0.42), (cx - s, cy - s * 0.12)])
        right = [(2 * cx - px, py) for px, py in left]
        draw = ImageDraw.Draw(tile)
        for wing in (left, right):
            draw.line(wing, fill=235, width=max(2, round(s * 0.13)), joint="curve")
        small = tile.reduce(grain)
        layer.paste(small, (round(x), round(y)))
    stage.canvas.fill(mix(stage.palette.near, stage.palette.sky[1], 0.25), layer)
