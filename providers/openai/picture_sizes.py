"""The size that a model of pictures can make, nearest to the one that is asked for."""

import math

GRID = 16
MOST_STRETCHED = 3.0
LEAST_EDGE = 256
MOST_PIXELS = 2560 * 1440
LEAST_PIXELS = 1024 * 640
STANDARD = ((1024, 1024), (1536, 1024), (1024, 1536))
# Models that make these sizes alone. The newer ones make any on the grid; what others make is found out.
STANDARD_ALONE = ("gpt-image-1", "chatgpt-image")


def any_size(width: int, height: int) -> tuple[int, int]:
    """The same shape on the grid, within what models make: scaled, never distorted by more than the grid."""
    ratio = min(MOST_STRETCHED, max(1 / MOST_STRETCHED, width / height))
    pixels = min(MOST_PIXELS, max(LEAST_PIXELS, width * height))
    edge = math.sqrt(pixels / ratio)
    # Rounded down, so that neither the pixels nor the shape pass what is allowed.
    made_height = max(LEAST_EDGE, int(edge) // GRID * GRID)
    made_width = max(LEAST_EDGE, round(made_height * ratio) // GRID * GRID)
    return made_width, made_height


def standard_size(width: int, height: int) -> tuple[int, int]:
    """That of the three usual sizes whose shape is nearest."""
    return min(STANDARD, key=lambda size: abs(math.log(size[0] / size[1] / (width / height))))


def makes_any_size(model: str) -> bool:
    """Whether a model is not known to make the usual sizes alone."""
    return not model.startswith(STANDARD_ALONE)
