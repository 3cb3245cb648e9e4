"""What the catalogue knows of a subject: how it is drawn, how large, where it belongs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from providers.local.pictures.pen import Pen

Draw = Callable[[Pen, np.random.Generator], None]
Anchor = Literal["ground", "water", "air", "sky", "table"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that can be drawn.

    Attributes:
        draw: paints it into its own coordinates: foot at the origin, 1.0 high.
        height: its height on the picture in the picture's unit, when it is the hero.
        anchor: what holds it: the ground, water, the air, the far sky, or a table where there is one.
        homes: the settings that suit it, where the words name none.
        times: the times of day that suit it; empty for any.
        reach: how far it extends to either side, in its own unit.
        herd: how many there are, in the frame that shows it.
        focus: how high on it the eye goes, in its own unit, when it is seen from close by.
        core: how much of the reach must be inside the picture; what is beyond may leave it.
    """

    draw: Draw
    height: float
    anchor: Anchor
    homes: tuple[str, ...]
    times: tuple[str, ...] = ()
    reach: float = 0.6
    herd: int = 1
    core: float = 9.0
    focus: float = 0.6
