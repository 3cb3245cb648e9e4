"""Which target serves which purpose."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from documents.media.upload import UploadPurpose
from tasks.uploads.targets.avatar import AvatarPicture
from tasks.uploads.targets.car_media import CarMediaFile
from tasks.uploads.targets.character_image import CharacterPicture
from tasks.uploads.targets.company_asset import CompanyAssetFile
from tasks.uploads.targets.edit_mask import EditMask
from tasks.uploads.targets.frame_image import FrameImage
from tasks.uploads.targets.project_music import ProjectMusic
from tasks.uploads.targets.reference_image import ReferencePictureFile
from tasks.uploads.targets.scene_clip import SceneClip
from tasks.uploads.targets.sound_effect import UploadedSound
from tasks.uploads.targets.target import UploadTarget
from tasks.uploads.targets.voice_recording import UploadedVoice

TARGETS: Final[Mapping[UploadPurpose, UploadTarget]] = MappingProxyType(
    {
        UploadPurpose.FRAME_IMAGE: FrameImage(),
        UploadPurpose.EDIT_MASK: EditMask(),
        UploadPurpose.SCENE_CLIP: SceneClip(),
        UploadPurpose.VOICEOVER: UploadedVoice(),
        UploadPurpose.SOUND_EFFECT: UploadedSound(),
        UploadPurpose.MUSIC: ProjectMusic(),
        UploadPurpose.AVATAR: AvatarPicture(),
        UploadPurpose.COMPANY_ASSET: CompanyAssetFile(),
        UploadPurpose.CAR_MEDIA: CarMediaFile(),
        UploadPurpose.CHARACTER_IMAGE: CharacterPicture(),
        UploadPurpose.REFERENCE_IMAGE: ReferencePictureFile(),
    }
)
"""Every purpose that this installation serves."""
