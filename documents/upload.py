"""A file on its way from a browser into a project."""

from datetime import datetime
from enum import StrEnum

from beanie import PydanticObjectId

from documents.node import Node
from documents.text import Line


class UploadPurpose(StrEnum):
    """What the file is to become."""

    FRAME_IMAGE = "FRAME_IMAGE"


class UploadState(StrEnum):
    """How far an upload has come."""

    PENDING = "PENDING"
    CHECKING = "CHECKING"
    ATTACHED = "ATTACHED"
    REFUSED = "REFUSED"


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
