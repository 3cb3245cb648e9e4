"""What is entered in the library of each kind of asset."""

from beanie import PydanticObjectId

from documents.media.library import Asset
from documents.media.library_entry import LibraryKind
from documents.tree.brief import MusicTrack
from documents.tree.look import SoundEffect
from documents.tree.script import Clip, Image, VoiceRecording


def frame_picture(frame_id: PydanticObjectId, image: Image) -> Asset:
    """A candidate picture of a frame."""
    return Asset(
        id=image.id,
        kind=LibraryKind.IMAGE,
        file=image.file,
        provenance=image.provenance,
        frame_id=frame_id,
        width=image.width,
        height=image.height,
    )


def scene_film(scene_id: PydanticObjectId, clip: Clip) -> Asset:
    """A candidate clip of a scene."""
    return Asset(
        id=clip.id,
        kind=LibraryKind.CLIP,
        file=clip.file,
        provenance=clip.provenance,
        scene_id=scene_id,
        width=clip.width,
        height=clip.height,
        duration_s=clip.duration_s,
        has_sound=clip.has_sound,
    )


def voice_of(frame_id: PydanticObjectId, asset_id: PydanticObjectId, recording: VoiceRecording) -> Asset:
    """A frame's voice, known by its recording: a frame gets another one with each change."""
    return Asset(
        id=asset_id,
        kind=LibraryKind.VOICEOVER,
        file=recording.file,
        provenance=recording.provenance,
        frame_id=frame_id,
        duration_s=recording.duration_s,
        recording=recording,
    )


def music(track: MusicTrack) -> Asset:
    """A project's music."""
    return Asset(
        id=track.id,
        kind=LibraryKind.MUSIC,
        file=track.file,
        provenance=track.provenance,
        duration_s=track.duration_s,
    )


def sound_of(frame_id: PydanticObjectId, asset_id: PydanticObjectId, effect: SoundEffect) -> Asset:
    """A sound effect, known by its file: an effect may get another one."""
    assert effect.file is not None  # noqa: S101 - it was just made
    assert effect.provenance is not None  # noqa: S101 - likewise
    return Asset(
        id=asset_id,
        kind=LibraryKind.SOUND_EFFECT,
        file=effect.file,
        provenance=effect.provenance,
        frame_id=frame_id,
        duration_s=effect.duration_s or 0.0,
    )
