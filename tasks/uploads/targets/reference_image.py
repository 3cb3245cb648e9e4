"""A picture of something that must look as it does, for a scene or for a whole project."""

from datetime import datetime
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached
from documents.media.upload import Upload, UploadRefusal
from documents.tree import place as places
from documents.tree.brief import Style
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.media_edit import MediaEditor
from documents.tree.reference_image import REFERENCES_MAX, ReferenceImage
from rendering.intake.media_types import STILLS
from storage import keys
from tasks.uploads.targets.in_project import PROJECT_GONE, SCENE_GONE, scene_of, style_of, told_to_the_sender
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused

_TAKEN: Final = Taken(STILLS, size_bytes=32 * 1024**2)
_FULL: Final = "Take one away first, with arrangeReferenceImages."


class ReferencePictureFile:
    """Over `documents.tree.reference_image.ReferenceImage`. Options: its `title`, checked before.

    The target is a scene, or the project itself for its style.
    """

    asset_kind = "ReferenceImage"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for all
        """Stills that makers of pictures read."""
        return _TAKEN

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:  # noqa: ARG002
        """The same picture is not stored again."""
        holder = await (style_of(upload) if _is_for_all(upload) else scene_of(upload))
        for each in holder.reference_images:
            if each.file.sha256 == sha256:
                return each.id
        if len(holder.reference_images) >= REFERENCES_MAX:
            full = CapReached("reference pictures", REFERENCES_MAX)
            raise TargetRefused(UploadRefusal.TARGET_FULL, f"{full} {_FULL}")
        return None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Among the project's references."""
        return keys.project_reference(str(upload.in_project), str(asset_id), extension)

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Add it behind the others."""
        image = ReferenceImage(
            id=checked.asset_id,
            title=upload.options["title"],
            file=checked.file,
            width=checked.width,
            height=checked.height,
            provenance=checked.provenance,
        )
        for_all = _is_for_all(upload)
        place = places.section(Style) if for_all else places.scene(upload.target_id)
        editor = MediaEditor(TreeEditor(upload.in_project, caps, now, session))
        with told_to_the_sender(PROJECT_GONE if for_all else SCENE_GONE, full=_FULL):
            await editor.add_reference(place, image, expected_revision=None)

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """It is there: nothing is left to do."""


def _is_for_all(upload: Upload) -> bool:
    return upload.target_id == upload.project_id
