"""Looking into sounds and moving pictures that providers made: how long, how large, what they look like.

A provider's file is trusted no more than one that somebody sent: it is decoded whole, with bounded memory and
time, before anything counts on it.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents.jobs.job import Job
from documents.tree.asset import StoredFile, Thumbnail
from rendering.intake.faults import FileRefused
from rendering.intake.looked import Limits, Looked
from rendering.intake.media_types import FILMS, JPEG, KNOWN, SOUNDS, MediaType
from tasks.buying.purchases import Bought, spoiled
from tasks.job_engine.work import Hopeless
from tasks.workshop import Workshop

_OTHER_NAMES = {"audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/mp3": "audio/mpeg"}
_LONGEST_S = 600.0


@dataclass(frozen=True, slots=True)
class Media:
    """A stored file and what was found in it: width and height in pixels as displayed, 0 for a sound.

    `has_sound` says of a moving picture whether it has a sound of its own.
    """

    file: StoredFile
    width: int
    height: int
    duration_s: float
    has_sound: bool


async def look_into(
    shop: Workshop, job: Job, bought: Bought[Any], *, thumbnail_key: Callable[[str], str] | None = None
) -> Media:
    """Look into a file that was bought; a moving picture gets a thumbnail, a sound its waveform.

    Args:
        shop: the worker's parts.
        job: that is claimed.
        bought: from `tasks.buying.purchases.buy_file`.
        thumbnail_key: where the thumbnail lies, by its extension; None for a sound.

    Raises:
        Hopeless: it is no sound or moving picture that can be used.
    """
    async with job_folder(shop, job) as folder:
        path = folder / "file"
        if bought.made.data:
            await asyncio.to_thread(path.write_bytes, bought.made.data)
        else:
            await shop.objects.get_file(bought.file.key, path)
        looked = await _looked(shop, job, path, bought, FILMS if thumbnail_key else SOUNDS)
        thumbnail = None
        if thumbnail_key is not None and looked.thumbnail is not None:
            thumbnail = Thumbnail(key=thumbnail_key(JPEG.extension), mime_type=JPEG.mime_type)
            await shop.objects.put_file(thumbnail.key, looked.thumbnail, thumbnail.mime_type)
    file = bought.file.model_copy(update={"thumbnail": thumbnail, "waveform": looked.waveform})
    has_sound = bool(looked.facts.get("has_sound"))
    return Media(file, looked.width, looked.height, looked.duration_s, has_sound)


async def _looked(
    shop: Workshop, job: Job, path: Path, bought: Bought[Any], taken: tuple[MediaType, ...]
) -> Looked:
    mime_type = bought.file.mime_type
    announced = KNOWN.get(_OTHER_NAMES.get(mime_type, mime_type))
    if announced is None:
        raise await _unusable(shop, job, bought, f"The provider sent {mime_type}, which cannot be used.")
    try:
        return await shop.intake.look(path, announced=announced, taken=taken, limits=Limits(_LONGEST_S))
    except FileRefused as refused:
        why = f"What the provider sent cannot be used. {refused.reason} Order it anew."
        raise await _unusable(shop, job, bought, why) from refused


async def _unusable(shop: Workshop, job: Job, bought: Bought[Any], why: str) -> Hopeless:
    if bought.order is None:
        return Hopeless("MEDIA_UNUSABLE", why)
    return await spoiled(shop, job, bought.order, "MEDIA_UNUSABLE", why)


@asynccontextmanager
async def job_folder(shop: Workshop, job: Job) -> AsyncIterator[Path]:
    """A folder for one claim of a job, gone afterwards with all that it holds."""
    folder = shop.scratch / f"{job.id}-{job.fence}.media"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
