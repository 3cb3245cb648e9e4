"""A line's limits: how many, how long, and when it is closed."""

import asyncio
from contextlib import suppress

import pytest

from providers.errors import (
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from providers.line import Line, LineLimits, OwnGate


def make_line(**limits: float) -> Line:
    given = {"failures": 3, "closed_s": 0.1} | limits
    return Line("acme", "k", limits=LineLimits(**given), gate=OwnGate())  # type: ignore[arg-type]


async def fail(line: Line, error: Exception | None = None) -> None:
    with suppress(ProviderError):
        async with line.call(timeout_s=1):
            raise error or ProviderUnavailable("acme", "HTTP 500.")


async def succeed(line: Line) -> str:
    async with line.call(timeout_s=1):
        return "answer"


async def test_a_line_closes_after_failures_in_a_row_and_says_for_how_long() -> None:
    line = make_line(closed_s=30)
    for _ in range(3):
        await fail(line)
    with pytest.raises(
        ProviderBusy, match=r"acme is unavailable: 3 calls in a row failed.*Try again in"
    ) as busy:
        await succeed(line)
    assert busy.value.retry_after_s == pytest.approx(30, abs=2)


async def test_an_answer_in_between_begins_the_count_anew() -> None:
    line = make_line()
    for _ in range(3):
        await fail(line)
        await fail(line)
        assert await succeed(line) == "answer"


@pytest.mark.parametrize(
    "error",
    [
        ProviderBusy("acme", "HTTP 429.", retry_after_s=1),
        KeyRefused("acme", "HTTP 401."),
        ContentRefused("acme", "No."),
        InvalidRequest("text", "Too long."),
        ProviderUnavailable("acme", "A library is missing.", retryable=False),
    ],
)
async def test_what_is_no_failure_closes_nothing(error: Exception) -> None:
    line = make_line()
    for _ in range(10):
        await fail(line, error)
    assert await succeed(line) == "answer"


async def test_a_provider_that_asks_for_patience_has_not_recovered_by_that() -> None:
    line = make_line()
    for error in (None, None, ProviderBusy("acme", "HTTP 429."), None):
        await fail(line, error)
    with pytest.raises(ProviderBusy):
        await succeed(line)


async def test_time_outs_are_failures() -> None:
    line = make_line(failures=1, closed_s=30)
    with pytest.raises(ProviderUnavailable, match="did not answer within"):
        async with line.call(timeout_s=0.01):
            await asyncio.sleep(5)
    with pytest.raises(ProviderBusy):
        await succeed(line)


async def test_one_call_tries_when_the_time_is_over_and_opens_the_line() -> None:
    line = make_line()
    for _ in range(3):
        await fail(line)
    await asyncio.sleep(0.12)
    async with line.call(timeout_s=1):
        for _ in range(3):
            with pytest.raises(ProviderBusy):
                await succeed(line)
    assert [await succeed(line), await succeed(line)] == ["answer", "answer"]


async def test_a_trial_that_fails_closes_the_line_at_once() -> None:
    line = make_line()
    for _ in range(3):
        await fail(line)
    await asyncio.sleep(0.12)
    await fail(line)
    with pytest.raises(ProviderBusy):
        await succeed(line)
    await asyncio.sleep(0.12)
    assert await succeed(line) == "answer"


async def test_a_trial_that_is_cancelled_says_nothing_and_leaves_the_next_one() -> None:
    line = make_line()
    for _ in range(3):
        await fail(line)
    await asyncio.sleep(0.12)

    async def never() -> None:
        async with line.call(timeout_s=10):
            await asyncio.sleep(10)

    trial = asyncio.create_task(never())
    await asyncio.sleep(0.01)
    with pytest.raises(ProviderBusy):
        await succeed(line)
    trial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trial
    await fail(line)  # the next trial, not one of three
    with pytest.raises(ProviderBusy):
        await succeed(line)


async def test_lines_of_other_keys_stay_open() -> None:
    broken, other = make_line(), make_line()
    for _ in range(3):
        await fail(broken)
    assert await succeed(other) == "answer"


async def test_whoever_gets_no_turn_in_time_is_sent_away() -> None:
    line = make_line(calls_at_once=1, longest_wait_s=0.02)
    async with line.call(timeout_s=1):
        with pytest.raises(ProviderBusy, match="too many calls with this key"):
            await succeed(line)
    assert await succeed(line) == "answer"
