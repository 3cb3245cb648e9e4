"""Pauses after failed sign-ins: they grow, they end, and no stranger keeps the owner out."""

import asyncio

import pytest
from redis.asyncio import Redis

from access.errors import RateLimited
from access.lock_out import LockOut, Pauses

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def lock_out(redis: Redis, prefix: str, *, pair: Pauses, account: Pauses | None = None) -> LockOut:
    wide = Pauses(free=1_000, first_s=1, longest_s=1)
    return LockOut(redis, f"{prefix}lock", from_one_network=pair, in_all=account or wide)


async def retry_after(locks: LockOut, address: str = HOME, account: str = "ana@example.com") -> float:
    try:
        await locks.check(account, address)
    except RateLimited as refused:
        return refused.retry_after_s
    return 0.0


async def test_pauses_follow_the_free_failures_and_double_up_to_the_longest(
    redis_client: Redis, prefix: str
) -> None:
    locks = lock_out(redis_client, prefix, pair=Pauses(free=2, first_s=10, longest_s=35))
    waits, firsts = [], []
    for _ in range(6):
        firsts.append(await locks.failed("ana@example.com", HOME))
        waits.append(await retry_after(locks))
    assert [round(wait) for wait in waits] == [0, 0, 10, 20, 35, 35]
    assert firsts == [False, False, True, False, False, False]
    assert await retry_after(locks, ELSEWHERE) == 0
    assert await retry_after(locks, HOME, "bob@example.com") == 0


async def test_a_pause_ends(redis_client: Redis, prefix: str) -> None:
    locks = lock_out(redis_client, prefix, pair=Pauses(free=0, first_s=0.05, longest_s=0.05))
    await locks.failed("ana@example.com", HOME)
    assert await retry_after(locks) > 0
    await asyncio.sleep(0.1)
    assert await retry_after(locks) == 0


async def test_success_forgets_failures_and_remembers_the_network(redis_client: Redis, prefix: str) -> None:
    locks = lock_out(redis_client, prefix, pair=Pauses(free=0, first_s=60, longest_s=60))
    assert not await locks.check("ana@example.com", HOME)
    await locks.failed("ana@example.com", HOME)
    assert await retry_after(locks) > 0
    await locks.succeeded("ana@example.com", HOME)
    assert await locks.check("ana@example.com", HOME)
    assert not await locks.check("ana@example.com", ELSEWHERE)


async def test_strangers_everywhere_do_not_keep_the_owner_out_of_where_the_owner_was(
    redis_client: Redis, prefix: str
) -> None:
    wide = Pauses(free=1_000, first_s=1, longest_s=1)
    locks = lock_out(redis_client, prefix, pair=wide, account=Pauses(free=3, first_s=60, longest_s=60))
    await locks.succeeded("ana@example.com", HOME)
    for number in range(5):
        await locks.failed("ana@example.com", f"198.51.100.{number}")
    assert await retry_after(locks, "198.51.100.99") == pytest.approx(60, abs=1)
    assert await retry_after(locks, HOME) == 0


async def test_a_network_of_ipv6_counts_as_one(redis_client: Redis, prefix: str) -> None:
    locks = lock_out(redis_client, prefix, pair=Pauses(free=0, first_s=60, longest_s=60))
    await locks.failed("ana@example.com", "2001:db8::1")
    assert await retry_after(locks, "2001:db8::ffff") > 0
    assert await retry_after(locks, "2001:db8:1::1") == 0


async def test_failures_at_the_same_time_are_all_counted(redis_client: Redis, prefix: str) -> None:
    locks = lock_out(redis_client, prefix, pair=Pauses(free=19, first_s=60, longest_s=60))
    firsts = await asyncio.gather(*(locks.failed("ana@example.com", HOME) for _ in range(20)))
    assert sum(firsts) == 1
    assert await retry_after(locks) > 0


async def test_addresses_of_people_stay_out_of_redis(redis_client: Redis, prefix: str) -> None:
    locks = lock_out(redis_client, prefix, pair=Pauses(free=0, first_s=60, longest_s=60))
    await locks.failed("ana\ud800@example.com", HOME)
    keys = [key async for key in redis_client.scan_iter(f"{prefix}*")]
    assert keys
    assert b"example" not in b"".join(keys)
    for key in keys:
        assert 0 < await redis_client.ttl(key) <= 86_400
