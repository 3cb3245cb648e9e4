"""All that one key can be used for at ElevenLabs."""

from collections.abc import Mapping
from contextlib import suppress

from providers.elevenlabs.client import Connection
from providers.elevenlabs.errors import RightMissing
from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.sound_effects import ElevenLabsSoundMaker
from providers.elevenlabs.speech import ElevenLabsSpeaker
from providers.line import Gate
from providers.prices import PriceList
from providers.protocols.offer import Capability, Provides
from providers.protocols.prediction import Ticket
from providers.service import Account


class ElevenLabsKeyed:
    """A speaker and a maker of sounds.

    Args:
        options: the operator's.
        account: whose key.
        prices: the operator's.
        gate: shared with all other lines.
    """

    def __init__(
        self, options: ElevenLabsOptions, account: Account, *, prices: PriceList, gate: Gate
    ) -> None:
        self._connection = Connection(options, account, prices=prices, gate=gate)
        self.makers: Mapping[Capability, Provides] = {
            Capability.SPEECH: ElevenLabsSpeaker(self._connection),
            Capability.SOUND_EFFECT: ElevenLabsSoundMaker(self._connection),
        }

    async def check(self) -> None:
        """Ask for one voice, which costs nothing; a key that was made without the right to is good too."""
        with suppress(RightMissing):
            async with self._connection.call() as client:
                await client.voices.search(
                    page_size=1, include_total_count=False, request_options=self._connection.once
                )

    async def call_off(self, ticket: Ticket) -> None:
        """Nothing goes on there once a call is over."""

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()
