"""Water: the sky upside down, broken by ripples, with the light's path on it."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from providers.local.pictures.canvas import gradient
from providers.local.pictures.palette import mix
from providers.local.pictures.stage import Stage


def water(stage: Stage, *, top: float, calm: float = 0.5) -> None:
    """Cover everything below `top` (share of the height) with water that mirrors what stands above it.

    `calm` is 0 for waves to 1 for a mirror.
    """
    palette = stage.palette
    first = round(stage.height * top)
    rows = stage.height - first
    deep = mix(palette.ground, palette.near, 0.55)
    colours = [(0.0, mix(palette.sky[-1], palette.ground, 0.38)), (0.35, palette.ground), (1.0, deep)]
    body = gradient(colours, stage.width, rows)
    body = Image.blend(body, _mirrored(stage, first, rows, calm), 0.42 + 0.16 * calm)
    stage.canvas.lay(body, (0, first), Image.new("L", body.size, 255))
    _ripples(stage, first, rows)
    line = Image.new("L", (stage.width, max(1, round(stage.unit * 0.004))), 150)
    stage.canvas.fill(mix(palette.sky[-1], palette.sun, 0.5), line, (0, first))


def _mirrored(stage: Stage, first: int, rows: int, calm: float) -> Image.Image:
    """What is above, flipped, softened, and shifted row by row."""
    above = stage.canvas.image.crop((0, max(0, first - rows), stage.width, first))
    half = above.resize((max(2, stage.width // 2), max(2, rows // 2)), Image.Resampling.BILINEAR)
    flipped = half.transpose(Image.Transpose.FLIP_TOP_BOTTOM).filter(ImageFilter.GaussianBlur(2))
    pixels = np.asarray(flipped)
    rng = stage.brief.frame_rng("mirror")
    y = np.arange(pixels.shape[0], dtype=np.float32)
    depth = y / max(len(y), 1)
    # Ripples look longer towards the viewer, so the wave runs over the root of the depth.
    wave = np.sin(np.sqrt(depth + 0.01) * 160 + rng.uniform(0, 6)) + 0.6 * np.sin(np.sqrt(depth + 0.01) * 71)
    shift = (wave * (2 + 26 * depth) * (1.2 - calm) * stage.unit / 2200).round().astype(np.int64)
    index = (np.arange(pixels.shape[1])[None, :] + shift[:, None]) % pixels.shape[1]
    moved = np.take_along_axis(pixels, index[:, :, None], axis=1)
    return Image.fromarray(moved).resize((stage.width, rows), Image.Resampling.BILINEAR)


def _ripples(stage: Stage, first: int, rows: int) -> None:
    """Thin lens-shaped strokes: dense under the light, sparse elsewhere, fading towards the captions."""
    rng = stage.brief.frame_rng("ripples")
    bright, dark = Image.new("L", (stage.width, rows)), Image.new("L", (stage.width, rows))
    pens = ImageDraw.Draw(bright), ImageDraw.Draw(dark)
    for _ in range(300):
        depth = float(rng.random()) ** 1.5
        lit = bool(rng.random() < 0.62)
        spread = stage.unit * (0.03 + 0.20 * depth)
        x = stage.sun_x + float(rng.normal()) * spread if lit else float(rng.random()) * stage.width
        y = depth * rows
        long = stage.unit * (0.012 + 0.085 * depth) * float(rng.uniform(0.4, 1.2))
        thick = max(0.6, stage.unit * (0.0012 + 0.0042 * depth))
        fill = round((190 if lit else 60) * (1 - 0.75 * depth))
        pens[0 if lit else 1].ellipse((x - long, y - thick, x + long, y + thick), fill=fill)
    stage.canvas.fill(mix(stage.palette.near, stage.palette.ground, 0.5), dark, (0, first))
    stage.canvas.fill(mix(stage.palette.sun, stage.palette.sky[-1], 0.25), bright, (0, first))
