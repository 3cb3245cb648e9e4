"""The closest layer: grass, reeds and leaves at the edges, with a calm place for captions."""

import numpy as np
from PIL import Image, ImageDraw

from providers.local.pictures.pen import Point, open_curve
from providers.local.pictures.stage import Stage
from providers.local.pictures.terrain import fill_below
from providers.local.pictures.woods import trunks

GRASSY = frozenset({"hills", "garden", "farm", "mountain", "river", "road", "forest"})


def paint_foreground(stage: Stage) -> None:
    """What stands between the viewer and the scene."""
    setting = stage.brief.setting
    if not stage.allows("foreground"):
        return
    if setting == "forest":
        trunks(stage)
    if setting in GRASSY:
        edge = 1 - np.abs(np.linspace(-1, 1, stage.width, dtype=np.float32)) ** 2.2
        line = stage.height * (0.90 + 0.055 * edge) - stage.skyline("knoll", bumps=2.0) * stage.height * 0.03
        fill_below(
            stage, line.astype(np.float32), stage.shade, stage.palette.near, fade_px=stage.height * 0.1
        )
        grass(stage, line.astype(np.float32), flowers=setting in {"garden", "hills", "farm"})
    elif setting in {"sea", "desert", "volcanic", "arctic"}:
        edge = np.abs(np.linspace(-1.15, 0.85, stage.width, dtype=np.float32)) ** 2.5
        line = (
            stage.height * (1.01 - 0.075 * edge)
            - stage.skyline("rock", bumps=5.0, rough=0.6) * stage.height * 0.028
        )
        fill_below(
            stage, line.astype(np.float32), stage.shade, stage.palette.near, fade_px=stage.height * 0.1
        )


def grass(stage: Stage, line: np.ndarray[tuple[int, ...], np.dtype[np.float32]], *, flowers: bool) -> None:
    """Blades that stand on a line (pixels per column), taller at the edges of the picture."""
    rng = stage.brief.frame_rng("grass")
    grain = 2
    layer = Image.new("L", (stage.width * grain, stage.height * grain))
    heads = Image.new("L", layer.size)
    draw, dots = ImageDraw.Draw(layer), ImageDraw.Draw(heads)
    for _ in range(round(150 * stage.width / stage.unit)):
        x = float(rng.random())
        # Taller towards the edges: the middle is the captions'.
        edge = abs(x - 0.5) * 2
        tall = stage.unit * float(rng.uniform(0.03, 0.06 + 0.13 * edge**2)) * grain
        foot = float(line[min(int(x * stage.width), stage.width - 1)]) * grain
        bend = float(rng.normal(0, 0.22)) * tall
        px, half = x * layer.width, tall * 0.035 + 1.5
        middle: Point = (px + bend * 0.35, foot - tall * 0.55)
        tip: Point = (px + bend, foot - tall)
        left = open_curve([(px - half, foot + 6), (middle[0] - half * 0.7, middle[1]), tip])
        right = open_curve([tip, (middle[0] + half * 0.7, middle[1]), (px + half, foot + 6)])
        draw.polygon(left + right, fill=255)
        if flowers and rng.random() < 0.10 + 0.16 * edge:
            r = stage.unit * float(rng.uniform(0.006, 0.013)) * grain
            dots.ellipse((tip[0] - r, tip[1] - r, tip[0] + r, tip[1] + r * 0.8), fill=255)
    stage.canvas.fill(stage.shade, layer.reduce(grain))
    stage.canvas.fill(stage.palette.accent, heads.reduce(grain).point(lambda v: v * 0.8))
