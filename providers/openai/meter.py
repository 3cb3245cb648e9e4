"""What the calls of one piece of work took, added up."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from openai.types import CompletionUsage

from providers.errors import ProviderError
from providers.prices import Price, PriceList
from providers.protocols.offer import Usage


class Meter:
    """Counts from its making to `usage`.

    Args:
        provider: whose calls these are.
        model: that answers them.
        prices: the operator's.
        is_free: the provider charges nothing.
    """

    def __init__(self, provider: str, model: str, *, prices: PriceList, is_free: bool) -> None:
        self._provider = provider
        self._model = model
        self._price = prices.price(provider, model) or (Price() if is_free else None)
        self._began = time.perf_counter()
        self._calls = self._input_tokens = self._output_tokens = self._images = self._characters = 0
        self._seconds = 0.0
        self._is_counted = True
        self._id: str | None = None

    def answered(
        self,
        provider_id: str | None,
        *,
        input_tokens: int = 0,
        output_tokens: int = 0,
        images: int = 0,
        characters: int = 0,
        seconds: float = 0.0,
    ) -> None:
        """Count one answer."""
        self._calls += 1
        self._id = provider_id or self._id
        self._input_tokens += input_tokens
        self._output_tokens += output_tokens
        self._images += images
        self._characters += characters
        self._seconds += seconds

    def answered_in_tokens(self, provider_id: str | None, usage: CompletionUsage | None) -> None:
        """Count one answer in words; where the server does not say how long it is, its price is not known."""
        if usage is None:
            self._is_counted = self._is_counted and not self._is_charged_by_token()
            self.answered(provider_id)
        else:
            self.answered(
                provider_id, input_tokens=usage.prompt_tokens, output_tokens=usage.completion_tokens
            )

    @contextmanager
    def charging(self) -> Iterator[None]:
        """Have errors from inside tell what was answered, and is charged, all the same."""
        try:
            yield
        except ProviderError as error:
            if self._calls:
                error.usage = self.usage()
            raise

    def usage(self) -> Usage:
        """All of it, and its price."""
        return Usage(
            provider=self._provider,
            model=self._model,
            duration_ms=round((time.perf_counter() - self._began) * 1000),
            cost_micros=0 if self._price is None else self._cost_micros(self._price),
            currency="USD" if self._price is None else self._price.currency,
            is_priced=self._price is not None and self._is_counted,
            input_tokens=self._input_tokens,
            output_tokens=self._output_tokens,
            characters=self._characters,
            images=self._images,
            seconds=self._seconds,
            provider_id=self._id,
        )

    def _is_charged_by_token(self) -> bool:
        price = self._price
        return price is not None and bool(price.per_million_input_tokens or price.per_million_output_tokens)

    def _cost_micros(self, price: Price) -> int:
        return price.micros(
            calls=self._calls,
            images=self._images,
            seconds=self._seconds,
            characters=self._characters,
            input_tokens=self._input_tokens,
            output_tokens=self._output_tokens,
        )
