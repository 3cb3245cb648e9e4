"""A file on its way from a browser to where it belongs."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from documents.text import Line


class UploadPurpose(StrEnum):
    """What the file is to become."""

    FRAME_IMAGE = "FRAME_IMAGE"
    EDIT_MASK = "EDIT_MASK"
    SCENE_CLIP = "SCENE_CLIP"
    VOICEOVER = "VOICEOVER"
    SOUND_EFFECT = "SOUND_EFFECT"
    MUSIC = "MUSIC"
    COMPANY_ASSET = "COMPANY_ASSET"
    CAR_MEDIA = "CAR_MEDIA"
    CHARACTER_IMAGE = "CHARACTER_IMAGE"
    REFERENCE_IMAGE = "REFERENCE_IMAGE"
    AVATAR = "AVATAR"


class UploadState(StrEnum):
    """How far an upload has come."""

    PENDING = "PENDING"
    CHECKING = "CHECKING"
    ATTACHED = "ATTACHED"
    REFUSED = "REFUSED"
    CANCELED = "CANCELED"


class UploadRefusal(StrEnum):
    """Why a file was refused, for programs."""

    SIZE_DIFFERS = "SIZE_DIFFERS"
    MISSING = "MISSING"
    TYPE_UNSUPPORTED = "TYPE_UNSUPPORTED"
    TYPE_DIFFERS = "TYPE_DIFFERS"
    UNREADABLE = "UNREADABLE"
    DIMENSIONS = "DIMENSIONS"
    DURATION = "DURATION"
    TOO_COSTLY = "TOO_COSTLY"
    UNSAFE = "UNSAFE"
    OPAQUE = "OPAQUE"
    TARGET_GONE = "TARGET_GONE"
    TARGET_FULL = "TARGET_FULL"


OPEN: Final = (UploadState.PENDING, UploadState.CHECKING)
"""States of an upload that is not decided yet."""


class Upload(Document):
    """An announced file: sent straight to S3, checked by a worker, attached only then.

    It is owned by the project, the company or the user whose id it has: by exactly one of them.

    Attributes:
        project_id: the project that it is for.
        company_id: the company that it is for, outside of projects.
        user_id: the user whom it is about, outside of both.
        target_id: the node or document that the asset is attached to: a frame, a scene, a car's variant.
        options: what the target needs to know besides, as JSON.
        key: where the raw file lies until it is checked.
        size_bytes: as announced; the stored object must have exactly this size.
        part_size_bytes: size of each part but the last, for a file that is sent in parts; None for one that
            is sent at once.
        multipart_id: S3's name of the transfer in parts, once it is begun.
        reason: why it was refused, in words for the person who sent it.
        reason_code: the same for programs.
        asset_id: what it became.
        sha256: of the bytes, once they were checked.
        duplicate_of: an earlier upload of the same owner with the same bytes.
        stored_keys: objects that the check has stored or was about to; removed unless it is ATTACHED
            and not released.
        decided_at: when it was attached, refused or canceled.
        is_released: whether the asset that it became is gone.
        is_swept: whether what was sent of it is gone for good.
        revision: raised with each change.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    purpose: UploadPurpose
    project_id: PydanticObjectId | None = None
    company_id: PydanticObjectId | None = None
    user_id: PydanticObjectId | None = None
    target_id: PydanticObjectId
    options: dict[str, Any] = Field(default_factory=dict)
    state: UploadState = UploadState.PENDING
    key: str
    file_name: Annotated[Line, Field(min_length=1)]
    mime_type: str
    size_bytes: int
    part_size_bytes: int | None = None
    multipart_id: str | None = None
    reason: str | None = None
    reason_code: UploadRefusal | None = None
    asset_id: PydanticObjectId | None = None
    sha256: str | None = None
    duplicate_of: PydanticObjectId | None = None
    stored_keys: Sequence[str] = Field(default_factory=list)
    created_by: PydanticObjectId
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    is_released: bool = False
    is_swept: bool = False
    revision: int = 0

    @property
    def owner(self) -> dict[str, PydanticObjectId | None]:
        """Whose it is, as a filter."""
        return {
            "project_id": self.project_id,
            "company_id": self.company_id,
            "user_id": self.user_id,
        }

    @property
    def in_project(self) -> PydanticObjectId:
        """The project of an upload for a purpose that has one."""
        assert self.project_id is not None  # noqa: S101 - the upload was announced with it
        return self.project_id

    @property
    def parts_total(self) -> int:
        """How many parts the whole file has; 1 for one that is sent at once."""
        return 1 if self.part_size_bytes is None else -(-self.size_bytes // self.part_size_bytes)

    class Settings:
        """Collection `uploads`."""

        name = "uploads"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("project_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_project",
            ),
            IndexModel([("created_by", ASCENDING), ("state", ASCENDING)], name="of_sender"),
            IndexModel(
                [("user_id", ASCENDING)],
                name="of_user",
                partialFilterExpression={"user_id": {"$gte": PydanticObjectId(bytes(12))}},
            ),
            IndexModel(
                [
                    ("sha256", ASCENDING),
                    ("project_id", ASCENDING),
                    ("company_id", ASCENDING),
                    ("user_id", ASCENDING),
                ],
                name="same_bytes",
                partialFilterExpression={"sha256": {"$type": "string"}},
            ),
            IndexModel(
                [("expires_at", ASCENDING)], name="to_sweep", partialFilterExpression={"is_swept": False}
            ),
            IndexModel([("state", ASCENDING), ("decided_at", ASCENDING)], name="to_forget"),
        ]
