"""Light that spreads: halos, rays and beams, gathered coarsely and screened over the picture."""

import math

import numpy as np

from providers.local.pictures.noise import Field
from providers.local.pictures.palette import Rgb

_COARSE = 6


class LightField:
    """The light of one picture, at a sixth of its resolution: light has no edges."""

    def __init__(self, width: int, height: int) -> None:
        self.rows = max(4, height // _COARSE)
        self.columns = max(4, width // _COARSE)
        self._fx = self.columns / width
        self._fy = self.rows / height
        self.total = np.zeros((self.rows, self.columns, 3), np.float32)
        self._y, self._x = np.mgrid[0 : self.rows, 0 : self.columns].astype(np.float32)

    def halo(self, x: float, y: float, radius: float, colour: Rgb, strength: float) -> None:
        """A soft disc around a point; sizes in pixels of the picture, strength 0..1."""
        distance = np.hypot(self._x - x * self._fx, self._y - y * self._fy) / max(radius * self._fx, 1e-3)
        self._add(np.exp(-2.6 * distance).astype(np.float32) * strength, colour)

    def beam(  # noqa: PLR0917 - coordinates read best in their order
        self, x: float, y: float, angle: float, length: float, spread: float, colour: Rgb, strength: float
    ) -> None:
        """A cone that fades with distance; angle and spread in degrees, counter-clockwise from the right."""
        dx, dy = self._x - x * self._fx, y * self._fy - self._y
        distance = np.hypot(dx, dy) / max(length * self._fx, 1e-3)
        turned = np.abs((np.degrees(np.arctan2(dy, dx)) - angle + 180) % 360 - 180) / spread
        inside = np.clip(1.35 - turned * 1.35, 0, 1) * np.clip(1 - distance, 0, 1) ** 0.8
        self._add(inside.astype(np.float32) * strength, colour)

    def rays(self, x: float, y: float, colour: Rgb, strength: float, rng: np.random.Generator) -> None:
        """Sun rays that fan out from a point."""
        angle = np.arctan2(self._y - y * self._fy, self._x - x * self._fx)
        fan = np.zeros_like(angle)
        for _ in range(5):
            count, phase = int(rng.integers(5, 19)), float(rng.uniform(0, 2 * math.pi))
            fan += np.cos(angle * count + phase)
        distance = np.hypot(self._x - x * self._fx, self._y - y * self._fy) / self.rows
        shine = np.clip(fan / 3.2, 0, 1) * np.exp(-1.5 * distance)
        self._add(shine.astype(np.float32) * strength, colour)

    def shafts(
        self, colour: Rgb, strength: float, rng: np.random.Generator, *, slant: float, reach: float
    ) -> None:
        """Parallel shafts from above, as under leaves or under water; `reach` is how far down, 0..1."""
        along = (self._x + (self._y * slant)) / self.columns
        light = np.zeros_like(along)
        for _ in range(6):
            centre, width = float(rng.uniform(-0.1, 1.1 + abs(slant))), float(rng.uniform(0.02, 0.075))
            light += np.exp(-(((along - centre) / width) ** 2)) * float(rng.uniform(0.5, 1.0))
        fade = np.clip(1 - self._y / (self.rows * reach), 0, 1) ** 0.8
        self._add((np.clip(light, 0, 1.2) * fade).astype(np.float32) * strength, colour)

    def _add(self, field: Field, colour: Rgb) -> None:
        self.total += field[:, :, None] * (np.array(colour, np.float32) / 255)
