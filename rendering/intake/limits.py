"""What looking into one file may cost the machine."""

from typing import Final

MEMORY_BYTES: Final = 1_280 * 1024**2
"""Address space of one look, the interpreter or FFmpeg included."""

CPU_S: Final = 20
"""Processor time of one look at a picture, a font or a model."""

WALL_S: Final = 40.0
"""Time of one look at a picture, a font or a model, waiting for a processor included."""

COPY_BYTES: Final = 64 * 1024**2
"""Size of the largest file that a look may write."""
