"""Chat completions without a model: plain, in a shape, and streamed."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from tests.stand_ins.language_model import answer_in, chat_answer
from tests.stand_ins.openai_refusals import Lack, refuse
from tests.stand_ins.published import agrees
from tests.stand_ins.server import Answer, Call, json_answer
from tests.stand_ins.strict_schema import must_be_strict, sample
from tests.stand_ins.told_sheet import told_sheet

CREATED = 1_790_000_000
REFUSAL = "I'm sorry, but I can't help with that."


def tokens_in(text: str) -> int:
    return len(text) // 4 + 1


@dataclass(frozen=True, slots=True)
class _Said:
    refused: str | None
    content: str
    reason: str
    usage: dict[str, int]


def chat(call: Call, lacks: Collection[Lack]) -> Answer:
    """The answer to a chat completion, streamed where it is asked for so."""
    body = call.json()
    known = body if not lacks else {name: value for name, value in body.items() if name != "top_k"}
    agrees("openai", "CreateChatCompletionRequest", known)
    for lack in (Lack.STREAM_OPTIONS, Lack.MAX_COMPLETION_TOKENS, Lack.MAX_TOKENS, Lack.TEMPERATURE):
        if body.get(lack) is not None:
            refuse(lack, lack, lacks)
    wanted = body.get("response_format", {"type": "text"})
    if wanted["type"] != "text":
        refuse(Lack(wanted["type"]), "response_format", lacks)
    content = _content(call, body, wanted)
    reason = {"filter": "content_filter", "cut": "length"}.get(call.told, "stop")
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if call.told == "cut":
        content = content[: len(content) // 2]
    if limit and tokens_in(content) > limit:
        content, reason = content[: limit * 4 - 4], "length"
    refused = REFUSAL if call.told == "refuse" else None
    usage = _usage(body["messages"], refused or content)
    if body.get("stream"):
        return _streamed(call, body, _Said(refused, content, reason, usage))
    message = {"role": "assistant", "content": None if refused else content, "refusal": refused}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
    answer = {
        "id": call_id(call),
        "object": "chat.completion",
        "created": CREATED,
        "model": f"{body['model']}-2026-01-01",
        "choices": [] if call.told == "empty" else [choice],
    }
    if Lack.USAGE not in lacks:
        answer["usage"] = usage
    agrees("openai", "CreateChatCompletionResponse", answer)
    return json_answer(answer, is_paid=True)


def _content(call: Call, body: dict[str, Any], wanted: dict[str, Any]) -> str:
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
        return f"<think>{{What}} shape is that?</think>{_made(call, name, schema, last)}"
    if call.told in {"prose", "wrong"}:
        return "Here is what I think about it." if call.told == "prose" else '{"something": "else"}'
    content = _made(call, name, schema, last)
    if wanted["type"] == "text":
        content = f"Of course! Here it is:\n```json\n{content}\n```"
    return f"{content[: len(content) * 2 // 3]}}}" if call.told == "broken" else content


def _made(call: Call, name: str, schema: dict[str, Any], asked: str) -> str:
    made = answer_in(name, told_sheet(asked), length=0.5 if call.told == "short" else 1.0)
    made = sample(schema, schema) if made is None else made
    Draft202012Validator(schema).validate(made)
    return json.dumps(made, ensure_ascii=False)


def _streamed(call: Call, body: dict[str, Any], said: _Said) -> Answer:
    def chunk(choices: list[dict[str, Any]], **more: Any) -> bytes:
        value = {
            "id": call_id(call),
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


def call_id(call: Call) -> str:
    return f"chatcmpl-{hashlib.sha256(call.body).hexdigest()[:20]}"


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _usage(messages: list[dict[str, Any]], content: str) -> dict[str, int]:
    asked = sum(tokens_in(_text(message["content"])) for message in messages)
    said = tokens_in(content)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
