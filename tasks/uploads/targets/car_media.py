"""A picture, sound or 3D model of a variant of the car catalogue."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.companies import car_models
from documents.companies.car_model import MEDIA_MAX, CarMedia, CarMediaKind, CarVariant
from documents.errors import CapReached, NodeMissing
from documents.media.upload import Upload, UploadRefusal
from documents.tree.caps import Caps
from rendering.intake.media_types import MODELS, SOUNDS, STILLS
from storage import keys
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused

_PICTURE: Final = Taken(STILLS, size_bytes=32 * 1024**2)
_TAKEN: Final[Mapping[CarMediaKind, Taken]] = MappingProxyType(
    {
        CarMediaKind.EXTERIOR: _PICTURE,
        CarMediaKind.INTERIOR: _PICTURE,
        CarMediaKind.SOUND: Taken(SOUNDS, size_bytes=64 * 1024**2),
        CarMediaKind.MODEL_3D: Taken(MODELS, size_bytes=128 * 1024**2),
    }
)
_FOLDERS: Final[Mapping[CarMediaKind, keys.CarMediaFolder]] = MappingProxyType(
    {
        CarMediaKind.EXTERIOR: "exterior",
        CarMediaKind.INTERIOR: "interior",
        CarMediaKind.SOUND: "sounds",
        CarMediaKind.MODEL_3D: "3d-models",
    }
)
_GONE: Final = "The variant was removed while the file was being checked."


class CarMediaFile:
    """Over `documents.companies.car_model.CarMedia`. Options: its `kind` and `title`, checked before."""

    asset_kind = "CarMedia"

    def taken(self, upload: Upload) -> Taken:
        """What the kind is made of."""
        return _TAKEN[CarMediaKind(upload.options["kind"])]

    async def place(
        self,
        upload: Upload,
        caps: Caps,  # noqa: ARG002 - the limit is the variant's own
        sha256: str,
    ) -> PydanticObjectId | None:
        """The variant's own file of the same kind with the same bytes is not stored again."""
        variant = await _variant(upload)
        for each in variant.media:
            if each.file.sha256 == sha256 and each.kind.value == upload.options["kind"]:
                return each.id
        if len(variant.media) >= MEDIA_MAX:
            full = CapReached("media of a car variant", MEDIA_MAX)
            raise TargetRefused(UploadRefusal.TARGET_FULL, f"{full} Remove one first.")
        return None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """In the folder of its kind, under model and variant."""
        variant = await _variant(upload)
        return keys.car_media(
            str(upload.company_id),
            str(variant.model_id),
            str(variant.id),
            folder=_FOLDERS[CarMediaKind(upload.options["kind"])],
            media=str(asset_id),
            extension=extension,
        )

    async def attach(
        self,
        upload: Upload,
        checked: CheckedFile,
        caps: Caps,  # noqa: ARG002 - as above
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Add it to the variant."""
        assert upload.company_id is not None  # noqa: S101 - announced with it
        media = CarMedia(
            id=checked.asset_id,
            kind=CarMediaKind(upload.options["kind"]),
            title=upload.options["title"],
            file=checked.file,
            file_name=upload.file_name,
            width=checked.width or None,
            height=checked.height or None,
            duration_s=checked.duration_s or None,
            created_by=upload.created_by,
            created_at=now,
        )
        try:
            await car_models.attach_media(
                upload.company_id, upload.target_id, media, now=now, session=session
            )
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
        """The variant has it: nothing is left to do."""


async def _variant(upload: Upload) -> CarVariant:
    assert upload.company_id is not None  # noqa: S101 - announced with it
    variant = await car_models.with_variant(upload.company_id, upload.target_id)
    if variant is None:
        raise TargetRefused(UploadRefusal.TARGET_GONE, _GONE)
    return variant
