"""OpenAI's interface without OpenAI, and that of compatible servers, which know less of it.

Requests and answers are checked against the published specification. What else can be told, as `Fault.told`:
`refuse` (the model declines), `filter` (its content filter stops it), `broken` (JSON that is none), `prose`
(no JSON at all), `wrong` (JSON of another shape), `cut` (the length limit was reached), `short` (a script of
half the length), `think` (thoughts before the JSON), `empty` (no choice, no picture), `vanish` (a stream that
ends before its end).
"""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jsonschema import Draft202012Validator

from tests.stand_ins.language_model import answer_in, chat_answer
from tests.stand_ins.media import still, tone_mp3, wav
from tests.stand_ins.published import agrees
from tests.stand_ins.server import Answer, Call, StandIn, json_answer
from tests.stand_ins.strict_schema import must_be_strict, sample
from tests.stand_ins.told_sheet import told_sheet

CREATED = 1_790_000_000
REFUSAL = "I'm sorry, but I can't help with that."
SECONDS_PER_CHARACTER = 0.06
WORDS_PER_SECOND = 2.5


class Lack(StrEnum):
    """What a compatible server does not know, and refuses with a 400."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    STREAM_OPTIONS = "stream_options"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"
    TEMPERATURE = "temperature"
    BASE64 = "b64_json"
    ANY_SIZE = "any_size"
    WORD_TIMES = "verbose_json"
    INSTRUCTIONS = "instructions"
    MODELS = "models"
    USAGE = "usage"  # not refused: left out


def tokens_in(text: str) -> int:
    return len(text) // 4 + 1


@dataclass(frozen=True, slots=True)
class _Said:
    refused: str | None
    content: str
    reason: str
    usage: dict[str, int]


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
            return routes[call.path](call)
        except _Refused as refused:
            return _error(400, str(refused), code="unsupported_parameter", param=refused.param)

    def refusal(self, status: int, call: Call) -> Answer:
        said = {
            401: (f"Incorrect API key provided: {call.key}.", "invalid_request_error", "invalid_api_key"),
            403: ("You are not allowed to use this model.", "invalid_request_error", "permission_denied"),
            404: (f"Invalid URL ({call.method} {call.path})", "invalid_request_error", None),
            429: ("Rate limit reached for requests per min.", "requests", "rate_limit_exceeded"),
        }
        message, kind, code = said.get(status, ("The server had an error.", "server_error", None))
        return _error(status, message, code=code, kind=kind)

    def _refuse(self, lack: Lack, param: str) -> None:
        if lack in self.lacks:
            raise _Refused(f"Unsupported parameter: '{lack}' is not supported with this model.", param)

    # Words.

    def _chat(self, call: Call) -> Answer:
        body = call.json()
        known = body if not self.lacks else {name: value for name, value in body.items() if name != "top_k"}
        agrees("openai", "CreateChatCompletionRequest", known)
        for lack in (Lack.STREAM_OPTIONS, Lack.MAX_COMPLETION_TOKENS, Lack.MAX_TOKENS, Lack.TEMPERATURE):
            if body.get(lack) is not None:
                self._refuse(lack, lack)
        wanted = body.get("response_format", {"type": "text"})
        if wanted["type"] != "text":
            self._refuse(Lack(wanted["type"]), "response_format")
        content = self._content(call, body, wanted)
        reason = {"filter": "content_filter", "cut": "length"}.get(call.told, "stop")
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        if call.told == "cut":
            content = content[: len(content) // 2]
        if limit and tokens_in(content) > limit:
            content, reason = content[: limit * 4 - 4], "length"
        refused = REFUSAL if call.told == "refuse" else None
        usage = _usage(body["messages"], refused or content)
        if body.get("stream"):
            return self._streamed(call, body, _Said(refused, content, reason, usage))
        message = {"role": "assistant", "content": None if refused else content, "refusal": refused}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
        answer = {
            "id": _id(call),
            "object": "chat.completion",
            "created": CREATED,
            "model": f"{body['model']}-2026-01-01",
            "choices": [] if call.told == "empty" else [choice],
        }
        if Lack.USAGE not in self.lacks:
            answer["usage"] = usage
        agrees("openai", "CreateChatCompletionResponse", answer)
        return json_answer(answer, is_paid=True)

    def _content(self, call: Call, body: dict[str, Any], wanted: dict[str, Any]) -> str:
        last = _text(body["messages"][-1]["content"])
        system = _text(body["messages"][0]["content"])
        if wanted["type"] == "json_schema":
            name, schema = wanted["json_schema"]["name"], wanted["json_schema"]["schema"]
            if wanted["json_schema"].get("strict"):
                must_be_strict(schema)
        elif (at := system.find('{"')) >= 0:
            if wanted["type"] == "json_object" and "json" not in system.lower():
                raise AssertionError("with json_object the word JSON must stand in the messages")
            schema, _ = json.JSONDecoder().raw_decode(system[at:])
            name = schema.get("title", "")
        else:
            return chat_answer(last)
        if call.told == "think":
            return f"<think>{{What}} shape is that?</think>{self._made(call, name, schema, last)}"
        if call.told in {"prose", "wrong"}:
            return "Here is what I think about it." if call.told == "prose" else '{"something": "else"}'
        content = self._made(call, name, schema, last)
        if wanted["type"] == "text":
            content = f"Of course! Here it is:\n```json\n{content}\n```"
        return f"{content[: len(content) * 2 // 3]}}}" if call.told == "broken" else content

    def _made(self, call: Call, name: str, schema: dict[str, Any], asked: str) -> str:
        made = answer_in(name, told_sheet(asked), length=0.5 if call.told == "short" else 1.0)
        made = sample(schema, schema) if made is None else made
        Draft202012Validator(schema).validate(made)
        return json.dumps(made, ensure_ascii=False)

    def _streamed(self, call: Call, body: dict[str, Any], said: _Said) -> Answer:
        def chunk(choices: list[dict[str, Any]], **more: Any) -> bytes:
            value = {
                "id": _id(call),
                "object": "chat.completion.chunk",
                "created": CREATED,
                "model": body["model"],
                "choices": choices,
                **more,
            }
            agrees("openai", "CreateChatCompletionStreamResponse", value)
            return f"data: {json.dumps(value)}\n\n".encode()

        def choice(delta: dict[str, Any], end: str | None = None) -> list[dict[str, Any]]:
            return [{"index": 0, "delta": delta, "finish_reason": end}]

        chunks = [chunk(choice({"role": "assistant", "content": ""}))]
        name = "refusal" if said.refused else "content"
        words = (said.refused or said.content).split(" ")
        chunks += [chunk(choice({name: f"{' ' if at else ''}{word}"})) for at, word in enumerate(words)]
        if call.told == "vanish":
            return Answer(chunks=chunks, content_type="text/event-stream", is_paid=True)
        chunks.append(chunk(choice({}, said.reason)))
        if body.get("stream_options", {}).get("include_usage"):
            chunks.append(chunk([], usage=said.usage))
        chunks.append(b"data: [DONE]\n\n")
        return Answer(chunks=chunks, content_type="text/event-stream", is_paid=True)

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
            self._refuse(Lack.BASE64, "response_format")
        if "gpt-image" in body["model"] and "response_format" in body:
            return _error(400, "Unknown parameter: 'response_format'.", param="response_format")
        size = body.get("size", "1024x1024")
        width, height = map(int, size.split("x"))
        usual = {"1024x1024", "1536x1024", "1024x1536"}
        if Lack.ANY_SIZE in self.lacks and size not in usual:
            return _error(400, f"Invalid size '{size}'. Supported sizes are {sorted(usual)}.", param="size")
        if width % 16 or height % 16 or not 1 / 3 <= width / height <= 3:
            return _error(400, f"Invalid size '{size}'.", param="size")
        if call.told == "refuse":
            return _error(
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
            self._refuse(Lack.INSTRUCTIONS, "instructions")
        seconds = max(0.5, round(len(body["input"]) * SECONDS_PER_CHARACTER / body.get("speed", 1) * 2) / 2)
        kind = body.get("response_format", "mp3")
        data = b"" if call.told == "empty" else wav(seconds) if kind == "wav" else tone_mp3(seconds)
        self._spoken[data] = body["input"]
        mime_type = "audio/wav" if kind == "wav" else "audio/mpeg"
        return Answer(data, content_type=mime_type, headers={"x-request-id": _id(call)}, is_paid=True)

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
        self._refuse(Lack.WORD_TIMES, "response_format")
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


class _Refused(Exception):
    def __init__(self, message: str, param: str) -> None:
        super().__init__(message)
        self.param = param


def error_body(
    message: str, *, code: str | None = None, param: str | None = None, kind: str = "invalid_request_error"
) -> bytes:
    """An error as the service words it, for `Fault.body`."""
    value = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    agrees("openai", "ErrorResponse", value)
    return json.dumps(value).encode()


def _error(status: int, message: str, **told: Any) -> Answer:
    return Answer(error_body(message, **told), status=status)


def _id(call: Call) -> str:
    return f"chatcmpl-{hashlib.sha256(call.body).hexdigest()[:20]}"


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _usage(messages: list[dict[str, Any]], content: str) -> dict[str, int]:
    asked = sum(tokens_in(_text(message["content"])) for message in messages)
    said = tokens_in(content)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


@asynccontextmanager
async def open_ai_stand_in(lacks: Iterable[Lack] = ()) -> AsyncIterator[OpenAiStandIn]:
    """A running stand-in; `lacks` make a compatible server of it."""
    async with OpenAiStandIn(lacks) as stand_in:
        yield stand_in
