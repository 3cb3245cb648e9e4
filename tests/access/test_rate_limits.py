import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from redis.asyncio import Redis

from access.errors import RateLimited
from access.rate_limits import AccountBudgets, RateLimits

BUDGETS = AccountBudgets(
    sign_up_per_address="3 per minute",
    sign_in_per_address="8 per minute",
    sign_in_per_account="5 per minute",
    sign_in_per_account_and_address="3 per minute",
    refresh_per_address="2 per minute",
    mail_per_recipient="3 per minute",
    mail_per_user="4 per minute",
    guess_per_subject="3 per minute",
    guess_per_subject_and_address="2 per minute",
)


@pytest_asyncio.fixture
async def limits(redis_url: str, prefix: str) -> AsyncIterator[RateLimits]:
    opened = RateLimits(redis_url, budgets=BUDGETS, key_prefix=prefix)
    yield opened
    await opened.close()


async def test_budget_is_the_exact_number_however_many_come_at_once(limits: RateLimits) -> None:
    tries = (limits.count_sign_up("192.0.2.1") for _ in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert outcomes.count(None) == 3
    assert sum(isinstance(outcome, RateLimited) for outcome in outcomes) == 17


async def test_refusal_says_when_to_come_back(limits: RateLimits) -> None:
    for _ in range(2):
        await limits.count_refresh("192.0.2.1")
    with pytest.raises(RateLimited) as caught:
        await limits.count_refresh("192.0.2.1")
    assert 50 <= caught.value.retry_after_s <= 61


async def test_two_processes_share_a_budget(limits: RateLimits, redis_url: str, prefix: str) -> None:
    other = RateLimits(redis_url, budgets=BUDGETS, key_prefix=prefix)
    await limits.count_refresh("192.0.2.1")
    await other.count_refresh("192.0.2.1")
    with pytest.raises(RateLimited):
        await limits.count_refresh("192.0.2.1")
    await other.close()


async def test_guessing_at_one_account_from_one_place_leaves_its_owner_elsewhere_alone(
    limits: RateLimits,
) -> None:
    for _ in range(3):
        await limits.count_sign_in("192.0.2.1", "ana@example.com")
    with pytest.raises(RateLimited):
        await limits.count_sign_in("192.0.2.1", "ana@example.com")
    await limits.count_sign_in("198.51.100.7", "ana@example.com")
    await limits.count_sign_in("192.0.2.1", "eva@example.com")


async def test_guessing_at_one_account_from_many_places_ends(limits: RateLimits) -> None:
    for host in range(5):
        await limits.count_sign_in(f"192.0.2.{host}", "ana@example.com")
    with pytest.raises(RateLimited):
        await limits.count_sign_in("192.0.2.99", "ana@example.com")


async def test_guessing_at_many_accounts_from_one_place_ends(limits: RateLimits) -> None:
    for account in range(8):
        await limits.count_sign_in("192.0.2.1", f"{account}@example.com")
    with pytest.raises(RateLimited):
        await limits.count_sign_in("192.0.2.1", "ana@example.com")


async def test_ipv6_client_is_its_whole_network(limits: RateLimits) -> None:
    await limits.count_refresh("2001:db8:1:2::1")
    await limits.count_refresh("2001:db8:1:2:ffff::2")
    with pytest.raises(RateLimited):
        await limits.count_refresh("2001:db8:1:2:aaaa::3")
    await limits.count_refresh("2001:db8:1:3::1")


async def test_ipv4_written_as_ipv6_is_the_same_client(limits: RateLimits) -> None:
    await limits.count_refresh("192.0.2.1")
    await limits.count_refresh("::ffff:192.0.2.1")
    with pytest.raises(RateLimited):
        await limits.count_refresh("192.0.2.1")


async def test_odd_input_is_counted_and_no_mail_address_is_stored(
    limits: RateLimits, redis_client: Redis, prefix: str
) -> None:
    await limits.count_sign_in("testclient", "ana@example.com")
    await limits.count_sign_in("../*?\n", "\ud800" + "x" * 100_000)
    keys = [key async for key in redis_client.scan_iter(match=f"{prefix}*")]
    assert len(keys) == 6
    assert not any(b"example" in key or len(key) > 400 for key in keys)


async def test_mails_are_counted_by_recipient_whoever_causes_them(limits: RateLimits) -> None:
    for host in range(2):
        await limits.count_mail(f"192.0.2.{host}", "ana@example.com")
    await limits.count_mail("192.0.2.1", "ana@example.com", user_id=PydanticObjectId())
    with pytest.raises(RateLimited):
        await limits.count_mail("198.51.100.7", "ana@example.com")
    await limits.count_mail("198.51.100.7", "eva@example.com")


async def test_mails_are_counted_by_sender_whoever_gets_them(limits: RateLimits) -> None:
    sender = PydanticObjectId()
    for number in range(4):
        await limits.count_mail("192.0.2.1", f"{number}@example.com", user_id=sender)
    with pytest.raises(RateLimited):
        await limits.count_mail("192.0.2.1", "next@example.com", user_id=sender)


async def test_guessing_at_a_secret_ends_from_one_place_and_from_many(limits: RateLimits) -> None:
    for _ in range(2):
        await limits.count_guess("totp:1", "192.0.2.1")
    with pytest.raises(RateLimited):
        await limits.count_guess("totp:1", "192.0.2.1")
    await limits.count_guess("totp:2", "192.0.2.1")
    await limits.count_guess("totp:1", "192.0.2.2")
    with pytest.raises(RateLimited):
        await limits.count_guess("totp:1", "192.0.2.3")
