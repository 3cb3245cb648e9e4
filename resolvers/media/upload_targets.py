"""Where an upload goes, and who may send something there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from beanie import PydanticObjectId

from access.errors import Forbidden, NotFound
from access.permissions import Permission
from documents.companies import car_models
from documents.companies.car_model import CarMedia, CarMediaKind, CarVariant
from documents.companies.company_asset import AssetKind
from documents.media.upload import Upload, UploadPurpose
from documents.tree.look import SoundEffect
from documents.tree.reference_image import ReferenceImage
from documents.writers_room.character import CharacterImage
from resolvers.companies.company_assets import read_asset
from resolvers.companies.company_changes import own_company
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import UserError, UserErrorCode
from resolvers.writers_room.characters import editable
from tasks.uploads.targets.company_asset import FILE_KINDS

SENDING: Final[Mapping[UploadPurpose, Permission]] = MappingProxyType(
    {
        UploadPurpose.FRAME_IMAGE: Permission.PROJECT_EDIT,
        UploadPurpose.EDIT_MASK: Permission.PROJECT_EDIT,
        UploadPurpose.SCENE_CLIP: Permission.PROJECT_EDIT,
        UploadPurpose.VOICEOVER: Permission.PROJECT_EDIT,
        UploadPurpose.SOUND_EFFECT: Permission.PROJECT_EDIT,
        UploadPurpose.MUSIC: Permission.PROJECT_EDIT,
        UploadPurpose.AVATAR: Permission.ACCOUNT_MANAGE,
        UploadPurpose.COMPANY_ASSET: Permission.ASSETS_MANAGE,
        UploadPurpose.CAR_MEDIA: Permission.CATALOGUE_MANAGE,
        UploadPurpose.CHARACTER_IMAGE: Permission.ASSETS_MANAGE,
        UploadPurpose.REFERENCE_IMAGE: Permission.PROJECT_EDIT,
    }
)
"""What it takes to send a file for a purpose; for a person's own character see `_needed`."""


@dataclass(frozen=True, slots=True)
class Destination:
    """What a file is for; its owner is the one of the three that is set.

    Args:
        target_id: the node or document that it is attached to.
        options: what the target needs to know besides, as JSON.
        faults: what is wrong with that.
    """

    purpose: UploadPurpose
    target_id: PydanticObjectId
    project_id: PydanticObjectId | None = None
    company_id: PydanticObjectId | None = None
    user_id: PydanticObjectId | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[UserError] = ()


def sound_effect(
    project_id: PydanticObjectId, frame_id: PydanticObjectId, values: Mapping[str, Any], *, at: str
) -> Destination:
    """A new sound under a frame.

    Args:
        project_id: whose frame.
        frame_id: which one.
        values: what is given of the sound, by its fields' names.
        at: where they stand in the operation.
    """
    good, faults = checked(SoundEffect, values, at=at)
    return Destination(
        UploadPurpose.SOUND_EFFECT, frame_id, project_id=project_id, options=good, faults=faults
    )


def reference_image(
    project_id: PydanticObjectId, scene_id: PydanticObjectId | None, title: str, *, at: str
) -> Destination:
    """A picture of something that must look as it does: in a scene, or (None) in the whole project."""
    good, faults = checked(ReferenceImage, {"title": title}, at=at)
    return Destination(
        UploadPurpose.REFERENCE_IMAGE,
        scene_id or project_id,
        project_id=project_id,
        options=good,
        faults=faults,
    )


def company_asset(
    company_id: PydanticObjectId, kind: AssetKind, name: str, value: Mapping[str, Any], *, at: str
) -> Destination:
    """A new brand asset."""
    good, faults = read_asset(kind, {"name": name, "value": value}, at=at)
    if kind not in FILE_KINDS:
        text = f"A {kind.value} is a value: add it with addCompanyAsset."
        faults = [UserError(UserErrorCode.INVALID, f"{at}.kind", text)]
        kind = AssetKind.OTHER  # refused all the same
    return Destination(
        UploadPurpose.COMPANY_ASSET,
        company_id,
        company_id=company_id,
        options={"kind": kind.value, **good},
        faults=faults,
    )


def car_media(
    context: Context, variant_id: PydanticObjectId, kind: CarMediaKind, title: str, *, at: str
) -> Destination:
    """A new file of a variant of the viewer's company.

    Raises:
        NotFound, Forbidden: the viewer's company has no catalogue that the viewer may edit.
    """
    good, faults = checked(CarMedia, {"title": title}, at=at)
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, CarVariant.__name__)
    return Destination(
        UploadPurpose.CAR_MEDIA,
        variant_id,
        company_id=company_id,
        options={"kind": kind.value, **good},
        faults=faults,
    )


async def character_image(
    context: Context, character_id: PydanticObjectId, title: str, *, at: str
) -> Destination:
    """A new reference picture of a character.

    Raises:
        NotFound, Forbidden: the viewer may not see the character, or not change it.
    """
    good, faults = checked(CharacterImage, {"title": title}, at=at)
    character = await editable(context, character_id)
    return Destination(
        UploadPurpose.CHARACTER_IMAGE,
        character_id,
        company_id=character.company_id,
        user_id=character.owner_id,
        options=good,
        faults=faults,
    )


async def require_sender(context: Context, whose: Destination | Upload) -> None:
    """Let only those pass who may send files for this purpose to this owner.

    Raises:
        NotFound: the owner is not there, or not the viewer's to see.
        Forbidden: the viewer may see it but not do this.
    """
    await _require(context, whose, _needed(whose))
    if isinstance(whose, Destination) and whose.purpose is UploadPurpose.CAR_MEDIA:
        assert whose.company_id is not None  # noqa: S101 - the variant's, by `car_media`
        if await car_models.with_variant(whose.company_id, whose.target_id) is None:
            raise NotFound("CarVariant")


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


def _needed(whose: Destination | Upload) -> Permission:
    if whose.purpose is UploadPurpose.CHARACTER_IMAGE and whose.company_id is None:
        return Permission.PROJECT_CREATE
    return SENDING[whose.purpose]


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
