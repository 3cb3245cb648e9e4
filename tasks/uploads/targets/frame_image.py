"""A picture that becomes a candidate of a frame."""

from datetime import datetime

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.media import library
from documents.media.upload import Upload, UploadRefusal
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.script import Image
from rendering.intake.media_types import STILLS
from storage import keys
from tasks.making.library_assets import frame_picture
from tasks.uploads.targets.in_project import FRAME_GONE, frame_of, told_to_the_sender
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused


class FrameImage:
    """Over `documents.tree.script.Image`. Option `choose`: whether the frame shows it at once."""

    asset_kind = "Image"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for every frame
        """Pictures that the renderer opens."""
        return Taken(STILLS, size_bytes=32 * 1024**2)

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:
        """The frame's own candidate with the same bytes is not stored again."""
        _, frame = await frame_of(upload)
        same = next((image.id for image in frame.images if image.file.sha256 == sha256), None)
        if same is None and len(frame.images) >= caps.candidates_per_frame:
            raise TargetRefused(UploadRefusal.TARGET_FULL, _full(caps))
        return same

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Beside the other candidates of the scene."""
        scene, _ = await frame_of(upload)
        return keys.scene_asset(str(upload.in_project), str(scene.id), "images", str(asset_id), extension)

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Offer it, and show it if that is wanted."""
        image = Image(
            id=checked.asset_id,
            file=checked.file,
            width=checked.width,
            height=checked.height,
            provenance=checked.provenance,
        )
        editor = TreeEditor(upload.in_project, caps, now, session)
        with told_to_the_sender(FRAME_GONE, full="Remove one first."):
            await editor.add_image(upload.target_id, image, choose=bool(upload.options.get("choose", True)))
        await library.enter(upload.in_project, frame_picture(upload.target_id, image), session=session)

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Show the candidate that is there, if that is wanted."""
        if not upload.options.get("choose", True):
            return
        with told_to_the_sender(FRAME_GONE):
            await TreeEditor(upload.in_project, caps, now, session).choose_image(upload.target_id, asset_id)


def _full(caps: Caps) -> str:
    return f"At most {caps.candidates_per_frame} candidates of a frame: remove one first."
