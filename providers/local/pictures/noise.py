"""Fractal noise: clouds, paper, ridges and grain are all cut from it."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]


def stretched(field: Field, width: int, height: int) -> Field:
    """The field at another size, smoothly."""
    image = Image.fromarray(field)
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def fractal(
    rng: np.random.Generator, width: int, height: int, *, cells: tuple[float, float], octaves: int = 4
) -> Field:
    """Noise of `height` rows and `width` columns in 0..1.

    Args:
        rng: where the randomness comes from.
        width: columns.
        height: rows.
        cells: how many bumps of the coarsest octave lie across and down.
        octaves: how many finer layers are added, each half as strong.
    """
    total = np.zeros((height, width), np.float32)
    strength, across, down = 1.0, cells[0], cells[1]
    for _ in range(octaves):
        shape = (max(2, min(height, round(down) + 2)), max(2, min(width, round(across) + 2)))
        total += strength * stretched(rng.random(shape, dtype=np.float32), width, height)
        strength, across, down = strength / 2, across * 2, down * 2
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)


def profile(
    rng: np.random.Generator, length: int, *, bumps: float, octaves: int = 5, rough: float = 0.5
) -> Field:
    """A one-dimensional skyline of `length` samples in 0..1.

    Args:
        rng: where the randomness comes from.
        length: samples.
        bumps: how many hills of the coarsest octave there are.
        octaves: finer layers.
        rough: what is left of the strength in each finer layer, 0..1.
    """
    total = np.zeros(length, np.float32)
    strength, count = 1.0, bumps
    for _ in range(octaves):
        knots = max(3, min(length, round(count) + 2))
        row = rng.random((1, knots), dtype=np.float32)
        total += strength * stretched(row, length, 1)[0]
        strength, count = strength * rough, count * 2.1
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)
