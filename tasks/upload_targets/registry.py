"""Which target serves which purpose."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from documents.upload import UploadPurpose
from tasks.upload_targets.avatar import AvatarPicture
from tasks.upload_targets.car_media import CarMediaFile
from tasks.upload_targets.character_image import CharacterPicture
from tasks.upload_targets.company_asset import CompanyAssetFile
from tasks.upload_targets.frame_image import FrameImage
from tasks.upload_targets.project_music import ProjectMusic
from tasks.upload_targets.scene_clip import SceneClip
from tasks.upload_targets.target import UploadTarget
from tasks.upload_targets.voice_recording import UploadedVoice

TARGETS: Final[Mapping[UploadPurpose, UploadTarget]] = MappingProxyType(
    {
        UploadPurpose.FRAME_IMAGE: FrameImage(),
        UploadPurpose.SCENE_CLIP: SceneClip(),
        UploadPurpose.VOICEOVER: UploadedVoice(),
        UploadPurpose.MUSIC: ProjectMusic(),
        UploadPurpose.AVATAR: AvatarPicture(),
        UploadPurpose.COMPANY_ASSET: CompanyAssetFile(),
        UploadPurpose.CAR_MEDIA: CarMediaFile(),
        UploadPurpose.CHARACTER_IMAGE: CharacterPicture(),
    }
)
"""Every purpose that this installation serves."""
