"""ElevenLabs, as far as we use it. It really speaks, as the local voice does, with its times by character.

It is told to refuse by the name of the refusal, as in `Fault(told="quota_exceeded")`, and otherwise
`normalised` (the times are those of a text with its numbers in words), `untimed` (there are none).
"""

import base64
import itertools
import re
from typing import Any

from elevenlabs.types.audio_with_timestamps_response import AudioWithTimestampsResponse
from elevenlabs.types.get_voices_v_2_response import GetVoicesV2Response
from num2words import num2words

from providers.local.speech import LocalSpeaker
from providers.protocols.speech import SpeechRequest, SpokenWord
from tests.stand_ins.media import mp3_of, tone_mp3
from tests.stand_ins.published import agrees
from tests.stand_ins.server import Answer, Call, StandIn, json_answer

_REFUSALS = {
    "quota_exceeded": (401, "This request exceeds your quota. You have 12 credits remaining."),
    "invalid_api_key": (401, "Invalid API key"),
    "missing_permissions": (401, "The API key you used is missing the permission text_to_speech."),
    "detected_unusual_activity": (401, "Unusual activity detected. Free Tier usage disabled."),
    "content_against_policy": (403, "The text may violate our Terms of Service and has been blocked."),
    "voice_not_found": (404, "A voice with that voice_id was not found."),
    "model_not_found": (400, "A model with that model_id was not found."),
    "max_character_limit_exceeded": (400, "This request's text exceeds the character limit of 10000."),
    "too_many_concurrent_requests": (429, "Too many concurrent requests."),
    "system_busy": (429, "The system is experiencing heavy traffic, please try again later."),
}
_BY_STATUS = {401: "invalid_api_key", 404: "voice_not_found", 429: "too_many_concurrent_requests"}
_MODELS = {"eleven_multilingual_v2", "eleven_turbo_v2_5", "eleven_flash_v2_5", "eleven_text_to_sound_v2"}
_MOST_CHARACTERS = 10_000


def _voice(voice_id: str, name: str, gender: str, language: str, *verified: str) -> dict[str, Any]:
    preview = f"https://storage.example/{voice_id}.mp3"
    return {
        "voice_id": voice_id,
        "name": name,
        "category": "premade",
        "labels": {"gender": gender, "language": language, "accent": "plain"},
        "preview_url": preview,
        "verified_languages": [
            {"language": each, "model_id": "eleven_multilingual_v2", "preview_url": preview}
            for each in verified
        ],
    }


VOICES = (
    _voice("JBFqnCBsd6RMkjVDRZzb", "George", "male", "en", "en", "de"),
    _voice("21m00Tcm4TlvDq8ikWAM", "Rachel", "female", "en", "en"),
    _voice("german0000000000000a", "Heike", "female", "de", "de"),
    _voice("robot00000000000000a", "Robot", "non-binary", "fr"),
)


class ElevenLabsStandIn(StandIn):
    """Attributes:
    page_size: the most voices on a page, whatever is asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.page_size = 100
        self._speaker: LocalSpeaker | None = None
        self._spoken: dict[tuple[str, float], tuple[bytes, tuple[SpokenWord, ...]]] = {}
        self._ids = itertools.count(1)

    def forget(self) -> None:
        super().forget()
        self.page_size = 100

    def refusal(self, status: int, call: Call) -> Answer:  # noqa: ARG002 - worded alike for all
        return _refused(_BY_STATUS.get(status, "internal_server_error"), status)

    async def answer(self, call: Call) -> Answer:
        if "xi-api-key" not in call.headers:
            return self.refusal(401, call)
        if call.told in _REFUSALS:
            return _refused(call.told)
        match call.method, call.path.strip("/").split("/"):
            case "POST", ["v1", "text-to-speech", voice, "with-timestamps"]:
                answer = await self._speech(call, voice)
            case "POST", ["v1", "sound-generation"]:
                answer = self._sound(call)
            case "GET", ["v2", "voices"]:
                answer = self._voices(call)
            case _:
                answer = Answer(b'{"detail": "Not Found"}', status=404)
        return answer

    async def _speech(self, call: Call, voice: str) -> Answer:
        body = call.json()
        agrees("elevenlabs", "text_to_speech", body)
        agrees("elevenlabs", "output_format", call.query["output_format"])
        if body["model_id"] not in _MODELS:
            return _refused("model_not_found")
        if voice not in {each["voice_id"] for each in VOICES}:
            return _refused("voice_not_found")
        if len(body["text"]) > _MOST_CHARACTERS:
            return _refused("max_character_limit_exceeded")
        speed = (body.get("voice_settings") or {}).get("speed", 1.0)
        sound, words = await self._said(body["text"], speed)
        told: dict[str, Any] = {
            "audio_base64": base64.b64encode(sound).decode(),
            "alignment": _by_character(body["text"], words),
            "normalized_alignment": _by_character(body["text"], words, says_numbers=True),
        }
        if call.told == "normalised":
            told["alignment"] = None
        if call.told == "untimed":
            told["alignment"] = told["normalized_alignment"] = None
        AudioWithTimestampsResponse.model_validate(told)
        answer = json_answer(told, is_paid=True)
        answer.headers = self._counted(len(body["text"]))
        return answer

    def _sound(self, call: Call) -> Answer:
        body = call.json()
        agrees("elevenlabs", "sound_generation", body)
        agrees("elevenlabs", "output_format", call.query["output_format"])
        if body["model_id"] not in _MODELS:
            return _refused("model_not_found")
        sound = tone_mp3(body.get("duration_seconds") or 2.0, 880)
        chunks = [sound[at : at + 8_192] for at in range(0, len(sound), 8_192)]
        return Answer(content_type="audio/mpeg", headers=self._counted(100), chunks=chunks, is_paid=True)

    def _voices(self, call: Call) -> Answer:
        at = int(call.query.get("next_page_token", "0"))
        after = at + min(self.page_size, int(call.query.get("page_size", "10")))
        has_more = after < len(VOICES)
        told = {
            "voices": VOICES[at:after],
            "has_more": has_more,
            "total_count": 0,
            "next_page_token": str(after) if has_more else None,
        }
        GetVoicesV2Response.model_validate(told)
        return json_answer(told)

    def _counted(self, characters: int) -> dict[str, str]:
        return {"character-cost": str(characters), "request-id": f"request{next(self._ids)}"}

    async def _said(self, text: str, speed: float) -> tuple[bytes, tuple[SpokenWord, ...]]:
        if (text, speed) not in self._spoken:
            self._speaker = self._speaker or LocalSpeaker()
            made = await self._speaker.speak(SpeechRequest(text=text, language="en", speed=speed))
            self._spoken[text, speed] = mp3_of(made.data), made.words
        return self._spoken[text, speed]


def _by_character(
    text: str, words: tuple[SpokenWord, ...], *, says_numbers: bool = False
) -> dict[str, list[Any]]:
    """Each character's time: a word's is shared by its characters, white space lies in between."""
    characters: list[str] = []
    starts: list[float] = []
    ends: list[float] = []
    at = 0.0
    timed = iter(words)
    for piece in re.findall(r"\S+|\s+", text):
        word = next(timed) if piece.strip() else None
        from_s, to_s = (at, at) if word is None else (word.start_s, word.end_s)
        said = re.sub(r"\d+", lambda digits: num2words(int(digits.group())), piece) if says_numbers else piece
        for index, character in enumerate(said):
            characters.append(character)
            starts.append(round(from_s + (to_s - from_s) * index / len(said), 3))
            ends.append(round(from_s + (to_s - from_s) * (index + 1) / len(said), 3))
        at = to_s
    return {
        "characters": characters,
        "character_start_times_seconds": starts,
        "character_end_times_seconds": ends,
    }


def _refused(name: str, status: int | None = None) -> Answer:
    known, message = _REFUSALS.get(name, (500, "An internal error occurred."))
    return json_answer({"detail": {"status": name, "message": message}}, status=status or known)
