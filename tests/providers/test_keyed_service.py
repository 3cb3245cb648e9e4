"""What services keep open for keys that people bring, and what they import for keys that are not there."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from providers.keyed_service import KeyedService
from providers.protocols.offer import Capability, Provides
from providers.protocols.prediction import Ticket
from providers.service import Account, Whose

SDKS = "openai", "elevenlabs", "replicate"


class Opened:
    def __init__(self, account: Account) -> None:
        self.account = account
        self.checks = 0
        self.is_closed = False
        self.called_off: list[str] = []
        self.makers: Mapping[Capability, Provides] = {}

    async def check(self) -> None:
        self.checks += 1

    async def call_off(self, ticket: Ticket) -> None:
        self.called_off.append(ticket.id)

    async def close(self) -> None:
        self.is_closed = True


class Service(KeyedService):
    def __init__(self, own: Account | None = None) -> None:
        self.opened: list[Opened] = []
        super().__init__("somebody", own=own, offers={Capability.MUSIC: ("m",)}, advice="Bring a key.")

    def _open(self, account: Account) -> Opened:
        self.opened.append(Opened(account))
        return self.opened[-1]


async def test_a_key_has_one_of_each_owner_and_the_oldest_are_let_go() -> None:
    service = Service()
    first = service.makers(Account("one", Whose.USER))
    assert service.makers(Account("one", Whose.USER)) is first
    assert service.makers(Account("one", Whose.COMPANY)) is not first
    for number in range(400):
        service.makers(Account(str(number), Whose.USER))
        assert service.makers(Account("one", Whose.USER)) is first  # used all the time
    assert len(service.opened) == 402
    await service.close()
    assert sum(each.is_closed for each in service.opened) == 256


async def test_the_installations_own_key_is_opened_at_once_and_stands_in() -> None:
    service = Service(own=Account("ours", Whose.INSTALLATION))
    assert [each.account.key for each in service.opened] == ["ours"]
    assert service.makers(None) is service.opened[0].makers
    await service.call_off(Ticket("somebody", "m", "t-1"), None)
    assert service.opened[0].called_off == ["t-1"]
    assert service.refusals(None) == ()


async def test_without_a_key_it_says_what_to_do_and_leaves_work_alone() -> None:
    service = Service()
    assert service.makers(None) == {}
    await service.call_off(Ticket("somebody", "m", "t-1"), None)
    assert service.opened == []
    [offer] = service.refusals(None)
    assert (offer.capability, offer.models, offer.reason_unavailable) == (
        Capability.MUSIC,
        ("m",),
        "Bring a key.",
    )
    assert service.refusals(Account("mine", Whose.USER)) == ()


async def test_a_key_that_is_tried_is_not_kept() -> None:
    service = Service()
    await service.check("mine")
    [tried] = service.opened
    assert (tried.account.key, tried.checks, tried.is_closed) == ("mine", 1, True)
    service.makers(Account("mine", Whose.USER))
    assert len(service.opened) == 2


def test_no_sdk_is_imported_before_there_is_a_key() -> None:
    code = f"""
import sys
import commands.work
from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.service import ElevenLabsService
from providers.line import OwnGate
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import PriceList
from providers.replicate.options import ReplicateOptions
from providers.replicate.service import ReplicateService

def make(key):
    ReplicateService(ReplicateOptions(api_token=key), PriceList(), OwnGate())
    ElevenLabsService(ElevenLabsOptions(api_key=key), PriceList(), OwnGate())
    OpenAiService(OpenAiOptions(api_key=key), PriceList(), OwnGate())
    return [name for name in {SDKS!r} if name in sys.modules]

print(make(None), make("key"))
"""
    printed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout.strip() == f"[] {list(SDKS)!r}"
