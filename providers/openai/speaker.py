"""Speech. The server does not say when each word is heard."""

from collections.abc import AsyncIterator
from typing import ClassVar

from openai import APIStatusError, AsyncOpenAI, omit

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.openai.dialect import Feature
from providers.openai.maker import Maker
from providers.protocols.offer import Capability, Gender, Offer, VoiceOffer
from providers.protocols.speech import Speech, SpeechRequest

MAX_CHARACTERS = 4_096
MIN_SPEED = 0.5
MAX_SPEED = 2.0
MAX_BYTES = 64 * 1024 * 1024
MIME_TYPE = "audio/mpeg"
# Those that OpenAI documents; each speaks all languages.
VOICES: dict[str, Gender] = {
    "alloy": "neutral",
    "ash": "male",
    "ballad": "male",
    "cedar": "male",
    "coral": "female",
    "echo": "male",
    "fable": "neutral",
    "marin": "female",
    "nova": "female",
    "onyx": "male",
    "sage": "female",
    "shimmer": "female",
    "verse": "male",
}
FIRST_VOICE = "alloy"
UNTAUGHT_MODELS = ("tts-1",)  # take no instructions


class OpenAiSpeaker(Maker):
    """Reads texts aloud as MP3."""

    capability: ClassVar[Capability] = Capability.SPEECH

    def _offered(self) -> Offer:
        names = self._connection.options.voices or tuple(VOICES)
        return self._connection.offer(
            self.capability,
            self._model,
            voices=tuple(
                VoiceOffer(id=name, name=name.capitalize(), language="", gender=VOICES.get(name, "neutral"))
                for name in names
            ),
            max_text_characters=MAX_CHARACTERS,
        )

    async def voices(self) -> tuple[VoiceOffer, ...]:
        """Those of the offer: the server keeps no list."""
        return self.offer.voices

    async def speak(self, request: SpeechRequest) -> Speech:
        """Speak the whole text.

        Raises:
            InvalidRequest: the text is empty or over 4,096 characters, the speed outside 0.5 to 2, or the
                voice unknown.
            ProviderUnavailable: no answer, or no sound in it.
        """
        voice = self._checked_voice(request)
        model = request.model or self._model
        meter = self._connection.meter(model)
        with meter.charging():
            async with self._connection.call() as client:
                data, call_id = await self._sound(client, model, voice, request)
            meter.answered(call_id, characters=len(request.text))
            if not data:
                raise ProviderUnavailable(self._connection.provider, "its answer has no sound.")
        return Speech(
            data=data,
            mime_type=MIME_TYPE,
            duration_s=None,
            words=None,
            spoken=True,
            voice=voice,
            usage=meter.usage(),
        )

    def _checked_voice(self, request: SpeechRequest) -> str:
        if not request.text.strip():
            raise InvalidRequest("text", "There is nothing to read; give at least one word.")
        if len(request.text) > MAX_CHARACTERS:
            raise InvalidRequest(
                "text",
                f"{len(request.text)} characters; at most {MAX_CHARACTERS} are read at once. Split it.",
            )
        if not MIN_SPEED <= request.speed <= MAX_SPEED:
            raise InvalidRequest("speed", f"{request.speed} is outside of {MIN_SPEED} to {MAX_SPEED}.")
        known = [voice.id for voice in self.offer.voices]
        if request.voice is None:
            return FIRST_VOICE if FIRST_VOICE in known else known[0]
        if request.voice not in known:
            raise InvalidRequest("voice", f"{request.voice!r} is not one of {', '.join(known)}.")
        return request.voice

    async def _sound(
        self, client: AsyncOpenAI, model: str, voice: str, request: SpeechRequest
    ) -> tuple[bytes, str | None]:
        """The sound, and the provider's id of the call."""
        dialect = self._connection.dialect
        while True:
            is_taught = not model.startswith(UNTAUGHT_MODELS) and not dialect.lacks(
                model, Feature.INSTRUCTIONS
            )
            instructions = _instructions(request.language) if is_taught else omit
            try:
                async with client.audio.speech.with_streaming_response.create(
                    model=model,
                    voice=voice,
                    input=request.text,
                    response_format="mp3",
                    speed=request.speed,
                    instructions=instructions,
                ) as answer:
                    return await self._received(answer.iter_bytes()), answer.headers.get("x-request-id")
            except APIStatusError as error:
                if not is_taught or not dialect.learn(model, error, (Feature.INSTRUCTIONS,)):
                    raise

    async def _received(self, chunks: AsyncIterator[bytes]) -> bytes:
        data = bytearray()
        async for chunk in chunks:
            data += chunk
            if len(data) > MAX_BYTES:
                raise ProviderUnavailable(
                    self._connection.provider, f"its sound has more than {MAX_BYTES} bytes."
                )
        return bytes(data)


def _instructions(language: str) -> str:
    return (
        f"Read the text aloud exactly as it stands, in the language with the BCP-47 tag {language}, "
        "as a native narrator of documentaries would: clear, lively, unhurried."
    )
