import asyncio
from collections.abc import Iterator
from time import perf_counter

import pytest

from access.errors import RateLimited
from access.passwords import Passwords

PASSWORD = "purple lantern"


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    cheap = Passwords(time_cost=1, memory_kib=64, lanes=1)
    yield cheap
    cheap.close()


async def test_right_password_matches_and_others_do_not(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert await passwords.verify(stored, PASSWORD)
    for other in ("", "purple lanterN", PASSWORD + " ", "\ud800", "x" * 1_000_000):
        assert not await passwords.verify(stored, other)


async def test_same_password_never_hashes_the_same(passwords: Passwords) -> None:
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


async def test_composed_and_decomposed_letters_are_one_password(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("caf\u00e9 central"), "cafe\u0301 central")


async def test_what_follows_the_longest_password_is_not_ignored(passwords: Passwords) -> None:
    stored = await passwords.hash("x" * 256)
    assert await passwords.verify(stored, "x" * 256)
    assert not await passwords.verify(stored, "x" * 257)


async def test_foreign_or_empty_hash_matches_nothing(passwords: Passwords) -> None:
    for foreign in ("", "$2b$12$abcdefghijklmnopqrstuv", "plain"):
        assert not await passwords.verify(foreign, PASSWORD)


async def test_hash_of_other_parameters_matches_but_is_outdated(passwords: Passwords) -> None:
    stronger = Passwords(time_cost=2, memory_kib=128, lanes=1)
    stored = await passwords.hash(PASSWORD)
    assert await stronger.verify(stored, PASSWORD)
    assert stronger.is_outdated(stored)
    assert not passwords.is_outdated(stored)
    stronger.close()


async def test_absent_hash_costs_what_a_wrong_password_costs() -> None:
    passwords = Passwords(concurrency=1, time_cost=3, memory_kib=16_384, lanes=1)
    stored = await passwords.hash(PASSWORD)

    async def fastest_s(password_hash: str | None) -> float:
        times_s = []
        for _ in range(5):
            start_s = perf_counter()
            assert not await passwords.verify(password_hash, "wrong lantern")
            times_s.append(perf_counter() - start_s)
        return min(times_s)

    absent_s, wrong_s = await fastest_s(None), await fastest_s(stored)
    assert 0.5 < absent_s / wrong_s < 2
    passwords.close()


async def test_more_than_may_wait_are_turned_away() -> None:
    passwords = Passwords(concurrency=1, max_waiting=1, time_cost=1, memory_kib=16_384, lanes=1)
    outcomes = await asyncio.gather(*(passwords.hash(PASSWORD) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 2
    assert sum(isinstance(outcome, RateLimited) for outcome in outcomes) == 3
    assert await passwords.hash(PASSWORD)
    passwords.close()
