"""What an upload may be for, as clients say it and as they are told."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import strawberry

import documents.media.upload as stored
from documents.media.upload import UploadPurpose
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.media import upload_targets
from resolvers.media.upload_targets import Destination
from schema.companies.company_kinds import AssetKind, CarMediaKind
from schema.enums import describe
from schema.ids import document_gid, document_id, project_id, project_or_scene, tree_gid, tree_ref
from schema.inputs import given
from schema.scalars import JSONObject
from tasks.uploads.targets.registry import TARGETS

describe(
    UploadPurpose,
    "What an uploaded file is to become.",
    {
        UploadPurpose.FRAME_IMAGE: "A candidate picture of a frame: PNG, JPEG or WebP, at most 32 MiB.",
        UploadPurpose.EDIT_MASK: "What an edit of a candidate picture may change: a PNG of its size that is "
        "transparent there, at most 4 MiB.",
        UploadPurpose.SCENE_CLIP: "A candidate clip of a scene: MP4, MOV, WebM or Matroska, at most 2 GiB, "
        "10 minutes and 4096 x 2304 pixels.",
        UploadPurpose.VOICEOVER: "The recording of a frame's voice: MP3, WAV, Ogg, FLAC or M4A, at most 64 "
        "MiB and 10 minutes.",
        UploadPurpose.SOUND_EFFECT: "A sound laid under a frame: MP3, WAV, Ogg, FLAC or M4A, at most 64 MiB "
        "and 10 minutes.",
        UploadPurpose.MUSIC: "A project's music: MP3, WAV, Ogg, FLAC or M4A, at most 256 MiB and an hour.",
        UploadPurpose.COMPANY_ASSET: "A brand asset of a company. Pictures (PNG, JPEG, WebP) have at most "
        "16 MiB, fonts (TrueType, OpenType) 16 MiB, music 128 MiB and half an hour, moving pictures 512 MiB "
        "and a minute, others 128 MiB.",
        UploadPurpose.CAR_MEDIA: "A file of a car's variant: a picture (PNG, JPEG, WebP) of at most 32 MiB, "
        "a sound of 64 MiB, a 3D model (GLB, glTF) of 128 MiB.",
        UploadPurpose.CHARACTER_IMAGE: "A reference picture of a character: PNG, JPEG or WebP, at most "
        "32 MiB.",
        UploadPurpose.REFERENCE_IMAGE: "A picture of something that must look as it does in a scene or in a "
        "whole project: PNG, JPEG or WebP, at most 32 MiB.",
        UploadPurpose.AVATAR: "The viewer's own picture: PNG, JPEG, WebP, AVIF or GIF, at most 16 MiB. A "
        "copy of at most 512 pixels a side is kept.",
    },
)


@strawberry.input(description="A sound laid under a frame.")
class SoundEffectTargetInput:
    """Unpacked by `_sound_effect`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="A name for it; one line of at most 200 characters."
    )
    start_s: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="Seconds after the frame begins, 0 to 3,600; 0 if it is left out.",
    )
    volume: float | None = strawberry.field(
        default=strawberry.UNSET, description="0 (silent) to 1; 0.5 if it is left out."
    )


@strawberry.input(description="A brand asset that is a file.")
class CompanyAssetTargetInput:
    """Unpacked by `_company_asset`."""

    company_id: strawberry.ID = strawberry.field(description="Id of the company.")
    kind: AssetKind = strawberry.field(description="Any but `COLOR_SCHEME`, which is no file.")
    name: str = strawberry.field(description="What people call it: 1 to 200 characters.")
    value: JSONObject | None = strawberry.field(
        default=None, description="As `CompanyAsset.value` describes it for the kind; null for an empty one."
    )


@strawberry.input(description="A file of a car's variant.")
class CarMediaTargetInput:
    """Unpacked by `_car_media`."""

    variant_id: strawberry.ID = strawberry.field(description="Id of the variant.")
    kind: CarMediaKind = strawberry.field(description="What it shows or sounds like.")
    title: str = strawberry.field(default="", description="What people call it: at most 200 characters.")


@strawberry.input(description="A reference picture of a character.")
class CharacterImageTargetInput:
    """Unpacked by `_character_image`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    title: str = strawberry.field(
        default="", description="What it shows, such as `from the side`: at most 200 characters."
    )


@strawberry.input(description="A picture of something that must look as it does, such as a product.")
class ReferenceImageTargetInput:
    """Unpacked by `_reference_image`."""

    target_id: strawberry.ID = strawberry.field(
        description="Id of the project, for all its pictures, or of one of its scenes."
    )
    title: str = strawberry.field(
        default="", description="What it shows, such as `the bottle`: at most 200 characters."
    )


@strawberry.input(one_of=True, description="What a file is for: exactly one of these.")
class UploadTargetInput:
    """Unpacked by `destination`."""

    frame_image: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the frame that gets a candidate picture."
    )
    edit_mask: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Id of the candidate picture that `editImage(maskUploadId)` changes within the mask.",
    )
    scene_clip: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the scene that gets a candidate clip."
    )
    voiceover: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Id of the frame whose voice it is; takes the place of the recording before.",
    )
    sound_effect: SoundEffectTargetInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="The frame that gets one more sound, and where and how loud it is in it.",
    )
    music: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Id of the project whose music it is; takes the place of the track before.",
    )
    avatar: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the viewer, who gets a new picture."
    )
    company_asset: CompanyAssetTargetInput | None = strawberry.field(
        default=strawberry.UNSET, description="The brand asset that it becomes."
    )
    car_media: CarMediaTargetInput | None = strawberry.field(
        default=strawberry.UNSET, description="Which file of which car's variant it becomes."
    )
    character_image: CharacterImageTargetInput | None = strawberry.field(
        default=strawberry.UNSET, description="The character that it shows."
    )
    reference_image: ReferenceImageTargetInput | None = strawberry.field(
        default=strawberry.UNSET, description="The project or scene in which something must look so."
    )


def _frame_image(_: Context, value: str, at: str) -> Destination:
    ref = tree_ref(value, "Frame", at)
    return Destination(UploadPurpose.FRAME_IMAGE, ref.node_id, project_id=ref.project_id)


def _edit_mask(_: Context, value: str, at: str) -> Destination:
    ref = tree_ref(value, "Image", at)
    return Destination(UploadPurpose.EDIT_MASK, ref.node_id, project_id=ref.project_id)


def _scene_clip(_: Context, value: str, at: str) -> Destination:
    ref = tree_ref(value, "Scene", at)
    return Destination(UploadPurpose.SCENE_CLIP, ref.node_id, project_id=ref.project_id)


def _voiceover(_: Context, value: str, at: str) -> Destination:
    ref = tree_ref(value, "Frame", at)
    return Destination(UploadPurpose.VOICEOVER, ref.node_id, project_id=ref.project_id)


def _sound_effect(_: Context, value: SoundEffectTargetInput, at: str) -> Destination:
    ref = tree_ref(value.frame_id, "Frame", f"{at}.frameId")
    values = given(value, without=("frame_id",))
    return upload_targets.sound_effect(ref.project_id, ref.node_id, values, at=at)


def _music(_: Context, value: str, at: str) -> Destination:
    of_project = project_id(value, at)
    return Destination(UploadPurpose.MUSIC, of_project, project_id=of_project)


def _avatar(_: Context, value: str, at: str) -> Destination:
    user_id = document_id(value, "User", at)
    return Destination(UploadPurpose.AVATAR, user_id, user_id=user_id)


def _company_asset(_: Context, value: CompanyAssetTargetInput, at: str) -> Destination:
    company_id = document_id(value.company_id, "Company", f"{at}.companyId")
    return upload_targets.company_asset(company_id, value.kind, value.name, value.value or {}, at=at)


def _car_media(context: Context, value: CarMediaTargetInput, at: str) -> Destination:
    variant_id = document_id(value.variant_id, "CarVariant", f"{at}.variantId")
    return upload_targets.car_media(context, variant_id, value.kind, value.title, at=at)


async def _character_image(context: Context, value: CharacterImageTargetInput, at: str) -> Destination:
    character_id = document_id(value.character_id, "Character", f"{at}.characterId")
    return await upload_targets.character_image(context, character_id, value.title, at=at)


def _reference_image(_: Context, value: ReferenceImageTargetInput, at: str) -> Destination:
    of_project, scene_id = project_or_scene(value.target_id, f"{at}.targetId")
    return upload_targets.reference_image(of_project, scene_id, value.title, at=at)


_DESTINATIONS: Final[Mapping[str, Callable[[Context, Any, str], Destination | Awaitable[Destination]]]] = (
    MappingProxyType(
        {
            "frame_image": _frame_image,
            "edit_mask": _edit_mask,
            "scene_clip": _scene_clip,
            "voiceover": _voiceover,
            "sound_effect": _sound_effect,
            "music": _music,
            "avatar": _avatar,
            "company_asset": _company_asset,
            "car_media": _car_media,
            "character_image": _character_image,
            "reference_image": _reference_image,
        }
    )
)
"""By the input's field, what it names; takes the operation's context, the value and where it stands."""


async def destination(context: Context, target: UploadTargetInput) -> Destination:
    """What a file is for.

    Raises:
        BadUserInput: not exactly one thing is named, or by no id of its kind.
        NotFound, Forbidden: the viewer may not see it, or not change it.
    """
    named = [
        (name, value)
        for name in _DESTINATIONS
        if (value := getattr(target, name)) is not strawberry.UNSET and value is not None
    ]
    if len(named) != 1:
        raise BadUserInput("input.target", "Name exactly one thing that the file is for.")
    ((name, value),) = named
    head, *rest = name.split("_")
    at = "input.target." + head + "".join(part.capitalize() for part in rest)
    found = _DESTINATIONS[name](context, value, at)
    return found if isinstance(found, Destination) else await found


_NODES: Final[Mapping[UploadPurpose, str]] = MappingProxyType(
    {
        UploadPurpose.FRAME_IMAGE: "Frame",
        UploadPurpose.EDIT_MASK: "Image",
        UploadPurpose.SCENE_CLIP: "Scene",
        UploadPurpose.VOICEOVER: "Frame",
        UploadPurpose.SOUND_EFFECT: "Frame",
    }
)
"""GraphQL types of targets inside a project's tree."""

_DOCUMENTS: Final[Mapping[UploadPurpose, str]] = MappingProxyType(
    {
        UploadPurpose.MUSIC: "Project",
        UploadPurpose.AVATAR: "User",
        UploadPurpose.COMPANY_ASSET: "Company",
        UploadPurpose.CAR_MEDIA: "CarVariant",
        UploadPurpose.CHARACTER_IMAGE: "Character",
        UploadPurpose.REFERENCE_IMAGE: "Project",
    }
)
"""The same for those that are documents of their own, or are named like them."""


def target_gid(upload: stored.Upload) -> str:
    """Global id of what the upload is for."""
    if upload.purpose is UploadPurpose.REFERENCE_IMAGE and upload.target_id != upload.project_id:
        return tree_gid("Scene", upload.in_project, upload.target_id)
    if upload.purpose in _NODES:
        return tree_gid(_NODES[upload.purpose], upload.in_project, upload.target_id)
    return document_gid(_DOCUMENTS[upload.purpose], upload.target_id)


def asset_gid(upload: stored.Upload) -> str | None:
    """Global id of what the upload has become; of a reference its own, as its style or scene has it."""
    if upload.asset_id is None:
        return None
    if upload.purpose is UploadPurpose.REFERENCE_IMAGE:
        return str(upload.asset_id)
    kind = TARGETS[upload.purpose].asset_kind
    if upload.project_id is not None:
        return tree_gid(kind, upload.project_id, upload.asset_id)
    return document_gid(kind, upload.asset_id)
