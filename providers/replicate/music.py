"""Music by Replicate's models."""

from collections.abc import Sequence

from providers.errors import InvalidRequest
from providers.protocols.offer import Capability
from providers.protocols.prediction import Tab
from providers.protocols.sound import Music, MusicRequest
from providers.replicate.inputs import asked_of, chosen
from providers.replicate.maker import Workbench, seed_for
from providers.replicate.options import ReplicateModel

_MAX_BYTES = 256 * 1024 * 1024


class ReplicateComposer:
    """Makes music from words: any mood, and more than moods."""

    def __init__(self, workbench: Workbench, models: Sequence[ReplicateModel]) -> None:
        self._workbench = workbench
        self._models = models
        self.offer = workbench.offer(Capability.MUSIC, models)

    async def compose(self, request: MusicRequest, tab: Tab) -> Music:
        """Compose the length asked for, or the model's greatest; its end does not lead into its start."""
        if not request.mood.strip() and not request.prompt:
            raise InvalidRequest("mood", "Say how the music shall feel.")
        model = chosen(self._models, request.model)
        seed = seed_for(model, request.seed)
        given = asked_of(
            model,
            {
                "prompt": _in_words(request),
                "duration": request.duration_s,
                "seed": seed,
            },
        )
        fetched, usage = await self._workbench.make(tab, model, given, "audio", _MAX_BYTES)
        return Music(
            fetched.data, fetched.mime_type, None, loopable=False, tempo_bpm=None, usage=usage, seed=seed
        )


def _in_words(request: MusicRequest) -> str:
    said = [request.prompt or "", f"{request.mood} mood" if request.mood else "", "instrumental, no vocals"]
    if request.tempo_bpm is not None:
        said.append(f"{request.tempo_bpm:.0f} BPM")
    return ", ".join(part for part in said if part)
