"""All that one token can be used for at Replicate."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from providers.errors import InvalidRequest
from providers.line import Gate, Line
from providers.prices import PriceList
from providers.protocols.offer import Capability, Provides, Usage
from providers.protocols.prediction import Ticket
from providers.replicate.client import ReplicateClient
from providers.replicate.clip import ReplicateClipMaker
from providers.replicate.image import ReplicateImageEditor, ReplicateImageMaker
from providers.replicate.lip_sync import ReplicateLipSyncer
from providers.replicate.maker import Workbench
from providers.replicate.models import models_of
from providers.replicate.music import ReplicateComposer
from providers.replicate.options import NAME, ReplicateModel, ReplicateOptions
from providers.replicate.prediction import Predictions
from providers.replicate.transport import Missing
from providers.service import Account

_MAKERS: Mapping[Capability, Callable[[Workbench, Sequence[ReplicateModel]], Provides]] = {
    Capability.IMAGE: ReplicateImageMaker,
    Capability.IMAGE_EDIT: ReplicateImageEditor,
    Capability.CLIP: ReplicateClipMaker,
    Capability.MUSIC: ReplicateComposer,
    Capability.LIP_SYNC: ReplicateLipSyncer,
}
_KINDS: Mapping[Capability, str] = {
    Capability.IMAGE: "image",
    Capability.IMAGE_EDIT: "image",
    Capability.CLIP: "video",
    Capability.MUSIC: "audio",
    Capability.LIP_SYNC: "video",
}
"""Of the files that they make, as `Workbench` calls them."""


class ReplicateKeyed:
    """One token.

    Args:
        options: the operator's.
        account: whose token.
        prices: the operator's.
        gate: shared with all other lines.
    """

    def __init__(self, options: ReplicateOptions, account: Account, *, prices: PriceList, gate: Gate) -> None:
        line = Line(NAME, account.fingerprint, limits=options.limits, gate=gate)
        self._client = ReplicateClient(account.key, options.base_url, line, timeout_s=options.timeout_s)
        self._predictions = Predictions(self._client, poll_s=options.poll_s, timeout_s=options.timeout_s)
        self._workbench = Workbench(self._predictions, prices, account.whose)
        self.makers: Mapping[Capability, Provides] = {
            capability: maker(self._workbench, models_of(capability, options))
            for capability, maker in _MAKERS.items()
        }
        self._models = {
            model.plain_name: (model, kind)
            for capability, kind in _KINDS.items()
            for model in models_of(capability, options)
        }

    async def check(self) -> None:
        """Ask whose the token is."""
        await self._client.account()

    async def call_off(self, ticket: Ticket) -> Usage | None:
        """Stop a prediction, and look what it took; one that is over or unknown is left alone."""
        with suppress(Missing, InvalidRequest):  # what is over is answered with 404 or 422
            await self._client.cancel(ticket.id)
        prediction = await self._predictions.ended_soon(ticket.id)
        known = self._models.get(ticket.model)
        if prediction is None or known is None:
            return None
        model, kind = known
        return self._workbench.usage(model, prediction, kind, time.perf_counter())

    async def close(self) -> None:
        """Close the connections."""
        await self._predictions.close()
        await self._client.close()
