"""OpenAI, or any other server that speaks its interface, as one provider."""

from collections import defaultdict

from providers.keyed_service import Keyed, KeyedService
from providers.line import Gate
from providers.openai.models import chosen_models
from providers.openai.options import OpenAiOptions
from providers.prices import PriceList
from providers.service import Account, Whose


class OpenAiService(KeyedService):
    """One server.

    Args:
        options: how it is set up.
        prices: the operator's.
        gate: shared by all lines of all providers.
    """

    def __init__(self, options: OpenAiOptions, prices: PriceList, gate: Gate) -> None:
        self._options = options
        self._prices = prices
        self._gate = gate
        self._lacks: defaultdict[str, set[str]] = defaultdict(set)
        own_key = options.api_key or ("" if not options.needs_key else None)
        bring = ", or save a key of your own with saveProviderKey" if options.takes_keys else ""
        super().__init__(
            options.name,
            own=None if own_key is None else Account(own_key, Whose.INSTALLATION),
            offers={capability: (model,) for capability, model in chosen_models(options).items()},
            advice=f"There is no key for {options.name}: set {options.key_setting}{bring}.",
            takes_keys=options.takes_keys,
        )

    def _open(self, account: Account) -> Keyed:
        from providers.openai.keyed import OpenAiKeyed  # noqa: PLC0415 - see the base class

        return OpenAiKeyed(self._options, account, prices=self._prices, gate=self._gate, lacks=self._lacks)
