"""What is said in a recording, with the time of each word where the model tells it."""

from typing import Any, ClassVar

from openai import APIStatusError, AsyncOpenAI
from openai.types.audio import Transcription, TranscriptionVerbose

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.openai.dialect import Feature
from providers.openai.maker import Maker
from providers.openai.meter import Meter
from providers.openai.written import one_line
from providers.protocols.offer import Capability
from providers.protocols.speech import SpokenWord, Transcript, TranscriptionRequest

MAX_BYTES = 25 * 1024 * 1024
ENDINGS = {
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/flac": "flac",
    "video/mp4": "mp4",
    "video/webm": "webm",
}

_Heard = TranscriptionVerbose | Transcription


class OpenAiTranscriber(Maker):
    """Writes down what is said."""

    capability: ClassVar[Capability] = Capability.TRANSCRIPTION

    async def transcribe(self, request: TranscriptionRequest) -> Transcript:
        """Write it down; without words where the model gives no times.

        Raises:
            InvalidRequest: the recording is empty, over 25 MiB, or of a type that is not heard.
            ProviderUnavailable: no answer, or no transcript in it.
        """
        ending = ENDINGS.get(request.mime_type.partition(";")[0].strip().lower())
        if ending is None:
            raise InvalidRequest("mime_type", f"{request.mime_type} is not heard; give MP3, WAV, M4A or MP4.")
        if not 0 < len(request.data) <= MAX_BYTES:
            raise InvalidRequest("data", f"{len(request.data)} bytes; 1 to {MAX_BYTES} are heard at once.")
        model = request.model or self._model
        meter = self._connection.meter(model)
        file = (f"recording.{ending}", request.data, request.mime_type)
        async with self._connection.call() as client:
            heard = await self._heard(client, model, file, request.language)
        _count(meter, heard)
        found = heard.words or [] if isinstance(heard, TranscriptionVerbose) else []
        return Transcript(
            text=one_line(heard.text),
            words=tuple(
                SpokenWord(word.word.strip(), word.start, word.end) for word in found if word.word.strip()
            ),
            usage=meter.usage(),
        )

    async def _heard(
        self, client: AsyncOpenAI, model: str, file: tuple[str, bytes, str], language: str | None
    ) -> _Heard:
        dialect = self._connection.dialect
        extra: dict[str, Any] = {}
        if language is not None:
            extra["language"] = language.replace("_", "-").lower().split("-")[0]
        while True:
            has_times = not dialect.lacks(model, Feature.WORD_TIMES)
            form: dict[str, Any] = {"response_format": "json"}
            if has_times:
                form = {"response_format": "verbose_json", "timestamp_granularities": ["word"]}
            try:
                heard = await client.audio.transcriptions.create(model=model, file=file, **form, **extra)
            except APIStatusError as error:
                if not has_times or not dialect.learn(model, error, (Feature.WORD_TIMES,)):
                    raise
            else:
                if isinstance(heard, TranscriptionVerbose | Transcription) and isinstance(heard.text, str):
                    return heard
                raise ProviderUnavailable(self._connection.provider, "its answer has no transcript.")


def _count(meter: Meter, heard: _Heard) -> None:
    """Whisper counts seconds, the newer models tokens."""
    used, call_id = heard.usage, heard._request_id  # noqa: SLF001 - public, as the client's documentation says
    if used is not None and used.type == "tokens":
        meter.answered(call_id, input_tokens=used.input_tokens, output_tokens=used.output_tokens)
    elif used is not None:
        meter.answered(call_id, seconds=used.seconds)
    else:
        meter.answered(call_id, seconds=heard.duration if isinstance(heard, TranscriptionVerbose) else 0.0)
