"""A composer that is paid, and what a worker needs to buy from it."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from beanie import PydanticObjectId

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.projects.money import Budget
from documents.projects.project import Project
from documents.tree.caps import Caps
from providers.desk import ProviderDesk
from providers.errors import ProviderError
from providers.local.service import LocalService
from providers.prices import Price
from providers.protocols.offer import Capability, Offer, Usage
from providers.protocols.prediction import Tab, Ticket
from providers.protocols.sound import Music, MusicRequest
from providers.service import Account
from tasks.buying.order import Order
from tasks.buying.purchases import buy
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.policy import JobPolicy
from tasks.job_engine.work import Done, Report
from tasks.workshop import Workshop
from tests.studio import Studio, make_project

PRICE = Price(per_call=Decimal("0.0125"))
COST = 12_500
POLICY = JobPolicy(lease_s=2.0, backoff_s=0.01, max_backoff_s=0.05, max_attempts=3)


class Band:
    """A composer that is paid for each call, and counts them.

    Attributes:
        chooses: the model that it asks, whichever is the first of its offer.
    """

    def __init__(
        self, *, price: Price | None = PRICE, other_price: Price | None = None, name: str = "band"
    ) -> None:
        prices = tuple(
            (model, each) for model, each in (("m", price), ("n", other_price)) if each is not None
        )
        self.name = name
        self.offer = Offer(capability=Capability.MUSIC, provider=name, models=("m", "n"), prices=prices)
        self.chooses = "m"
        self.sold: list[str] = []
        self.moods: list[ProviderError] = []

    async def compose(self, request: MusicRequest, tab: Tab) -> Music:
        del request
        if self.moods:
            raise self.moods.pop(0)
        ticket = tab.ticket
        if ticket is None:
            await tab.open(self.chooses)
            ticket = Ticket(self.name, self.chooses, f"p{PydanticObjectId()}")
            self.sold.append(ticket.id)
            await tab.keep(ticket)
        usage = Usage(
            provider=self.name, model="m", duration_ms=1, cost_micros=COST, provider_id=ticket.id, seconds=9
        )
        return Music(b"", "audio/wav", 9.0, loopable=False, tempo_bpm=None, usage=usage)


class Agency(LocalService):
    """The band's provider; it remembers what was called off.

    Attributes:
        taken_micros: what it charges for what is called off.
        keys: with which keys it was called off; None for the installation's.
    """

    def __init__(self, band: Band, *, taken_micros: int = 0) -> None:
        self.name = band.name
        self._makers = {Capability.MUSIC: band}
        self.taken_micros = taken_micros
        self.called_off: list[str] = []
        self.keys: list[str | None] = []

    async def call_off(self, ticket: Ticket, account: Account | None) -> Usage | None:
        self.called_off.append(ticket.id)
        self.keys.append(None if account is None else account.key)
        return Usage(
            provider=self.name,
            model="m",
            duration_ms=1,
            cost_micros=self.taken_micros,
            provider_id=ticket.id,
        )


def workshop(studio: Studio, agency: Agency, scratch: Path, *others: Agency) -> Workshop:
    unused = cast("Any", None)
    desk = ProviderDesk([agency, *others], dict.fromkeys(Capability, "PROVIDERS"))
    return Workshop(
        objects=unused,
        providers=ProviderChoice(desk, Sealing({"s": "s" * 32})),
        caps=Caps(),
        engine=unused,
        intake=unused,
        scratch=scratch,
        kill_points=KillPoints(),
        now=studio.services.now,
        correspondence=unused,
    )


def buying(
    shop: Workshop,
    band: Band,
    afterwards: Callable[[Job], Awaitable[None]] | None = None,
    *,
    inputs: object = "calm",
) -> Callable[[Job, Report], Awaitable[Done]]:
    async def work(job: Job, report: Report) -> Done:
        del report
        project = await shop.project(job.in_project)
        order = Order(name="music", inputs=inputs, offer=band.offer, model=None, amounts={}, project=project)
        request = MusicRequest("calm", 9, seed=0)
        music = await buy(shop, job, order, Music, lambda tab: band.compose(request, tab))
        if afterwards is not None:
            await afterwards(job)
        return Done(result={"duration_s": music.duration_s})

    return work


async def ordered(studio: Studio, *, ceiling: int | None = None) -> Job:
    project = await make_project(studio.context(), topic="Bees")
    await project.set({"budget": Budget(ceiling_micros=ceiling).stored()})
    job_id = PydanticObjectId()
    job = Job(
        id=job_id,
        kind=JobKind.MUSIC,
        queue=QUEUE_OF[JobKind.MUSIC],
        project_id=project.id,
        owner_id=project.owner_id,
        root_id=job_id,
        queued_at=studio.services.now(),
    )
    await studio.services.dispatcher.start([job])
    return job


async def run_to_the_end(studio: Studio, job: Job, work: Callable[[Job, Report], Awaitable[Done]]) -> Job:
    engine = studio.engine({JobKind.MUSIC: work})
    for _ in range(20):
        await engine.run(job.id)
        found = await Job.get(job.id)
        assert found is not None
        if found.state.is_over:
            return found
        await asyncio.sleep(0.06)
    raise AssertionError("it never ends")


async def budget(job: Job) -> Budget:
    project = await Project.get(job.in_project)
    assert project is not None
    return project.budget
