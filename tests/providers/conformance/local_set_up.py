"""The provider that calls nobody."""

from providers.local.service import LocalService
from providers.prices import Price
from providers.protocols.offer import Capability
from tests.providers.conformance.set_up import SetUp, Terms


def _local(_: Terms) -> LocalService:
    return LocalService()


LOCAL = SetUp(
    name="local",
    stand_in=None,
    service=_local,
    paths=dict.fromkeys(
        [
            Capability.SCRIPT,
            Capability.METADATA,
            Capability.MUSIC_WORDS,
            Capability.IMAGE,
            Capability.SPEECH,
            Capability.SOUND_EFFECT,
            Capability.MUSIC,
        ],
        "",
    ),
    price=Price(),
)
