"""ElevenLabs as a whole."""

from providers.elevenlabs.options import KEY_SETTING, NAME, ElevenLabsOptions
from providers.keyed_service import Keyed, KeyedService
from providers.line import Gate
from providers.prices import PriceList
from providers.protocols.offer import Capability
from providers.service import Account, Whose


class ElevenLabsService(KeyedService):
    """Voices and sounds, charged by the character.

    Args:
        options: the operator's.
        prices: the operator's.
        gate: shared with all other lines.
    """

    def __init__(self, options: ElevenLabsOptions, prices: PriceList, gate: Gate) -> None:
        self._options = options
        self._prices = prices
        self._gate = gate
        super().__init__(
            NAME,
            own=Account(options.api_key, Whose.INSTALLATION) if options.api_key else None,
            offers={
                Capability.SPEECH: (options.speech_model,),
                Capability.SOUND_EFFECT: (options.effects_model,),
            },
            advice=f"ElevenLabs needs a key: set {KEY_SETTING}, or save your own with saveProviderKey.",
        )

    def _open(self, account: Account) -> Keyed:
        from providers.elevenlabs.keyed import ElevenLabsKeyed  # noqa: PLC0415 - see the base class

        return ElevenLabsKeyed(self._options, account, prices=self._prices, gate=self._gate)
