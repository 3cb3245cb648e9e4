"""Which target serves which purpose."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from documents.upload import UploadPurpose
from tasks.upload_targets.avatar import AvatarPicture
from tasks.upload_targets.car_media import CarMediaFile
from tasks.upload_targets.company_asset import CompanyAssetFile
from tasks.upload_targets.frame_image import FrameImage
from tasks.upload_targets.target import UploadTarget

TARGETS: Final[Mapping[UploadPurpose, UploadTarget]] = MappingProxyType(
    {
        UploadPurpose.FRAME_IMAGE: FrameImage(),
        UploadPurpose.AVATAR: AvatarPicture(),
        UploadPurpose.COMPANY_ASSET: CompanyAssetFile(),
        UploadPurpose.CAR_MEDIA: CarMediaFile(),
    }
)
"""Every purpose that this installation serves."""
