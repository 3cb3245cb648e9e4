"""Replicate as a whole."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from providers.errors import InvalidRequest
from providers.key_ring import KeyRing
from providers.line import Gate, Line
from providers.prices import PriceList
from providers.protocols.offer import Capability, Offer, Provides
from providers.protocols.prediction import Ticket
from providers.replicate.client import ReplicateClient
from providers.replicate.clip import ReplicateClipMaker
from providers.replicate.image import ReplicateImageEditor, ReplicateImageMaker
from providers.replicate.lip_sync import ReplicateLipSyncer
from providers.replicate.maker import Workbench
from providers.replicate.models import models_of
from providers.replicate.music import ReplicateComposer
from providers.replicate.options import KEY_SETTING, NAME, ReplicateModel, ReplicateOptions
from providers.replicate.prediction import Predictions
from providers.replicate.transport import Missing
from providers.service import Account, Whose

_MAKERS: Mapping[Capability, Callable[[Workbench, Sequence[ReplicateModel]], Provides]] = {
    Capability.IMAGE: ReplicateImageMaker,
    Capability.IMAGE_EDIT: ReplicateImageEditor,
    Capability.CLIP: ReplicateClipMaker,
    Capability.MUSIC: ReplicateComposer,
    Capability.LIP_SYNC: ReplicateLipSyncer,
}


@dataclass(frozen=True, slots=True)
class _Keyed:
    """What is there for one key."""

    client: ReplicateClient
    predictions: Predictions
    makers: Mapping[Capability, Provides]

    async def close(self) -> None:
        await self.predictions.close()
        await self.client.close()


class ReplicateService:
    """Models by their names, charged by the second or the piece.

    Args:
        options: the operator's.
        prices: the operator's; Replicate's answers name none.
        gate: shared with all other lines.
    """

    name = NAME
    takes_keys = True

    def __init__(self, options: ReplicateOptions, prices: PriceList, gate: Gate) -> None:
        self._options = options
        self._prices = prices
        self._gate = gate
        self._own = None if not options.api_token else Account(options.api_token, Whose.INSTALLATION)
        self._keys = KeyRing(self._opened)

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:
        """All that it can do; nothing without a token."""
        account = account or self._own
        return {} if account is None else self._keys.of(account).makers

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:
        """Without a token, all that it could do with one."""
        if account is not None or self._own is not None:
            return ()
        why = f"Replicate needs a token: set {KEY_SETTING}, or save your own with saveProviderKey."
        return tuple(
            Offer(
                capability=capability,
                provider=NAME,
                models=tuple(model.plain_name for model in models_of(capability, self._options)),
                available=False,
                reason_unavailable=why,
            )
            for capability in _MAKERS
        )

    async def check(self, key: str) -> None:
        """Ask whose the token is."""
        client = self._client(Account(key, Whose.USER))
        try:
            await client.account()
        finally:
            await client.close()

    async def call_off(self, ticket: Ticket, account: Account | None) -> None:
        """Stop a prediction; one that is over or unknown is left alone."""
        account = account or self._own
        if account is None:
            return
        with suppress(Missing, InvalidRequest):  # what is over is answered with 404 or 422
            await self._keys.of(account).client.cancel(ticket.id)

    async def close(self) -> None:
        """Close all connections."""
        await self._keys.close()

    def _client(self, account: Account) -> ReplicateClient:
        line = Line(NAME, account.fingerprint, limits=self._options.limits, gate=self._gate)
        options = self._options
        return ReplicateClient(account.key, options.base_url, line, timeout_s=options.timeout_s)

    def _opened(self, account: Account) -> _Keyed:
        client, options = self._client(account), self._options
        predictions = Predictions(client, poll_s=options.poll_s, timeout_s=options.timeout_s)
        workbench = Workbench(predictions, self._prices, account.whose)
        makers = {
            capability: maker(workbench, models_of(capability, options))
            for capability, maker in _MAKERS.items()
        }
        return _Keyed(client, predictions, makers)
