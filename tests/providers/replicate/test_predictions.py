"""Buying once, waiting, adopting, and what is raised when it comes to nothing."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from providers.errors import ContentRefused, KeyRefused, ProviderBusy, ProviderUnavailable
from providers.line import LineLimits, OwnGate
from providers.protocols.offer import Capability
from providers.protocols.picture import ReferencePicture
from providers.protocols.prediction import Ticket, Unwritten
from providers.replicate.options import ReplicateModel, ReplicateOptions
from providers.replicate.service import ReplicateService
from providers.service import Account, Whose
from tests.providers.replicate.asks import CLIP, PICTURE, clip_maker, image_maker
from tests.providers.replicate.conftest import PRICES
from tests.providers.written_tab import WorkerDied, WrittenTab
from tests.stand_ins.media import still
from tests.stand_ins.replicate import ReplicateStandIn
from tests.stand_ins.server import Fault


async def test_ticket_is_kept_before_anybody_waits(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    replicate.tell("/predictions", Fault(told="never"))
    waiting = asyncio.create_task(image_maker(service).make(PICTURE, tab))
    while len(replicate.calls) < 4:
        await asyncio.sleep(0.01)
    assert tab.written == ["open", "keep"]
    assert tab.ticket == Ticket(
        "replicate", "black-forest-labs/flux-schnell", next(iter(replicate.predictions))
    )
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await service.call_off(tab.ticket, None)
    assert replicate.canceled == [tab.ticket.id]


async def test_what_is_called_off_and_goes_on_is_looked_at_again(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    replicate.tell("/predictions", Fault(told="never"))
    waiting = asyncio.create_task(image_maker(service).make(PICTURE, tab))
    while tab.ticket is None:
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    replicate.tell("/cancel", Fault(status=404))
    with pytest.raises(ProviderUnavailable, match="not over yet") as early:
        await service.call_off(tab.ticket, None)
    assert early.value.retryable
    usage = await service.call_off(tab.ticket, None)
    assert usage is not None
    assert usage.provider_id == tab.ticket.id


async def test_tab_with_a_ticket_buys_nothing(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    tab = WrittenTab()
    first = await image_maker(service).make(PICTURE, tab)
    again = await image_maker(service).make(PICTURE, WrittenTab(ticket=tab.ticket))
    assert again.data == first.data
    assert len(replicate.paid) == 1


@pytest.mark.parametrize("picture", [None, still(64, 64, 1, "PNG"), still(640, 640, 1, "BMP")])
async def test_prediction_whose_buyer_died_is_adopted(
    service: ReplicateService, replicate: ReplicateStandIn, picture: bytes | None
) -> None:
    request = replace(CLIP, first_image=picture)
    await clip_maker(service).animate(replace(request, seed=12), WrittenTab())  # another one, older
    tab = WrittenTab()
    tab.dies_on_keep = True
    with pytest.raises(WorkerDied):
        await clip_maker(service).animate(request, tab)
    await clip_maker(service).animate(replace(request, prompt="rain"), WrittenTab())  # another one, newer
    assert (tab.ticket, len(replicate.paid)) == (None, 3)
    replicate.page_size = 1
    made = await clip_maker(service).animate(request, tab)
    assert len(replicate.paid) == 3
    assert made.usage.provider_id == list(replicate.predictions)[1]
    assert tab.ticket is not None


async def test_prediction_from_several_pictures_is_adopted(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    pictures = [ReferencePicture(still(64, 64, seed, "PNG"), "image/png") for seed in (1, 2)]
    tab = WrittenTab()
    tab.dies_on_keep = True
    with pytest.raises(WorkerDied):
        await image_maker(service).make(replace(PICTURE, references=tuple(pictures)), tab)
    one_less = WrittenTab(opened_at=tab.opened_at)
    await image_maker(service).make(replace(PICTURE, references=tuple(pictures[:1])), one_less)
    assert len(replicate.paid) == 2
    await image_maker(service).make(replace(PICTURE, references=tuple(pictures)), tab)
    assert len(replicate.paid) == 2


async def test_prediction_from_a_picture_is_not_taken_for_one_from_another(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    tab.dies_on_keep = True
    for kind in ("PNG", "BMP"):
        first = replace(CLIP, first_image=still(640, 640, 1, kind))
        tab.dies_on_keep = True
        with pytest.raises(WorkerDied):
            await clip_maker(service).animate(first, tab)
        await clip_maker(service).animate(replace(CLIP, first_image=still(640, 640, 2, kind)), tab)
        tab.ticket = None
    assert len(replicate.paid) == 4


async def test_nothing_is_bought_while_it_is_not_known_what_was(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    request = replace(CLIP, first_image=still(640, 640, 1, "BMP"))
    tab = WrittenTab()
    tab.dies_on_keep = True
    with pytest.raises(WorkerDied):
        await clip_maker(service).animate(request, tab)
    for path in ("/v1/predictions", "/v1/files/"):
        replicate.tell(path, Fault(status=429, headers={"retry-after": "1"}))
        with pytest.raises(ProviderBusy):
            await clip_maker(service).animate(request, tab)
    await clip_maker(service).animate(request, tab)
    assert len(replicate.paid) == 1


async def test_answer_lost_on_its_way_is_found_again(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    replicate.tell("/models/", Fault(cut_after=20))
    with pytest.raises(ProviderUnavailable) as lost:
        await image_maker(service).make(PICTURE, tab)
    assert lost.value.retryable
    assert (tab.ticket, tab.opened_at is None, len(replicate.paid)) == (None, False, 1)
    await image_maker(service).make(PICTURE, tab)
    assert len(replicate.paid) == 1


async def test_what_is_nobodys_is_not_adopted(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    replicate.tell("/models/", Fault(told="fail"))
    with pytest.raises(ProviderUnavailable):
        await image_maker(service).make(PICTURE, WrittenTab())
    await image_maker(service).make(PICTURE, WrittenTab())  # its output serves somebody already
    other = Account("r8_other", Whose.USER)
    await image_maker(service, other).make(PICTURE, Unwritten())
    replicate.predictions[list(replicate.predictions)[-1]].key = "r8_third"
    tab = WrittenTab(opened_at=datetime.now(UTC) - timedelta(minutes=3))
    await image_maker(service).make(PICTURE, tab)
    assert len(replicate.paid) == 4


async def test_nothing_else_than_time_ends_the_wait(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    await image_maker(service).make(PICTURE, Unwritten())
    looked = len(replicate.calls)
    tab = WrittenTab()
    replicate.tell("/v1/predictions/", Fault(status=429, headers={"retry-after": "0.02"}))
    replicate.tell("/v1/predictions/", Fault(status=500), Fault(drops=True), Fault(cut_after=5))
    replicate.tell("/v1/predictions/", Fault(change=lambda _: b"{"))
    await image_maker(service).make(PICTURE, tab)
    assert tab.written == ["open", "keep"]
    assert len(replicate.paid) == 2
    # Bought, five looks that went wrong, one that did not, and the output: nobody asks behind our back.
    assert len(replicate.calls) == looked + 1 + 5 + 1 + 1


async def test_wait_that_is_too_long_keeps_the_ticket(replicate: ReplicateStandIn) -> None:
    options = ReplicateOptions(api_token="t", base_url=replicate.url, poll_s=0.01, timeout_s=0.6)
    service = ReplicateService(options, PRICES, OwnGate())
    try:
        tab = WrittenTab()
        replicate.tell("/models/", Fault(told="never"))
        with pytest.raises(ProviderUnavailable, match="has not ended") as late:
            await image_maker(service).make(PICTURE, tab)
        assert late.value.retryable
        assert tab.ticket is not None
        replicate.predictions[tab.ticket.id].told = ""
        await image_maker(service).make(PICTURE, tab)
        assert len(replicate.paid) == 1
    finally:
        await service.close()


async def test_busy_service_says_when_to_come_again(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    replicate.tell("/models/", Fault(status=429, headers={"retry-after": "7"}))
    with pytest.raises(ProviderBusy) as busy:
        await image_maker(service).make(PICTURE, tab)
    assert busy.value.retry_after_s == 7
    assert tab.opened_at is None
    assert len(replicate.calls) == 1
    replicate.tell("/models/", Fault(status=429, body=b'{"detail": "Slow down", "retry_after": 3}'))
    with pytest.raises(ProviderBusy, match="Slow down") as busy:
        await image_maker(service).make(PICTURE, tab)
    assert busy.value.retry_after_s == 3


@pytest.mark.parametrize(("status", "says"), [(401, "FRAMEWRIGHT_REPLICATE_API_TOKEN"), (402, "credit")])
async def test_key_that_is_refused(
    service: ReplicateService, replicate: ReplicateStandIn, status: int, says: str
) -> None:
    replicate.tell("/models/", Fault(status=status))
    with pytest.raises(KeyRefused, match=says):
        await image_maker(service).make(PICTURE, WrittenTab())


async def test_key_is_not_repeated(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    replicate.tell("/models/", Fault(status=401, body=b'{"detail": "Bad token r8_installation"}'))
    with pytest.raises(KeyRefused) as refusal:
        await image_maker(service).make(PICTURE, WrittenTab())
    assert "r8_installation" not in str(refusal.value)
    assert "Bad token [token]" in str(refusal.value)


async def test_refusal_of_content_gives_the_reason(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    replicate.tell("/models/", Fault(told="nsfw"))
    with pytest.raises(ContentRefused, match="flagged as sensitive"):
        await image_maker(service).make(PICTURE, tab)
    assert tab.ticket is None


async def test_what_a_failure_took_is_told(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    pinned = ReplicateModel(f"bytedance/seedance-1-lite:{'a' * 64}")
    options = ReplicateOptions(
        api_token="t", base_url=replicate.url, models={Capability.CLIP: pinned}, poll_s=0.01
    )
    by_time = ReplicateService(options, PRICES, OwnGate())
    for asked, seconds, cost_micros in ((service, 0.0, 0), (by_time, 3.5, 126_000)):
        replicate.tell("/predictions", Fault(told="fail"))
        with pytest.raises(ProviderUnavailable) as failure:
            await clip_maker(asked).animate(CLIP, WrittenTab())
        assert failure.value.usage is not None
        assert (failure.value.usage.seconds, failure.value.usage.cost_micros) == (seconds, cost_micros)
    assert replicate.charged_s == [0.0, 3.5]
    await by_time.close()
    replicate.tell("/models/", Fault(status=500))
    with pytest.raises(ProviderUnavailable) as failure:
        await clip_maker(service).animate(CLIP, WrittenTab())
    assert failure.value.usage is None


@pytest.mark.parametrize(
    ("told", "says", "retryable"),
    [
        ("fail", "CUDA out of memory", True),
        ("bad input", "the audio is empty", False),
        ("canceled", "called off", True),
        ("aborted", "called off", True),
        ("removed", "expired", True),
        ("elsewhere", "unknown place", False),
    ],
)
async def test_prediction_that_gives_nothing(
    service: ReplicateService, replicate: ReplicateStandIn, told: str, says: str, *, retryable: bool
) -> None:
    tab = WrittenTab()
    replicate.tell("/models/", Fault(told=told))
    with pytest.raises(ProviderUnavailable, match=says) as failure:
        await image_maker(service).make(PICTURE, tab)
    assert failure.value.retryable is retryable
    assert tab.written[-1] == "discard"
    assert failure.value.usage is not None
    assert failure.value.usage.provider_id == next(iter(replicate.predictions))
    assert failure.value.usage.images == (1 if told in {"removed", "elsewhere"} else 0)
    assert not [call for call in replicate.calls if "meta-data" in call.path]


async def test_expired_link_is_asked_for_anew(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    tab = WrittenTab()
    replicate.tell("/delivery/", Fault(status=403))
    await image_maker(service).make(PICTURE, tab)
    assert tab.written == ["open", "keep"]
    replicate.tell("/delivery/", Fault(status=404), times=2)
    with pytest.raises(ProviderUnavailable, match="expired") as gone:
        await image_maker(service).make(replace(PICTURE, seed=8), tab := WrittenTab())
    assert gone.value.retryable
    assert tab.written == ["open", "keep", "discard"]


async def test_broken_download_costs_nothing_more(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    for fault in (Fault(cut_after=50), Fault(status=500), Fault(drops=True)):
        replicate.tell("/delivery/", fault)
        with pytest.raises(ProviderUnavailable):
            await image_maker(service).make(PICTURE, tab)
        assert tab.ticket is not None
    await image_maker(service).make(PICTURE, tab)
    assert len(replicate.paid) == 1


async def test_output_is_not_looked_for_elsewhere(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    replicate.tell("/delivery/", Fault(status=302, headers={"location": f"{replicate.url}/other"}))
    with pytest.raises(ProviderUnavailable) as moved:
        await image_maker(service).make(PICTURE, WrittenTab())
    assert not moved.value.retryable
    assert not replicate.calls_to("/other")
    replicate.tell("/delivery/", Fault(status=404), Fault(status=302, headers={"location": "/other"}))
    with pytest.raises(ProviderUnavailable):
        await image_maker(service).make(replace(PICTURE, seed=8), WrittenTab())


async def test_ticket_that_nobody_knows_is_discarded(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab(ticket=Ticket("replicate", "black-forest-labs/flux-schnell", "gone"))
    with pytest.raises(ProviderUnavailable, match="not known") as unknown:
        await image_maker(service).make(PICTURE, tab)
    assert unknown.value.retryable
    assert tab.ticket is None
    await service.call_off(Ticket("replicate", "m/n", "gone"), None)
    assert replicate.canceled == []


async def test_calls_at_once_are_limited_by_key(replicate: ReplicateStandIn) -> None:
    options = ReplicateOptions(
        api_token="t", base_url=replicate.url, poll_s=0.01, limits=LineLimits(calls_at_once=2)
    )
    service = ReplicateService(options, PRICES, OwnGate())
    try:
        replicate.tell("/", Fault(delay_s=0.05), times=8)  # so that calls meet there
        requests = [replace(PICTURE, seed=seed) for seed in range(8)]
        await asyncio.gather(*(image_maker(service).make(each, Unwritten()) for each in requests))
        assert replicate.most_at_once["t"] == 2
    finally:
        await service.close()
