"""People who order words through the API, and a worker that has them made by OpenAI's client."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from beanie import PydanticObjectId

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import Job, JobKind
from documents.tree.caps import Caps
from providers.desk import ProviderDesk
from providers.line import OwnGate
from providers.local.service import LocalService
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import Price, PriceList
from providers.protocols.offer import Capability
from providers.service import Service
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Report
from tasks.making.image import draw_image
from tasks.workshop import Workshop
from tasks.writing.character_analysis import analyse_character
from tasks.writing.metadata import describe_video
from tasks.writing.music_words import suggest_music
from tasks.writing.prompt import optimise_prompt
from tasks.writing.rewrite import rewrite
from tasks.writing.script import write_script
from tasks.writing.script_analysis import analyse_script
from tasks.writing.translation import translate_project
from tests.schema.desk import Desk
from tests.stand_ins.openai import OpenAiStandIn
from tests.studio import Studio, Work

KEY = "sk-writing-0123456789"
_HANDLERS: Mapping[JobKind, Any] = {
    JobKind.SCRIPT: write_script,
    JobKind.SCRIPT_ANALYSIS: analyse_script,
    JobKind.CHARACTER_ANALYSIS: analyse_character,
    JobKind.REWRITE: rewrite,
    JobKind.PROMPT: optimise_prompt,
    JobKind.METADATA: describe_video,
    JobKind.MUSIC_WORDS: suggest_music,
    JobKind.TRANSLATION: translate_project,
    JobKind.IMAGE: draw_image,
}


@dataclass
class WritingRoom:
    """A desk for people, and the worker behind it.

    Args:
        stand_in: who is asked.
    """

    desk: Desk
    shop: Workshop
    stand_in: OpenAiStandIn

    async def change(
        self, name: str, given: Mapping[str, Any], selection: str = "job { id }", *, by: PydanticObjectId
    ) -> dict[str, Any]:
        """Payload of a mutation."""
        return await self.desk.change(name, given, selection, by=by)

    async def ordered(self, name: str, given: Mapping[str, Any], *, by: PydanticObjectId) -> Job:
        """The job of an order that was taken, before anybody has worked on it."""
        payload = await self.change(name, given, by=by)
        assert payload["userErrors"] == []
        (job,) = await Job.find({"owner_id": by}).sort("-_id").limit(1).to_list()
        return job

    async def work(self, job: Job) -> Job:
        """The job after a worker has had it."""

        def handler(kind: JobKind) -> Work:
            async def work(job: Job, report: Report) -> Done:
                return cast("Done", await _HANDLERS[kind](self.shop, job, report))

            return work

        engine = self.desk.studio.engine({kind: handler(kind) for kind in _HANDLERS})
        await engine.run(job.id)
        ended = await Job.get(job.id)
        assert ended is not None
        return ended

    async def done(self, name: str, given: Mapping[str, Any], *, by: PydanticObjectId) -> Job:
        """The job of an order after a worker has had it."""
        return await self.work(await self.ordered(name, given, by=by))

    def texts(self) -> list[str]:
        """What the models were told, call by call."""
        return [call.body.decode() for call in self.stand_in.calls]


def paid_providers(stand_in: OpenAiStandIn) -> ProviderChoice:
    """OpenAI for all work on words, for a price; local for the rest."""
    options = OpenAiOptions(api_key=KEY, base_url=f"{stand_in.url}/v1")
    model = Price(per_million_input_tokens=Decimal("0.25"), per_million_output_tokens=Decimal(2))
    services: list[Service] = [
        OpenAiService(options, PriceList({"openai/*": model}), OwnGate()),
        LocalService(),
    ]
    desk = ProviderDesk(services, dict.fromkeys(Capability, "PROVIDERS"))
    return ProviderChoice(desk, Sealing({"s": "s" * 32}))


@asynccontextmanager
async def open_room(studio: Studio, stand_in: OpenAiStandIn, scratch: Path) -> AsyncIterator[WritingRoom]:
    """A writing room in a studio, whose own providers stay as they are."""
    providers = paid_providers(stand_in)
    services = replace(studio.services, providers=providers)
    unused = cast("Any", None)
    shop = Workshop(
        objects=services.objects,
        providers=providers,
        caps=Caps(),
        engine=unused,
        intake=unused,
        scratch=scratch,
        kill_points=KillPoints(),
        now=services.now,
        correspondence=unused,
    )
    yield WritingRoom(Desk(replace(studio, services=services)), shop, stand_in)
    await providers.desk.close()
