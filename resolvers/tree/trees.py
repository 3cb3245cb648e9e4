"""Whole trees that one operation has loaded, for what a node cannot tell by itself.

Whether a picture is stale depends on its frame, its scene, the project's style and the characters that the
scene names; a project out of a list comes without its script. A mutation's node is read back alone. Where
such a field is asked for, the tree is loaded once for the operation, and not at all where it is there
already.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from beanie import PydanticObjectId

from documents.projects.cast import Cast, cast_of, needs_cast
from documents.projects.project import Project
from documents.tree import inputs, media_inputs
from documents.tree.brief import Music
from documents.tree.clip_prompt import ClipPrompt, clip_prompt
from documents.tree.look import SoundEffect
from documents.tree.node import Section
from documents.tree.picture_prompt import AssembledPrompt, assembled_prompt
from documents.tree.script import Clip, Frame, Image, Scene, Script, Voiceover
from providers.spoken.text import SpokenText
from tasks.making.narration import narration

Load = Callable[[PydanticObjectId], Awaitable[Project]]
_Name = tuple[str, PydanticObjectId | None]
NodeT = TypeVar("NodeT", bound=Section)
PromptT = TypeVar("PromptT", AssembledPrompt, ClipPrompt)


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
        self._casts: dict[PydanticObjectId, Cast] = {}
        self._stale: dict[PydanticObjectId, frozenset[_Name]] = {}
        self._turns: dict[PydanticObjectId, asyncio.Lock] = {}
        self._light: dict[PydanticObjectId, _Turn] = {}

    def seen(self, project: Project) -> None:
        """Remember a tree that was just loaded."""
        self.forget(project.id)
        self._known[project.id] = project
        if not needs_cast(project):
            self._casts[project.id] = Cast()

    def forget(self, project_id: PydanticObjectId) -> None:
        """Drop a tree that has changed."""
        for known in (self._known, self._casts, self._stale):
            known.pop(project_id, None)

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

        At once where the tree and its cast are known; else something to wait for.
        """
        assert node.project_id is not None  # noqa: S101 - stamped as the node was read
        known, cast = self._known.get(node.project_id), self._casts.get(node.project_id)
        if known is None or cast is None:
            return self._load_and_look(node, load)
        return _name(node) in self._stale_in(known, cast)

    async def _load_and_look(self, node: Section, load: Load) -> bool:
        assert node.project_id is not None  # noqa: S101 - the caller has looked
        return _name(node) in self._stale_in(*await self.with_cast(node.project_id, load))

    def prompt(self, frame: Frame, load: Load) -> AssembledPrompt | Awaitable[AssembledPrompt]:
        """What is sent for a picture of a frame; at once or later, as `is_stale`."""
        return self._assembled(frame, load, _prompt)

    def clip_prompt(self, scene: Scene, load: Load) -> ClipPrompt | Awaitable[ClipPrompt]:
        """What is sent for a clip of a scene; at once or later, as `is_stale`."""
        return self._assembled(scene, load, _clip_prompt)

    def _assembled(
        self, node: NodeT, load: Load, assemble: Callable[[NodeT, Project, Cast], PromptT]
    ) -> PromptT | Awaitable[PromptT]:
        assert node.project_id is not None  # noqa: S101 - stamped as the node was read
        known, cast = self._known.get(node.project_id), self._casts.get(node.project_id)
        if known is None or cast is None:
            return self._load_and_assemble(node, load, assemble)
        return assemble(node, known, cast)

    async def _load_and_assemble(
        self, node: NodeT, load: Load, assemble: Callable[[NodeT, Project, Cast], PromptT]
    ) -> PromptT:
        assert node.project_id is not None  # noqa: S101 - the caller has looked
        return assemble(node, *await self.with_cast(node.project_id, load))

    async def spoken(self, frame: Frame, load: Load) -> SpokenText:
        """What would be spoken in a frame now. Figures take a while to be read: others go on meanwhile."""
        assert frame.project_id is not None  # noqa: S101 - stamped as the node was read
        project, cast = self._known.get(frame.project_id), self._casts.get(frame.project_id)
        if project is None or cast is None:
            project, cast = await self.with_cast(frame.project_id, load)
        return await asyncio.to_thread(narration, inputs.voice_inputs(project, frame, cast))

    async def with_cast(self, project_id: PydanticObjectId, load: Load) -> tuple[Project, Cast]:
        """The tree and the characters that it names, each read once for all who wait."""
        project = await self.whole(project_id, load)
        async with self._turns.setdefault(project_id, asyncio.Lock()):
            if project_id not in self._casts:
                self._casts[project_id] = await cast_of(project)
            return project, self._casts[project_id]

    def _stale_in(self, project: Project, cast: Cast) -> frozenset[_Name]:
        if project.id not in self._stale:
            self._stale[project.id] = frozenset(_stale_names(project, cast))
        return self._stale[project.id]


def _prompt(frame: Frame, project: Project, cast: Cast) -> AssembledPrompt:
    # A frame that was removed since it was read is told of as if it stood alone.
    scene = next((scene for scene, each in project.frames() if each.id == frame.id), Scene(frames=[frame]))
    return assembled_prompt(project, scene, frame, cast)


def _clip_prompt(scene: Scene, project: Project, cast: Cast) -> ClipPrompt:
    return clip_prompt(project, scene, cast)


def _name(node: Section) -> _Name:
    return type(node).__name__, getattr(node, "id", None)


def _stale_names(project: Project, cast: Cast) -> list[_Name]:
    names: list[_Name] = []
    for scene, frame in project.frames():
        if frame.images:
            now = inputs.image_inputs(project, scene, frame, cast).hash
            names += [
                (Image.__name__, image.id) for image in frame.images if image.drawn_from not in {None, now}
            ]
        if inputs.voice_is_stale(project, frame, cast):
            names.append((Voiceover.__name__, frame.id))
        names += [
            (SoundEffect.__name__, effect.id)
            for effect in frame.sound_effects
            if media_inputs.effect_is_stale(project, effect)
        ]
        if frame.lip_sync is not None and media_inputs.lip_sync_is_stale(project, scene, frame):
            names.append((Clip.__name__, frame.lip_sync.id))
    names += [
        (Clip.__name__, clip.id)
        for scene in project.script.scenes
        for clip in scene.clips
        if media_inputs.clip_is_stale(project, scene, clip, cast)
    ]
    if inputs.music_is_stale(project):
        names.append((Music.__name__, None))
    if inputs.script_is_stale(project):
        names.append((Script.__name__, None))
    return names
