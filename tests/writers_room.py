"""Who talks and plans in tests of the writer's room: a provider that says what it is told to say."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import Job, JobKind
from documents.tree.caps import Caps
from providers.desk import ProviderDesk
from providers.errors import ProviderError
from providers.local.service import LocalService
from providers.prices import Price
from providers.protocols.chat import ChatEnd, Conversation, Plan, PlannedVideo, PlanRequest
from providers.protocols.offer import Capability, Offer, Usage
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Report
from tasks.workshop import Workshop
from tasks.writing.chat import ChatWork
from tasks.writing.weekly_plan import make_weekly_plan
from tests.studio import Studio, Work

COST = 1_000
PRICES = (("m", Price(per_call=Decimal("0.001"))),)


def _usage(call: int) -> Usage:
    return Usage(
        provider="salon",
        model="m",
        duration_ms=1,
        cost_micros=COST,
        input_tokens=7,
        output_tokens=3,
        provider_id=f"call-{id(object())}-{call}",
    )


@dataclass
class Talker:
    """Says its pieces to everybody.

    Args:
        pieces: what it says.
        faults: what goes wrong, one a call: after how many pieces.
        gates: what it waits for, one a call: after how many pieces.
        asked: what it was asked.
    """

    pieces: list[str] = field(default_factory=lambda: ["Bees ", "dance", "."])
    faults: list[tuple[int, ProviderError]] = field(default_factory=list)
    gates: list[tuple[int, asyncio.Event]] = field(default_factory=list)
    asked: list[Conversation] = field(default_factory=list)
    paid: int = 0
    offer: Offer = field(
        default_factory=lambda: Offer(
            capability=Capability.CHAT, provider="salon", models=("m",), prices=PRICES
        )
    )

    async def converse(self, conversation: Conversation) -> AsyncIterator[str | ChatEnd]:
        self.asked.append(conversation)
        fault = self.faults.pop(0) if self.faults else None
        gate = self.gates.pop(0) if self.gates else None
        for number, piece in enumerate(self.pieces):
            if fault is not None and fault[0] == number:
                raise fault[1]
            if gate is not None and gate[0] == number:
                await gate[1].wait()
            yield piece
        self.paid += 1
        yield ChatEnd(_usage(self.paid))


@dataclass
class Dreamer:
    """Plans as many videos as it is asked for.

    Args:
        asked: what it was asked.
    """

    asked: list[PlanRequest] = field(default_factory=list)
    offer: Offer = field(
        default_factory=lambda: Offer(
            capability=Capability.PLAN, provider="salon", models=("m",), prices=PRICES
        )
    )

    async def plan(self, request: PlanRequest) -> Plan:
        self.asked.append(request)
        videos = [
            PlannedVideo(day, f"Idea {day} {number}", "Bees at night", "Did you know?", ("bees",))
            for day in request.days
            for number in range(request.per_day)
        ]
        return Plan(tuple(videos), _usage(len(self.asked)))


class Salon(LocalService):
    """The provider of both, and of nothing else."""

    name = "salon"

    def __init__(self, talker: Talker | None = None, dreamer: Dreamer | None = None) -> None:
        makers: dict[Capability, Any] = {Capability.CHAT: talker, Capability.PLAN: dreamer}
        self._makers = {capability: maker for capability, maker in makers.items() if maker is not None}


def open_salon(studio: Studio, salon: Salon) -> None:
    """Let the studio's people be served there, besides where they are served without it."""
    here = studio.services.providers.desk.services()
    others = [each for each in here if each.name != salon.name]
    desk = ProviderDesk([salon, *others], dict.fromkeys(Capability, "PROVIDERS"))
    choice = ProviderChoice(desk, Sealing({"s": "s" * 32}))
    studio.services = replace(studio.services, providers=choice)


def writers(studio: Studio, scratch: Path) -> dict[JobKind, Work]:
    """What a worker does with the jobs of the writer's room."""
    unused = cast("Any", None)
    shop = Workshop(
        objects=unused,
        providers=studio.services.providers,
        caps=Caps(),
        engine=unused,
        intake=unused,
        scratch=scratch,
        kill_points=KillPoints(),
        now=studio.services.now,
        correspondence=unused,
    )

    async def plan(job: Job, report: Report) -> Done:
        return await make_weekly_plan(shop, job, report)

    return {JobKind.CHAT_REPLY: ChatWork(shop, studio.services.announcer), JobKind.WEEKLY_PLAN: plan}
