"""What a person may spend with the installation's keys is never passed, by however many workers at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.accounts.allowance import Allowance
from documents.jobs import job_claim
from documents.jobs.job import Job, JobKind, JobState, Lease
from documents.jobs.personal_spending import WINDOW, PersonalSpending, room_again_at, spending_of
from documents.jobs.usage_record import UsageRecord
from documents.projects import spending
from documents.transaction import in_transaction
from providers.errors import ContentRefused
from tests.studio import Studio, open_studio
from tests.tasks.band import COST, POLICY, Agency, Band, budget, buying, ordered, run_to_the_end, workshop


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    prefix = f"{database.name}:limit:"
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=prefix, policy=POLICY
    ) as opened:
        yield opened


async def spent(
    studio: Studio, owner_id: PydanticObjectId, micros: int, *, whose: str = "INSTALLATION", ago: timedelta
) -> datetime:
    """Somebody bought something; when."""
    at = studio.services.now() - ago
    await UsageRecord(
        id=PydanticObjectId(),
        owner_id=owner_id,
        job_id=PydanticObjectId(),
        kind=JobKind.CHAT_REPLY,
        provider="band",
        model="m",
        whose_key=whose,
        cost_micros=micros,
        currency="USD",
        is_priced=True,
        duration_ms=1,
        at=at,
    ).insert()
    return at


async def standing(studio: Studio, job: Job, limit: int | None) -> PersonalSpending:
    return await spending_of(job.owner_id, everybodys_micros=limit, now=studio.services.now())


async def run(studio: Studio, tmp_path: Path, job: Job, band: Band, limit: int | None, **given: Any) -> Job:
    shop = replace(workshop(studio, Agency(band), tmp_path), spending_per_user_micros=limit)
    return await run_to_the_end(studio, job, buying(shop, band, **given))


async def test_nothing_is_bought_past_the_limit(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    first = await spent(studio, job.owner_id, 2 * COST, ago=timedelta(days=20))
    await spent(studio, job.owner_id, COST, ago=timedelta(days=5))
    ended = await run(studio, tmp_path, job, band, 4 * COST - 1)
    assert ended.error is not None
    assert (ended.error.code, band.sold) == ("SPENDING_LIMIT_EXCEEDED", [])
    free = f"{first + WINDOW:%Y-%m-%d %H:%M} UTC"
    for said in ("0.0125 USD", f"{(4 * COST - 1) / 1e6:.4f} USD", free, "saveProviderKey"):
        assert said in ended.error.message
    assert await standing(studio, job, 4 * COST - 1) == PersonalSpending(4 * COST - 1, 3 * COST, 0)
    assert (await budget(job)).reserved_micros == 0


async def test_what_fits_is_bought_and_counts_from_then_on(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    await spent(studio, job.owner_id, COST, ago=timedelta(days=29))
    await spent(studio, job.owner_id, 100 * COST, ago=timedelta(days=30, minutes=1))
    await spent(studio, job.owner_id, 100 * COST, whose="USER", ago=timedelta(days=1))
    await spent(studio, job.owner_id, 100 * COST, whose="COMPANY", ago=timedelta(days=1))
    await spent(studio, PydanticObjectId(), 100 * COST, ago=timedelta(days=1))
    ended = await run(studio, tmp_path, job, band, 2 * COST)
    assert (ended.state, len(band.sold), ended.installation_micros) == (JobState.SUCCEEDED, 1, 0)
    now = await standing(studio, job, 2 * COST)
    assert (now, now.left_micros) == (PersonalSpending(2 * COST, 2 * COST, 0), 0)


@pytest.mark.parametrize("whose", ["USER", "COMPANY"])
async def test_with_a_key_of_ones_own_there_is_no_limit(studio: Studio, tmp_path: Path, whose: Any) -> None:
    band, job = Band(), await ordered(studio)
    band.offer = replace(band.offer, whose_key=whose)
    ended = await run(studio, tmp_path, job, band, 0)
    assert (ended.state, len(band.sold)) == (JobState.SUCCEEDED, 1)
    assert await standing(studio, job, 0) == PersonalSpending(0, 0, 0)


async def test_what_is_in_no_project_counts_as_well(studio: Studio) -> None:
    (job,) = await held_jobs(studio, 1)
    job.project_id = None
    by_installation = spending.ByInstallation(COST, studio.services.now())
    await spending.reserve(job, COST, by_installation)
    assert (await standing(studio, job, COST)).left_micros == 0
    with pytest.raises(spending.OverLimit):
        await spending.reserve(job, 2 * COST, by_installation)
    assert (await standing(studio, job, COST)).reserved_micros == COST


@pytest.mark.parametrize(("limit", "code"), [(None, None), (10**9, "PRICE_UNKNOWN")])
async def test_under_a_limit_an_unknown_price_is_refused(
    studio: Studio, tmp_path: Path, limit: int | None, code: str | None
) -> None:
    band, job = Band(price=None), await ordered(studio)
    ended = await run(studio, tmp_path, job, band, limit)
    assert (ended.error and ended.error.code, len(band.sold)) == (code, 0 if code else 1)


async def test_a_refusal_gives_back_what_was_set_aside(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    band.moods = [ContentRefused("band", "It names a living person.")]
    ended = await run(studio, tmp_path, job, band, COST)
    assert (ended.state, ended.installation_micros) == (JobState.FAILED, 0)
    assert await standing(studio, job, COST) == PersonalSpending(COST, 0, 0)


async def held_jobs(studio: Studio, count: int) -> list[Job]:
    """Jobs of one person in projects of their own, each held by a worker."""
    jobs = [await ordered(studio) for _ in range(count)]
    for number, job in enumerate(jobs):
        job.owner_id = jobs[0].owner_id
        job.lease = Lease(owner="w", token=number, expires_at=studio.services.now())
        held = {"state": JobState.RUNNING, "owner_id": job.owner_id, "lease": job.lease.stored()}
        await Job.get_pymongo_collection().update_one({"_id": job.id}, {"$set": held})
    return jobs


async def test_reservations_that_race_stay_under_the_limit(studio: Studio) -> None:
    jobs = await held_jobs(studio, 8)
    await spent(studio, jobs[0].owner_id, COST, ago=timedelta(days=1))
    by_installation = spending.ByInstallation(4 * COST, studio.services.now())
    came = await asyncio.gather(
        *(spending.reserve(job, COST, by_installation) for job in jobs), return_exceptions=True
    )
    refused = [each for each in came if isinstance(each, spending.OverLimit)]
    assert (came.count(None), len(refused)) == (3, 5)
    assert await standing(studio, jobs[0], 4 * COST) == PersonalSpending(4 * COST, COST, 3 * COST)
    for job, answer in zip(jobs, came, strict=True):
        assert (await budget(job)).reserved_micros == (COST if answer is None else 0)


async def test_who_takes_over_reserves_nothing_twice(studio: Studio) -> None:
    (job,) = await held_jobs(studio, 1)
    by_installation = spending.ByInstallation(COST, studio.services.now())
    await spending.reserve(job, COST, by_installation)
    later = studio.services.now() + timedelta(seconds=1)
    again = await job_claim.claim(job.id, owner="next", now=later, lease_s=60)
    assert again is not None
    await spending.reserve(again, COST, by_installation)
    assert await standing(studio, job, COST) == PersonalSpending(COST, 0, COST)


async def test_a_persons_own_limit_goes_before_everybodys(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    await in_transaction(lambda session: Allowance.grant(job.owner_id, COST - 1, session))
    assert (await standing(studio, job, None)).limit_micros == COST - 1
    ended = await run(studio, tmp_path, job, band, None)
    assert (ended.error and ended.error.code, band.sold) == ("SPENDING_LIMIT_EXCEEDED", [])
    await in_transaction(lambda session: Allowance.grant(job.owner_id, None, session))
    assert (await standing(studio, job, 7)).limit_micros == 7


async def test_the_time_when_there_is_room_follows_from_the_oldest_purchases(studio: Studio) -> None:
    owner, now = PydanticObjectId(), studio.services.now()
    second = await spent(studio, owner, 10, ago=timedelta(days=3))
    first = await spent(studio, owner, 10, ago=timedelta(days=9))
    rooms = [await room_again_at(owner, micros, now=now) for micros in (1, 10, 11, 20, 21)]
    expected = [first + WINDOW, first + WINDOW, second + WINDOW, second + WINDOW]
    assert [each and each.replace(microsecond=0) for each in rooms] == [
        *(each.replace(microsecond=0) for each in expected),
        None,
    ]


async def test_sums_read_no_record(studio: Studio) -> None:
    jobs, now = await held_jobs(studio, 4), studio.services.now()
    owner = jobs[0].owner_id
    await spent(studio, owner, 10, ago=timedelta(days=3))
    await spending.reserve(jobs[0], COST, spending.ByInstallation(COST + 10, now))
    usage = UsageRecord.get_pymongo_collection()
    counted = {"owner_id": owner, "whose_key": "INSTALLATION", "at": {"$gt": now - WINDOW}}
    plan = await usage.find(counted, {"_id": 0, "at": 1, "cost_micros": 1}).sort("at", 1).explain()
    winning = str(plan["queryPlanner"]["winningPlan"])
    assert ("IXSCAN" in winning, "FETCH" in winning, "SORT" in winning) == (True, False, False)
    waiting = {"owner_id": owner, "installation_micros": {"$gt": 0}}
    plan = await Job.get_pymongo_collection().find(waiting).explain()
    assert "'reserved'" in str(plan["queryPlanner"]["winningPlan"])
