"""A reference picture of a character."""

from datetime import datetime
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached, NodeMissing
from documents.media.upload import Upload, UploadRefusal
from documents.tree.caps import Caps
from documents.writers_room import characters
from documents.writers_room.character import IMAGES_MAX, Character, CharacterImage
from rendering.intake.media_types import STILLS
from tasks.making.character_keys import key_of
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused

_TAKEN: Final = Taken(STILLS, size_bytes=32 * 1024**2)
_GONE: Final = "The character was removed while the file was being checked."


class CharacterPicture:
    """Over `documents.writers_room.character.CharacterImage`. Options: its `title`, checked before."""

    asset_kind = "CharacterImage"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for all
        """Stills that makers of pictures read."""
        return _TAKEN

    async def place(
        self,
        upload: Upload,
        caps: Caps,  # noqa: ARG002 - the limit is the character's own
        sha256: str,
    ) -> PydanticObjectId | None:
        """The same picture is not stored again."""
        character = await _character(upload)
        for each in character.images:
            if each.file.sha256 == sha256:
                return each.id
        if len(character.images) >= IMAGES_MAX:
            full = CapReached("pictures of a character", IMAGES_MAX)
            raise TargetRefused(UploadRefusal.TARGET_FULL, f"{full} Remove one first.")
        return None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Among the character's own objects."""
        return key_of(await _character(upload), str(asset_id), extension)

    async def attach(
        self,
        upload: Upload,
        checked: CheckedFile,
        caps: Caps,  # noqa: ARG002 - as above
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Add it to the character."""
        image = CharacterImage(
            id=checked.asset_id,
            title=upload.options["title"],
            file=checked.file,
            width=checked.width,
            height=checked.height,
            provenance=checked.provenance,
        )
        try:
            await characters.add_image(upload.target_id, image, now=now, session=session)
        except NodeMissing as gone:
            raise TargetRefused(UploadRefusal.TARGET_GONE, _GONE) from gone
        except CapReached as cap:
            raise TargetRefused(UploadRefusal.TARGET_FULL, f"{cap} Remove one first.") from cap

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """The character has it: nothing is left to do."""


async def _character(upload: Upload) -> Character:
    character = await characters.find(upload.target_id)
    if character is None:
        raise TargetRefused(UploadRefusal.TARGET_GONE, _GONE)
    return character
