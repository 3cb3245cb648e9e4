"""What people and workers do to a project's tree: one atomic change each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached
from documents.projects.change_event import ChangeKind
from documents.transaction import in_transaction
from documents.tree import place as places
from documents.tree.caps import Caps
from documents.tree.edit import Change, Changed, Limit, change, tree_size_limit
from documents.tree.edit_hand import Hand
from documents.tree.move import move_frame, move_scene
from documents.tree.place import Place
from documents.tree.script import Clip, Frame, Image, Scene, Script
from documents.tree.script_version import ScriptVersion

_FRAMES_IN_PROJECT = {
    "$sum": {"$map": {"input": "$script.scenes", "as": "scene", "in": {"$size": "$$scene.frames"}}}
}


def _size_of(array: Any) -> dict[str, Any]:
    return {"$size": {"$ifNull": [array, []]}}


def check_shape(scenes: Sequence[Scene], caps: Caps) -> None:
    """Refuse a script that no tree could hold.

    Raises:
        CapReached: more scenes or frames than the caps allow.
    """
    if len(scenes) > caps.scenes_per_script:
        raise CapReached("scenes in a script", caps.scenes_per_script)
    if any(len(scene.frames) > caps.frames_per_scene for scene in scenes):
        raise CapReached("frames in a scene", caps.frames_per_scene)
    if sum(len(scene.frames) for scene in scenes) > caps.frames_per_project:
        raise CapReached("frames in a project", caps.frames_per_project)


@dataclass(frozen=True, slots=True)
class TreeEditor:
    """Changes to one project's tree.

    Every method raises NodeMissing, RevisionStale or CapReached, and has then written nothing.

    Args:
        project_id: the project; it must not be deleted.
        caps: how large the tree may grow.
        now: time of the change.
        session: the transaction that the changes belong to, if any.
        hand: whose changes they are; None for a worker's, which no edit lock stops.
    """

    project_id: PydanticObjectId
    caps: Caps
    now: datetime
    session: AsyncClientSession | None = None
    hand: Hand | None = None

    async def set_fields(
        self,
        place: Place,
        values: Mapping[str, Any],
        *,
        expected_revision: int | None = None,
        condition: Mapping[str, Any] | None = None,
        kind: ChangeKind = ChangeKind.NODE_CHANGED,
    ) -> Changed:
        """Set fields of one node to stored values."""
        return await self._change(
            place,
            Change(values=values),
            kind=kind,
            expected_revision=expected_revision,
            condition=condition,
            limits=[
                tree_size_limit(
                    self.caps.tree_bytes,
                    added=list(values.values()),
                    replaced=[place.value(name) for name in values],
                )
            ],
        )

    async def replace_script(self, script: Script, *, expected_revision: int | None = None) -> Changed:
        """Put a whole new script in the old one's place, which is kept as a version with its candidates."""

        async def swap(session: AsyncClientSession) -> Changed:
            await ScriptVersion.keep(self.project_id, now=self.now, session=session)
            return await self._write_script(script, session, expected_revision)

        return await self._together(swap)

    async def restore_script(
        self, version_id: PydanticObjectId, *, expected_revision: int | None = None
    ) -> Changed:
        """Put a version in the script's place, which becomes a version in its turn."""

        async def restore(session: AsyncClientSession) -> Changed:
            script = await ScriptVersion.take(self.project_id, version_id, session=session)
            await ScriptVersion.keep(self.project_id, now=self.now, session=session)
            return await self._write_script(script, session, expected_revision)

        return await self._together(restore)

    async def _write_script(
        self, script: Script, session: AsyncClientSession, expected_revision: int | None
    ) -> Changed:
        check_shape(script.scenes, self.caps)
        values = script.stored()
        del values["revision"]
        return await replace(self, session=session).set_fields(
            places.section(Script), values, expected_revision=expected_revision
        )

    async def _together(self, work: Callable[[AsyncClientSession], Awaitable[Changed]]) -> Changed:
        """Do what takes several writes in the changes' transaction, or in one of its own."""
        return await (in_transaction(work) if self.session is None else work(self.session))

    async def add_scene(self, scene: Scene, *, position: int | None = None) -> Changed:
        """Insert a scene at `position`, counted from 0, or at the end."""
        check_shape([scene], self.caps)
        stored = scene.stored()
        return await self._change(
            places.section(Script),
            Change(push={"scenes": ([stored], position)}),
            kind=ChangeKind.NODE_ADDED,
            about=places.scene(scene.id),
            limits=[
                Limit(
                    "scenes in a script",
                    self.caps.scenes_per_script,
                    {"$add": [_size_of("$script.scenes"), 1]},
                ),
                self._frames_limit(len(scene.frames)),
                self._size_limit(stored),
            ],
        )

    async def add_frame(
        self, scene_id: PydanticObjectId, frame: Frame, *, position: int | None = None
    ) -> Changed:
        """Insert a frame into a scene at `position`, counted from 0, or at the end."""
        stored = frame.stored()
        scene = places.scene(scene_id)
        frames = {"$add": [_size_of({"$getField": {"field": "frames", "input": scene.expression}}), 1]}
        return await self._change(
            scene,
            Change(push={"frames": ([stored], position)}),
            kind=ChangeKind.NODE_ADDED,
            about=places.frame(frame.id),
            limits=[
                Limit("frames in a scene", self.caps.frames_per_scene, frames),
                self._frames_limit(1),
                self._size_limit(stored),
            ],
        )

    async def add_image(self, frame_id: PydanticObjectId, image: Image, *, choose: bool) -> Changed:
        """Add a candidate picture; one that stands there already (a second delivery) is left as it is."""
        frame = places.frame(frame_id)
        stored = image.stored()
        images = {"$add": [_size_of({"$getField": {"field": "images", "input": frame.expression}}), 1]}
        return await self._change(
            frame,
            Change(
                values={"chosen_image_id": image.id} if choose else {},
                push={"images": ([stored], None)},
            ),
            kind=ChangeKind.ASSET_READY,
            about=places.image(image.id),
            condition={"images._id": {"$ne": image.id}},
            limits=[
                Limit("candidates of a frame", self.caps.candidates_per_frame, images),
                self._size_limit(stored),
            ],
        )

    async def add_clip(self, scene_id: PydanticObjectId, clip: Clip, *, choose: bool) -> Changed:
        """Add a candidate moving picture; one that stands there already is left as it is."""
        scene = places.scene(scene_id)
        stored = clip.stored()
        clips = {"$add": [_size_of({"$getField": {"field": "clips", "input": scene.expression}}), 1]}
        return await self._change(
            scene,
            Change(
                values={"chosen_clip_id": clip.id} if choose else {},
                push={"clips": ([stored], None)},
            ),
            kind=ChangeKind.ASSET_READY,
            about=places.clip(clip.id),
            condition={"clips._id": {"$ne": clip.id}},
            limits=[
                Limit("candidates of a scene", self.caps.clips_per_scene, clips),
                self._size_limit(stored),
            ],
        )

    async def choose_clip(
        self,
        scene_id: PydanticObjectId,
        clip_id: PydanticObjectId,
        *,
        expected_revision: int | None = None,
    ) -> Changed:
        """Make one of a scene's candidates the one that is shown."""
        return await self._change(
            places.scene(scene_id),
            Change(values={"chosen_clip_id": clip_id}),
            expected_revision=expected_revision,
            condition={"clips._id": clip_id},
        )

    async def add_images(
        self, frame_id: PydanticObjectId, images: Sequence[Image], *, choose: PydanticObjectId | None
    ) -> Changed:
        """Add candidate pictures all at once; `choose` is the one of them that is shown from now on."""
        frame = places.frame(frame_id)
        stored = [image.stored() for image in images]
        there = _size_of({"$getField": {"field": "images", "input": frame.expression}})
        return await self._change(
            frame,
            Change(
                values={} if choose is None else {"chosen_image_id": choose},
                push={"images": (stored, None)},
            ),
            kind=ChangeKind.NODE_CHANGED,
            limits=[
                Limit(
                    "candidates of a frame",
                    self.caps.candidates_per_frame,
                    {"$add": [there, len(images)]},
                ),
                tree_size_limit(self.caps.tree_bytes, added=stored),
            ],
        )

    async def choose_image(
        self,
        frame_id: PydanticObjectId,
        image_id: PydanticObjectId,
        *,
        expected_revision: int | None = None,
    ) -> Changed:
        """Make one of a frame's candidates the one that is shown."""
        return await self._change(
            places.frame(frame_id),
            Change(values={"chosen_image_id": image_id}),
            expected_revision=expected_revision,
            condition={"images._id": image_id},
        )

    async def remove_image(
        self,
        frame_id: PydanticObjectId,
        image_id: PydanticObjectId,
        *,
        expected_revision: int | None = None,
    ) -> Changed:
        """Take a candidate away; the chosen one can't be: choose another first.

        The revision that is expected is the frame's.
        """
        return await self._change(
            places.frame(frame_id),
            Change(pull={"images": {"_id": image_id}}),
            expected_revision=expected_revision,
            condition={"images._id": image_id, "chosen_image_id": {"$ne": image_id}},
        )

    async def remove_scene(
        self, scene_id: PydanticObjectId, *, expected_revision: int | None = None
    ) -> Changed:
        """Take a scene out with all its frames."""
        return await self._change(
            places.section(Script),
            Change(pull={"scenes": {"_id": scene_id}}),
            kind=ChangeKind.NODE_REMOVED,
            removes=places.scene(scene_id),
            expected_revision=expected_revision,
        )

    async def remove_frame(
        self, frame_id: PydanticObjectId, *, expected_revision: int | None = None
    ) -> Changed:
        """Take a frame out of its scene."""
        return await self._change(
            places.scene_of_frame(frame_id),
            Change(pull={"frames": {"_id": frame_id}}),
            kind=ChangeKind.NODE_REMOVED,
            removes=places.frame(frame_id),
            expected_revision=expected_revision,
        )

    async def move_scene(
        self, scene_id: PydanticObjectId, *, position: int, expected_revision: int | None = None
    ) -> Changed:
        """Put a scene at `position`, counted from 0 among the others; past the end means at the end."""
        return await move_scene(
            self.project_id,
            scene_id,
            position=position,
            expected_revision=expected_revision,
            now=self.now,
            hand=self.hand,
            session=self.session,
        )

    async def move_frame(
        self,
        frame_id: PydanticObjectId,
        *,
        scene_id: PydanticObjectId,
        position: int,
        expected_revision: int | None = None,
    ) -> Changed:
        """Put a frame into a scene (its own or another) at `position`, counted from 0 among the others."""
        return await move_frame(
            self.project_id,
            frame_id,
            scene_id=scene_id,
            position=position,
            frames_per_scene=self.caps.frames_per_scene,
            expected_revision=expected_revision,
            now=self.now,
            hand=self.hand,
            session=self.session,
        )

    def _size_limit(self, added: Mapping[str, Any]) -> Limit:
        return tree_size_limit(self.caps.tree_bytes, added=[added])

    def _frames_limit(self, added: int) -> Limit:
        total = {"$add": [_FRAMES_IN_PROJECT, added]}
        return Limit("frames in a project", self.caps.frames_per_project, total)

    async def _change(self, place: Place, what: Change, **conditions: Any) -> Changed:
        return await change(
            self.project_id, place, what, now=self.now, hand=self.hand, session=self.session, **conditions
        )
