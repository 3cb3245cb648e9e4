"""What needs neither a key nor a network."""

from collections.abc import Mapping

from providers.local.metadata import LocalMetadataWriter
from providers.local.music import LocalComposer
from providers.local.music_adviser import LocalMusicAdviser
from providers.local.offers import refusals
from providers.local.pictures.maker import LocalImageMaker
from providers.local.script_writer import LocalScriptWriter
from providers.local.sound_effects import LocalSoundMaker
from providers.local.speech import LocalSpeaker
from providers.protocols.offer import Capability, Offer, Provides, Usage
from providers.protocols.prediction import Ticket
from providers.service import Account


class LocalService:
    """The provider that is always there."""

    name = "local"
    takes_keys = False

    def __init__(self) -> None:
        self._makers: Mapping[Capability, Provides] = {
            Capability.SCRIPT: LocalScriptWriter(),
            Capability.IMAGE: LocalImageMaker(),
            Capability.SPEECH: LocalSpeaker(),
            Capability.MUSIC: LocalComposer(),
            Capability.SOUND_EFFECT: LocalSoundMaker(),
            Capability.METADATA: LocalMetadataWriter(),
            Capability.MUSIC_WORDS: LocalMusicAdviser(),
        }

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:  # noqa: ARG002 - it has none
        """All that it can do."""
        return self._makers

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:  # noqa: ARG002
        """What it honestly cannot do."""
        return refusals()

    async def check(self, key: str) -> None:
        """There is no key to try."""

    async def call_off(self, ticket: Ticket, account: Account | None) -> Usage | None:
        """Nothing goes on anywhere else."""

    async def close(self) -> None:
        """Nothing is open."""
