"""ElevenLabs as a whole."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from providers.elevenlabs.client import Connection
from providers.elevenlabs.errors import RightMissing
from providers.elevenlabs.options import KEY_SETTING, NAME, ElevenLabsOptions
from providers.elevenlabs.sound_effects import ElevenLabsSoundMaker
from providers.elevenlabs.speech import ElevenLabsSpeaker
from providers.key_ring import KeyRing
from providers.line import Gate
from providers.prices import PriceList
from providers.protocols.offer import Capability, Offer, Provides
from providers.protocols.prediction import Ticket
from providers.service import Account, Whose


@dataclass(frozen=True, slots=True)
class _Keyed:
    """What is there for one key."""

    connection: Connection
    makers: Mapping[Capability, Provides]

    async def close(self) -> None:
        await self.connection.close()


class ElevenLabsService:
    """Voices and sounds, charged by the character.

    Args:
        options: the operator's.
        prices: the operator's.
        gate: shared with all other lines.
    """

    name = NAME
    takes_keys = True

    def __init__(self, options: ElevenLabsOptions, prices: PriceList, gate: Gate) -> None:
        self._options = options
        self._prices = prices
        self._gate = gate
        self._own = None if not options.api_key else Account(options.api_key, Whose.INSTALLATION)
        self._keys = KeyRing(self._opened)

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:
        """A speaker and a maker of sounds; nothing without a key."""
        account = account or self._own
        return {} if account is None else self._keys.of(account).makers

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:
        """What a key would provide."""
        if account is not None or self._own is not None:
            return ()
        why = f"ElevenLabs needs a key: set {KEY_SETTING}, or save your own with saveProviderKey."
        models = {
            Capability.SPEECH: self._options.speech_model,
            Capability.SOUND_EFFECT: self._options.effects_model,
        }
        return tuple(
            Offer(
                capability=capability,
                provider=NAME,
                models=(model,),
                available=False,
                reason_unavailable=why,
            )
            for capability, model in models.items()
        )

    async def check(self, key: str) -> None:
        """Ask for one voice, which costs nothing; a key that was made without the right to is good too."""
        connection = self._connection(Account(key, Whose.USER))
        try:
            with suppress(RightMissing):
                async with connection.call() as client:
                    await client.voices.search(
                        page_size=1, include_total_count=False, request_options=connection.once
                    )
        finally:
            await connection.close()

    async def call_off(self, ticket: Ticket, account: Account | None) -> None:
        """Nothing goes on there once a call is over."""

    async def close(self) -> None:
        """Close all connections."""
        await self._keys.close()

    def _opened(self, account: Account) -> _Keyed:
        connection = self._connection(account)
        makers: Mapping[Capability, Provides] = {
            Capability.SPEECH: ElevenLabsSpeaker(connection),
            Capability.SOUND_EFFECT: ElevenLabsSoundMaker(connection),
        }
        return _Keyed(connection, makers)

    def _connection(self, account: Account) -> Connection:
        return Connection(self._options, account, prices=self._prices, gate=self._gate)
