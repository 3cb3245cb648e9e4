"""One key's way to one server: the client, its line, and what was learnt about the server."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from openai import AsyncOpenAI

from providers.line import Gate, Line
from providers.openai.dialect import Dialect
from providers.openai.errors import KeyAdvice, translated
from providers.openai.meter import Meter
from providers.openai.options import OpenAiOptions
from providers.prices import PriceList
from providers.protocols.offer import Capability, ModelFacts, Offer, VoiceOffer
from providers.service import Account

CONNECT_TIMEOUT_S = 10.0
NO_KEY = "none"  # the client asks for a key even where the server does not


class Connection:
    """Shared by all makers of one key.

    Args:
        options: of the server.
        account: whose key it is; an empty one at a server that needs none.
        prices: the operator's.
        gate: shared by all lines.
        lacks: what models of the server were found to lack, shared by all connections to it.
    """

    def __init__(
        self,
        options: OpenAiOptions,
        account: Account,
        *,
        prices: PriceList,
        gate: Gate,
        lacks: defaultdict[str, set[str]],
    ) -> None:
        self.options = options
        self.dialect = Dialect(lacks)
        self._prices = prices
        self._key = account.key
        self._advice = KeyAdvice(
            provider=options.name,
            setting=options.key_setting,
            whose=account.whose,
            takes_keys=options.takes_keys,
            key=self._key,
        )
        self._line = Line(options.name, account.fingerprint, limits=options.limits, gate=gate)
        self._client: AsyncOpenAI | None = None

    @property
    def provider(self) -> str:
        """The server's name."""
        return self.options.name

    @asynccontextmanager
    async def call(self, *, timeout_s: float | None = None) -> AsyncIterator[AsyncOpenAI]:
        """One call: the client, inside the line's limits, with its errors made ours.

        It takes `timeout_s` at the most; None for the server's usual time.
        """
        async with self._line.call(timeout_s=timeout_s or self.options.timeout_s):
            with translated(self._advice):
                yield self._opened()

    def meter(self, model: str) -> Meter:
        """Counts what one piece of work takes."""
        return Meter(self.provider, model, prices=self._prices, is_free=self.options.is_free)

    def offer(
        self,
        capability: Capability,
        model: str,
        *,
        voices: tuple[VoiceOffer, ...] = (),
        max_text_characters: int | None = None,
        max_topic_characters: int | None = None,
        takes_references: bool = False,
        takes_masks: bool = False,
        facts: tuple[ModelFacts, ...] = (),
    ) -> Offer:
        """What this connection's maker of that capability offers."""
        return Offer(
            capability=capability,
            provider=self.provider,
            models=(model,),
            voices=voices,
            is_free=self.options.is_free,
            whose_key=self._advice.whose.value,
            prices=self._prices.of(self.provider, (model,)),
            max_text_characters=max_text_characters,
            max_topic_characters=max_topic_characters,
            takes_references=takes_references,
            takes_masks=takes_masks,
            facts=facts,
        )

    async def close(self) -> None:
        """Close the client, if it was ever opened."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _opened(self) -> AsyncOpenAI:
        if self._client is None:
            self._client = AsyncOpenAI(
                api_key=self._key or NO_KEY,
                base_url=self.options.url,
                timeout=httpx2.Timeout(self.options.timeout_s, connect=CONNECT_TIMEOUT_S),
                max_retries=0,
            )
        return self._client
