from collections.abc import AsyncIterator, Iterator
from decimal import Decimal

import pytest

from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.service import ElevenLabsService
from providers.line import LineLimits, OwnGate
from providers.prices import Price, PriceList
from tests.stand_ins.elevenlabs import ElevenLabsStandIn

PRICES = PriceList({"elevenlabs/eleven_multilingual_v2": Price(per_thousand_characters=Decimal("0.30"))})


@pytest.fixture(scope="session")
def running() -> Iterator[ElevenLabsStandIn]:
    with ElevenLabsStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def elevenlabs(running: ElevenLabsStandIn) -> ElevenLabsStandIn:
    running.forget()
    return running


@pytest.fixture
async def service(elevenlabs: ElevenLabsStandIn) -> AsyncIterator[ElevenLabsService]:
    options = ElevenLabsOptions(
        api_key="sk_installation",
        base_url=elevenlabs.url,
        timeout_s=20.0,
        limits=LineLimits(failures=1_000),
    )
    service = ElevenLabsService(options, PRICES, OwnGate())
    yield service
    await service.close()
