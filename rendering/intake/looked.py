"""What was found in a file that fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rendering.intake.media_types import MediaType


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost and hold.

    Args:
        duration_s: of the longest sound or moving picture.
        picture_side: longer side to which a picture is brought, as WebP; None keeps it as it came.
    """

    duration_s: float = 600.0
    picture_side: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that fits, and what was made of it on the way.

    Args:
        media_type: its real type.
        path: what is to be stored: the file itself, or a copy that was made of it.
        stored_type: the type of what is to be stored.
        width: in pixels as displayed; 0 for what has none.
        height: likewise.
        duration_s: 0 for what has none.
        thumbnail: a small picture of it, at most 480 pixels a side; WebP of pictures, JPEG of moving ones.
        waveform: peaks from 0 to 255 at equal distances, for a sound.
        facts: what else was found.
    """

    media_type: MediaType
    path: Path
    stored_type: MediaType
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    thumbnail: Path | None = None
    waveform: bytes | None = None
    facts: Mapping[str, str | int | float | bool] = field(default_factory=dict)
