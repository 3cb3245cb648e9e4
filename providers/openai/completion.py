"""One chat completion, in the server's own dialect."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from openai import APIStatusError, AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from providers.errors import ProviderUnavailable
from providers.language.sheet import Prompt
from providers.openai.client import Connection
from providers.openai.dialect import Feature
from providers.openai.options import OPENAI
from providers.protocols.persona import Persona

LENGTH_RULE = "Your whole answer has at most {} tokens, its JSON included: say less rather than break off."
SCHEMA_RULE = "Answer with one JSON object and nothing else. It follows this JSON schema:"


@dataclass(frozen=True, slots=True)
class Wish:
    """How an answer is made: by which model, as whom, and how long at the most.

    `spells_out` says that the schema stands in the words too, whatever else carries it.
    """

    model: str
    persona: Persona | None = None
    max_tokens: int | None = None
    spells_out: bool = False

    @property
    def most_tokens(self) -> int | None:
        """Length at the most: no persona answers at greater length than its own."""
        own = None if self.persona is None else self.persona.max_output_tokens
        return min((each for each in (self.max_tokens, own) if each is not None), default=None)


async def complete(
    connection: Connection, prompt: Prompt, wish: Wish, *, shape: dict[str, Any]
) -> ChatCompletion:
    """The answer to a prompt in that shape: a name and a strict JSON schema.

    A server that refuses a part of the question for not knowing it is asked without that part, at once: such
    a refusal is neither paid nor a failure.
    """
    async with connection.call() as client:
        while True:
            body, used = _body(connection, prompt, wish, shape)
            try:
                answer = await client.chat.completions.create(**body)
            except APIStatusError as error:
                if not connection.dialect.learn(wish.model, error, used):
                    raise
            else:
                return _whole(answer, connection.provider)


async def stream(
    connection: Connection, client: AsyncOpenAI, messages: list[dict[str, Any]], wish: Wish
) -> AsyncStream[ChatCompletionChunk]:
    """The answer to a talk as it comes. `client` is inside the connection's call."""
    while True:
        body, used = _manner(connection, wish)
        body |= {"messages": messages, "stream": True}
        if not connection.dialect.lacks(wish.model, Feature.STREAM_OPTIONS):
            body["stream_options"] = {"include_usage": True}
            used.append(Feature.STREAM_OPTIONS)
        try:
            answer: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(**body)
        except APIStatusError as error:
            if not connection.dialect.learn(wish.model, error, tuple(used)):
                raise
        else:
            return answer


def _body(
    connection: Connection, prompt: Prompt, wish: Wish, shape: dict[str, Any]
) -> tuple[dict[str, Any], tuple[Feature, ...]]:
    """The request, and the features that it uses and the server may lack."""
    body, used = _manner(connection, wish)
    system = prompt.system
    if wish.persona is not None:
        system = f"{wish.persona.instructions.strip()}\n\n{system}"
        if wish.persona.max_output_tokens is not None:
            system += f"\n\n{LENGTH_RULE.format(wish.persona.max_output_tokens)}"
    lacks = connection.dialect.lacks
    takes_schema = not lacks(wish.model, Feature.JSON_SCHEMA)
    if wish.spells_out or not takes_schema:
        system += f"\n\n{SCHEMA_RULE}\n{json.dumps(shape['schema'], ensure_ascii=False)}"
    if takes_schema:
        body["response_format"] = {"type": "json_schema", "json_schema": shape}
        used.append(Feature.JSON_SCHEMA)
    elif not lacks(wish.model, Feature.JSON_OBJECT):
        body["response_format"] = {"type": "json_object"}
        used.append(Feature.JSON_OBJECT)
    body["messages"] = [{"role": "system", "content": system}, {"role": "user", "content": _user(prompt)}]
    return body, tuple(used)


def _manner(connection: Connection, wish: Wish) -> tuple[dict[str, Any], list[Feature]]:
    """Model, length and freedom, as this server takes them."""
    body: dict[str, Any] = {"model": wish.model}
    used: list[Feature] = []
    lacks = connection.dialect.lacks
    persona = wish.persona
    if wish.most_tokens is not None:
        names = [Feature.MAX_COMPLETION_TOKENS, Feature.MAX_TOKENS]
        if connection.provider != OPENAI:
            names.reverse()  # the older name is the one that most other servers know
        name = next((name for name in names if not lacks(wish.model, name)), None)
        if name is not None:
            body[name.value] = wish.most_tokens
            used.append(name)
    if persona is not None and persona.temperature is not None and not lacks(wish.model, Feature.TEMPERATURE):
        body["temperature"] = persona.temperature
        used.append(Feature.TEMPERATURE)
    if persona is not None and persona.top_p is not None and not lacks(wish.model, Feature.TOP_P):
        body["top_p"] = persona.top_p
        used.append(Feature.TOP_P)
    is_own = connection.provider == OPENAI  # which knows no such setting; many other servers do
    if (
        persona is not None
        and persona.top_k is not None
        and not is_own
        and not lacks(wish.model, Feature.TOP_K)
    ):
        body["extra_body"] = {"top_k": persona.top_k}
        used.append(Feature.TOP_K)
    return body, used


def _user(prompt: Prompt) -> str | list[dict[str, Any]]:
    if not prompt.pictures:
        return prompt.user
    pictures = [
        {
            "type": "image_url",
            "image_url": {"url": f"data:{mime_type};base64,{base64.b64encode(data).decode()}"},
        }
        for data, mime_type in prompt.pictures
    ]
    return [{"type": "text", "text": prompt.user}, *pictures]


def _whole(answer: Any, provider: str) -> ChatCompletion:
    """The answer, if it is one: the client hands on whatever a server sends."""
    if not isinstance(answer, ChatCompletion) or not isinstance(answer.choices, list | None):
        raise ProviderUnavailable(provider, "its answer is no chat completion.")
    return answer
