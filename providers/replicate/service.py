"""Replicate as a whole."""

from providers.keyed_service import Keyed, KeyedService
from providers.line import Gate
from providers.prices import PriceList
from providers.protocols.offer import Capability
from providers.replicate.models import models_of
from providers.replicate.options import KEY_SETTING, NAME, ReplicateOptions
from providers.service import Account, Whose

_DOES = (
    Capability.IMAGE,
    Capability.IMAGE_EDIT,
    Capability.CLIP,
    Capability.MUSIC,
    Capability.LIP_SYNC,
)


class ReplicateService(KeyedService):
    """Models by their names, charged by the second or the piece.

    Args:
        options: the operator's.
        prices: the operator's; Replicate's answers name none.
        gate: shared with all other lines.
    """

    def __init__(self, options: ReplicateOptions, prices: PriceList, gate: Gate) -> None:
        self._options = options
        self._prices = prices
        self._gate = gate
        super().__init__(
            NAME,
            own=Account(options.api_token, Whose.INSTALLATION) if options.api_token else None,
            offers={
                capability: [model.plain_name for model in models_of(capability, options)]
                for capability in _DOES
            },
            advice=f"Replicate needs a token: set {KEY_SETTING}, or save your own with saveProviderKey.",
        )

    def _open(self, account: Account) -> Keyed:
        from providers.replicate.keyed import ReplicateKeyed  # noqa: PLC0415 - see the base class

        return ReplicateKeyed(self._options, account, prices=self._prices, gate=self._gate)
