"""Land in layers: each closer ridge is darker, and haze lies in the valleys between."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np
from PIL import Image

from providers.local.pictures.canvas import gradient
from providers.local.pictures.noise import Field, stretched
from providers.local.pictures.palette import Rgb, mix
from providers.local.pictures.stage import Stage


def fill_below(stage: Stage, tops: Field, colour: Rgb, foot: Rgb, *, fade_px: float) -> None:
    """Land from its upper edge (pixels from the top, one per column) down to the picture's foot.

    The colour turns into `foot` over `fade_px` rows: that is the haze in the valley.
    """
    top = max(0, int(tops.min()) - 1)
    rows = stage.height - top
    if rows <= 0:
        return
    fade = min(0.999, fade_px / rows)
    painted = gradient([(0.0, colour), (fade, foot), (1.0, foot)], stage.width, rows)
    stage.canvas.lay(painted, (0, top), edge_mask(tops - top, rows))


def edge_mask(tops: Field, rows: int) -> Image.Image:
    """White below the edge, with one soft pixel on it."""
    y = np.arange(rows, dtype=np.float32)[:, None]
    return Image.fromarray((np.clip(y - tops[None, :] + 0.5, 0, 1) * 255).astype(np.uint8))


def ridges(
    stage: Stage, *, count: int = 4, base: float, rise: float, bumps: float, rough: float = 0.45
) -> None:
    """Rolling ridges from the haze to the middle distance.

    Args:
        stage: what is painted on.
        count: how many.
        base: where the closest stands, as a share of the height.
        rise: how high the farthest reaches above the closest, as a share of the height.
        bumps: how many hills across.
        rough: how jagged they are, 0..1.
    """
    palette = stage.palette
    for layer in range(count):
        near = layer / max(count - 1, 1)
        foot = stage.height * (base - rise * (1 - near) * 0.55)
        amplitude = stage.height * rise * (0.62 - 0.22 * near)
        shape = stage.skyline(f"ridge {layer}", bumps=bumps * (1.25 - 0.4 * near), rough=rough)
        colour = palette.depth(0.10 + 0.44 * near)
        fill_below(
            stage, foot - shape * amplitude, colour, mix(colour, palette.haze, 0.55), fade_px=amplitude * 1.5
        )


def peaks(stage: Stage, *, base: float, rise: float, layers: int = 3) -> None:
    """Sharp mountains: a lit and a shaded face each, and snow on the high ones."""
    palette = stage.palette
    for layer in range(layers):
        near = layer / max(layers - 1, 1)
        rng = stage.brief.scene_rng(f"peaks {layer}")
        foot = stage.height * (base - rise * 0.16 * (1 - near))
        height = stage.height * rise * (1.0 - 0.42 * near)
        spacing = stage.unit * (0.44 - 0.08 * near)
        tops, lean = _tents(stage, rng, spacing)
        jag = stage.skyline(f"jag {layer}", bumps=26, rough=0.6)
        line = foot - tops * height - (jag - 0.5) * height * 0.10
        colour = palette.depth(0.16 + 0.40 * near)
        fill_below(stage, line, colour, mix(colour, palette.haze, 0.7), fade_px=height * 1.25)
        _faces(
            stage,
            line,
            lean,
            foot,
            colour,
            snow=layer < layers - 1 or stage.brief.setting == "arctic",
            key=layer,
        )


def _tents(stage: Stage, rng: np.random.Generator, spacing: float) -> tuple[Field, Field]:
    """Heights in 0..1 of a row of tents, and how far each column is from its summit."""
    whole = stage.width * 3
    xs = np.arange(whole, dtype=np.float32)
    height, lean = np.zeros(whole, np.float32), np.zeros(whole, np.float32)
    for centre in np.arange(0.0, whole, spacing * 0.62):
        summit = centre + float(rng.uniform(-0.25, 0.25)) * spacing
        tall, half = float(rng.uniform(0.45, 1.0)), spacing * float(rng.uniform(0.55, 0.95))
        tent = tall * (1 - np.abs(xs - summit) / half)
        lean = np.where(tent > height, (xs - summit) / spacing, lean).astype(np.float32)
        height = np.maximum(height, tent).astype(np.float32)
    start = round(stage.camera.pan * stage.width * 2)
    return height[start : start + stage.width], lean[start : start + stage.width]


def _faces(stage: Stage, line: Field, lean: Field, foot: float, colour: Rgb, *, snow: bool, key: int) -> None:
    """The sunlit faces and the snow, as masks below the ridge line."""
    palette = stage.palette
    top, rows = max(0, int(line.min())), 0
    rows = min(stage.height, int(foot)) - top
    if rows < 8:
        return
    y = np.arange(rows, dtype=np.float32)[:, None] + top
    below = y - line[None, :]
    inside = np.clip(below + 0.5, 0, 1)
    side = -1.0 if stage.sun_x < stage.width / 2 else 1.0
    # The edge between the two faces wanders to and fro as it comes down from the summit.
    wander = (
        stretched(stage.brief.scene_rng(f"wander {key}").random((1, 24), dtype=np.float32), rows, 1)[0] - 0.5
    )
    edge = lean[None, :] * side + wander[:, None] * 0.30 * np.clip(below / (0.3 * rows), 0, 1)
    lit = np.clip(edge * stage.unit * 0.20 + 0.5, 0, 1) * inside * np.clip(1.15 - below / rows, 0, 1)
    stage.canvas.fill(mix(colour, palette.sun, 0.30), _mask(lit * 0.75), (0, top))
    if snow:
        teeth = stage.skyline(f"snow {key}", bumps=16, rough=0.7)
        deep = np.clip((foot - line) / max(stage.height * 0.22, 1), 0.0, 1.3) - 0.45
        cap = (
            np.clip(deep[None, :] * stage.unit * 0.16 * (0.55 + 0.9 * teeth[None, :]) - below, 0, 2)
            / 2
            * inside
        )
        white = mix((255, 255, 255), palette.haze, 0.22)
        stage.canvas.fill(mix(white, palette.sky[1], 0.42), _mask(cap * 0.92), (0, top))
        stage.canvas.fill(white, _mask(cap * np.clip(lit * 1.6, 0, 1) * 0.95), (0, top))


def _mask(field: Field) -> Image.Image:
    return Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))


def dunes(stage: Stage, *, base: float) -> None:
    """Smooth dunes with a bright crest and a shaded lee."""
    palette = stage.palette
    for layer in range(5):
        near = layer / 4
        shape = stage.skyline(f"dune {layer}", bumps=1.3 + 0.4 * layer, octaves=2, rough=0.3)
        line = stage.height * (base - 0.10 + 0.135 * layer) - shape * stage.height * (0.10 + 0.03 * near)
        colour = mix(palette.depth(0.22 + 0.34 * near), palette.sky[-1], 0.18 * (1 - near))
        lit = mix(colour, palette.sun, 0.34)
        dark = mix(colour, palette.near, 0.28 + 0.22 * near)
        fill_below(stage, line, lit, colour, fade_px=stage.height * 0.10)
        slope = np.gradient(line) * (1.0 if stage.sun_x > stage.width / 2 else -1.0)
        lee = line + np.clip(14 - slope * 900, 0, 400) * stage.unit / 1100
        fill_below(stage, lee.astype(np.float32), dark, colour, fade_px=stage.height * 0.16)


def ground(
    stage: Stage, *, top: float, tone: float = 0.56, swell: float = 0.02, name: str = "ground"
) -> Field:
    """The land that the hero stands on; answers its upper edge in pixels per column."""
    palette = stage.palette
    shape = stage.skyline(name, bumps=1.2, octaves=3, rough=0.35)
    line = stage.height * top - (shape - 0.5) * stage.height * swell * 2
    colour = mix(palette.depth(tone), palette.sun, 0.10)
    fill_below(
        stage, line, colour, mix(palette.depth(tone + 0.22), palette.near, 0.2), fade_px=stage.height * 0.30
    )
    return line
