"""Whatever a provider makes is well-formed, counted and priced."""

from providers.protocols.offer import Capability, Usage
from tests.providers.conformance.conftest import cases, set_ups
from tests.providers.conformance.set_up import KEY, OTHER_KEY, Running, SetUp
from tests.providers.conformance.work import SHOWING, WORK
from tests.stand_ins.server import Fault


def priced(set_up: SetUp, usage: Usage, calls: int) -> int:
    return set_up.price.micros(
        calls=calls,
        images=usage.images,
        seconds=usage.seconds,
        characters=usage.characters,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
    )


@cases(calls=False)
async def test_it_does_its_work_and_counts_it(running: Running, capability: Capability) -> None:
    maker = running.maker(capability)
    usage = await WORK[capability](maker)
    assert usage.provider == running.service().name
    assert usage.model in maker.offer.models
    assert usage.duration_ms >= 0
    assert usage.is_priced is (capability not in running.set_up.uncounted)
    if running.set_up.stand_in is None:
        assert usage.cost_micros == 0
        return
    assert not running.stand_in.failures
    assert len(running.stand_in.paid) == 1
    assert {call.key for call in running.stand_in.calls if call.key} == {KEY}
    assert usage.cost_micros == priced(running.set_up, usage, 1) > 0


@cases()
async def test_without_a_price_it_does_not_guess(running: Running, capability: Capability) -> None:
    usage = await WORK[capability](running.unpriced().makers(None)[capability])
    assert usage.cost_micros == 0
    assert not usage.is_priced


@cases()
async def test_a_slow_answer_is_waited_for(running: Running, capability: Capability) -> None:
    running.stand_in.tell(running.path(capability), Fault(delay_s=0.05, pause_s=0.002))
    await WORK[capability](running.maker(capability))
    assert len(running.stand_in.paid) == 1


@cases(where="showing")
async def test_what_must_not_appear_is_told(running: Running, capability: Capability) -> None:
    await SHOWING[capability](running.maker(capability), unwanted="no umbrellas")
    assert b"no umbrellas" in running.stand_in.paid[0].body


@cases(where="unusable")
async def test_an_unusable_answer_is_asked_for_once_more(running: Running, capability: Capability) -> None:
    running.stand_in.tell(running.path(capability), running.set_up.unusable[capability])
    usage = await WORK[capability](running.maker(capability))
    first, second = running.stand_in.paid
    assert len(second.body) > len(first.body), "the second question says what was wrong"
    assert usage.cost_micros == priced(running.set_up, usage, 2)


@cases(where="truncated")
async def test_a_truncated_answer_is_asked_for_once_more(running: Running, capability: Capability) -> None:
    running.stand_in.tell(running.path(capability), running.set_up.truncated[capability])
    usage = await WORK[capability](running.maker(capability))
    assert len(running.stand_in.paid) == 2
    assert usage.cost_micros == priced(running.set_up, usage, 2)


@set_ups()
async def test_a_key_is_tried_without_buying(running: Running) -> None:
    await running.service().check(OTHER_KEY)
    assert [call.key for call in running.stand_in.calls] == [OTHER_KEY]
    assert not running.stand_in.paid
