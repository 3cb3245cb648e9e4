"""Speech without a network: espeak-ng where it speaks the language, a silent reading where it does not."""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.local.espeak import Utterance, utter, why_unavailable
from providers.local.tokens import Token, timed, tokens, weight
from providers.local.turns import Turns
from providers.local.voice_sound import voice_sound
from providers.local.voices import VoiceTable
from providers.local.wave_file import MIME_TYPE, RATE_HZ, wav
from providers.protocols.offer import Capability, Offer, Usage, VoiceOffer
from providers.protocols.speech import Speech, SpeechRequest, SpokenWord

MAX_CHARACTERS = 10_000  # a narration has 5,000; with its figures in words it is longer
MIN_SPEED = 0.5
MAX_SPEED = 2.0
MIN_SILENT_S = 0.8
POLISH_TIME_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class TimedSpeech(Speech):
    """A reading of which length and word times are known."""

    duration_s: float
    words: tuple[SpokenWord, ...]


class LocalSpeaker:
    """espeak-ng with word timings; the same request gives the same bytes on one machine."""

    def __init__(self) -> None:
        self._voices = VoiceTable()
        self._turns = Turns()
        missing = why_unavailable()
        self.offer = Offer(
            capability=Capability.SPEECH,
            provider="local",
            models=("espeak-ng",),
            models_are_all=True,
            voices=self._voices.offers(),
            languages=self._voices.languages(),
            available=missing is None,
            reason_unavailable=missing,
            is_free=True,
            times_words=True,
        )

    async def speak(self, request: SpeechRequest) -> TimedSpeech:
        """Read the text aloud; where the language has no voice, silently at reading speed.

        Raises:
            InvalidRequest: the text is empty or over 10,000 characters, the speed outside 0.5 to 2, or the
                voice unknown.
            ProviderUnavailable: espeak-ng does not load, died, or took too long.
        """
        _check(request)
        voice = self._voices.choose(request.language, request.voice)
        if self.offer.reason_unavailable is not None and voice is not None:
            raise ProviderUnavailable("local", self.offer.reason_unavailable, retryable=False)
        words = tokens(request.text, request.language)
        made = None
        async with self._turns.turn() as watch:
            if voice is not None:
                utterance = await utter(
                    _as_text(request.text),
                    voice=voice.espeak_name,
                    words_per_minute=round(voice.words_per_minute * request.speed),
                )
                made = await self._turns.in_thread(POLISH_TIME_LIMIT_S, _spoken, utterance, words)
            if made is None:
                voice = None
                pace = self._voices.silent_characters_per_s(request.language) * request.speed
                made = await self._turns.in_thread(POLISH_TIME_LIMIT_S, _silent, words, pace)
            took_ms = watch.ms
        data, duration_s, timings = made
        return TimedSpeech(
            data=data,
            mime_type=MIME_TYPE,
            duration_s=duration_s,
            words=timings,
            spoken=voice is not None,
            voice=None if voice is None else voice.id,
            usage=Usage(
                provider="local",
                model="silent" if voice is None else "espeak-ng",
                characters=len(request.text),
                duration_ms=took_ms,
            ),
        )

    async def voices(self) -> tuple[VoiceOffer, ...]:
        """Those of the offer: they do not change."""
        return self.offer.voices


def _check(request: SpeechRequest) -> None:
    if not request.text.strip():
        raise InvalidRequest("text", "There is nothing to read; give at least one word.")
    if len(request.text) > MAX_CHARACTERS:
        raise InvalidRequest(
            "text", f"{len(request.text)} characters; at most {MAX_CHARACTERS} are read at once. Split it."
        )
    if not MIN_SPEED <= request.speed <= MAX_SPEED:
        raise InvalidRequest("speed", f"{request.speed} is outside of {MIN_SPEED} to {MAX_SPEED}.")


def _as_text(text: str) -> str:
    """The text without control characters, which espeak-ng obeys as commands, position by position."""
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} else c for c in text)


def _spoken(
    utterance: Utterance, words: Sequence[Token]
) -> tuple[bytes, float, tuple[SpokenWord, ...]] | None:
    """The finished voiceover; None when nothing of the text could be said."""
    samples, cut_s = voice_sound(utterance.pcm, utterance.rate_hz)
    if not len(samples) or not utterance.words:
        return None
    duration_s = len(samples) / RATE_HZ
    places = [word.at for word in words]
    starts_s: list[float | None] = [None] * len(words)
    for at, time_ms in utterance.words:
        # A number, "$5.50" or "don't" is several events; the first one begins the word.
        index = max(0, bisect_right(places, at) - 1)
        if starts_s[index] is None:
            starts_s[index] = max(0.0, time_ms / 1000 - cut_s)
    return wav(samples), duration_s, timed(words, starts_s, duration_s)


def _silent(words: Sequence[Token], characters_per_s: float) -> tuple[bytes, float, tuple[SpokenWord, ...]]:
    reading_s = sum(weight(word.text) for word in words) / characters_per_s
    count = round(max(MIN_SILENT_S, reading_s) * RATE_HZ)
    return wav(np.zeros(count)), count / RATE_HZ, timed(words, [], count / RATE_HZ)
