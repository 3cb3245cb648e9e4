"""What goes wrong at a provider's becomes one of our errors, which says what to do and never the key."""

import asyncio
import logging
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers.errors import (
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from providers.line import LineLimits
from providers.protocols.offer import Capability
from providers.service import Account, Whose
from tests.providers.conformance.conftest import cases, set_ups
from tests.providers.conformance.set_up import KEY, OTHER_KEY, Running
from tests.providers.conformance.work import WORK
from tests.stand_ins.server import Fault


async def failed(running: Running, capability: Capability, *faults: Fault) -> ProviderError:
    """The error that the work ends with where the call that buys it goes wrong."""
    running.stand_in.tell(running.path(capability), *faults)
    with pytest.raises(ProviderError) as caught:
        await WORK[capability](running.maker(capability))
    assert not running.stand_in.failures
    assert KEY not in "".join(traceback.format_exception(caught.value))
    return caught.value


@cases()
async def test_silence_is_cut_short(running: Running, capability: Capability) -> None:
    running.stand_in.tell(running.path(capability), Fault(delay_s=10))
    with pytest.raises(ProviderUnavailable) as caught:
        await WORK[capability](running.impatient().makers(None)[capability])
    assert caught.value.retryable
    assert not running.stand_in.paid


@cases()
async def test_a_wait_that_is_asked_for_is_passed_on(running: Running, capability: Capability) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=17), usegmt=True)
    for tries, told in enumerate(("17", moment), 1):
        error = await failed(running, capability, Fault(status=429, headers={"Retry-After": told}))
        assert isinstance(error, ProviderBusy)
        assert error.retryable
        assert error.retry_after_s is not None
        assert 15 <= error.retry_after_s <= 17
        assert len(running.stand_in.calls_to(running.path(capability))) == tries, "the job engine tries again"


@cases()
async def test_its_own_fault_may_pass(running: Running, capability: Capability) -> None:
    for tries, status in enumerate((500, 502, 503), 1):
        error = await failed(running, capability, Fault(status=status))
        assert isinstance(error, ProviderUnavailable)
        assert not isinstance(error, ProviderBusy)
        assert error.retryable
        assert len(running.stand_in.calls_to(running.path(capability))) == tries


@cases()
async def test_a_wrong_key_says_what_to_do(running: Running, capability: Capability) -> None:
    error = await failed(running, capability, Fault(status=401))
    assert isinstance(error, KeyRefused)
    assert not error.retryable
    assert "FRAMEWRIGHT_" in str(error)
    assert "saveProviderKey" in str(error)


@cases()
async def test_a_persons_own_key_is_theirs_to_mend(running: Running, capability: Capability) -> None:
    running.stand_in.tell(running.path(capability), Fault(status=401))
    maker = running.service().makers(Account(OTHER_KEY, Whose.USER))[capability]
    with pytest.raises(KeyRefused) as caught:
        await WORK[capability](maker)
    assert "saveProviderKey" in str(caught.value)
    assert OTHER_KEY not in "".join(traceback.format_exception(caught.value))
    assert {call.key for call in running.stand_in.calls} == {OTHER_KEY}


@set_ups()
async def test_a_wrong_key_does_not_pass_the_check(running: Running) -> None:
    running.stand_in.tell("/", Fault(status=401))
    with pytest.raises(KeyRefused) as caught:
        await running.service().check(OTHER_KEY)
    assert OTHER_KEY not in "".join(traceback.format_exception(caught.value))


@cases(where="refusal")
async def test_a_refusal_tells_its_reason(running: Running, capability: Capability) -> None:
    error = await failed(running, capability, running.set_up.refusal[capability])
    assert isinstance(error, ContentRefused)
    assert any(reason in error.why for reason in running.set_up.reasons)


@cases(where="unusable")
async def test_two_unusable_answers_are_an_error(running: Running, capability: Capability) -> None:
    error = await failed(running, capability, *[running.set_up.unusable[capability]] * 2)
    assert isinstance(error, ProviderUnavailable)
    assert "two answers" in str(error)
    assert len(running.stand_in.paid) == 2
    assert error.usage is not None
    assert error.usage.cost_micros > 0, "both were charged"


@cases(where="truncated")
async def test_two_truncated_answers_are_an_error(running: Running, capability: Capability) -> None:
    error = await failed(running, capability, *[running.set_up.truncated[capability]] * 2)
    assert isinstance(error, ProviderUnavailable)
    assert "cut off" in str(error)


@cases()
@pytest.mark.parametrize("fault", [Fault(cut_after=40), Fault(drops=True)], ids=["half-way", "at-once"])
async def test_a_connection_that_breaks_off_may_be_tried_again(
    running: Running, capability: Capability, fault: Fault
) -> None:
    error = await failed(running, capability, fault)
    assert isinstance(error, ProviderUnavailable)
    assert error.retryable


@cases(where="decoded")
async def test_nonsense_in_the_place_of_an_answer_may_pass(running: Running, capability: Capability) -> None:
    told = Fault(change=lambda _: b'{"unexpected": [}', status=None)
    error = await failed(running, capability, told, told)
    assert isinstance(error, ProviderUnavailable)
    assert error.retryable


@cases()
async def test_a_cancelled_call_stops(running: Running, capability: Capability) -> None:
    running.stand_in.tell(running.path(capability), Fault(delay_s=30))
    work = asyncio.create_task(_worked(running, capability))
    async with asyncio.timeout(5):
        while not (calls := running.stand_in.calls_to(running.path(capability))):
            await asyncio.sleep(0.002)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        while not calls[0].is_abandoned:
            await asyncio.sleep(0.002)
    await WORK[capability](running.maker(capability))


async def _worked(running: Running, capability: Capability) -> None:
    await WORK[capability](running.maker(capability))


@set_ups()
async def test_a_key_has_so_many_calls_at_once(running: Running) -> None:
    capability = next(iter(running.set_up.paths))
    running.stand_in.tell(running.path(capability), Fault(delay_s=0.05), times=5)
    own = running.service().makers(None)[capability]
    other = running.service().makers(Account(OTHER_KEY, Whose.USER))[capability]
    await asyncio.gather(*(WORK[capability](own) for _ in range(5)), WORK[capability](other))
    assert running.stand_in.most_at_once[KEY] == 2
    assert running.stand_in.most_at_once[OTHER_KEY] == 1


@set_ups()
async def test_a_line_that_always_fails_is_left_alone(running: Running) -> None:
    capability = next(iter(running.set_up.paths))
    maker = running.maker(capability, limits=LineLimits(failures=2, closed_s=30))
    running.stand_in.tell(running.path(capability), Fault(status=500), times=9)
    for _ in range(2):
        with pytest.raises(ProviderUnavailable):
            await WORK[capability](maker)
    before = len(running.stand_in.calls)
    with pytest.raises(ProviderBusy):
        await WORK[capability](maker)
    assert len(running.stand_in.calls) == before


@cases(where="named")
async def test_a_request_that_is_not_taken_names_its_field(running: Running, capability: Capability) -> None:
    assert running.set_up.bad_request is not None
    error = await failed(running, capability, running.set_up.bad_request)
    assert isinstance(error, InvalidRequest)
    assert error.field == running.set_up.bad_field


@cases()
async def test_the_key_is_told_nowhere(
    running: Running, capability: Capability, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for status in (400, 401, 403, 404, 422, 429, 500):
        told = Fault(status=status, body=running.set_up.telling_body(KEY))
        error = await failed(running, capability, told)
        assert KEY not in repr(error)
        assert KEY not in str(error.__dict__)
    assert KEY not in caplog.text
    assert KEY not in repr(running.service())
    assert KEY not in repr(running.maker(capability))
    assert KEY not in repr(Account(KEY, Whose.USER))
