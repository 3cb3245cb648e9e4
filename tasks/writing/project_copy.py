"""A project's tree once more, under ids and keys of its own.

Ids of nodes and keys of objects follow from the copy's own id, so that copying twice makes the same copy.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from beanie import PydanticObjectId
from bson import ObjectId

from documents.projects.project import Project
from storage import keys
from storage.object_store import ObjectStore
from tasks.job_engine.derived import derived_id

_ID: Final = re.compile(r"[0-9a-f]{24}")
_AT_ONCE: Final = 8


def copy_id(job_id: PydanticObjectId, fence: int) -> PydanticObjectId:
    """The id of the copy that one try of a job makes: those of other tries lie elsewhere."""
    return derived_id(job_id, "copy", fence)


class ProjectCopy:
    """What a copy of a project's tree is, and which objects it needs.

    Args:
        original: loaded whole.
        copy_id: the id that the copy will have.
    """

    def __init__(self, original: Project, copy_id: PydanticObjectId) -> None:
        self._prefix = keys.project_prefix(str(original.id))
        self._values = original.model_dump(by_alias=True, exclude={"revision_id"})
        ids = {original.id: copy_id} | {
            node_id: derived_id(copy_id, node_id) for node_id in _ids(self._values) if node_id != original.id
        }
        self._ids: Mapping[ObjectId, PydanticObjectId] = ids
        self._texts = {str(old): str(new) for old, new in ids.items()}
        self.objects: dict[str, str] = {}
        """Keys of the original's objects that the copy names, with their keys in the copy."""

    def values(self, *, without: frozenset[str]) -> dict[str, Any]:
        """The copy as it is stored, but for these fields, whatever node they stand in."""
        return {
            name: self._copied(value, without) for name, value in self._values.items() if name not in without
        }

    def _copied(self, value: Any, without: frozenset[str]) -> Any:
        if isinstance(value, dict):
            return {name: self._copied(each, without) for name, each in value.items() if name not in without}
        if isinstance(value, list):
            return [self._copied(each, without) for each in value]
        if isinstance(value, ObjectId):
            return self._ids.get(value, value)
        if isinstance(value, str) and value.startswith(self._prefix):
            own = _ID.sub(lambda found: self._texts.get(found[0], found[0]), value)
            self.objects[value] = own
            return own
        return value


def _ids(value: Any) -> Iterator[ObjectId]:
    """Ids of all nodes of a stored tree."""
    if isinstance(value, dict):
        if isinstance(value.get("_id"), ObjectId):
            yield value["_id"]
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)


async def copy_objects(objects: ObjectStore, wanted: Mapping[str, str]) -> None:
    """Copy objects inside of the store, a few at once.

    Raises:
        ObjectMissing: an original is gone.
    """
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(source: str, target: str) -> None:
        async with turns:
            await objects.copy(source, target)

    async with asyncio.TaskGroup() as group:
        for source, target in wanted.items():
            group.create_task(one(source, target))
