from collections.abc import AsyncIterator, Iterator
from decimal import Decimal

import pytest

from providers.line import LineLimits, OwnGate
from providers.prices import Price, PriceList
from providers.replicate.options import ReplicateOptions
from providers.replicate.service import ReplicateService
from tests.stand_ins.replicate import ReplicateStandIn

PRICES = PriceList(
    {
        "replicate/black-forest-labs/flux-schnell": Price(per_image=Decimal("0.003")),
        "replicate/bytedance/seedance-1-lite": Price(per_second=Decimal("0.036")),
    }
)


@pytest.fixture(scope="session")
def running() -> Iterator[ReplicateStandIn]:
    with ReplicateStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def replicate(running: ReplicateStandIn) -> ReplicateStandIn:
    running.forget()
    return running


@pytest.fixture
async def service(replicate: ReplicateStandIn) -> AsyncIterator[ReplicateService]:
    options = ReplicateOptions(
        api_token="r8_installation",
        base_url=replicate.url,
        poll_s=0.01,
        timeout_s=5.0,
        limits=LineLimits(failures=1_000),
    )
    service = ReplicateService(options, PRICES, OwnGate())
    yield service
    await service.close()
