"""Talking as a persona, word after word."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

from openai import AsyncStream
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletionChunk

from providers.errors import ContentRefused, InvalidRequest, ProviderUnavailable
from providers.language.prompts.chat import chat_system
from providers.openai.completion import Wish, stream
from providers.openai.maker import Maker
from providers.openai.written import one_line
from providers.protocols.chat import ChatEnd, Conversation
from providers.protocols.offer import Capability

_Pieces = asyncio.Queue[str | ChatEnd | None]


@dataclass(slots=True)
class _Heard:
    """What a stream said besides its words."""

    id: str | None = None
    usage: CompletionUsage | None = None
    refusal: str = ""
    reason: str | None = None


class OpenAiConverser(Maker):
    """Answers as a persona."""

    capability: ClassVar[Capability] = Capability.CHAT

    async def converse(self, conversation: Conversation) -> AsyncIterator[str | ChatEnd]:
        """The answer in pieces as they come; a `ChatEnd` ends it. Closing the iterator stops the call.

        Raises:
            InvalidRequest: the last turn is not the user's.
            ContentRefused: the model will not answer.
            ProviderUnavailable: no answer, or it broke off.
        """
        if not conversation.turns or conversation.turns[-1].role != "user":
            raise InvalidRequest("turns", "The last turn must be the user's.")
        pieces: _Pieces = asyncio.Queue()
        # The call has a task of its own: its time-out must not strike whoever takes the pieces.
        reading = asyncio.create_task(self._read(conversation, pieces))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            await reading
        finally:
            reading.cancel()
            await asyncio.wait([reading])
            if not reading.cancelled():
                reading.exception()  # seen: it was raised above, or nobody listens any more

    async def _read(self, conversation: Conversation, pieces: _Pieces) -> None:
        model = conversation.model or self._model
        meter = self._connection.meter(model)
        wish = Wish(model, conversation.persona)
        try:
            with meter.charging():
                async with self._connection.call() as client:
                    answer = await stream(self._connection, client, _messages(conversation), wish)
                    async with answer:
                        heard = await _taken(answer, pieces)
                meter.answered_in_tokens(heard.id, heard.usage)
                self._check(heard)
            pieces.put_nowait(ChatEnd(meter.usage(), is_cut=heard.reason == "length"))
        finally:
            pieces.put_nowait(None)

    def _check(self, heard: _Heard) -> None:
        provider = self._connection.provider
        if heard.refusal:
            raise ContentRefused(provider, one_line(heard.refusal))
        if heard.reason == "content_filter":
            raise ContentRefused(provider, "its content filter stopped the answer.")
        if heard.reason is None:
            raise ProviderUnavailable(provider, "the connection broke off before its answer was whole.")


async def _taken(answer: AsyncStream[ChatCompletionChunk], pieces: _Pieces) -> _Heard:
    """Pass on the words, and keep the rest."""
    heard = _Heard()
    async for chunk in answer:
        heard.id = chunk.id or heard.id
        heard.usage = chunk.usage or heard.usage
        for choice in chunk.choices or ():
            heard.refusal += choice.delta.refusal or ""
            heard.reason = choice.finish_reason or heard.reason
            if choice.delta.content:
                pieces.put_nowait(choice.delta.content)
    return heard


def _messages(conversation: Conversation) -> list[dict[str, Any]]:
    turns = [{"role": turn.role, "content": turn.text} for turn in conversation.turns]
    return [{"role": "system", "content": chat_system(conversation)}, *turns]
