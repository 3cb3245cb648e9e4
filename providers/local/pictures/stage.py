"""Where a picture is put together: canvas, camera, light and horizon, handed from layer to layer."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

from dataclasses import dataclass

import numpy as np

from providers.local.pictures.brief import Brief
from providers.local.pictures.canvas import Canvas
from providers.local.pictures.light import LightField
from providers.local.pictures.noise import Field, profile
from providers.local.pictures.palette import Palette, Rgb, mix, scaled
from providers.local.pictures.pen import Lighting
from providers.local.pictures.views import USUAL, VIEWS, View

_HORIZONS = {
    "sea": 0.60,
    "river": 0.60,
    "underwater": 0.70,
    "sky": 0.80,
    "space": 0.76,
    "abstract": 0.70,
    "interior": 0.63,
    "laboratory": 0.63,
    "city": 0.67,
    "road": 0.60,
    "forest": 0.68,
}
_USUAL_HORIZON = 0.62
_LOWEST_HORIZON = 0.86


@dataclass(frozen=True, slots=True)
class Camera:
    """How one frame looks at its scene.

    Attributes:
        horizon: the horizon's height as a share of the picture, from the top.
        pan: how far the camera has turned, in picture widths, 0..1.
        hero_x: where the hero stands, as a share of the width.
        hero_scale: 1 is the usual size.
    """

    horizon: float
    pan: float
    hero_x: float
    hero_scale: float


# Wide, close, from the other side, tall: what a film cuts between. (horizon shift, x, scale)
_SHOTS = ((0.0, 0.5, 1.0), (0.05, 0.42, 1.24), (-0.02, 0.62, 0.84), (0.07, 0.56, 1.38), (-0.04, 0.38, 0.74))


def camera_for(brief: Brief) -> Camera:
    """The shot that a frame has in its scene's cycle, a little different for each candidate."""
    rng = brief.frame_rng("camera")
    shift, x, scale = _SHOTS[brief.frame_ordinal % len(_SHOTS)]
    if brief.width > brief.height * 1.15:
        # A wide picture has room beside the hero: it stands on a third, as the rule of thirds has it.
        x = 0.36 if x <= 0.5 else 0.64
    view = VIEWS[brief.view]
    if brief.view != USUAL:
        # The view decides; the shots of one scene only differ within it.
        shift, x = shift * 0.4, (x + 0.5) / 2 if view.backlit else x
        scale = scale if view.leaves_frame else scale**0.5
    jitter = float(rng.uniform(-0.035, 0.035))
    mirrored = bool(rng.random() < 0.5)
    return Camera(
        horizon=min(_HORIZONS.get(brief.setting, _USUAL_HORIZON) + shift + view.horizon, _LOWEST_HORIZON),
        pan=float(rng.random()),
        hero_x=(1 - x if mirrored else x) + jitter,
        hero_scale=view.scale * scale * float(rng.uniform(0.94, 1.06)),
    )


@dataclass(slots=True)
class Stage:
    """The state of one picture while it is painted, back to front.

    Attributes:
        brief: what is to be seen.
        canvas: what has been painted so far.
        camera: how the frame looks at the scene.
        light: light that is added over everything at the end.
        sun_x: the light's place in pixels from the left, and
        sun_y: from the top.
    """

    brief: Brief
    canvas: Canvas
    camera: Camera
    light: LightField
    sun_x: float
    sun_y: float

    @property
    def view(self) -> View:
        """How the picture looks at its hero."""
        return VIEWS[self.brief.view]

    @property
    def palette(self) -> Palette:
        """The scene's colours."""
        return self.brief.palette

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.canvas.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.canvas.height

    @property
    def unit(self) -> float:
        """The length that sizes are given in, in pixels."""
        return self.canvas.unit

    @property
    def horizon(self) -> int:
        """The horizon's row."""
        return round(self.height * self.camera.horizon)

    @property
    def is_dark(self) -> bool:
        """Whether lamps and stars are seen."""
        return self.brief.time == "night" or self.brief.setting == "space"

    def allows(self, *meanings: str) -> bool:
        """Whether the negative prompt leaves room for something."""
        return not self.brief.without.intersection(meanings)

    def skyline(self, name: str, *, bumps: float, octaves: int = 5, rough: float = 0.5) -> Field:
        """The scene's own profile of that name in 0..1, one value per column, as this camera sees it."""
        rng = self.brief.scene_rng(f"skyline {name}")
        # Three pictures wide, so that another camera sees another part of the same ridge.
        ratio = self.width / self.unit
        whole = profile(rng, self.width * 3, bumps=bumps * 3 * ratio, octaves=octaves, rough=rough)
        start = round(self.camera.pan * self.width * 2)
        return whole[start : start + self.width]

    def lighting(self, *, depth: float = 0.0, at_x: float | None = None) -> Lighting:
        """The light that falls on something at that depth (0 close, 1 far) and place (pixels)."""
        palette = self.palette
        x = self.width * self.camera.hero_x if at_x is None else at_x
        return Lighting(
            ambient=palette.ambient,
            key=mix(palette.sun, palette.sky[-1], 0.25),
            haze=palette.haze,
            shadow=mix(palette.near, palette.sky[0], 0.25),
            depth=depth,
            side=-1.0 if self.sun_x < x else 1.0,
            contrast=0.85,
        )

    @property
    def lamp(self) -> Rgb:
        """The colour of lit windows and lanterns."""
        return mix(self.palette.accent, (255, 236, 180), 0.5)

    @property
    def shade(self) -> Rgb:
        """The dark that frames a picture: close, but never black."""
        return mix(scaled(self.palette.near, 1.0), self.palette.ground, 0.12)


def columns(stage: Stage) -> Field:
    """0..1 across the picture."""
    return np.linspace(0, 1, stage.width, dtype=np.float32)
