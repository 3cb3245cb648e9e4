"""ElevenLabs with one key: its own client, each call on the line, each failure in our words."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from elevenlabs.client import AsyncElevenLabs
from elevenlabs.core.request_options import RequestOptions

from providers.elevenlabs.errors import translated
from providers.elevenlabs.options import NAME, ElevenLabsOptions
from providers.line import Gate, Line
from providers.prices import PriceList
from providers.protocols.offer import Usage
from providers.service import Account, Whose

FORMAT = "mp3_44100_128"
MIME_TYPE = "audio/mpeg"


class Connection:
    """What all makers with one key share.

    Args:
        options: the operator's.
        account: whose key it is.
        prices: the operator's.
        gate: shared with all other lines.
    """

    def __init__(
        self, options: ElevenLabsOptions, account: Account, *, prices: PriceList, gate: Gate
    ) -> None:
        self.options = options
        self.prices = prices
        self.whose: Whose = account.whose
        self.once = RequestOptions(max_retries=0)
        self._key = account.key
        self._line = Line(NAME, account.fingerprint, limits=options.limits, gate=gate)
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(options.timeout_s), follow_redirects=False)
        self._client = AsyncElevenLabs(
            api_key=account.key,
            base_url=options.base_url,
            timeout=options.timeout_s,
            httpx_client=self._http,
        )

    @asynccontextmanager
    async def call(self) -> AsyncIterator[AsyncElevenLabs]:
        """Make one call with the client; what it raises comes out as our own errors."""
        async with self._line.call(timeout_s=self.options.timeout_s):
            with translated(self._key):
                yield self._client

    def usage(
        self, model: str, began: float, headers: Mapping[str, str], *, characters: int, seconds: float = 0.0
    ) -> Usage:
        """What a call took: its characters as the answer counts them, or as we do."""
        counted = headers.get("character-cost", "")
        billed = int(counted) if counted.isdecimal() else characters
        price = self.prices.price(NAME, model)
        return Usage(
            provider=NAME,
            model=model,
            duration_ms=round((time.perf_counter() - began) * 1000),
            cost_micros=0 if price is None else price.micros(characters=billed, seconds=seconds),
            currency="USD" if price is None else price.currency,
            is_priced=price is not None,
            characters=billed,
            seconds=seconds,
            provider_id=headers.get("request-id"),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
