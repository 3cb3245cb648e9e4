"""What a job has bought is found again by what it was made from, and by nothing else."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from access.sealing import Sealing
from documents.accounts.provider_key import ProviderKey
from documents.jobs import calling_off, job_claim, job_end
from documents.jobs.job import Job, JobError, JobKind, JobState
from documents.jobs.usage_record import UsageRecord
from documents.projects.project import Project
from documents.transaction import in_transaction
from providers.protocols.prediction import Tab
from providers.protocols.sound import Music, MusicRequest
from providers.service import Whose
from tasks.buying.call_off import call_off
from tasks.buying.job_tab import JobTab
from tasks.buying.order import Order
from tasks.buying.purchases import buy, spoiled
from tasks.job_engine.work import Done, Hopeless, Report, Retryable
from tasks.workshop import Workshop
from tests.studio import Studio, open_studio
from tests.tasks.band import COST, POLICY, Agency, Band, budget, buying, ordered, run_to_the_end, workshop

CALM = MusicRequest("calm", 9, seed=0)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    prefix = f"{database.name}:again:"
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=prefix, policy=POLICY
    ) as opened:
        yield opened


def order(band: Band, **values: Any) -> Order:
    given: dict[str, Any] = {
        "name": "music",
        "inputs": CALM,
        "offer": band.offer,
        "model": None,
        "amounts": {},
    }
    return Order(**(given | {"project": None} | values))


async def broken(job: Job) -> None:
    del job
    raise Hopeless("BROKEN", "It broke.")


async def retried(studio: Studio, job: Job) -> Job:
    ended = await Job.get(job.id)
    assert ended is not None
    again = await studio.services.dispatcher.retry(ended)
    assert again is not None
    return again


async def handed_over(parent: Job, child: Job, now: datetime) -> None:
    async def work(session: AsyncClientSession) -> None:
        await job_end.hand_over(parent, [child], stage="making", checkpoint={}, now=now, session=session)

    await in_transaction(work)


async def call_offs(studio: Studio, shop: Workshop, job: Job) -> list[Job]:
    """What was ordered to be called off for a job, once that is done."""

    async def calling_off(job: Job, report: Report) -> Done:
        return await call_off(shop, job, report)

    handlers: Mapping[JobKind, Any] = {JobKind.CALL_OFF: calling_off}
    asked = {"kind": JobKind.CALL_OFF, "owner_id": job.owner_id}
    for each in await Job.find(asked).to_list():
        await studio.engine(handlers).run(each.id)
    return await Job.find(asked).to_list()


def test_an_order_is_named_after_what_decides_its_answer() -> None:
    band = Band()
    name = order(band).entry()
    assert name == order(band, inputs=MusicRequest("calm", 9, seed=0)).entry()
    assert order(band).is_of_this_name(name)
    others = [
        order(band, inputs=MusicRequest("merry", 9, seed=0)),
        order(band, inputs=(CALM, b"a picture")),
        order(band, inputs=(CALM, b"another picture")),
        order(band, model="other"),
        order(band, name="lip_sync"),
        order(Band(name="orchestra")),
    ]
    assert len({name, *(each.entry() for each in others)}) == 1 + len(others)
    with pytest.raises(TypeError):
        order(band, inputs=object()).entry()


async def test_an_answer_for_other_words_is_not_shown(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    shop = workshop(studio, Agency(band), tmp_path)
    said = iter(["calm", "merry", "calm"])

    async def work(job: Job, report: Report) -> Done:
        inputs = next(said)
        done = await buying(shop, band, inputs=inputs)(job, report)
        if inputs == "calm" and len(band.sold) == 1:
            raise Retryable("INTERNAL", "The brief is edited now.")
        return done

    ended = await run_to_the_end(studio, job, work)
    assert (ended.state, len(band.sold)) == (JobState.SUCCEEDED, 2)
    assert (await budget(job)).spent_micros == 2 * COST


async def test_who_retries_a_failed_job_finds_what_it_bought(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    shop = workshop(studio, Agency(band), tmp_path)
    failed = await run_to_the_end(studio, job, buying(shop, band, broken))
    assert (failed.state, len(band.sold)) == (JobState.FAILED, 1)
    await retried(studio, job)
    ended = await run_to_the_end(studio, job, buying(shop, band))
    assert (ended.state, ended.result, len(band.sold)) == (JobState.SUCCEEDED, {"duration_s": 9.0}, 1)
    assert (ended.cost_micros, (await budget(job)).spent_micros) == (COST, COST)


async def test_what_is_of_no_use_is_bought_anew(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    shop = workshop(studio, Agency(band), tmp_path)

    async def look(job: Job) -> None:
        if len(band.sold) == 1:
            raise await spoiled(shop, job, order(band, inputs="calm"), "MEDIA_UNUSABLE", "It is noise.")

    assert (await run_to_the_end(studio, job, buying(shop, band, look))).state is JobState.FAILED
    await retried(studio, job)
    ended = await run_to_the_end(studio, job, buying(shop, band, look))
    assert (ended.state, len(band.sold), ended.cost_micros) == (JobState.SUCCEEDED, 2, 2 * COST)


async def test_a_retry_waits_for_nothing_that_was_called_off(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    agency = Agency(band, taken_micros=70)
    shop = workshop(studio, agency, tmp_path)

    async def bought_and_broken(job: Job, report: Report) -> Done:
        del report
        await band.compose(CALM, JobTab(job, order(band, inputs="calm").entry(), studio.services.now))
        raise Hopeless("BROKEN", "It broke.")

    assert (await run_to_the_end(studio, job, bought_and_broken)).state is JobState.FAILED
    again = await retried(studio, job)
    assert again.checkpoint == {}
    ended = await run_to_the_end(studio, job, buying(shop, band))
    assert (ended.state, len(band.sold)) == (JobState.SUCCEEDED, 2)
    (done,) = await call_offs(studio, shop, job)
    assert (done.state, agency.called_off) == (JobState.SUCCEEDED, band.sold[:1])
    paid = await Job.get(job.id)
    assert paid is not None
    assert (paid.cost_micros, (await budget(job)).spent_micros) == (COST + 70, COST + 70)


async def test_another_provider_is_asked_and_the_first_one_called_off(studio: Studio, tmp_path: Path) -> None:
    band, orchestra, job = Band(), Band(name="orchestra"), await ordered(studio)
    agency = Agency(band, taken_micros=COST // 2)
    shop = workshop(studio, agency, tmp_path, Agency(orchestra))

    async def work(job: Job, report: Report) -> Done:
        if not band.sold:
            await band.compose(CALM, JobTab(job, order(band, inputs="calm").entry(), studio.services.now))
            raise Retryable("PROVIDER_UNAVAILABLE", "It takes long, and the style names another one now.")
        return await buying(shop, orchestra)(job, report)

    ended = await run_to_the_end(studio, job, work)
    assert (ended.state, len(band.sold), len(orchestra.sold)) == (JobState.SUCCEEDED, 1, 1)
    (done,) = await call_offs(studio, shop, job)
    assert (done.state, agency.called_off) == (JobState.SUCCEEDED, band.sold)
    assert (await budget(job)).spent_micros == COST + COST // 2
    records = await UsageRecord.find({"job_id": job.id}).to_list()
    assert {(each.provider, each.cost_micros, each.provider_id) for each in records} == {
        ("band", COST // 2, band.sold[0]),
        ("orchestra", COST, orchestra.sold[0]),
    }


async def key_of(owner_id: PydanticObjectId, *, is_company: bool, now: datetime) -> ProviderKey:
    """A key at the band's, named like its owner, that is saved now."""
    given = {"provider": "band", "sealed": "", "hint": "xxxx", "created_at": now, "checked_at": now}
    key = ProviderKey(owner_id=owner_id, is_company=is_company, created_by=owner_id, **given)
    key.sealed = Sealing({"s": "s" * 32}).seal(key.purpose, str(owner_id).encode())
    return await key.insert()


@pytest.mark.parametrize("whose", list(Whose))
async def test_work_is_called_off_with_the_key_that_it_was_bought_with(
    studio: Studio, tmp_path: Path, whose: Whose
) -> None:
    band, job, company_id = Band(), await ordered(studio), PydanticObjectId()
    band.offer = replace(band.offer, whose_key=whose.value)
    agency = Agency(band, taken_micros=70)
    shop = workshop(studio, agency, tmp_path)
    await Project.find({"_id": job.project_id}).update({"$set": {"company_id": company_id}})

    async def broken_off(job: Job, report: Report) -> Done:
        del report

        async def call(tab: Tab) -> Music:
            await band.compose(CALM, tab)
            raise Hopeless("BROKEN", "It broke.")

        project = await shop.project(job.in_project)
        await buy(shop, job, order(band, project=project), Music, call)
        raise AssertionError

    assert (await run_to_the_end(studio, job, broken_off)).error == JobError(
        code="BROKEN", message="It broke."
    )
    now = studio.services.now()
    saved = {
        Whose.USER: await key_of(job.owner_id, is_company=False, now=now),
        Whose.COMPANY: await key_of(company_id, is_company=True, now=now),
    }
    await call_offs(studio, shop, job)
    key = saved.get(whose)
    assert (agency.called_off, agency.keys) == (band.sold, [key and str(key.owner_id)])
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert (record.whose_key, record.company_id, record.cost_micros) == (whose.value, company_id, 70)


async def test_work_that_another_key_has_bought_is_called_off_and_bought_anew(
    studio: Studio, tmp_path: Path
) -> None:
    band, job = Band(), await ordered(studio)
    agency = Agency(band, taken_micros=70)
    shop = workshop(studio, agency, tmp_path)

    async def work(job: Job, report: Report) -> Done:
        if band.sold:
            band.offer = replace(band.offer, whose_key="USER")
            return await buying(shop, band)(job, report)
        project = await shop.project(job.in_project)

        async def call(tab: Tab) -> Music:
            await band.compose(CALM, tab)
            raise Retryable("PROVIDER_UNAVAILABLE", "Somebody saves a key of their own now.")

        await buy(shop, job, order(band, inputs="calm", project=project), Music, call)
        raise AssertionError

    ended = await run_to_the_end(studio, job, work)
    assert (ended.state, len(band.sold)) == (JobState.SUCCEEDED, 2)
    await call_offs(studio, shop, job)
    assert (agency.called_off, agency.keys) == (band.sold[:1], [None])
    assert (await budget(job)).spent_micros == COST + 70


async def test_work_whose_key_is_gone_is_left_alone(studio: Studio, tmp_path: Path) -> None:
    band, job = Band(), await ordered(studio)
    agency = Agency(band, taken_micros=70)
    ended = await run_to_the_end(studio, job, buying(workshop(studio, agency, tmp_path), band))
    ticket = {"provider": "band", "model": "m", "id": "p-of-theirs"}
    left = {"ticket": ticket, "paid_with": {"whose_key": "USER", "company_id": None}}
    await calling_off.call_off(ended, [left], studio.services.now(), None)
    (done,) = await call_offs(studio, workshop(studio, agency, tmp_path), job)
    assert (done.state, agency.called_off) == (JobState.SUCCEEDED, [])


async def test_a_prediction_is_paid_once_though_it_is_waited_for_and_called_off(
    studio: Studio, tmp_path: Path
) -> None:
    band, job = Band(), await ordered(studio)
    agency = Agency(band, taken_micros=COST)
    shop = workshop(studio, agency, tmp_path)
    ended = await run_to_the_end(studio, job, buying(shop, band))
    ticket = {"ticket": {"provider": "band", "model": "m", "id": band.sold[0]}}

    await calling_off.call_off(ended, [ticket], studio.services.now(), None)
    await asyncio.gather(*(call_offs(studio, shop, job) for _ in range(2)))
    assert agency.called_off != []
    assert (await budget(job)).spent_micros == COST


async def test_a_step_that_was_delivered_and_is_wanted_again_is_bought_again(studio: Studio) -> None:
    now, parent, child = studio.services.now(), await ordered(studio), await ordered(studio)
    answered: dict[str, Any] = {"answer": {}}
    waiting = {"ticket": {"provider": "band", "model": "m", "id": "p"}}
    kept = {}
    for state in (JobState.SUCCEEDED, JobState.FAILED):
        given = {
            "state": state,
            "finished_at": now,
            "checkpoint": {"purchases": {"a": answered, "b": waiting}},
        }
        jobs = Job.get_pymongo_collection()
        await jobs.update_one({"_id": child.id}, {"$set": given})
        await jobs.update_one({"_id": parent.id}, {"$set": {"state": JobState.QUEUED, "is_waiting": False}})
        claimed = await job_claim.claim(parent.id, owner="w", now=now, lease_s=60)
        assert claimed is not None
        await handed_over(claimed, child, now)
        again = await Job.get(child.id)
        assert again is not None
        assert again.state is JobState.QUEUED
        kept[state] = again.checkpoint
    assert kept == {JobState.SUCCEEDED: {}, JobState.FAILED: {"purchases": {"a": answered}}}
