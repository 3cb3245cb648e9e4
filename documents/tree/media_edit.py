"""Changes to what moves and sounds in a tree: clips, seed frames, sound effects."""

from dataclasses import dataclass
from typing import Any

from beanie import PydanticObjectId

from documents.errors import NodeMissing
from documents.projects.change_event import ChangeKind
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.edit import Change, Changed, Limit, change, tree_size_limit
from documents.tree.look import EFFECTS_MAX, SoundEffect
from documents.tree.place import Place
from documents.tree.reference_image import REFERENCES_MAX, ReferenceImage
from documents.tree.script import SeedFrame


def _grown(place: Place, name: str) -> dict[str, Any]:
    array = {"$getField": {"field": name, "input": place.expression}}
    return {"$add": [{"$size": {"$ifNull": [array, []]}}, 1]}


@dataclass(frozen=True, slots=True)
class MediaEditor:
    """Changes to the media of one project's tree.

    Every method raises NodeMissing, RevisionStale or CapReached, and has then written nothing. What is added
    twice under one id stands there once.

    Args:
        tree: says which project, by whom, and within which caps.
    """

    tree: TreeEditor

    async def remove_clip(
        self, scene_id: PydanticObjectId, clip_id: PydanticObjectId, *, expected_revision: int | None
    ) -> Changed:
        """Take a clip away; if it was the chosen one, the scene has none then."""
        return await self._remove(scene_id, clip_id, "clips", "chosen_clip_id", expected_revision)

    async def add_seed_frame(self, scene_id: PydanticObjectId, seed: SeedFrame, *, choose: bool) -> Changed:
        """Add a picture that was taken out of one of the scene's clips."""
        scene, stored = places.scene(scene_id), seed.stored()
        return await self._change(
            scene,
            Change(
                values={"chosen_seed_frame_id": seed.id} if choose else {},
                push={"seed_frames": ([stored], None)},
            ),
            kind=ChangeKind.ASSET_READY,
            about=places.seed_frame(seed.id),
            condition={"seed_frames._id": {"$ne": seed.id}},
            limits=[
                Limit("seed frames of a scene", self.tree.caps.clips_per_scene, _grown(scene, "seed_frames")),
                tree_size_limit(self.tree.caps.tree_bytes, added=[stored]),
            ],
        )

    async def choose_seed_frame(
        self, scene_id: PydanticObjectId, seed_id: PydanticObjectId, *, expected_revision: int | None
    ) -> Changed:
        """Let clips go on from this picture; the revision is the scene's."""
        return await self._change(
            places.scene(scene_id),
            Change(values={"chosen_seed_frame_id": seed_id}),
            condition={"seed_frames._id": seed_id},
            expected_revision=expected_revision,
        )

    async def remove_seed_frame(
        self, scene_id: PydanticObjectId, seed_id: PydanticObjectId, *, expected_revision: int | None
    ) -> Changed:
        """Take a seed frame away; if it was the chosen one, the scene has none then."""
        return await self._remove(scene_id, seed_id, "seed_frames", "chosen_seed_frame_id", expected_revision)

    async def add_sound_effect(
        self, frame_id: PydanticObjectId, effect: SoundEffect, *, kind: ChangeKind = ChangeKind.NODE_ADDED
    ) -> Changed:
        """Lay a sound under a frame."""
        frame, stored = places.frame(frame_id), effect.stored()
        return await self._change(
            frame,
            Change(push={"sound_effects": ([stored], None)}),
            kind=kind,
            about=places.sound_effect(effect.id),
            condition={"sound_effects._id": {"$ne": effect.id}},
            limits=[
                Limit("sound effects of a frame", EFFECTS_MAX, _grown(frame, "sound_effects")),
                tree_size_limit(self.tree.caps.tree_bytes, added=[stored]),
            ],
        )

    async def add_reference(
        self, place: Place, image: ReferenceImage, *, expected_revision: int | None
    ) -> Changed:
        """Add a picture of something that must look as it does, to the style or to a scene."""
        stored = image.stored()
        return await self._change(
            place,
            Change(push={"reference_images": ([stored], None)}),
            condition={"reference_images._id": {"$ne": image.id}},
            expected_revision=expected_revision,
            limits=[
                Limit("reference pictures", REFERENCES_MAX, _grown(place, "reference_images")),
                tree_size_limit(self.tree.caps.tree_bytes, added=[stored]),
            ],
        )

    async def remove_sound_effect(
        self, frame_id: PydanticObjectId, effect_id: PydanticObjectId, *, expected_revision: int | None
    ) -> Changed:
        """Take a sound away; the revision is its own."""
        return await self._change(
            places.frame(frame_id),
            Change(pull={"sound_effects": {"_id": effect_id}}),
            kind=ChangeKind.NODE_REMOVED,
            removes=places.sound_effect(effect_id),
            expected_revision=expected_revision,
        )

    async def _remove(
        self,
        scene_id: PydanticObjectId,
        node_id: PydanticObjectId,
        held: str,
        chosen: str,
        expected_revision: int | None,
    ) -> Changed:
        """The chosen one goes with the choice; another one leaves the choice as it is."""
        is_there = {f"{held}._id": node_id}
        gone = {held: {"_id": node_id}}
        try:
            return await self._change(
                places.scene(scene_id),
                Change(values={chosen: None}, pull=gone),
                condition={**is_there, chosen: node_id},
                expected_revision=expected_revision,
            )
        except NodeMissing:
            return await self._change(
                places.scene(scene_id),
                Change(pull=gone),
                condition={**is_there, chosen: {"$ne": node_id}},
                expected_revision=expected_revision,
            )

    async def _change(self, place: Place, what: Change, **conditions: Any) -> Changed:
        tree = self.tree
        return await change(
            tree.project_id, place, what, now=tree.now, hand=tree.hand, session=tree.session, **conditions
        )
