"""A file on its way from a browser into a project."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from beanie import PydanticObjectId

from documents.node import Node
from documents.text import Line

PICTURE_EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
)
"""Types of pictures that may be uploaded, and what their files are called."""

PICTURE_BYTES_MAX: Final = 32 * 1024 * 1024
"""Size of the largest picture that may be uploaded."""


class UploadPurpose(StrEnum):
    """What the file is to become."""

    FRAME_IMAGE = "FRAME_IMAGE"


class UploadState(StrEnum):
    """How far an upload has come."""

    PENDING = "PENDING"
    CHECKING = "CHECKING"
    ATTACHED = "ATTACHED"
    REFUSED = "REFUSED"


OPEN: Final = (UploadState.PENDING, UploadState.CHECKING)
"""States of an upload that is not decided yet."""


class Upload(Node):
    """An announced file: sent straight to S3, checked by a worker, attached only then.

    Args:
        size_bytes: as announced; the stored object must have exactly this size.
        reason: why it was refused, in words for the person who sent it.
        asset_id: the image that it became.
    """

    purpose: UploadPurpose
    frame_id: PydanticObjectId
    state: UploadState = UploadState.PENDING
    key: str
    file_name: Line
    mime_type: str
    size_bytes: int
    reason: str | None = None
    asset_id: PydanticObjectId | None = None
    created_by: PydanticObjectId
    created_at: datetime
    expires_at: datetime
