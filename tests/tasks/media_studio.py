"""A studio whose clips, edits, moving lips and sounds come from the services' own clients over stand-ins."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import imageio_ffmpeg
from beanie import PydanticObjectId

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import Job, JobState
from documents.projects.project import Project
from documents.tree.brief import Music, Resolution, Style
from documents.tree.caps import Caps
from documents.tree.script import Frame, Scene, Script
from providers.desk import ProviderDesk
from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.service import ElevenLabsService
from providers.line import OwnGate
from providers.local.service import LocalService
from providers.prices import Price, PriceList
from providers.protocols.offer import Capability, Provides
from providers.replicate.options import ReplicateOptions
from providers.replicate.service import ReplicateService
from providers.service import Account, Service
from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from rendering.intake.desk import IntakeDesk
from schema.ids import document_gid, tree_gid
from tasks.handlers import make_handlers
from tasks.job_engine.kill_points import KillPoints
from tasks.rendering.source_shelf import SourceShelf
from tasks.workshop import Workshop
from tests.schema.desk import Desk
from tests.stand_ins.elevenlabs import ElevenLabsStandIn
from tests.stand_ins.replicate import ReplicateStandIn
from tests.studio import open_studio

FFMPEG = Path(imageio_ffmpeg.get_ffmpeg_exe())
PRICES = PriceList({"replicate/*": Price(per_second=Decimal("0.001"), per_call=Decimal("0.02"))})


@dataclass
class MediaStudio:
    """Attributes:
    desk: where people order.
    shop: what the worker works with.
    replicate: makes pictures, clips and moving lips.
    elevenlabs: makes sounds.
    """

    desk: Desk
    shop: Workshop
    replicate: ReplicateStandIn
    elevenlabs: ElevenLabsStandIn

    async def order(
        self, project: Project, operation: str, given: Mapping[str, Any], selection: str = "jobs { id }"
    ) -> dict[str, Any]:
        """Order something and have it all made."""
        payload = await self.desk.change(operation, given, selection, by=project.owner_id)
        await self.work(project)
        return payload

    async def work(self, project: Project) -> list[Job]:
        """Do all that is to be done for a project; its jobs."""
        while True:
            jobs: list[Job] = await Job.find({"project_id": project.id}).sort("_id").to_list()
            waiting = [job for job in jobs if job.state is JobState.QUEUED or _goes_on(job)]
            if not waiting:
                return jobs
            for job in waiting:
                await self.run(job)

    async def run(self, job: Job) -> None:
        """Do one job, as a worker does."""
        handlers = make_handlers(
            self.shop,
            SourceShelf(self.shop.scratch / "shelf", self.shop.objects),
            self.desk.studio.services.announcer,
        )
        await self.desk.studio.engine(cast("Any", handlers)).run(job.id)

    async def now(self, project: Project) -> Project:
        """The project as it is."""
        found = await Project.get(project.id)
        assert found is not None
        return found

    async def bytes_of(self, key: str) -> bytes:
        return await self.shop.objects.get_bytes(key)


class QuietLocalService(LocalService):
    """The local provider without its sounds, which somebody else makes here."""

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:
        made = super().makers(account)
        return {name: maker for name, maker in made.items() if name is not Capability.SOUND_EFFECT}


def _goes_on(job: Job) -> bool:
    return job.state is JobState.RUNNING and not job.is_waiting and job.lease is None


@asynccontextmanager
async def open_media_studio(
    *, scratch: Path, objects: Any, first: Sequence[Service] = (), **stack: Any
) -> AsyncIterator[MediaStudio]:
    """All that a worker needs; `first` are services that are preferred to the usual ones."""
    with ReplicateStandIn() as replicate, ElevenLabsStandIn() as elevenlabs:
        gate = OwnGate()
        services: list[Service] = [
            *first,
            QuietLocalService(),
            ReplicateService(
                ReplicateOptions(api_token="r-key", base_url=replicate.url, poll_s=0.01), PRICES, gate
            ),
            ElevenLabsService(ElevenLabsOptions(api_key="e-key", base_url=elevenlabs.url), PRICES, gate),
        ]
        settings = {capability: f"PROVIDERS_{capability.name}" for capability in Capability}
        providers = ProviderChoice(ProviderDesk(services, settings), Sealing({"s": "s" * 32}))
        intake = IntakeDesk(FFMPEG)
        async with open_studio(objects=objects, providers=providers, **stack) as studio:
            shop = Workshop(
                objects=objects,
                providers=providers,
                caps=Caps(),
                engine=RenderEngine.start(FFMPEG, FontShelf(scratch / "fonts", fetch=None)),
                intake=intake,
                scratch=scratch,
                kill_points=KillPoints(),
                now=studio.services.now,
                correspondence=cast("Any", None),
            )
            yield MediaStudio(Desk(studio), shop, replicate, elevenlabs)
        await intake.close()
        for service in services:
            await service.close()


def gid(project: Project, node: Any = None) -> str:
    if node is None:
        return document_gid("Project", project.id)
    return tree_gid(type(node).__name__, project.id, node.id)


async def make_project(studio: MediaStudio, *scenes: Scene, **values: Any) -> Project:
    """A small project of somebody new, without music."""
    now = studio.shop.now()
    given: Mapping[str, Any] = {
        "title": "Bees",
        "owner_id": PydanticObjectId(),
        "style": Style(resolution=Resolution.P480, sound_effect_provider="elevenlabs"),
        "music": Music(is_enabled=False),
        "script": Script(scenes=list(scenes)),
        "created_at": now,
        "updated_at": now,
    }
    project = Project(**(dict(given) | values))
    await project.insert()
    return project


def frame(narration: str = "Bees dance.", **values: Any) -> Frame:
    return Frame(narration=narration, picture_prompt="a bee on a flower", **values)
