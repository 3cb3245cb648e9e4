"""A picture that says by its transparency what an edit of another picture may change."""

from datetime import datetime

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.media.upload import Upload, UploadRefusal
from documents.tree.caps import Caps
from rendering.intake.media_types import PNG
from storage import keys
from tasks.uploads.targets.in_project import image_of
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused


class EditMask:
    """Over nothing in the tree: edits that are ordered with the upload read it.

    It stands as long as its upload is not swept, or an edit that needs it is not done.
    """

    asset_kind = "EditMask"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for every picture
        """What all providers of masked edits take."""
        return Taken([PNG], size_bytes=4 * 1024**2)

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:  # noqa: ARG002
        """There is room for any number: each is an upload's own."""
        await image_of(upload)
        return None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Among the project's uploads."""
        return mask_key(upload, asset_id, extension)

    async def attach(
        self,
        upload: Upload,
        checked: CheckedFile,
        caps: Caps,  # noqa: ARG002 - there is no limit
        *,
        now: datetime,  # noqa: ARG002 - nothing is written
        session: AsyncClientSession,  # noqa: ARG002 - likewise
    ) -> None:
        """See whether it fits the picture."""
        image = await image_of(upload)
        if (checked.width, checked.height) != (image.width, image.height):
            raise TargetRefused(
                UploadRefusal.DIMENSIONS,
                f"It has {checked.width} x {checked.height} pixels; the picture has {image.width} x "
                f"{image.height}, and a mask as many.",
            )
        if not checked.facts["is_see_through"]:
            raise TargetRefused(
                UploadRefusal.OPAQUE, "It is opaque: what may change is transparent in a mask."
            )

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Never asked for: each mask is stored anew."""


def mask_key(upload: Upload, asset_id: PydanticObjectId, extension: str = PNG.extension) -> str:
    """Where the mask lies that an upload has become."""
    return keys.project_upload(str(upload.in_project), str(asset_id), extension)
