"""A production in which OpenAI's own client writes, draws, speaks and listens, over its wire format."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobKind, JobState
from documents.tree.brief import Brief
from documents.tree.script import Script
from providers.line import OwnGate
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import Price, PriceList
from storage.object_store import ObjectStore
from tests.stand_ins.openai import OpenAiStandIn
from tests.tasks.media_studio import MediaStudio, gid, make_project, open_media_studio

PRICES = PriceList(
    {
        "openai/gpt-5.4-mini": Price(
            per_million_input_tokens=Decimal("0.25"), per_million_output_tokens=Decimal(2)
        ),
        "openai/gpt-image-2": Price(per_image=Decimal("0.04")),
        "openai/gpt-4o-mini-tts": Price(per_thousand_characters=Decimal("0.015")),
        "openai/whisper-1": Price(per_second=Decimal("0.0001")),
    }
)
TEXT = (
    "# The lamp\n\nAnna lit the lamp at dusk. It burned all night.\n\n# The ship\n\nA ship came home safely."
)


@pytest.fixture(scope="module")
def openai() -> Any:
    with OpenAiStandIn() as stand_in:
        yield stand_in


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    openai: OpenAiStandIn,
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    *,
    redis_url: str,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[MediaStudio]:
    options = OpenAiOptions(api_key="sk-all", base_url=f"{openai.url}/v1")
    async with open_media_studio(
        scratch=tmp_path_factory.mktemp("scratch"),
        objects=object_store,
        first=[OpenAiService(options, PRICES, OwnGate())],
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    "brief",
    [
        Brief(topic="How lighthouses work", target_duration_s=10, target_scenes=2),
        Brief(text=TEXT, target_duration_s=10),
    ],
    ids=["topic", "text"],
)
async def test_a_brief_becomes_all_that_a_video_needs(
    studio: MediaStudio, openai: OpenAiStandIn, brief: Brief
) -> None:
    openai.forget()
    project = await make_project(studio, brief=brief, script=Script())
    given = {"projectId": gid(project), "stopAfter": "ASSETS"}
    await studio.order(project, "startProduction", given, "job { id }")

    jobs = await Job.find({"project_id": project.id}).to_list()
    assert {job.state for job in jobs} == {JobState.SUCCEEDED}, [job.error for job in jobs if job.error]
    now = await studio.now(project)
    scenes = now.script.scenes
    frames = [frame for scene in scenes for frame in scene.frames]
    assert len(scenes) == 2
    assert now.script.provenance is not None
    assert now.script.provenance.knows_facts
    for frame in frames:
        (image,) = frame.images
        assert image.provenance.provider == "openai"
        assert image.provenance.cost_micros == 40_000
        assert frame.voiceover is not None
        assert frame.voiceover.recording is not None
        assert [word.text for word in frame.voiceover.recording.words] == frame.narration.split()
    if brief.text is not None:
        assert [scene.title for scene in scenes] == ["The lamp", "The ship"]
        told = " ".join(frame.narration for frame in frames)
        assert told == "Anna lit the lamp at dusk. It burned all night. A ship came home safely."

    bought = {"/images/": len(frames), "/audio/speech": len(frames), "/chat/": 1}
    for path, count in bought.items():
        assert sum(path in call.path for call in openai.paid) == count
    assert not openai.failures
    script_job = next(job for job in jobs if job.kind is JobKind.SCRIPT)
    assert script_job.cost_micros > 0

    paid = len(openai.paid)
    await studio.order(project, "startProduction", given | {"mode": "STALE"}, "job { id }")
    assert len(openai.paid) == paid, "nothing is bought twice"
