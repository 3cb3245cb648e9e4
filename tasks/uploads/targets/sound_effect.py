"""A sound that is laid under a frame."""

from datetime import datetime
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached
from documents.media import library
from documents.media.upload import Upload, UploadRefusal
from documents.projects.change_event import ChangeKind
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.look import EFFECTS_MAX, SoundEffect
from documents.tree.media_edit import MediaEditor
from rendering.intake.media_types import SOUNDS
from storage import keys
from tasks.making.library_assets import sound_of
from tasks.uploads.targets.in_project import FRAME_GONE, frame_of, told_to_the_sender
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused

_GIVEN: Final = ("name", "start_s", "volume")


class UploadedSound:
    """Over `documents.tree.look.SoundEffect`. Options: its `name`, `start_s` and `volume`, checked before."""

    asset_kind = "SoundEffect"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for every frame
        """Sounds that the renderer opens, no longer than a frame may be shown."""
        return Taken(SOUNDS, size_bytes=64 * 1024**2, duration_s=600.0)

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:  # noqa: ARG002
        """The same bytes at the same time are not stored again; at another time they are heard once more."""
        _, frame = await frame_of(upload)
        start_s = _asked_for(upload).start_s
        for effect in frame.sound_effects:
            if effect.file is not None and effect.file.sha256 == sha256 and effect.start_s == start_s:
                return effect.id
        if len(frame.sound_effects) >= EFFECTS_MAX:
            full = CapReached("sound effects of a frame", EFFECTS_MAX)
            raise TargetRefused(UploadRefusal.TARGET_FULL, f"{full} Remove one first.")
        return None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Beside the other sounds of the scene."""
        scene, _ = await frame_of(upload)
        return keys.scene_asset(str(upload.in_project), str(scene.id), "sounds", str(asset_id), extension)

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Lay it under its frame."""
        effect = _asked_for(upload)
        effect.id = checked.asset_id
        effect.file, effect.duration_s = checked.file, checked.duration_s
        effect.provenance = checked.provenance
        media = MediaEditor(TreeEditor(upload.in_project, caps, now, session))
        with told_to_the_sender(FRAME_GONE, full="Remove one first."):
            await media.add_sound_effect(upload.target_id, effect, kind=ChangeKind.ASSET_READY)
        await library.enter(upload.in_project, sound_of(upload.target_id, effect.id, effect), session=session)

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Leave the sound as it is."""


def _asked_for(upload: Upload) -> SoundEffect:
    return SoundEffect(**{name: upload.options[name] for name in _GIVEN if name in upload.options})
