"""Where an upload goes, and who may send something there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from beanie import PydanticObjectId

from access.errors import Forbidden, NotFound
from access.permissions import Permission
from documents.upload import Upload, UploadPurpose
from resolvers.context import Context

SENDING: Final[Mapping[UploadPurpose, Permission]] = MappingProxyType(
    {
        UploadPurpose.FRAME_IMAGE: Permission.PROJECT_EDIT,
        UploadPurpose.AVATAR: Permission.ACCOUNT_MANAGE,
    }
)
"""What it takes to send a file for a purpose."""


@dataclass(frozen=True, slots=True)
class Destination:
    """What a file is for; its owner is the one of the three that is set.

    Args:
        target_id: the node or document that it is attached to.
        options: what the target needs to know besides, as JSON.
    """

    purpose: UploadPurpose
    target_id: PydanticObjectId
    project_id: PydanticObjectId | None = None
    company_id: PydanticObjectId | None = None
    user_id: PydanticObjectId | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


async def require_sender(context: Context, whose: Destination | Upload) -> None:
    """Let only those pass who may send files for this purpose to this owner.

    Raises:
        NotFound: the owner is not there, or not the viewer's to see.
        Forbidden: the viewer may see it but not do this.
    """
    await _require(context, whose, SENDING[whose.purpose])


async def require_witness(context: Context, upload: Upload) -> None:
    """Let only those pass who may see what the upload is for.

    Raises:
        NotFound: it is not the viewer's to see.
    """
    if upload.project_id is not None:
        await _require(context, upload, Permission.PROJECT_VIEW)
    elif upload.company_id is not None:
        await _require(context, upload, Permission.COMPANY_VIEW)
    else:
        await _require(context, upload, Permission.ACCOUNT_VIEW)


async def _require(context: Context, whose: Destination | Upload, permission: Permission) -> None:
    viewer = context.require_viewer()
    if whose.project_id is not None:
        await context.projects.check(whose.project_id, permission)
    elif whose.company_id is not None:
        context.companies.check(whose.company_id, permission)
    elif whose.user_id != viewer.user_id:
        raise NotFound("User")
    elif permission is Permission.ACCOUNT_MANAGE and viewer.session_id is None:
        raise Forbidden("This takes a session: sign in instead of using an API key.")
    elif not viewer.is_in_scope(permission):
        raise Forbidden(f"This API key has not the scope {permission.value}.")
