"""A whole production on paid services that misbehave, with workers that die: each thing is bought once."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest_asyncio
from beanie import PydanticObjectId, init_beanie

from devstack.stack import StackAddresses
from documents import MODELS
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.jobs.personal_spending import spending_of
from documents.projects.project import Project
from documents.tree.brief import Brief, Resolution, Style
from documents.tree.look import SoundEffect
from documents.tree.script import LipSyncSource, MediaKind
from tasks.job_engine.kill_points import KillPoint
from tests.stand_ins.elevenlabs import ElevenLabsStandIn
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.replicate import ReplicateStandIn
from tests.stand_ins.server import Answer, Call, Fault
from tests.tasks.crew import Crew
from tests.tasks.open_tickets import HAS_TICKET
from tests.tasks.studio_site import DEADLINE_S, Site, open_site

PRICES = {
    "openai/*": {"per_million_input_tokens": "0.75", "per_million_output_tokens": "4.5"},
    "openai/gpt-image-2": {"per_image": "0.0413"},
    "replicate/*": {"per_second": "0.0137"},
    "elevenlabs/*": {"per_thousand_characters": "0.165"},
}
KEYS = {
    "OPENAI_API_KEY": "sk-openai-canary-5f2a",
    "REPLICATE_API_TOKEN": "r8-replicate-canary-77c1",
    "ELEVENLABS_API_KEY": "xi-elevenlabs-canary-90be",
}
_MILLION = 1_000_000
_DECODED = re.compile(r"frame=\s*(\d+)")


class _OpenAi(OpenAiStandIn):
    """Remembers what it has charged."""

    def __init__(self) -> None:
        super().__init__()
        self.charged: list[tuple[Call, Answer]] = []

    async def answer(self, call: Call) -> Answer:
        answer = await super().answer(call)
        if answer.is_paid:
            self.charged.append((call, answer))
        return answer

    def cost(self) -> Decimal:
        return sum((_openai_price(call, answer) for call, answer in self.charged), Decimal(0))


def _openai_price(call: Call, answer: Answer) -> Decimal:
    if "/images/" in call.path:
        return Decimal(PRICES["openai/gpt-image-2"]["per_image"])
    usage, price = json.loads(answer.body)["usage"], PRICES["openai/*"]
    read = usage["prompt_tokens"] * Decimal(price["per_million_input_tokens"])
    written = usage["completion_tokens"] * Decimal(price["per_million_output_tokens"])
    return Decimal((read + written) / _MILLION)


class _ElevenLabs(ElevenLabsStandIn):
    """Remembers for how many characters it has charged, call by call."""

    def __init__(self) -> None:
        super().__init__()
        self.charged: list[int] = []

    async def answer(self, call: Call) -> Answer:
        answer = await super().answer(call)
        if answer.is_paid:
            self.charged.append(int(answer.headers["character-cost"]))
        return answer

    def cost(self) -> Decimal:
        return sum(self.charged) * Decimal(PRICES["elevenlabs/*"]["per_thousand_characters"]) / 1_000


@dataclass(frozen=True, slots=True)
class Town:
    """One installation among three services."""

    site: Site
    openai: _OpenAi
    replicate: ReplicateStandIn
    elevenlabs: _ElevenLabs

    def environ(self) -> Mapping[str, str]:
        given = KEYS | {
            "PROVIDERS": "openai,elevenlabs,replicate",
            "OPENAI_BASE_URL": f"{self.openai.url}/v1",
            "REPLICATE_BASE_URL": self.replicate.url,
            "ELEVENLABS_BASE_URL": self.elevenlabs.url,
            "PRICES": json.dumps(PRICES),
            "PREDICTION_POLL_S": "0.2",
            "SPENDING_PER_USER": "20",
        }
        named = {f"FRAMEWRIGHT_{name}": value for name, value in given.items()}
        return {**self.site.environ(), **named}

    def cost_micros(self) -> int:
        """What all three have charged, by their own count."""
        seconds = sum((Decimal(str(each)) for each in self.replicate.charged_s), Decimal(0))
        predictions = seconds * Decimal(PRICES["replicate/*"]["per_second"])
        total = self.openai.cost() + self.elevenlabs.cost() + predictions
        return int((total * _MILLION).to_integral_value())

    async def produce(self, project: Project, *, stop_after: str) -> PydanticObjectId:
        job_id = PydanticObjectId()
        async with self.site.dispatcher() as dispatcher:
            if await Project.get(project.id) is None:
                await project.insert()
            await dispatcher.start_production(
                Job(
                    id=job_id,
                    kind=JobKind.PRODUCTION,
                    queue=QUEUE_OF[JobKind.PRODUCTION],
                    project_id=project.id,
                    owner_id=project.owner_id,
                    root_id=job_id,
                    payload={"profile": "PREVIEW", "stop_after": stop_after},
                    queued_at=datetime.now(UTC),
                )
            )
        return job_id

    async def project(self, project_id: PydanticObjectId) -> Project:
        raw = await self.site.database["projects"].find_one({"_id": project_id})
        found: Project = Project.model_validate(raw)
        return found

    async def succeeded(self, job_id: PydanticObjectId) -> dict[str, Any]:
        job = await self.site.ended(job_id)
        failed = [
            (step["kind"], step["error"])
            for step in await self.site.steps(job_id)
            if step["state"] != "SUCCEEDED"
        ]
        assert (job["state"], failed) == ("SUCCEEDED", [])
        return job


@pytest_asyncio.fixture(loop_scope="session")
async def town(stack: StackAddresses, tmp_path: Path) -> AsyncIterator[Town]:
    async with AsyncExitStack() as opened:
        openai = await opened.enter_async_context(_OpenAi())
        replicate = await opened.enter_async_context(ReplicateStandIn())
        elevenlabs = await opened.enter_async_context(_ElevenLabs())
        site = await opened.enter_async_context(open_site(stack, tmp_path / "site"))
        await init_beanie(database=site.database, document_models=list(MODELS))
        yield Town(site, openai, replicate, elevenlabs)


def new_project() -> Project:
    now = datetime.now(UTC)
    return Project(
        title="Lighthouses",
        owner_id=PydanticObjectId(),
        brief=Brief(topic="How lighthouses work", target_duration_s=12, target_scenes=2),
        style=Style(resolution=Resolution.P480, speech_provider="elevenlabs"),
        created_at=now,
        updated_at=now,
    )


async def directed(town: Town, project_id: PydanticObjectId) -> Project:
    """Let the first scene show a clip, and one frame of the second speak with its own lips, over a sound."""
    project = await town.project(project_id)
    first, second = project.script.scenes[0], project.script.scenes[1]
    for frame in first.frames:
        frame.media_kind = MediaKind.CLIP
    speaking = second.frames[0]
    speaking.media_kind, speaking.lip_sync_from = MediaKind.CLIP, LipSyncSource.PICTURE
    speaking.sound_effects = [SoundEffect(name="Foghorn", prompt="a foghorn in the distance", wanted_s=1.0)]
    scenes = [scene.stored() for scene in project.script.scenes]
    await town.site.database["projects"].update_one(
        {"_id": project_id}, {"$set": {"script.scenes": scenes, "budget.ceiling_micros": 5 * _MILLION}}
    )
    return await town.project(project_id)


def misbehave(town: Town) -> None:
    """What goes wrong once or twice, and is none of a person's business."""
    town.openai.tell("/v1/images", Fault(status=500), Fault(status=429, headers={"retry-after": "1"}))
    town.openai.tell("/v1/images", Fault(delay_s=1.0))
    town.elevenlabs.tell("/text-to-speech", Fault(status=429), Fault(status=500), Fault(drops=True))
    town.elevenlabs.tell("/sound-generation", Fault(pause_s=0.2))
    town.replicate.tell("/predictions", Fault(status=429, headers={"retry-after": "1"}), Fault(status=500))
    town.replicate.tell("/delivery/", Fault(status=404))


async def test_services_fail_and_workers_die_and_all_is_bought_once(town: Town) -> None:
    project = new_project()
    town.openai.tell("/chat/completions", Fault(status=429, headers={"retry-after": "1"}))
    town.openai.tell("/chat/completions", Fault(status=500), Fault(told="broken"), Fault(delay_s=0.5))
    async with Crew(town.environ(), town.site.folder) as crew:
        try:
            written = await town.produce(project, stop_after="SCRIPT")
            await town.succeeded(written)
            assert len(town.openai.charged) == 2  # the answer that could not be used is paid, too
            told = await directed(town, project.id)
            misbehave(town)
            town.replicate.looks = 10**6
            made = await town.produce(told, stop_after="RENDER")
            await _until_only_a_prediction_goes_on(town, made)
            crew.kill()
            await crew.until_death()
            town.replicate.looks = 2
            job = await town.succeeded(made)
        except BaseException:
            print(crew.logs())  # noqa: T201 - pytest shows it with the failure
            raise
        logs = crew.logs()
    done = await town.project(project.id)
    frames = done.frames()
    drawn = [frame for _, frame in frames if frame.images]
    assert Counter(call.path for call, _ in town.openai.charged)["/v1/images/generations"] == len(drawn)
    assert len(town.elevenlabs.charged) == len(frames) + 1  # a voice for each, and the foghorn
    models = Counter(str(each.body["model"]) for each in town.replicate.predictions.values())
    assert sorted(models.values()) == [1, 1, 1]  # the clip, the lips, the music
    assert len(town.replicate.paid) == 3
    assert town.replicate.canceled == []
    await _check_costs(town, done, [written, made])
    await _check_video(town, job, done)
    _check_secrets(logs)


async def _until_only_a_prediction_goes_on(town: Town, root_id: PydanticObjectId) -> None:
    """Wait until the first wave has nothing left but the music, which somebody waits for.

    Of the other services a worker that dies between the answer and its booking loses what it has bought.
    """
    await town.site.until(root_id, kind="MUSIC", **HAS_TICKET)
    waiting = {"kind": {"$nin": ["PRODUCTION", "MUSIC"]}, "state": {"$ne": "SUCCEEDED"}}
    async with asyncio.timeout(DEADLINE_S):
        while await town.site.steps(root_id, **waiting):
            await asyncio.sleep(0.05)


async def _check_costs(town: Town, project: Project, roots: list[PydanticObjectId]) -> None:
    cost = town.cost_micros()
    assert cost > 0
    assert (project.budget.spent_micros, project.budget.reserved_micros) == (cost, 0)
    records = await town.site.database["usage"].find({"project_id": project.id}).to_list()
    assert sum(record["cost_micros"] for record in records) == cost
    assert sum([(await town.site.job(root))["cost_micros"] for root in roots]) == cost
    standing = await spending_of(project.owner_id, everybodys_micros=None, now=datetime.now(UTC))
    assert (standing.spent_micros, standing.reserved_micros) == (cost, 0)


async def _check_video(town: Town, job: dict[str, Any], project: Project) -> None:
    """The stored video decodes to its end; what it shows is looked into elsewhere."""
    render = await town.site.database["renders"].find_one({"project_id": project.id})
    assert render is not None
    assert job["result"]["render_id"] == str(render["_id"])
    file = town.site.folder / "video.mp4"
    objects = town.site.objects()
    try:
        file.write_bytes(await objects.get_bytes(render["video"]["key"]))
    finally:
        await objects.close()
    process = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-nostdin", "-i", str(file), "-map", "0:v", "-f", "null", "-"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 0
    assert int(_DECODED.findall(said.decode())[-1]) > 100


def _check_secrets(logs: str) -> None:
    assert [name for name, key in KEYS.items() if key in logs] == []


async def test_an_answer_that_is_booked_is_not_asked_for_again(town: Town) -> None:
    project = new_project()
    async with Crew(town.environ(), town.site.folder, kill_at=KillPoint.INSIDE_ATTACH) as crew:
        await town.succeeded(await town.produce(project, stop_after="SCRIPT"))
        assert (crew.witness.exists(), crew.deaths) == (True, 1)
    assert len(town.openai.charged) == 1
    assert (await town.project(project.id)).budget.spent_micros == town.cost_micros()


async def test_a_refusal_reaches_the_person_with_the_providers_reason(town: Town) -> None:
    project = new_project()
    project.music.is_enabled = False
    town.openai.tell("/v1/images", Fault(told="refuse"), times=20)
    async with Crew(town.environ(), town.site.folder) as _:
        job = await town.site.ended(await town.produce(project, stop_after="ASSETS"))
        assert job["state"] == "FAILED"
        steps = await town.site.steps(job["_id"], kind="IMAGE", state="FAILED")
        assert {step["error"]["code"] for step in steps} == {"CONTENT_REFUSED"}
        assert all("safety system" in step["error"]["message"] for step in steps)
        assert all(step["attempt"] == 1 for step in steps)
        town.openai.forget()
        again = await town.produce(project, stop_after="ASSETS")
        await town.succeeded(again)


async def test_workers_hold_the_operators_limit(town: Town) -> None:
    limited = {**town.environ(), "FRAMEWRIGHT_SPENDING_PER_USER": "0.000001"}
    async with Crew(limited, town.site.folder) as _:
        root_id = await town.produce(new_project(), stop_after="SCRIPT")
        ended = await town.site.ended(root_id)
    assert ended["error"]["code"] == "SPENDING_LIMIT_EXCEEDED"
    assert town.openai.charged == []
