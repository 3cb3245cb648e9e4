"""Where files that people send are looked into, before anything counts on them."""

import asyncio
from pathlib import Path
from typing import Any

from rendering.intake.cell import Cells
from rendering.intake.films import look_at_film, look_at_sound
from rendering.intake.looked import Limits, Looked
from rendering.intake.media_types import KNOWN, WEBP, MediaType, Medium

THUMBNAIL_SIDE = 480


class IntakeDesk:
    """Looks into files, each with bounded memory and time, and none in this process."""

    def __init__(self, ffmpeg: Path) -> None:
        self._ffmpeg = ffmpeg
        self.cells = Cells()

    async def close(self) -> None:
        """End the processes that look into files."""
        await self.cells.close()

    async def look(
        self, path: Path, *, announced: MediaType, taken: tuple[MediaType, ...], limits: Limits
    ) -> Looked:
        """Find out what a file is, decode it whole, and make what goes with it.

        Args:
            path: the file, alone in a folder; what is made of it appears beside it.
            announced: the type that its sender gave it.
            taken: the types that are taken.
            limits: what it may hold.

        Raises:
            FileRefused: it does not fit.
        """
        folder = await asyncio.to_thread(path.parent.absolute)
        thumbnail, copy, clean = folder / "thumbnail", folder / "copy", folder / "clean"
        copies = {str(thumbnail): THUMBNAIL_SIDE}
        if limits.picture_side is not None:
            copies = {str(copy): limits.picture_side}
        found = await self.cells.ask(
            {
                "path": str(folder / path.name),
                "announced": announced.mime_type,
                "taken": [each.mime_type for each in taken],
                "copies": copies,
                "clean": str(clean),
            }
        )
        kind = KNOWN[found["type"]]
        match kind.medium:
            case Medium.PICTURE if limits.picture_side is not None:
                return Looked(kind, copy, WEBP, *_fitted(found, limits.picture_side))
            case Medium.PICTURE:
                return Looked(
                    kind,
                    path,
                    kind,
                    found["width"],
                    found["height"],
                    thumbnail=thumbnail,
                    facts=found["facts"],
                )
            case Medium.FILM:
                film = await look_at_film(
                    path, kind, thumbnail, longest_s=limits.duration_s, ffmpeg=self._ffmpeg
                )
                return Looked(
                    kind,
                    path,
                    kind,
                    film.width,
                    film.height,
                    film.duration_s,
                    thumbnail=thumbnail,
                    facts={"has_sound": film.has_sound},
                )
            case Medium.SOUND:
                sound = await look_at_sound(path, kind, longest_s=limits.duration_s, ffmpeg=self._ffmpeg)
                return Looked(kind, path, kind, duration_s=sound.duration_s, waveform=sound.waveform)
            case Medium.FONT:
                return Looked(kind, clean, kind, facts=found["facts"])
            case Medium.MODEL:
                return Looked(kind, path, kind, facts=found["facts"])


def _fitted(found: dict[str, Any], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(found["width"], found["height"]))
    width, height = (max(1, round(length * scale)) for length in (found["width"], found["height"]))
    return width, height
