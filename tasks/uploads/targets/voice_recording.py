"""A sound that becomes the recording of a frame's voice."""

from dataclasses import replace
from datetime import datetime

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.media import library
from documents.media.upload import Upload
from documents.projects.cast import cast_of
from documents.projects.change_event import ChangeKind
from documents.tree import place as places
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.inputs import voice_inputs
from documents.tree.script import VoiceRecording, WordTimes, WordTiming
from providers.alignment.filling import spread
from providers.protocols.offer import Usage
from providers.protocols.speech import Speech
from rendering.intake.media_types import SOUNDS
from storage import keys
from tasks.buying.purchases import Bought
from tasks.job_engine.work import Hopeless
from tasks.making.library_assets import voice_of
from tasks.making.narration import narration
from tasks.making.word_times import SpokenFrame, word_times
from tasks.uploads.targets.in_project import FRAME_GONE, frame_of, told_to_the_sender
from tasks.uploads.targets.target import CheckedFile, Taken
from tasks.workshop import Workshop


class UploadedVoice:
    """Over `documents.tree.script.VoiceRecording`, in the place of the one before.

    When each word is heard is found out by a reading of our own; where there is none the words of the
    narration are spread over the sound's length.
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

    async def listen(self, shop: Workshop, job: Job, upload: Upload, checked: CheckedFile) -> CheckedFile:
        """Compare the sound with a reading of the narration, if there is a voice for its language."""
        try:
            project = await shop.project(upload.in_project)
            frame = next(frame for _, frame in project.frames() if frame.id == upload.target_id)
            inputs = voice_inputs(project, frame, await cast_of(project))
            spoken = SpokenFrame(
                job,
                project,
                await shop.registry(job, project),
                inputs,
                narration(inputs),
                Bought(_unheard(checked), checked.file),
                may_buy=False,
            )
            timed = await word_times(shop, spoken)
        except (Hopeless, StopIteration):  # it is gone, or no sound for this ear: attaching will tell
            return checked
        return replace(checked, words=timed.words if timed.by is WordTimes.ALIGNED else ())

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Put it in the place of the last one."""
        _, frame = await frame_of(upload)
        words, by = checked.words, WordTimes.ALIGNED
        if "".join(word.text for word in words) != "".join(frame.narration.split()):
            words, by = spread(frame.narration.split(), 0.0, checked.duration_s), WordTimes.ESTIMATED
        recording = VoiceRecording(
            file=checked.file,
            duration_s=checked.duration_s,
            words=[WordTiming(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in words],
            word_times=by,
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


def _unheard(checked: CheckedFile) -> Speech:
    return Speech(
        data=b"",
        mime_type=checked.file.mime_type,
        duration_s=checked.duration_s,
        words=None,
        spoken=True,
        voice=None,
        usage=Usage(provider="upload", model="", duration_ms=0),
    )
