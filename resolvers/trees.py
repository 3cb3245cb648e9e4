"""Whole trees that one operation has loaded, for what a node cannot tell by itself.

Whether a picture is stale depends on its frame, its scene and the project's style; a project out of a list
comes without its script. A mutation's node is read back alone. Where such a field is asked for, the tree is
loaded once for the operation, and not at all where it is there already.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from beanie import PydanticObjectId

from documents import inputs
from documents.brief import Music
from documents.node import Section
from documents.project import Project
from documents.script import Image, Script, Voiceover

Load = Callable[[PydanticObjectId], Awaitable[Project]]
_Name = tuple[str, PydanticObjectId | None]


@dataclass(slots=True)
class _Turn:
    """A light project on its way to all who ask for it at the same time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    found: Project | None = None


class Trees:
    """What one operation knows of whole projects; never kept beyond it."""

    def __init__(self) -> None:
        self._known: dict[PydanticObjectId, Project] = {}
        self._stale: dict[PydanticObjectId, frozenset[_Name]] = {}
        self._turns: dict[PydanticObjectId, asyncio.Lock] = {}
        self._light: dict[PydanticObjectId, _Turn] = {}

    def seen(self, project: Project) -> None:
        """Remember a tree that was just loaded."""
        self._known[project.id] = project
        self._stale.pop(project.id, None)

    def forget(self, project_id: PydanticObjectId) -> None:
        """Drop a tree that has changed."""
        self._known.pop(project_id, None)
        self._stale.pop(project_id, None)

    async def whole(self, project_id: PydanticObjectId, load: Load) -> Project:
        """The tree, loaded by `load` (which checks the access) if it is not known; once for all who wait."""
        async with self._turns.setdefault(project_id, asyncio.Lock()):
            if project_id not in self._known:
                self.seen(await load(project_id))
            return self._known[project_id]

    async def light(self, project_id: PydanticObjectId, load: Load) -> Project:
        """The project without its tree, loaded by `load` once for all who ask while it is on its way.

        It is not kept beyond: a later mutation of the same operation may change it.
        """
        turn = self._light.setdefault(project_id, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                if turn.found is None:
                    turn.found = await load(project_id)
                return turn.found
        finally:
            turn.waiting -= 1
            if turn.waiting == 0:
                del self._light[project_id]

    def is_stale(self, node: Section, load: Load) -> bool | Awaitable[bool]:
        """Whether an asset was made from something else than would be asked for now.

        At once where the tree is known; else something to wait for.
        """
        assert node.project_id is not None  # noqa: S101 - stamped as the node was read
        known = self._known.get(node.project_id)
        return self._load_and_look(node, load) if known is None else _name(node) in self._stale_in(known)

    async def _load_and_look(self, node: Section, load: Load) -> bool:
        assert node.project_id is not None  # noqa: S101 - the caller has looked
        return _name(node) in self._stale_in(await self.whole(node.project_id, load))

    def _stale_in(self, project: Project) -> frozenset[_Name]:
        if project.id not in self._stale:
            self._stale[project.id] = frozenset(_stale_names(project))
        return self._stale[project.id]


def _name(node: Section) -> _Name:
    return type(node).__name__, getattr(node, "id", None)


def _stale_names(project: Project) -> list[_Name]:
    names: list[_Name] = []
    for scene, frame in project.frames():
        if frame.images:
            now = inputs.image_inputs(project, scene, frame).hash
            names += [
                (Image.__name__, image.id)
                for image in frame.images
                if image.provenance.inputs_hash not in {None, now}
            ]
        if inputs.voice_is_stale(project, frame):
            names.append((Voiceover.__name__, frame.id))
    if inputs.music_is_stale(project):
        names.append((Music.__name__, None))
    if inputs.script_is_stale(project):
        names.append((Script.__name__, None))
    return names
