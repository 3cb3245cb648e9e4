"""OpenAI's interface without OpenAI, and that of compatible servers, which know less of it.

Requests and answers are checked against the published specification. What else can be told, as `Fault.told`:
`refuse` (the model declines), `filter` (its content filter stops it), `broken` (JSON that is none), `prose`
(no JSON at all), `wrong` (JSON of another shape), `cut` (the length limit was reached), `short` (a script of
half the length), `think` (thoughts before the JSON), `empty` (no choice, no picture), `vanish` (a stream that
ends before its end).
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from tests.stand_ins.media import still, tone_mp3, wav
from tests.stand_ins.openai_chat import CREATED, call_id, chat, tokens_in
from tests.stand_ins.openai_refusals import Lack, Refused, error, refuse
from tests.stand_ins.published import agrees
from tests.stand_ins.server import Answer, Call, StandIn, json_answer

SECONDS_PER_CHARACTER = 0.06
WORDS_PER_SECOND = 2.5


class OpenAiStandIn(StandIn):
    """Takes every key but the refused ones.

    Attributes:
        lacks: what it does not know.
        refused_keys: keys that it does not take.
        heard: what transcriptions say of a recording that it did not speak itself.
    """

    def __init__(self, lacks: Iterable[Lack] = ()) -> None:
        super().__init__()
        self.lacks = frozenset(lacks)
        self.refused_keys: set[str] = set()
        self.heard = "This is what somebody said."
        self._spoken: dict[bytes, str] = {}
        self._pictures: dict[str, bytes] = {}

    async def answer(self, call: Call) -> Answer:
        if call.path.startswith("/pictures/"):
            return Answer(self._pictures[call.path], content_type="image/png")
        if not call.key or call.key in self.refused_keys:
            return self.refusal(401, call)
        routes = {
            "/v1/chat/completions": self._chat,
            "/v1/images/generations": self._image,
            "/v1/images/edits": self._edit,
            "/v1/audio/speech": self._speech,
            "/v1/audio/transcriptions": self._transcription,
            "/v1/models": self._models,
        }
        if call.path not in routes or (call.path == "/v1/models" and Lack.MODELS in self.lacks):
            return self.refusal(404, call)
        try:
            made = routes[call.path](call)
        except Refused as refused:
            return error(400, str(refused), code="unsupported_parameter", param=refused.param)
        made.headers = {**made.headers, "x-request-id": call_id(call)}
        return made

    def refusal(self, status: int, call: Call) -> Answer:
        said = {
            401: (f"Incorrect API key provided: {call.key}.", "invalid_request_error", "invalid_api_key"),
            403: ("You are not allowed to use this model.", "invalid_request_error", "permission_denied"),
            404: (f"Invalid URL ({call.method} {call.path})", "invalid_request_error", None),
            429: ("Rate limit reached for requests per min.", "requests", "rate_limit_exceeded"),
        }
        message, kind, code = said.get(status, ("The server had an error.", "server_error", None))
        return error(status, message, code=code, kind=kind)

    def _chat(self, call: Call) -> Answer:
        return chat(call, self.lacks)

    # Pictures.

    def _image(self, call: Call) -> Answer:
        body = call.json()
        agrees("openai", "CreateImageRequest", body)
        return self._drawn(call, body, [])

    def _edit(self, call: Call) -> Answer:
        form: dict[str, Any] = {"image": []}
        sources = []
        for part in call.parts():
            if part.filename is None:
                form[part.name] = int(part.text) if part.name == "n" else part.text
            elif part.name in {"image", "image[]"}:
                form["image"].append("…")
                sources.append(part.data)
            else:
                form[part.name] = "…"
        agrees("openai", "CreateImageEditRequest", form)
        return self._drawn(call, form, sources)

    def _drawn(self, call: Call, body: dict[str, Any], sources: list[bytes]) -> Answer:
        if body.get("response_format") == "b64_json":
            refuse(Lack.BASE64, "response_format", self.lacks)
        if "gpt-image" in body["model"] and "response_format" in body:
            return error(400, "Unknown parameter: 'response_format'.", param="response_format")
        size = body.get("size", "1024x1024")
        width, height = map(int, size.split("x"))
        usual = {"1024x1024", "1536x1024", "1024x1536"}
        if Lack.ANY_SIZE in self.lacks and size not in usual:
            return error(400, f"Invalid size '{size}'. Supported sizes are {sorted(usual)}.", param="size")
        if width % 16 or height % 16 or not 1 / 3 <= width / height <= 3:
            return error(400, f"Invalid size '{size}'.", param="size")
        if call.told == "refuse":
            return error(
                400,
                "Your request was rejected by the safety system.",
                code="moderation_blocked",
                kind="image_generation_user_error",
            )
        seed = hashlib.sha256(body["prompt"].encode() + b"".join(sources)).digest()
        data = still(width, height, int.from_bytes(seed[:2]), "PNG")
        answer: dict[str, Any] = {
            "created": CREATED,
            "data": [] if call.told == "empty" else [self._shown(data)],
        }
        if "gpt-image" in body["model"]:
            text, images = tokens_in(body["prompt"]), 300 * len(sources)
            answer["usage"] = {
                "input_tokens": text + images,
                "output_tokens": width * height // 1024,
                "total_tokens": text + images + width * height // 1024,
                "input_tokens_details": {"text_tokens": text, "image_tokens": images},
            }
        agrees("openai", "ImagesResponse", answer)
        return json_answer(answer, is_paid=True)

    def _shown(self, data: bytes) -> dict[str, str]:
        if Lack.BASE64 not in self.lacks:
            return {"b64_json": base64.b64encode(data).decode()}
        path = f"/pictures/{hashlib.sha256(data).hexdigest()[:12]}.png"
        self._pictures[path] = data
        return {"url": f"{self.url}{path}"}

    # Sounds.

    def _speech(self, call: Call) -> Answer:
        body = call.json()
        agrees("openai", "CreateSpeechRequest", body)
        if "instructions" in body:
            refuse(Lack.INSTRUCTIONS, "instructions", self.lacks)
        seconds = max(0.5, round(len(body["input"]) * SECONDS_PER_CHARACTER / body.get("speed", 1) * 2) / 2)
        kind = body.get("response_format", "mp3")
        data = b"" if call.told == "empty" else wav(seconds) if kind == "wav" else tone_mp3(seconds)
        self._spoken[data] = body["input"]
        mime_type = "audio/wav" if kind == "wav" else "audio/mpeg"
        return Answer(data, content_type=mime_type, is_paid=True)

    def _transcription(self, call: Call) -> Answer:
        form: dict[str, Any] = {}
        data = b""
        for part in call.parts():
            if part.filename is not None:
                form[part.name], data = "…", part.data
            elif part.name.endswith("[]"):
                form.setdefault(part.name[:-2], []).append(part.text)
            else:
                form[part.name] = part.text
        agrees("openai", "CreateTranscriptionRequest", form)
        text = self._spoken.get(data, self.heard)
        words = text.split()
        duration = len(words) / WORDS_PER_SECOND
        if form.get("response_format") != "verbose_json":
            counted = {"input_tokens": 40, "output_tokens": tokens_in(text)}
            usage = {"type": "tokens", **counted, "total_tokens": sum(counted.values())}
            answer = {"text": text, "usage": usage}
            agrees("openai", "CreateTranscriptionResponseJson", answer)
            return json_answer(answer, is_paid=True)
        refuse(Lack.WORD_TIMES, "response_format", self.lacks)
        timed = [
            {"word": word.strip(".,!?"), "start": at / WORDS_PER_SECOND, "end": (at + 1) / WORDS_PER_SECOND}
            for at, word in enumerate(words)
        ]
        verbose = {
            "language": form.get("language", "english"),
            "duration": duration,
            "text": text,
            "words": timed,
            "usage": {"type": "duration", "seconds": duration},
        }
        agrees("openai", "CreateTranscriptionResponseVerboseJson", verbose)
        return json_answer(verbose, is_paid=True)

    def _models(self, call: Call) -> Answer:  # noqa: ARG002
        model = {"id": "gpt-5.4-mini", "object": "model", "created": CREATED, "owned_by": "system"}
        answer = {"object": "list", "data": [model]}
        agrees("openai", "ListModelsResponse", answer)
        return json_answer(answer)


@asynccontextmanager
async def open_ai_stand_in(lacks: Iterable[Lack] = ()) -> AsyncIterator[OpenAiStandIn]:
    """A running stand-in; `lacks` make a compatible server of it."""
    async with OpenAiStandIn(lacks) as stand_in:
        yield stand_in
