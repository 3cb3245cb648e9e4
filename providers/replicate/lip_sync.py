"""Lips that follow a voice, by Replicate's models."""

from collections.abc import Sequence

from providers.protocols.clip import LipSyncRequest, MadeClip
from providers.protocols.offer import Capability
from providers.protocols.prediction import Tab
from providers.replicate.clip import MAX_CLIP_BYTES
from providers.replicate.files import InputFile
from providers.replicate.inputs import asked_of, chosen
from providers.replicate.maker import Workbench
from providers.replicate.options import ReplicateModel


class ReplicateLipSyncer:
    """Moves a face's lips: a moving face with one model, a still with another."""

    def __init__(self, workbench: Workbench, models: Sequence[ReplicateModel]) -> None:
        self._workbench = workbench
        self._models = models
        self.offer = workbench.offer(Capability.LIP_SYNC, models)

    async def sync(self, request: LipSyncRequest, tab: Tab) -> MadeClip:
        """Make one clip as long as the speech.

        Raises:
            InvalidRequest: no model that is set up takes that kind of picture.
        """
        kind = "video" if request.picture_type.startswith("video/") else "image"
        model = chosen(self._models, request.model, kind)
        given = asked_of(
            model,
            {
                kind: InputFile(request.picture, request.picture_type),
                "audio": InputFile(request.speech, request.speech_type),
            },
        )
        fetched, usage = await self._workbench.make(tab, model, given, "video", MAX_CLIP_BYTES)
        return MadeClip(fetched.data, fetched.mime_type, None, usage)
