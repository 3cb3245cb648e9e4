"""Money: set aside first, spent once, booked exactly, given back."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobKind, JobState, Lease
from documents.jobs.usage_record import UsageRecord
from documents.projects import spending
from documents.projects.money import Budget
from providers.errors import ContentRefused, ProviderBusy, ProviderUnavailable
from providers.prices import Price
from providers.protocols.offer import Usage
from providers.protocols.prediction import Tab
from providers.protocols.sound import Music, MusicRequest
from tasks.buying.call_off import call_off
from tasks.buying.job_tab import JobTab
from tasks.buying.order import Order
from tasks.buying.purchases import buy
from tasks.job_engine.work import Done, Report, Retryable
from tests.studio import Studio, open_studio
from tests.tasks.band import (
    COST,
    POLICY,
    Agency,
    Band,
    budget,
    buying,
    ordered,
    run_to_the_end,
    workshop,
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    prefix = f"{database.name}:purchases:"
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=prefix, policy=POLICY
    ) as opened:
        yield opened


async def test_what_fails_after_the_purchase_is_not_bought_again(studio: Studio, tmp_path: Path) -> None:
    band = Band()
    fails = [1, 2]

    async def stumble(job: Job) -> None:
        del job
        if fails:
            fails.pop()
            raise Retryable("INTERNAL", "a stumble")

    job = await ordered(studio)
    shop = workshop(studio, Agency(band), tmp_path)
    ended = await run_to_the_end(studio, job, buying(shop, band, stumble))
    assert (ended.state, ended.attempt) == (JobState.SUCCEEDED, 3)
    assert ended.result == {"duration_s": 9.0}
    assert len(band.sold) == 1
    assert (ended.cost_micros, ended.reserved_micros) == (COST, 0)
    held = await budget(job)
    assert (held.spent_micros, held.reserved_micros) == (COST, 0)
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert (record.cost_micros, record.provider_id, record.seconds) == (COST, band.sold[0], 9.0)


async def test_nothing_is_bought_past_the_ceiling(studio: Studio, tmp_path: Path) -> None:
    band = Band()
    job = await ordered(studio, ceiling=COST - 1)
    ended = await run_to_the_end(studio, job, buying(workshop(studio, Agency(band), tmp_path), band))
    assert ended.error is not None
    assert ended.error.code == "BUDGET_EXCEEDED"
    assert "0.0125 USD" in ended.error.message
    assert band.sold == []
    assert await budget(job) == Budget(ceiling_micros=COST - 1, project_id=job.project_id)


async def test_the_price_counts_of_the_model_that_the_maker_chooses(studio: Studio, tmp_path: Path) -> None:
    dear = Price(per_call=Decimal("0.05"))
    for other_price, ceiling, code in (
        (None, 10**9, "PRICE_UNKNOWN"),
        (dear, 4 * COST - 1, "BUDGET_EXCEEDED"),
        (dear, 4 * COST, None),
    ):
        band = Band(other_price=other_price)
        band.chooses = "n"
        job = await ordered(studio, ceiling=ceiling)
        ended = await run_to_the_end(studio, job, buying(workshop(studio, Agency(band), tmp_path), band))
        assert (ended.error and ended.error.code) == code
        assert len(band.sold) == (0 if code else 1)
        assert (await budget(job)).reserved_micros == 0


async def test_under_a_ceiling_an_unknown_price_is_refused(studio: Studio, tmp_path: Path) -> None:
    band = Band(price=None)
    job = await ordered(studio, ceiling=10**9)
    ended = await run_to_the_end(studio, job, buying(workshop(studio, Agency(band), tmp_path), band))
    assert ended.error is not None
    assert ended.error.code == "PRICE_UNKNOWN"
    assert band.sold == []


@pytest.mark.parametrize(("whose", "sold"), [("INSTALLATION", 0), ("USER", 1)])
async def test_the_operator_pays_for_no_model_that_somebody_names(
    studio: Studio, tmp_path: Path, whose: Any, sold: int
) -> None:
    band = Band()
    offer = replace(band.offer, whose_key=whose)
    shop = workshop(studio, Agency(band), tmp_path)

    async def work(job: Job, report: Report) -> Done:
        del report
        project = await shop.project(job.in_project)
        order = Order(
            name="music", inputs="calm", offer=offer, model="orchestra", amounts={}, project=project
        )
        await buy(shop, job, order, Music, lambda tab: band.compose(MusicRequest("calm", 9, seed=0), tab))
        return Done()

    ended = await run_to_the_end(studio, await ordered(studio), work)
    assert (ended.state is JobState.SUCCEEDED, len(band.sold)) == (bool(sold), sold)
    if not sold:
        assert ended.error is not None
        assert ended.error.code == "UNSUPPORTED"


async def test_answers_of_a_server_that_repeats_its_ids_are_all_counted(
    studio: Studio, tmp_path: Path
) -> None:
    band = Band()
    shop = workshop(studio, Agency(band), tmp_path)
    usage = Usage(provider="band", model="m", duration_ms=1, cost_micros=COST, provider_id="chatcmpl-7")
    music = Music(b"", "audio/wav", 9.0, loopable=False, tempo_bpm=None, usage=usage)

    async def play(tab: Tab) -> Music:
        del tab
        return music

    async def work(job: Job, report: Report) -> Done:
        del report
        project = await shop.project(job.in_project)
        order = Order(name="music", inputs="calm", offer=band.offer, model=None, amounts={}, project=project)
        await buy(shop, job, order, Music, play)
        return Done()

    for job in [await ordered(studio), await ordered(studio)]:
        assert (await run_to_the_end(studio, job, work)).cost_micros == COST
        assert (await budget(job)).spent_micros == COST


async def test_a_busy_provider_costs_no_attempt(studio: Studio, tmp_path: Path) -> None:
    band = Band()
    band.moods = [ProviderBusy("band", "Too many calls.", retry_after_s=0.01) for _ in range(6)]
    job = await ordered(studio)
    ended = await run_to_the_end(studio, job, buying(workshop(studio, Agency(band), tmp_path), band))
    assert (ended.state, ended.attempt, ended.waits) == (JobState.SUCCEEDED, 1, 6)


async def test_a_refusal_says_the_providers_reason_and_gives_the_money_back(
    studio: Studio, tmp_path: Path
) -> None:
    band = Band()
    band.moods = [ContentRefused("band", "It names a living person.")]
    job = await ordered(studio, ceiling=COST)
    ended = await run_to_the_end(studio, job, buying(workshop(studio, Agency(band), tmp_path), band))
    assert ended.error is not None
    assert (ended.error.code, ended.attempt) == ("CONTENT_REFUSED", 1)
    assert "living person" in ended.error.message
    held = await budget(job)
    assert (held.spent_micros, held.reserved_micros) == (0, 0)


async def test_answers_that_could_not_be_used_are_paid_all_the_same(studio: Studio, tmp_path: Path) -> None:
    band = Band()
    useless = ProviderUnavailable("band", "Two answers could not be used.")
    useless.usage = Usage(provider="band", model="m", duration_ms=1, cost_micros=40, provider_id="useless")
    band.moods = [useless]
    job = await ordered(studio)
    ended = await run_to_the_end(studio, job, buying(workshop(studio, Agency(band), tmp_path), band))
    assert (ended.state, ended.attempt, ended.cost_micros) == (JobState.SUCCEEDED, 2, COST + 40)
    assert (await budget(job)).spent_micros == COST + 40


async def test_reservations_that_race_stay_under_the_ceiling(studio: Studio) -> None:
    first = await ordered(studio, ceiling=3 * COST)
    others = [await ordered(studio) for _ in range(7)]
    jobs = [first, *others]
    for number, job in enumerate(jobs):
        job.project_id = first.project_id
        job.lease = Lease(owner="w", token=number, expires_at=studio.services.now())
        held = {"state": JobState.RUNNING, "project_id": job.project_id, "lease": job.lease.stored()}
        await Job.get_pymongo_collection().update_one({"_id": job.id}, {"$set": held})
    came = await asyncio.gather(*(spending.reserve(job, COST) for job in jobs), return_exceptions=True)
    assert sum(each is None for each in came) == 3
    assert sum(isinstance(each, spending.OverCeiling) for each in came) == 5
    assert (await budget(first)).reserved_micros == 3 * COST


async def test_work_at_the_provider_is_called_off_with_its_job(studio: Studio, tmp_path: Path) -> None:
    band = Band()
    agency = Agency(band)
    shop = workshop(studio, agency, tmp_path)

    async def bought_and_stuck(job: Job, report: Report) -> Done:
        del report
        await band.compose(MusicRequest("calm", 9, seed=0), JobTab(job, "music", studio.services.now))
        await studio.services.dispatcher.cancel(job)
        await asyncio.sleep(5)
        return Done()

    job = await ordered(studio)
    ended = await run_to_the_end(studio, job, bought_and_stuck)
    assert ended.state is JobState.CANCELED
    (following,) = await Job.find({"kind": JobKind.CALL_OFF, "owner_id": job.owner_id}).to_list()

    async def calling_off(job: Job, report: Report) -> Done:
        return await call_off(shop, job, report)

    handlers: Mapping[JobKind, Any] = {JobKind.CALL_OFF: calling_off}
    await studio.engine(handlers).run(following.id)
    assert agency.called_off == band.sold
    done = await Job.get(following.id)
    assert done is not None
    assert done.state is JobState.SUCCEEDED


async def test_a_prediction_that_two_workers_waited_for_is_counted_once(studio: Studio) -> None:
    job = await ordered(studio)
    found = await Job.get(job.id)
    assert found is not None
    record = UsageRecord(
        id=PydanticObjectId(),
        owner_id=job.owner_id,
        project_id=job.project_id,
        job_id=job.id,
        kind=job.kind,
        provider="band",
        model="m",
        whose_key="USER",
        cost_micros=COST,
        currency="USD",
        is_priced=True,
        duration_ms=1,
        at=studio.services.now(),
    )
    came = await asyncio.gather(
        *(spending.book(job, "music", {"answer": {}}, record) for _ in range(4)), return_exceptions=True
    )
    assert all(isinstance(each, Exception) for each in came)  # nobody holds the lease: each is told so
    assert (await budget(job)).spent_micros == COST
