"""What an upload may be for, as clients say it and as they are told."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import strawberry
from beanie import PydanticObjectId

import documents.upload as stored
from documents.upload import UploadPurpose
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.upload_targets import Destination
from schema.enums import describe
from schema.ids import document_gid, document_id, tree_gid, tree_ref

describe(
    UploadPurpose,
    "What an uploaded file is to become.",
    {
        UploadPurpose.FRAME_IMAGE: "A candidate picture of a frame: PNG, JPEG or WebP, at most 32 MiB.",
        UploadPurpose.SCENE_CLIP: "A candidate clip of a scene.",
        UploadPurpose.VOICEOVER: "The recording of a frame's voice.",
        UploadPurpose.MUSIC: "A project's music.",
        UploadPurpose.COMPANY_ASSET: "The file of a company's brand asset.",
        UploadPurpose.CAR_MEDIA: "A picture, sound or model of a car's variant.",
        UploadPurpose.AVATAR: "The viewer's own picture: PNG, JPEG, WebP, AVIF or GIF, at most 16 MiB. A "
        "copy of at most 512 pixels a side is kept.",
    },
)


@strawberry.input(one_of=True, description="What a file is for: exactly one of these.")
class UploadTargetInput:
    """Unpacked by `destination`."""

    frame_image: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the frame that gets a candidate picture."
    )
    avatar: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the viewer, who gets a new picture."
    )


def _frame_image(value: str, at: str) -> Destination:
    ref = tree_ref(value, "Frame", at)
    return Destination(UploadPurpose.FRAME_IMAGE, ref.node_id, project_id=ref.project_id)


def _avatar(value: str, at: str) -> Destination:
    user_id = document_id(value, "User", at)
    return Destination(UploadPurpose.AVATAR, user_id, user_id=user_id)


_DESTINATIONS: Final[Mapping[str, Callable[[str, str], Destination]]] = MappingProxyType(
    {"frame_image": _frame_image, "avatar": _avatar}
)
"""By the input's field, what it names; takes the value and where it stands in the operation."""


def destination(context: Context, given: UploadTargetInput) -> Destination:
    """What a file is for.

    Raises:
        BadUserInput: not exactly one thing is named, or by no id of its kind.
    """
    del context
    named = [
        (name, value)
        for name in _DESTINATIONS
        if (value := getattr(given, name)) is not strawberry.UNSET and value is not None
    ]
    if len(named) != 1:
        raise BadUserInput("input.target", "Name exactly one thing that the file is for.")
    ((name, value),) = named
    head, *rest = name.split("_")
    return _DESTINATIONS[name](value, "input.target." + head + "".join(part.capitalize() for part in rest))


_IN_TREE: Final[Mapping[UploadPurpose, tuple[str, str]]] = MappingProxyType(
    {UploadPurpose.FRAME_IMAGE: ("Frame", "Image")}
)
"""GraphQL types of the target and the asset of purposes inside a project's tree."""

_DOCUMENTS: Final[Mapping[UploadPurpose, tuple[str, str]]] = MappingProxyType(
    {UploadPurpose.AVATAR: ("User", "Avatar")}
)
"""The same for those outside of projects."""


def target_gid(upload: stored.Upload) -> str:
    """Global id of what the upload is for."""
    return _gid(upload, 0, upload.target_id)


def asset_gid(upload: stored.Upload) -> str | None:
    """Global id of what the upload has become."""
    return None if upload.asset_id is None else _gid(upload, 1, upload.asset_id)


def _gid(upload: stored.Upload, which: int, oid: PydanticObjectId) -> str:
    if upload.purpose in _IN_TREE:
        return tree_gid(_IN_TREE[upload.purpose][which], upload.in_project, oid)
    return document_gid(_DOCUMENTS[upload.purpose][which], oid)
