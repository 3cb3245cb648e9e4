"""A file that becomes a brand asset of a company."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.companies import company_assets
from documents.companies.company import Company
from documents.companies.company_asset import ASSETS_MAX, AssetKind, CompanyAsset
from documents.companies.media_file import MediaFile
from documents.errors import CapReached, NodeMissing
from documents.media.upload import Upload, UploadRefusal
from documents.tree.caps import Caps
from rendering.intake.media_types import FILMS, FONTS, SOUNDS, STILLS
from storage import keys
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused

_PICTURE: Final = Taken(STILLS, size_bytes=16 * 1024**2)
_FILM: Final = Taken(FILMS, size_bytes=512 * 1024**2, duration_s=60)
_TAKEN: Final[Mapping[AssetKind, Taken]] = MappingProxyType(
    {
        AssetKind.LOGO: _PICTURE,
        AssetKind.BADGE: _PICTURE,
        AssetKind.WATERMARK: _PICTURE,
        AssetKind.FONT: Taken(FONTS, size_bytes=16 * 1024**2),
        AssetKind.INTRO: _FILM,
        AssetKind.OUTRO: _FILM,
        AssetKind.MUSIC: Taken(SOUNDS, size_bytes=128 * 1024**2, duration_s=1_800),
        AssetKind.OTHER: Taken((*STILLS, *SOUNDS, *FILMS, *FONTS), size_bytes=128 * 1024**2),
    }
)
_FOLDERS: Final[Mapping[AssetKind, str]] = MappingProxyType(
    {
        AssetKind.LOGO: "logos",
        AssetKind.BADGE: "badges",
        AssetKind.WATERMARK: "watermarks",
        AssetKind.FONT: "fonts",
        AssetKind.INTRO: "intros",
        AssetKind.OUTRO: "outros",
        AssetKind.MUSIC: "music",
        AssetKind.OTHER: "others",
    }
)

FILE_KINDS: Final = frozenset(_TAKEN)
"""Kinds of brand assets that may be files."""


class CompanyAssetFile:
    """Over `documents.companies.company_asset.CompanyAsset`. Options: `kind`, `name`, `value`."""

    asset_kind = "CompanyAsset"

    def taken(self, upload: Upload) -> Taken:
        """What the kind is made of."""
        return _TAKEN[AssetKind(upload.options["kind"])]

    async def place(
        self,
        upload: Upload,
        caps: Caps,  # noqa: ARG002 - the limit is the company's own
        sha256: str,  # noqa: ARG002 - one picture may well be a logo and a watermark
    ) -> PydanticObjectId | None:
        """Each is an asset of its own."""
        count = {"$size": {"$ifNull": ["$assets", []]}}
        raw = await Company.get_pymongo_collection().find_one({"_id": upload.company_id}, {"count": count})
        if raw is None:
            raise TargetRefused(UploadRefusal.TARGET_GONE, "The company is gone.")
        if raw["count"] >= ASSETS_MAX:
            raise TargetRefused(UploadRefusal.TARGET_FULL, _full(CapReached("brand assets", ASSETS_MAX)))
        return None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """In the folder of its kind."""
        folder = _FOLDERS[AssetKind(upload.options["kind"])]
        return keys.company_asset(str(upload.company_id), folder, str(asset_id), extension)

    async def attach(
        self,
        upload: Upload,
        checked: CheckedFile,
        caps: Caps,  # noqa: ARG002 - as above
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Add the asset with its file."""
        assert upload.company_id is not None  # noqa: S101 - announced with it
        asset = CompanyAsset(
            id=checked.asset_id,
            kind=AssetKind(upload.options["kind"]),
            name=upload.options["name"],
            value=upload.options["value"],
            media=MediaFile(
                file=checked.file,
                file_name=upload.file_name,
                width=checked.width or None,
                height=checked.height or None,
                duration_s=checked.duration_s or None,
            ),
            created_by=upload.created_by,
            created_at=now,
            updated_at=now,
        )
        try:
            await company_assets.add(upload.company_id, asset, session=session)
        except NodeMissing as gone:
            raise TargetRefused(UploadRefusal.TARGET_GONE, "The company is gone.") from gone
        except CapReached as cap:
            raise TargetRefused(UploadRefusal.TARGET_FULL, _full(cap)) from cap

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Never asked for: each is an asset of its own."""


def _full(cap: CapReached) -> str:
    return f"{cap} Remove one first."
