"""Where files that people send are looked into, before anything counts on them."""

import asyncio
from pathlib import Path

from rendering.intake.faults import Fault, FileRefused
from rendering.intake.looked import Limits, Looked
from rendering.intake.media_types import WEBP, MediaType
from rendering.intake.pictures import THUMBNAIL_SIDE, look_at_picture
from rendering.intake.sniffing import sniff


class IntakeDesk:
    """Looks into files, each with bounded memory and time."""

    def __init__(self, ffmpeg: Path) -> None:
        self._ffmpeg = ffmpeg

    async def look(
        self, path: Path, *, announced: MediaType, taken: tuple[MediaType, ...], limits: Limits
    ) -> Looked:
        """Find out what a file is, decode it whole, and make what goes with it.

        Args:
            path: the file; copies appear beside it, and are the caller's to remove, whatever comes of it.
            announced: the type that its sender gave it.
            taken: the types that are taken.
            limits: what it may cost and hold.

        Raises:
            FileRefused: it does not fit.
        """
        found = await asyncio.to_thread(sniff, path)
        if found is None or found not in taken:
            names = ", ".join(each.mime_type for each in taken)
            what = "nothing that is known here" if found is None else found.mime_type
            raise FileRefused(Fault.TYPE_UNSUPPORTED, f"By its content it is {what}. Taken are {names}.")
        if found != announced:
            raise FileRefused(
                Fault.TYPE_DIFFERS, f"This is {found.mime_type}, where {announced.mime_type} was announced."
            )
        return await self._picture(path, found, limits)

    async def _picture(self, path: Path, found: MediaType, limits: Limits) -> Looked:
        thumbnail, copy = path.with_suffix(".thumbnail"), path.with_suffix(".copy")
        copies = {thumbnail: THUMBNAIL_SIDE}
        if limits.picture_side is not None:
            copies[copy] = limits.picture_side
        facts = await asyncio.to_thread(look_at_picture, path, found.opener, copies)
        if limits.picture_side is None:
            return Looked(found, path, found, facts.width, facts.height, thumbnail=thumbnail)
        scale = min(1.0, limits.picture_side / max(facts.width, facts.height))
        width, height = (max(1, round(side * scale)) for side in (facts.width, facts.height))
        return Looked(found, copy, WEBP, width, height)
