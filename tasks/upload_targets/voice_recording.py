"""A sound that becomes the recording of a frame's voice."""

from datetime import datetime

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents import library
from documents import place as places
from documents.caps import Caps
from documents.change_event import ChangeKind
from documents.script import VoiceRecording, WordTiming
from documents.tree import TreeEditor
from documents.upload import Upload
from providers.alignment.filling import spread
from rendering.intake.media_types import SOUNDS
from storage import keys
from tasks.library_assets import voice_of
from tasks.upload_targets.in_project import FRAME_GONE, frame_of, told_to_the_sender
from tasks.upload_targets.target import CheckedFile, Taken


class UploadedVoice:
    """Over `documents.script.VoiceRecording`, in the place of the one before.

    When each word is spoken is not known: the words of the narration are spread over the sound's length.
    """

    asset_kind = "Voiceover"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for every frame
        """Sounds that the renderer opens, no longer than a frame may be shown."""
        return Taken(SOUNDS, size_bytes=64 * 1024**2, duration_s=600.0)

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:  # noqa: ARG002
        """There is one voice for each frame; the recording that is there already is left as it is."""
        _, frame = await frame_of(upload)
        recording = frame.voiceover.recording
        return frame.id if recording is not None and recording.file.sha256 == sha256 else None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Beside the other voices of the scene."""
        scene, _ = await frame_of(upload)
        return keys.scene_asset(str(upload.in_project), str(scene.id), "voiceovers", str(asset_id), extension)

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Put it in the place of the last one."""
        _, frame = await frame_of(upload)
        words = spread(frame.narration.split(), 0.0, checked.duration_s)
        recording = VoiceRecording(
            file=checked.file,
            duration_s=checked.duration_s,
            words=[WordTiming(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in words],
            provenance=checked.provenance,
        )
        editor = TreeEditor(upload.in_project, caps, now, session)
        with told_to_the_sender(FRAME_GONE):
            await editor.set_fields(
                places.voiceover(upload.target_id),
                {"recording": recording.stored()},
                kind=ChangeKind.ASSET_READY,
            )
        voice = voice_of(upload.target_id, checked.asset_id, recording)
        await library.enter(upload.in_project, voice, session=session)

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Leave the recording as it is."""
