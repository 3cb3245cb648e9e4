"""What is learned from finished work."""

from typing import Any

import pytest
from beanie import init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.pace import Pace


@pytest.fixture(scope="module", autouse=True)
async def models(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=[Pace])


async def test_a_large_piece_weighs_more_than_a_small_one() -> None:
    await Pace.learn("a", seconds=1.0, units=1)
    await Pace.learn("a", seconds=99.0, units=999)
    assert (await Pace.known())["a"] == pytest.approx(0.1, rel=0.01)


async def test_the_present_weighs_more_than_the_past() -> None:
    for seconds in [1.0] * 100 + [3.0] * 100:
        await Pace.learn("b", seconds=seconds, units=1)
    assert 2.8 < (await Pace.known())["b"] <= 3.0


async def test_work_without_size_teaches_nothing() -> None:
    await Pace.learn("c", seconds=5.0, units=0)
    assert "c" not in await Pace.known()
