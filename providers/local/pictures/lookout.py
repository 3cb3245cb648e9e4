"""A height in the foreground, and people on it who look at what the viewer looks at."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import numpy as np

from providers.local.pictures.foreground import GRASSY, grass
from providers.local.pictures.placing import draw_subject
from providers.local.pictures.stage import Stage
from providers.local.pictures.subjects.catalogue import subjects
from providers.local.pictures.terrain import fill_below


def paint_lookout(stage: Stage) -> None:
    """The height rises on the side where the hero is not; two or three people stand on it."""
    side = 1.0 if stage.camera.hero_x < 0.5 else -1.0
    across = np.linspace(-1, 1, stage.width, dtype=np.float32) * np.float32(side)
    rise = 1 / (1 + np.exp(-(across - 0.05) * 4.5))
    rough = (stage.skyline("lookout", bumps=3.0, rough=0.45) - 0.5) * 0.02
    line = (stage.height * (0.93 - 0.11 * rise + rough)).astype(np.float32)
    fill_below(stage, line, stage.shade, stage.palette.near, fade_px=stage.height * 0.12)
    if stage.brief.setting in GRASSY:
        grass(stage, line + stage.unit * 0.01, flowers=False)
    if not stage.allows("people", "person"):
        return
    rng = stage.brief.frame_rng("lookout")
    group = ("person", "person", "child") if rng.random() < 0.5 else ("person", "child", "person")
    x = 0.5 + side * float(rng.uniform(0.13, 0.19))
    for place, name in enumerate(group[: int(rng.integers(2, 4))]):
        column = min(max(round(x * stage.width), 0), stage.width - 1)
        draw_subject(
            stage,
            f"onlooker {place} {name}",
            subjects()[name],
            x=float(column),
            foot=float(line[column]) + stage.unit * 0.006,
            scale=0.74 / max(stage.camera.hero_scale, 0.1),
            depth=0.0,
        )
        x += side * float(rng.uniform(0.09, 0.13))
