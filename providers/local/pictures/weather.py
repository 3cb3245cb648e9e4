"""What falls and drifts in front of everything: rain, snow, fog, lightning, motes."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np
from PIL import Image, ImageDraw

from providers.local.pictures.noise import fractal
from providers.local.pictures.palette import mix
from providers.local.pictures.stage import Stage


def paint_weather(stage: Stage) -> None:
    """The scene's weather; indoors and under water there is none."""
    weather = stage.brief.weather
    if stage.brief.setting in {"interior", "laboratory", "underwater", "space"}:
        return
    if weather in {"rain", "storm"}:
        _rain(stage)
    if weather == "storm":
        _lightning(stage)
    if weather == "snow":
        _snow(stage)
    if weather == "fog":
        _fog(stage)
    if weather == "fair" and stage.brief.setting in {"forest", "garden", "farm"}:
        _motes(stage)


def _rain(stage: Stage) -> None:
    rng = stage.brief.frame_rng("rain")
    layer = Image.new("L", (stage.width, stage.height))
    draw = ImageDraw.Draw(layer)
    for _ in range(520):
        x, y, near = float(rng.uniform(-0.1, 1.1)), float(rng.random()), float(rng.random())
        long = stage.unit * (0.03 + 0.07 * near)
        x, y = x * stage.width, y * stage.height
        draw.line(
            (x, y, x - long * 0.22, y + long),
            fill=round(40 + 70 * near),
            width=max(1, round(stage.unit * 0.0022 * near)),
        )
    stage.canvas.fill(mix(stage.palette.sky[-1], (255, 255, 255), 0.5), layer)


def _lightning(stage: Stage) -> None:
    rng = stage.brief.frame_rng("lightning")
    x, y = stage.width * float(rng.uniform(0.2, 0.8)), 0.0
    top = x
    layer = Image.new("L", (stage.width, stage.height))
    draw = ImageDraw.Draw(layer)
    width = stage.unit * 0.008
    while y < stage.horizon * 0.9:
        nx, ny = x + float(rng.normal(0, 0.035)) * stage.unit, y + float(rng.uniform(0.03, 0.07)) * stage.unit
        draw.line((x, y, nx, ny), fill=255, width=max(2, round(width)))
        if rng.random() < 0.3:
            draw.line(
                (nx, ny, nx + float(rng.normal(0, 0.09)) * stage.unit, ny + 0.07 * stage.unit),
                fill=200,
                width=max(1, round(width * 0.5)),
            )
        x, y, width = nx, ny, width * 0.96
    stage.canvas.fill((255, 250, 235), layer)
    stage.light.halo(top, stage.height * 0.1, stage.unit * 0.8, (200, 210, 255), 0.5)


def _snow(stage: Stage) -> None:
    rng = stage.brief.frame_rng("snow")
    layer = Image.new("L", (stage.width, stage.height))
    draw = ImageDraw.Draw(layer)
    for _ in range(420):
        x, y, near = (
            float(rng.random()) * stage.width,
            float(rng.random()) * stage.height,
            float(rng.random()) ** 3,
        )
        r = stage.unit * (0.0016 + 0.0075 * near)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=round(210 - 90 * near))
    stage.canvas.fill((255, 255, 255), layer)


def _fog(stage: Stage) -> None:
    wide, tall = max(8, stage.width // 10), max(8, stage.height // 10)
    field = fractal(stage.brief.frame_rng("fog"), wide, tall, cells=(2.0, 9.0), octaves=4)
    rows = np.linspace(0, 1, tall, dtype=np.float32)[:, None]
    bank = np.exp(-(((rows - stage.camera.horizon) / 0.20) ** 2))
    stage.canvas.soft_fill(
        mix(stage.palette.haze, (255, 255, 255), 0.2), (field * bank * 0.95).astype(np.float32)
    )


def _motes(stage: Stage) -> None:
    """Pollen or fireflies in the light."""
    rng = stage.brief.frame_rng("motes")
    for _ in range(16):
        x, y = float(rng.random()) * stage.width, float(rng.uniform(0.25, 0.8)) * stage.height
        stage.light.halo(x, y, stage.unit * float(rng.uniform(0.02, 0.05)), stage.palette.accent, 0.8)
