"""A picture that stands for a person."""

from datetime import datetime
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.avatar import Avatar
from documents.accounts.user import User
from documents.media import upload_life
from documents.media.upload import Upload, UploadPurpose, UploadRefusal
from documents.tree.caps import Caps
from rendering.intake.media_types import PICTURES
from storage import keys
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused

_SIDE: Final = 512


class AvatarPicture:
    """Over `documents.accounts.avatar.Avatar`. Only a small copy is kept, without where it was taken."""

    asset_kind = "Avatar"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for everybody
        """Any picture."""
        return Taken(PICTURES, size_bytes=16 * 1024**2, picture_side=_SIDE)

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:  # noqa: ARG002
        """There is room for one, which takes the place of the last."""
        if not await User.get_pymongo_collection().find_one({"_id": upload.target_id}, {"_id": 1}):
            raise TargetRefused(UploadRefusal.TARGET_GONE, "The account is gone.")
        return None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Among the user's own files."""
        return keys.user_file(str(upload.target_id), "avatars", str(asset_id), extension)

    async def attach(
        self,
        upload: Upload,
        checked: CheckedFile,
        caps: Caps,  # noqa: ARG002 - there is one
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Put it in the place of the last one, which is removed with the next sweep."""
        avatar = Avatar(
            id=checked.asset_id,
            file=checked.file,
            width=checked.width,
            height=checked.height,
            created_at=now,
        )
        result = await User.get_pymongo_collection().update_one(
            {"_id": upload.target_id},
            {"$set": {"avatar": avatar.stored(), "updated_at": now}},
            session=session,
        )
        if not result.matched_count:
            raise TargetRefused(UploadRefusal.TARGET_GONE, "The account is gone.")
        earlier = {"purpose": UploadPurpose.AVATAR, "user_id": upload.user_id, "_id": {"$ne": upload.id}}
        await upload_life.release(earlier, session=session)

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Never asked for: each avatar is stored anew."""
