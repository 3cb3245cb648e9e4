"""The size that a model of pictures can make, nearest to the one that is asked for."""

import math

GRID = 16
MOST_STRETCHED = 3.0
MOST_PIXELS = 2560 * 1440
LEAST_PIXELS = 1024 * 640
STANDARD = ((1024, 1024), (1536, 1024), (1024, 1536))
# Models that make these sizes alone. The newer ones make any on the grid; what others make is found out.
STANDARD_ALONE = ("gpt-image-1", "chatgpt-image")


def any_size(width: int, height: int) -> tuple[int, int]:
    """The same shape on the grid, within what models make, and no more distorted than the grid asks."""
    stretch = min(MOST_STRETCHED, max(width / height, height / width))
    pixels = min(MOST_PIXELS, max(LEAST_PIXELS, width * height))
    # The short edge is rounded down and the long one follows it, so that neither shape nor pixels are passed.
    short = int(math.sqrt(pixels / stretch)) // GRID * GRID
    long = round(short * stretch / GRID) * GRID
    if short * long > MOST_PIXELS:
        long -= GRID
    return (long, short) if width > height else (short, long)


def standard_size(width: int, height: int) -> tuple[int, int]:
    """That of the three usual sizes whose shape is nearest."""
    return min(STANDARD, key=lambda size: abs(math.log(size[0] / size[1] / (width / height))))


def makes_any_size(model: str) -> bool:
    """Whether a model is not known to make the usual sizes alone."""
    return not model.startswith(STANDARD_ALONE)
