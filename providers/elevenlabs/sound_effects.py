"""Sound effects by ElevenLabs."""

import time

from providers.elevenlabs.client import FORMAT, MIME_TYPE, Connection
from providers.elevenlabs.options import NAME
from providers.errors import InvalidRequest, ProviderUnavailable
from providers.protocols.offer import Capability, ModelFacts, Offer
from providers.protocols.prediction import Tab
from providers.protocols.sound import MadeSound, SoundEffectRequest

MIN_DURATION_S = 0.5
MAX_DURATION_S = 30.0
_CHUNK_BYTES = 64 * 1024
_MAX_BYTES = 64 * 1024 * 1024


class ElevenLabsSoundMaker:
    """Makes any sound that words can describe; it takes no seed, so each is a new one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        models = (connection.options.effects_model,)
        self.offer = Offer(
            capability=Capability.SOUND_EFFECT,
            provider=NAME,
            models=models,
            whose_key=connection.whose.value,
            prices=connection.prices.of(NAME, models),
            facts=tuple(
                ModelFacts(model=model, shortest_s=MIN_DURATION_S, longest_s=MAX_DURATION_S)
                for model in models
            ),
        )

    def check(self, request: SoundEffectRequest) -> None:
        """See whether there is anything to make.

        Raises:
            InvalidRequest: nothing is described, or the duration is outside of 0.5 to 30 s.
        """
        duration_s = request.duration_s
        if not request.prompt.strip():
            raise InvalidRequest("prompt", "Describe the sound.")
        if duration_s is not None and not MIN_DURATION_S <= duration_s <= MAX_DURATION_S:
            raise InvalidRequest(
                "duration_s", f"{duration_s} is outside of {MIN_DURATION_S} to {MAX_DURATION_S:.0f}."
            )

    async def make(self, request: SoundEffectRequest, tab: Tab) -> MadeSound:  # noqa: ARG002 - made at once
        """Make one sound.

        Raises:
            InvalidRequest: nothing is described, or the duration is outside of 0.5 to 30 s.
            ContentRefused, KeyRefused, ProviderUnavailable: as their names say.
        """
        self.check(request)
        duration_s = request.duration_s
        model = request.model or self.offer.models[0]
        began = time.perf_counter()
        data = bytearray()
        async with (
            self._connection.call() as client,
            client.text_to_sound_effects.with_raw_response.convert(
                text=request.prompt,
                duration_seconds=duration_s,
                model_id=model,
                output_format=FORMAT,
                request_options={**self._connection.once, "chunk_size": _CHUNK_BYTES},
            ) as answer,
        ):
            async for chunk in answer.data:
                data += chunk
                if len(data) > _MAX_BYTES:
                    raise ProviderUnavailable(NAME, "its answer does not end.", retryable=False)
        if not data:
            raise ProviderUnavailable(NAME, "its answer has no sound.")
        usage = self._connection.usage(
            model, began, answer.headers, characters=len(request.prompt), seconds=duration_s or 0.0
        )
        return MadeSound(bytes(data), MIME_TYPE, None, usage)
