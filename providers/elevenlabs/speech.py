"""Speech by ElevenLabs, with the time of each word."""

import base64
import re
import time

from elevenlabs.client import OMIT
from elevenlabs.types.audio_with_timestamps_response import AudioWithTimestampsResponse
from elevenlabs.types.voice_settings import VoiceSettings

from providers.elevenlabs.client import FORMAT, MIME_TYPE, Connection
from providers.elevenlabs.models import LANGUAGES, TOLD_THE_LANGUAGE, code_of, languages_of
from providers.elevenlabs.options import NAME
from providers.elevenlabs.voices import VoiceList
from providers.elevenlabs.words import words_of
from providers.errors import InvalidRequest, ProviderUnavailable
from providers.protocols.offer import Capability, Offer, VoiceOffer
from providers.protocols.speech import Speech, SpeechRequest

MIN_SPEED = 0.7
MAX_SPEED = 1.2
MAX_CHARACTERS = 10_000  # of the default model; quicker ones take more
_VOICE_ID = re.compile(r"[0-9A-Za-z_-]{1,100}", re.ASCII)  # it becomes a part of an address, as it stands


class ElevenLabsSpeaker:
    """Reads texts aloud and says when each word is heard."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._voices = VoiceList(connection)
        self._default = connection.options.speech_model
        models = tuple(dict.fromkeys([self._default, *LANGUAGES]))
        self.offer = Offer(
            capability=Capability.SPEECH,
            provider=NAME,
            models=models,
            languages=languages_of(self._default),
            languages_are_all=bool(languages_of(self._default)),
            whose_key=connection.whose.value,
            prices=connection.prices.of(NAME, models),
            max_text_characters=MAX_CHARACTERS,
            times_words=True,
        )

    async def voices(self) -> tuple[VoiceOffer, ...]:
        """The voices of the account: the common ones, and its own."""
        return tuple(voice.offer for voice in await self._voices.all())

    async def speak(self, request: SpeechRequest) -> Speech:
        """Speak the whole text; without a voice named, with the first one that suits the language.

        Raises:
            InvalidRequest: the text is empty or too long, the speed outside 0.7 to 1.2, the voice unknown, or
                the language none of the model's.
            ContentRefused, KeyRefused, ProviderUnavailable: as their names say.
        """
        model = request.model or self._default
        _check(request, model)
        voice = request.voice or await self._voices.first_of(request.language)
        began = time.perf_counter()
        async with self._connection.call() as client:
            answer = await client.text_to_speech.with_raw_response.convert_with_timestamps(
                voice,
                text=request.text,
                model_id=model,
                output_format=FORMAT,
                # Settings that are sent replace all that are stored with the voice.
                voice_settings=OMIT if request.speed == 1 else VoiceSettings(speed=request.speed),
                language_code=code_of(request.language) if model in TOLD_THE_LANGUAGE else OMIT,
                request_options=self._connection.once,
            )
            # The client takes any shape; its own type does not.
            whole = AudioWithTimestampsResponse.model_validate(
                answer.data.model_dump(by_alias=True, warnings=False)
            )
            data = base64.b64decode(whole.audio_base_64, validate=True)
        if not data:
            raise ProviderUnavailable(NAME, "its answer has no sound.")
        return Speech(
            data=data,
            mime_type=MIME_TYPE,
            duration_s=None,
            words=words_of(whole, request.text, request.language),
            spoken=True,
            voice=voice,
            usage=self._connection.usage(model, began, answer.headers, characters=len(request.text)),
        )


def _check(request: SpeechRequest, model: str) -> None:
    if not request.text.strip():
        raise InvalidRequest("text", "There is nothing to read; give at least one word.")
    if not MIN_SPEED <= request.speed <= MAX_SPEED:
        raise InvalidRequest(
            "speed", f"{request.speed} is outside of {MIN_SPEED} to {MAX_SPEED}, which ElevenLabs speaks at."
        )
    if request.voice is not None and _VOICE_ID.fullmatch(request.voice) is None:
        raise InvalidRequest(
            "voice", f"{request.voice!r} is no voice's id: letters and digits, as the list of voices has it."
        )
    known = languages_of(model)
    if known and code_of(request.language) not in known:
        raise InvalidRequest(
            "language", f"{model} does not speak {request.language!r}; it speaks {', '.join(known)}."
        )
