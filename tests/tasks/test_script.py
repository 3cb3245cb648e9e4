from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.projects.project import Project
from documents.tree.caps import Caps
from providers.desk import ProviderDesk
from providers.local.script_writer import LocalScriptWriter
from providers.local.service import LocalService
from providers.protocols.offer import Capability, Usage
from providers.protocols.script import ScriptBrief, WrittenFrame, WrittenScene, WrittenScript
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Report
from tasks.workshop import Workshop
from tasks.writing.script import write_script
from tests.studio import Studio, make_project, open_studio


class Scribe:
    """A writer that answers with what it was given."""

    offer = LocalScriptWriter().offer

    def __init__(self, frame: WrittenFrame) -> None:
        self._frame = frame

    async def write(self, brief: ScriptBrief) -> WrittenScript:
        usage = Usage(provider="scribe", model="m", duration_ms=1)
        scenes = (WrittenScene("Bees", "s" * 9_000, (self._frame,)),)
        return WrittenScript("Bees", scenes, brief.language, knows_facts=True, usage=usage)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"{database.name}:"
    ) as opened:
        yield opened


async def script_job(studio: Studio, providers: ProviderChoice, scratch: Path) -> tuple[Job, Project]:
    """A script job that a worker has run, and its project."""
    owner = studio.context()
    project = await make_project(owner, topic="Bees")
    job = Job(
        kind=JobKind.SCRIPT,
        queue=QUEUE_OF[JobKind.SCRIPT],
        project_id=project.id,
        owner_id=owner.require_viewer().user_id,
        root_id=project.id,
        queued_at=studio.services.now(),
    )
    unused = cast("Any", None)
    shop = Workshop(
        objects=unused,
        providers=providers,
        caps=Caps(),
        engine=unused,
        intake=unused,
        scratch=scratch,
        kill_points=KillPoints(),
        now=studio.services.now,
        correspondence=unused,
    )

    async def work(job: Job, report: Report) -> Done:
        return await write_script(shop, job, report)

    await studio.services.dispatcher.start([job])
    await studio.engine({JobKind.SCRIPT: work}).run(job.id)
    ended, now = await Job.get(job.id), await Project.get(project.id)
    assert ended is not None
    assert now is not None
    return ended, now


class Scriptorium(LocalService):
    """A provider with one writer."""

    name = "scribe"

    def __init__(self, frame: WrittenFrame) -> None:
        self._makers = {Capability.SCRIPT: Scribe(frame)}


def providers_of(frame: WrittenFrame) -> ProviderChoice:
    desk = ProviderDesk([Scriptorium(frame)], dict.fromkeys(Capability, "PROVIDERS"))
    return ProviderChoice(desk, Sealing({"s": "s" * 32}))


@pytest.mark.parametrize("narration", ["a" * 5_001, "bell \x07"])
async def test_narration_that_cannot_be_stored_ends_the_job_with_the_reason(
    studio: Studio, tmp_path: Path, narration: str
) -> None:
    job, project = await script_job(studio, providers_of(WrittenFrame(narration, "a bee")), tmp_path)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.code == "INVALID"
    assert "narration" in job.error.message
    assert project.script.scenes == []


async def test_prompts_that_are_too_long_are_cut(studio: Studio, tmp_path: Path) -> None:
    frame = WrittenFrame("Bees dance.", "p" * 9_000, "h" * 900)
    job, project = await script_job(studio, providers_of(frame), tmp_path)
    assert job.state is JobState.SUCCEEDED
    (scene,) = project.script.scenes
    assert len(scene.summary) == len(scene.frames[0].picture_prompt) == 5_000
    assert len(scene.frames[0].text_effects[0].text) == 300
