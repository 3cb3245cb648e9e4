"""A prediction from its order to its output: bought once, waited for by whoever is there.

Replicate is asked how a prediction stands (polled); it could also call a webhook, but an installation need
not be reachable from outside, a call may come twice, late or never, and a worker that waits has to look
anyway.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from replicate.prediction import Prediction

from providers.errors import (
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from providers.protocols.offer import Usage
from providers.protocols.prediction import Tab, Ticket
from providers.replicate.client import ReplicateClient
from providers.replicate.files import Downloads, Expired, Fetched, InputFile, is_address
from providers.replicate.inputs import in_our_words
from providers.replicate.options import NAME, ReplicateModel
from providers.replicate.orphans import Orphans
from providers.replicate.transport import Missing

_SLOWER_BY = 1.5
_SLOWEST = 5.0  # times the first pause
_OVER = frozenset({"succeeded", "failed", "canceled"})
_REMEMBERED = 10_000
_LOOKS_AFTER_THE_END = 5
_REFUSAL = re.compile(
    r"E005|NSFW|sensitive|flagged|content.?policy|moderat(?:ed|ion)|safety (?:checker|filter|system)"
    r"|prohibited|inappropriate",
    re.IGNORECASE,
)
_INPUT_FAULT = re.compile(r"\bE006\b|invalid input", re.IGNORECASE)


class _Over(Exception):
    """The prediction is over and gives nothing, now or later."""

    def __init__(self, error: ProviderError) -> None:
        super().__init__(str(error))
        self.error = error


class Predictions:
    """Buys, awaits, adopts and fetches predictions with one key.

    Args:
        client: that key's.
        poll_s: the first pause between looks.
        timeout_s: how long one call waits for an end.
    """

    def __init__(self, client: ReplicateClient, *, poll_s: float, timeout_s: float) -> None:
        self._client = client
        self._downloads = Downloads(client)
        self._orphans = Orphans(client, self._downloads)
        self._poll_s = poll_s
        self._timeout_s = timeout_s
        self._kept: deque[str] = deque(maxlen=_REMEMBERED)

    async def made(
        self,
        tab: Tab,
        model: ReplicateModel,
        given: Mapping[str, Any],
        max_bytes: int,
        taken: Callable[[Prediction], Usage],
    ) -> tuple[Fetched, Usage]:
        """The output, bought if it was not yet, and what it took.

        Args:
            tab: where it is noted.
            model: to ask.
            given: its input; files are `InputFile`s, alone or in lists.
            max_bytes: of the output.
            taken: says what a prediction that is over took; errors after it carry that too.

        Raises:
            ProviderUnavailable: it cannot be had now. While the tab has its ticket, a new try buys nothing.
            ContentRefused: the model's rules forbid it.
            InvalidRequest: it does not take the input.
        """
        ticket = tab.ticket or await self._bought(tab, model, given)
        for is_last in (False, True):
            # Asked a second time, it names fresh addresses, if there are any.
            prediction = await self._ended(tab, ticket)
            try:
                return await self._output(prediction, max_bytes), taken(prediction)
            except Expired:
                failure: ProviderError = ProviderUnavailable(
                    NAME, f"the output of prediction {ticket.id} expired before it was fetched."
                )
                if not is_last:
                    continue
            except _Over as over:
                failure = over.error
            break
        await tab.discard()
        failure.usage = taken(prediction)
        raise failure

    async def ended_soon(self, prediction_id: str) -> Prediction | None:
        """A prediction that was called off, when it is over; None if nobody knows it.

        Raises:
            ProviderUnavailable: it cannot be looked at now, or is not over yet: what it took is not known.
        """
        for _ in range(_LOOKS_AFTER_THE_END):
            try:
                prediction = await self._client.prediction(prediction_id)
            except Missing:
                return None
            if prediction.status in _OVER:
                return prediction
            await asyncio.sleep(self._poll_s)
        raise ProviderUnavailable(NAME, f"prediction {prediction_id} was called off and is not over yet.")

    async def close(self) -> None:
        """Close the connections."""
        await self._downloads.close()

    async def _bought(self, tab: Tab, model: ReplicateModel, given: Mapping[str, Any]) -> Ticket:
        prediction = None
        if tab.opened_at is not None:
            prediction = await self._orphans.found(tab.opened_at, model, given, kept=self._kept)
        if prediction is None:
            sent = {name: await self._as_sent(value) for name, value in given.items()}
            await tab.open(model.plain_name)
            try:
                prediction = await self._client.create(model, sent)
            except (KeyRefused, ProviderBusy):  # for certain, nothing was bought
                await tab.discard()
                raise
            except InvalidRequest as error:
                await tab.discard()
                raise in_our_words(model, error) from error
        ticket = Ticket(NAME, model.plain_name, prediction.id)
        await tab.keep(ticket)
        self._kept.append(prediction.id)
        return ticket

    async def _as_sent(self, value: Any) -> Any:
        if isinstance(value, InputFile):
            return await value.address(self._client)
        if isinstance(value, list):
            return [await self._as_sent(each) for each in value]
        return value

    async def _ended(self, tab: Tab, ticket: Ticket) -> Prediction:
        """The prediction when it is over; looks again and again, and lets nothing but time end that."""
        loop = asyncio.get_running_loop()
        ends, pause_s = loop.time() + self._timeout_s, self._poll_s
        while True:
            wait_s, last = pause_s, None
            try:
                prediction = await self._client.prediction(ticket.id)
                if prediction.status in _OVER:
                    return prediction
            except Missing as error:
                await tab.discard()
                raise ProviderUnavailable(NAME, f"prediction {ticket.id} is not known there.") from error
            except ProviderUnavailable as error:
                if not error.retryable:
                    raise
                last, wait_s = error, error.retry_after_s or pause_s
            if loop.time() + wait_s > ends:
                raise last or ProviderUnavailable(
                    NAME, f"prediction {ticket.id} has not ended within {self._timeout_s:.0f} s; it goes on."
                )
            await asyncio.sleep(wait_s)
            pause_s = min(pause_s * _SLOWER_BY, self._poll_s * _SLOWEST)

    async def _output(self, prediction: Prediction, max_bytes: int) -> Fetched:
        if prediction.status != "succeeded":
            raise _Over(_failure(prediction))
        address = _first_address(prediction.output)
        if address is None and prediction.output:
            raise _Over(ProviderUnavailable(NAME, f"{prediction.model} made no file.", retryable=False))
        if address is None:
            raise Expired(NAME, "the output is not there any more.")
        try:
            return await self._downloads.fetch(address, max_bytes)
        except ProviderUnavailable as error:
            if error.retryable:
                raise
            raise _Over(error) from error


def _first_address(output: Any) -> str | None:
    if is_address(output):
        return str(output)
    inner = output if isinstance(output, list) else output.values() if isinstance(output, dict) else ()
    return next((found for each in inner if (found := _first_address(each)) is not None), None)


def _failure(prediction: Prediction) -> ProviderError:
    """What a prediction that gave nothing means."""
    if prediction.status == "canceled":
        return ProviderUnavailable(NAME, f"prediction {prediction.id} was called off there.")
    why = " ".join((prediction.error or "it gave no reason").split()).rstrip(".") + "."
    if _REFUSAL.search(why):
        return ContentRefused(NAME, why)
    return ProviderUnavailable(
        NAME, f"{prediction.model} failed: {why}", retryable=_INPUT_FAULT.search(why) is None
    )
