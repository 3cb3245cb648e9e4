"""Archives of people's data go when their week is over."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from documents.accounts.data_export import DataExport
from storage import keys
from storage.object_store import ObjectStore

_A_TURN: Final = 100


class ExportRemoval:
    """A few at a time.

    Args:
        objects: where the archives lie.
        now: the clock.
    """

    def __init__(self, objects: ObjectStore, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    async def run(self) -> None:
        """Remove the next ones, the objects first: a death in between leaves their names."""
        over = {"expires_at": {"$lt": self._now()}}
        for export in await DataExport.find(over).limit(_A_TURN).to_list():
            # Also where no file was ever told of: a worker may have died after it had stored one.
            key = keys.user_file(str(export.user_id), "exports", str(export.id), "zip")
            await self._objects.delete(key)
            await DataExport.get_pymongo_collection().delete_one({"_id": export.id, **over})
