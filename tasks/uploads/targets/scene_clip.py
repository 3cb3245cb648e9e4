"""A film that becomes a candidate clip of a scene."""

from datetime import datetime

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.media import library
from documents.media.upload import Upload, UploadRefusal
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.script import Clip
from rendering.intake.media_types import FILMS
from storage import keys
from tasks.making.library_assets import scene_film
from tasks.uploads.targets.in_project import SCENE_GONE, scene_of, told_to_the_sender
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused


class SceneClip:
    """Over `documents.tree.script.Clip`. Option `choose`: whether the scene takes it at once."""

    asset_kind = "Clip"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for every scene
        """Films that the renderer opens."""
        return Taken(FILMS, size_bytes=2 * 1024**3, duration_s=600.0)

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:
        """The scene's own candidate with the same bytes is not stored again."""
        scene = await scene_of(upload)
        same = next((clip.id for clip in scene.clips if clip.file.sha256 == sha256), None)
        if same is None and len(scene.clips) >= caps.clips_per_scene:
            raise TargetRefused(
                UploadRefusal.TARGET_FULL,
                f"At most {caps.clips_per_scene} candidates of a scene: remove one first.",
            )
        return same

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Beside the other clips of the scene."""
        return keys.scene_asset(
            str(upload.in_project), str(upload.target_id), "clips", str(asset_id), extension
        )

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Offer it, and take it if that is wanted."""
        clip = Clip(
            id=checked.asset_id,
            file=checked.file,
            width=checked.width,
            height=checked.height,
            duration_s=checked.duration_s,
            has_sound=bool(checked.facts["has_sound"]),
            provenance=checked.provenance,
        )
        editor = TreeEditor(upload.in_project, caps, now, session)
        with told_to_the_sender(SCENE_GONE, full="Remove one first."):
            await editor.add_clip(upload.target_id, clip, choose=bool(upload.options.get("choose", True)))
        await library.enter(upload.in_project, scene_film(upload.target_id, clip), session=session)

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Take the candidate that is there, if that is wanted."""
        if not upload.options.get("choose", True):
            return
        with told_to_the_sender(SCENE_GONE):
            await TreeEditor(upload.in_project, caps, now, session).choose_clip(upload.target_id, asset_id)
