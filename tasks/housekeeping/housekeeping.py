"""What time undoes: uploads that never came, projects whose 30 days are over, copies that nobody uses."""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from pymongo.errors import PyMongoError

from access.sealing import Sealing
from storage.errors import StorageError
from storage.object_store import ObjectStore
from tasks.housekeeping.account_removal import AccountRemoval
from tasks.housekeeping.character_removal import CharacterRemoval
from tasks.housekeeping.copy_removal import CopyRemoval
from tasks.housekeeping.export_removal import ExportRemoval
from tasks.housekeeping.preview_removal import PreviewRemoval
from tasks.housekeeping.project_removal import ProjectRemoval
from tasks.housekeeping.project_tidying import ProjectTidying
from tasks.housekeeping.resealing import Resealing
from tasks.housekeeping.segment_cache import SegmentCache
from tasks.housekeeping.upload_sweep import UploadSweep
from tasks.rendering.source_shelf import SourceShelf

log = structlog.get_logger()

_EVERY = timedelta(minutes=10)


class Housekeeper:
    """Removes what is over, a little at a time."""

    def __init__(
        self, objects: ObjectStore, sources: SourceShelf, sealing: Sealing, now: Callable[[], datetime]
    ) -> None:
        self._sources = sources
        self._now = now
        self._next = now()
        self.uploads = UploadSweep(objects, now)
        self.projects = ProjectRemoval(objects, now)
        self.tidying = ProjectTidying(objects, now)
        self.copies = CopyRemoval(objects, now)
        self.segments = SegmentCache(objects, now)
        self.exports = ExportRemoval(objects, now)
        self.previews = PreviewRemoval(objects, now)
        self.characters = CharacterRemoval(objects, now)
        self.accounts = AccountRemoval(objects, self.projects, now)
        self.resealing = Resealing(sealing)
        self._steps: deque[Callable[[], Awaitable[object]]] = deque(
            (
                self.uploads.run,
                self.projects.run,
                self.tidying.run,
                self.copies.run,
                self.segments.run,
                self.exports.run,
                self.previews.run,
                self.characters.run,
                self.accounts.run,
                self.resealing.run,
            )
        )

    async def sweep(self) -> None:
        """Do a turn of the house if it is time for one."""
        if self._now() < self._next:
            return
        self._next = self._now() + _EVERY
        self._sources.prune()
        # A sweep has an end: each turn begins with another step, so that none starves behind a long one.
        self._steps.rotate(-1)
        for step in tuple(self._steps):
            try:
                await step()
            except (PyMongoError, StorageError, OSError) as error:
                log.warning("a part of the house was not kept", error=str(error))
