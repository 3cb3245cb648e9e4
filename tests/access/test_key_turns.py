"""Turns with a key, counted over processes in the real Redis."""

import asyncio
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from access.key_turns import RedisGate

HOLDER = """
import asyncio, sys
from redis.asyncio import Redis
from access.key_turns import RedisGate

async def hold(url, prefix):
    async with RedisGate(Redis.from_url(url), prefix, lease_s=0.5).turn("openai:k", 1):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold(*sys.argv[1:]))
"""


class Meter:
    """How many are inside, and were at most."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.order: list[int] = []

    async def visit(self, gate: RedisGate, number: int = 0, *, most: int, stay_s: float = 0.02) -> None:
        async with gate.turn("openai:k", most):
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.order.append(number)
            await asyncio.sleep(stay_s)
            self.inside -= 1


async def test_gates_of_two_processes_let_so_many_through_together(redis_url: str, prefix: str) -> None:
    meter = Meter()
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as two:
        gates = RedisGate(one, prefix), RedisGate(two, prefix)
        async with asyncio.timeout(20):
            await asyncio.gather(*(meter.visit(gates[n % 2], n, most=3) for n in range(12)))
    assert meter.most == 3
    assert len(meter.order) == 12


async def test_who_asked_first_goes_first(redis_client: Redis, prefix: str) -> None:
    gate, meter = RedisGate(redis_client, prefix), Meter()
    async with asyncio.TaskGroup() as group:
        for number in range(4):
            group.create_task(meter.visit(gate, number, most=1))
            await asyncio.sleep(0.03)
    assert meter.order == [0, 1, 2, 3]


async def test_other_keys_have_turns_of_their_own(redis_client: Redis, prefix: str) -> None:
    gate = RedisGate(redis_client, prefix)
    async with asyncio.timeout(2), gate.turn("openai:k", 1), gate.turn("openai:l", 1):
        pass


async def test_a_call_that_outlasts_its_lease_keeps_its_turn(redis_client: Redis, prefix: str) -> None:
    gate = RedisGate(redis_client, prefix, lease_s=0.15)
    async with gate.turn("openai:k", 1):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), gate.turn("openai:k", 1):
                pass
    async with asyncio.timeout(2), gate.turn("openai:k", 1):
        pass


async def test_somebody_who_gives_up_waiting_is_not_waited_for(redis_client: Redis, prefix: str) -> None:
    gate = RedisGate(redis_client, prefix)
    async with gate.turn("openai:k", 1):
        waiting = asyncio.create_task(Meter().visit(gate, most=1))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(1), gate.turn("openai:k", 1):
        pass
    assert await redis_client.keys(f"{prefix}*") == []


async def test_the_turn_of_a_process_that_was_killed_comes_back_with_its_lease(
    redis_url: str, redis_client: Redis, prefix: str
) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        HOLDER,
        redis_url,
        prefix,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdout is not None
    async with asyncio.timeout(20):
        assert await holder.stdout.readline() == b"held\n"
    gate = RedisGate(redis_client, prefix)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.8), gate.turn("openai:k", 1):
            pass
    holder.kill()
    await holder.wait()
    async with asyncio.timeout(5), gate.turn("openai:k", 1):
        pass


async def test_without_redis_each_process_counts_for_itself_and_says_so(prefix: str) -> None:
    with capture_logs() as logs:
        async with Redis.from_url("redis://127.0.0.1:1/0") as gone:
            gate, meter = RedisGate(gone, prefix), Meter()
            await asyncio.gather(*(meter.visit(gate, n, most=2) for n in range(5)))
    assert meter.most == 2
    assert any("turns with providers are not counted" in line["event"] for line in logs)
