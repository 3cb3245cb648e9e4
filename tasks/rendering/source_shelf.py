"""Sources and segments that this machine has fetched already, named by their hash."""

import asyncio
import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from storage.object_store import ObjectStore

_KEPT_S = 6 * 3600


class SourceShelf:
    """A folder of files by hash, shared by all worker processes of a machine; a copy of what S3 holds."""

    def __init__(self, folder: Path, objects: ObjectStore) -> None:
        self._folder = folder
        self._objects = objects

    def path(self, name: str) -> Path:
        """Where the file of this name stands, or would stand."""
        return self._folder / name

    async def fetch(self, keys: Mapping[str, str], names: Iterable[str]) -> dict[str, Path]:
        """The files of these names, fetched from their keys where they are not here yet.

        Raises:
            storage.errors.ObjectMissing: one of them is not stored.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        found = {name: self.path(name) for name in names}
        await asyncio.gather(*(self._fetch(keys[name], path) for name, path in found.items()))
        return found

    async def _fetch(self, key: str, path: Path) -> None:
        try:
            os.utime(path)
        except FileNotFoundError:
            await self._objects.get_file(key, path)

    def prune(self) -> None:
        """Remove what nobody has used for hours; it can be fetched again."""
        oldest = time.time() - _KEPT_S
        for path in self._folder.glob("*"):
            with suppress(FileNotFoundError):  # another worker of this machine may be at it too
                if path.stat().st_mtime < oldest:
                    path.unlink()
