import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from beanie import PydanticObjectId

from access.cost_budgets import CostBudgets, CostExceeded, CostMeter
from access.viewer import Viewer

BUDGETS = CostBudgets(
    cost_per_user="1000 per minute", cost_per_api_key="600 per minute", cost_per_address="100 per minute"
)
HERE = "192.0.2.1"


@pytest_asyncio.fixture
async def meter(redis_url: str, prefix: str) -> AsyncIterator[CostMeter]:
    opened = CostMeter(redis_url, budgets=BUDGETS, key_prefix=prefix)
    yield opened
    await opened.close()


def somebody(*, key: bool = False) -> Viewer:
    return Viewer(PydanticObjectId(), PydanticObjectId(), api_key_id=PydanticObjectId() if key else None)


async def test_charge_says_what_is_left_and_when_the_budget_is_full(meter: CostMeter) -> None:
    charge = await meter.charge(250, somebody(), HERE)
    assert charge is not None
    assert (charge.budget, charge.limit, charge.window_s) == ("user", 1000, 60)
    assert (charge.requested, charge.remaining) == (250, 750)
    assert 14.9 <= charge.reset_s <= 15.0


async def test_budget_is_never_exceeded_however_many_come_at_once(meter: CostMeter) -> None:
    viewer = somebody()
    charges = (meter.charge(90, viewer, HERE) for _ in range(30))
    outcomes = await asyncio.gather(*charges, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 11
    assert sum(isinstance(outcome, CostExceeded) for outcome in outcomes) == 19


async def test_refusal_takes_nothing_and_says_when_the_same_operation_is_accepted(meter: CostMeter) -> None:
    viewer = somebody()
    await meter.charge(990, viewer, HERE)
    with pytest.raises(CostExceeded) as caught:
        await meter.charge(110, viewer, HERE)
    assert caught.value.retry_after_s == 6.0
    assert caught.value.charge.remaining == 10
    await meter.charge(10, viewer, HERE)


async def test_budget_refills_evenly(redis_url: str, prefix: str) -> None:
    meter = CostMeter(redis_url, budgets=CostBudgets(cost_per_user="100 per second"), key_prefix=prefix)
    viewer = somebody()
    await meter.charge(100, viewer, HERE)
    with pytest.raises(CostExceeded):
        await meter.charge(50, viewer, HERE)
    await asyncio.sleep(0.6)
    await meter.charge(50, viewer, HERE)
    await meter.close()


async def test_an_operation_dearer_than_the_budget_takes_all_of_it(meter: CostMeter) -> None:
    viewer = somebody()
    charge = await meter.charge(50_000, viewer, HERE)
    assert charge is not None
    assert (charge.requested, charge.remaining) == (50_000, 0)
    with pytest.raises(CostExceeded):
        await meter.charge(50_000, viewer, HERE)


async def test_a_user_is_the_same_everywhere_and_addresses_count_for_nobody_else(meter: CostMeter) -> None:
    viewer = somebody()
    await meter.charge(1000, viewer, HERE)
    with pytest.raises(CostExceeded):
        await meter.charge(1, viewer, "198.51.100.7")
    await meter.charge(1000, somebody(), HERE)
    await meter.charge(100, None, HERE)
    with pytest.raises(CostExceeded):
        await meter.charge(1, None, HERE)
    await meter.charge(100, None, "198.51.100.7")


async def test_keys_have_their_own_budgets_within_their_users(meter: CostMeter) -> None:
    first = somebody(key=True)
    second = Viewer(first.user_id, None, api_key_id=PydanticObjectId())
    charge = await meter.charge(600, first, HERE)
    assert charge is not None
    assert (charge.budget, charge.remaining) == ("api-key", 0)
    with pytest.raises(CostExceeded) as narrow:
        await meter.charge(1, first, HERE)
    assert narrow.value.charge.budget == "api-key"
    with pytest.raises(CostExceeded) as wide:
        await meter.charge(500, second, HERE)
    assert wide.value.charge.budget == "user"
    await meter.charge(400, second, HERE)  # what was refused took nothing out of the key's own budget


@pytest.fixture
def mute_server() -> Iterator[str]:
    """Something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}"


async def test_without_redis_operations_run_uncharged_and_wait_once(mute_server: str) -> None:
    meter = CostMeter(mute_server, budgets=BUDGETS)
    started_s = time.perf_counter()
    for _ in range(20):
        assert await meter.charge(1, None, HERE) is None
    assert time.perf_counter() - started_s < 2
    await meter.close()
