"""As much work at once as there are cores, and a duration that leaves waiting out."""

import asyncio
import threading
import time

import pytest

from providers.errors import ProviderUnavailable
from providers.local.music import LocalComposer
from providers.local.turns import Turns, cores
from providers.protocols.sound import MusicRequest


async def test_no_more_is_at_work_than_there_are_turns() -> None:
    turns = Turns(2)
    lock, at_work, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.02)
        with lock:
            at_work -= 1

    async def one() -> None:
        async with turns.turn():
            await turns.in_thread(5, work)

    await asyncio.gather(*(one() for _ in range(8)))
    assert most == 2


async def test_waiting_for_a_turn_is_no_part_of_the_work() -> None:
    turns = Turns(1)

    async def one() -> int:
        async with turns.turn() as watch:
            await turns.in_thread(5, time.sleep, 0.05)
            return watch.ms

    assert all(ms < 140 for ms in await asyncio.gather(*(one() for _ in range(5))))


async def test_a_queue_of_makers_work_says_what_each_piece_took() -> None:
    composer = LocalComposer()
    began = time.perf_counter()
    pieces = await asyncio.gather(
        *(composer.compose(MusicRequest("calm", 2, seed=n)) for n in range(cores() * 4))
    )
    passed_ms = (time.perf_counter() - began) * 1000
    assert max(piece.usage.duration_ms for piece in pieces) < passed_ms * 0.8
    assert min(piece.usage.duration_ms for piece in pieces) > 0


async def test_work_beyond_its_limit_may_be_tried_again() -> None:
    turns = Turns(1)
    with pytest.raises(ProviderUnavailable) as late:
        async with turns.turn():
            await turns.in_thread(0.01, time.sleep, 0.1)
    assert late.value.retryable
