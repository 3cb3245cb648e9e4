"""Voices are heard before they are chosen: bought in the usual way, kept for a day."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import imageio_ffmpeg
import pytest
import pytest_asyncio
from beanie import PydanticObjectId

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import Job, JobKind, JobState
from documents.jobs.usage_record import UsageRecord
from documents.media.voice_preview import VoicePreview
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.tree.caps import Caps
from providers.desk import ProviderDesk
from providers.local.service import LocalService
from providers.local.speech import LocalSpeaker
from providers.prices import Price
from providers.protocols.offer import Capability, Offer, Usage, VoiceOffer
from providers.protocols.speech import Speech, SpeechRequest
from resolvers.context import Context
from schema.ids import any_ref, document_gid
from schema.root import ServedSchema, build_schema
from storage.object_store import ObjectStore
from tasks.housekeeping.preview_removal import PreviewRemoval
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Report
from tasks.making.voice_preview import speak_preview
from tasks.workshop import Workshop
from tests.people import make_user
from tests.schema.desk import Desk
from tests.studio import Studio, make_project, open_studio

FFMPEG = Path(imageio_ffmpeg.get_ffmpeg_exe())
PER_CHARACTER = 1_000  # micros
SELECTION = """preview { id text provider voice language speed isSpoken durationS expiresAt
  file { mimeType url } job { id kind state projectId nodeId } }"""
SEEN = """query($id: ID!) { voicePreview(id: $id) {
  durationS isSpoken file { mimeType sizeBytes url } job { state } } }"""


def mp3(wav: bytes) -> bytes:
    arguments = ("-v", "error", "-i", "pipe:0", "-f", "mp3", "-b:a", "64k", "pipe:1")
    return subprocess.run([FFMPEG, *arguments], input=wav, capture_output=True, check=True).stdout


@dataclass
class Star:
    """A speaker who charges, answers in MP3 and does not say for how long."""

    asked: list[SpeechRequest] = field(default_factory=list)
    offer: Offer = field(
        default_factory=lambda: Offer(
            Capability.SPEECH,
            "star",
            ("grand",),
            voices=(VoiceOffer("diva", "Diva", "en", "female"),),
            prices=(("grand", Price(per_thousand_characters=Decimal(PER_CHARACTER) / 1_000)),),
        )
    )

    async def voices(self) -> tuple[VoiceOffer, ...]:
        return self.offer.voices

    async def speak(self, request: SpeechRequest) -> Speech:
        self.asked.append(request)
        spoken = await LocalSpeaker().speak(replace(request, voice=None, model=None))
        letters = len(request.text)
        usage = Usage(
            provider="star",
            model="grand",
            duration_ms=1,
            characters=letters,
            cost_micros=letters * PER_CHARACTER,
            provider_id=f"take-{len(self.asked)}",
        )
        data = await asyncio.to_thread(mp3, spoken.data)
        return Speech(data, "audio/mpeg", None, None, spoken=True, voice=request.voice, usage=usage)


class Stage(LocalService):
    """The provider of that speaker."""

    name = "star"

    def __init__(self, star: Star) -> None:
        self._makers = {Capability.SPEECH: star}


@dataclass
class Booth:
    """Where voices are tried."""

    studio: Studio
    star: Star
    schema: ServedSchema

    @property
    def desk(self) -> Desk:
        return Desk(self.studio, self.schema)

    def person(self) -> Context:
        return self.studio.context()

    async def order(self, who: Context, **given: Any) -> Any:
        return await self.desk.change("previewVoice", given, SELECTION, by=who.require_viewer().user_id)

    async def seen(self, who: Context, preview_id: str) -> Any:
        answer = await self.desk.ask(SEEN, by=who.require_viewer().user_id, id=preview_id)
        return answer["voicePreview"]

    async def codes(self, who: Context, document: str, **variables: Any) -> list[str]:
        answer = await self.desk.run(document, variables, by=who.require_viewer().user_id)
        return [each["extensions"]["code"] for each in answer["errors"]]

    async def work(self, ordered: Any) -> Job:
        job_id = any_ref(ordered["preview"]["job"]["id"], "id").oid
        shop = Workshop(
            objects=self.studio.services.objects,
            providers=self.studio.services.providers,
            caps=Caps(),
            engine=cast("Any", None),
            intake=cast("Any", None),
            scratch=Path(),
            kill_points=KillPoints(),
            now=self.studio.services.now,
            correspondence=cast("Any", None),
        )

        async def speak(job: Job, report: Report) -> Done:
            return await speak_preview(shop, job, report)

        await self.studio.engine({JobKind.VOICE_PREVIEW: speak}).run(job_id)
        job = await Job.get(job_id)
        assert job is not None
        return job


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: Any, database: Any, redis_url: str, object_store: ObjectStore
) -> AsyncIterator[Studio]:
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
        objects=object_store,
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def schema() -> ServedSchema:
    return build_schema()


@pytest.fixture
def booth(studio: Studio, schema: ServedSchema) -> Booth:
    star = Star()
    desk = ProviderDesk([LocalService(), Stage(star)], dict.fromkeys(Capability, "PROVIDERS"))
    providers = ProviderChoice(desk, Sealing({"s": "s" * 32}))
    return Booth(replace(studio, services=replace(studio.services, providers=providers)), star, schema)


async def money(project: Project) -> tuple[int, int]:
    found = await Project.get(project.id)
    assert found is not None
    return found.budget.spent_micros, found.budget.reserved_micros


def decoded_s(sound: bytes) -> float:
    """Length of a sound, by decoding it."""
    arguments = ("-v", "error", "-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "8000", "pipe:1")
    heard = subprocess.run([FFMPEG, *arguments], input=sound, capture_output=True, check=True).stdout
    return len(heard) / 16_000


async def test_a_local_voice_is_heard_for_nothing(booth: Booth, object_store: ObjectStore) -> None:
    person = booth.person()
    ordered = await booth.order(person, text="  Bees pay $5.  ", language="en", speed=1.5)
    preview = ordered["preview"]
    assert ordered["userErrors"] == []
    assert (preview["text"], preview["speed"], preview["file"]) == ("Bees pay $5.", 1.5, None)
    assert (preview["job"]["kind"], preview["job"]["projectId"]) == ("VOICE_PREVIEW", None)
    assert preview["job"]["nodeId"] == preview["id"]
    job = await booth.work(ordered)
    assert (job.state, job.cost_micros) == (JobState.SUCCEEDED, 0)
    seen = await booth.seen(person, preview["id"])
    assert (seen["file"]["mimeType"], seen["isSpoken"]) == ("audio/wav", True)
    stored = await VoicePreview.get(any_ref(preview["id"], "id").oid)
    assert stored is not None
    assert stored.file is not None
    assert stored.file.key.startswith(f"users/{person.require_viewer().user_id}/voice-previews/")
    assert stored.file.key in seen["file"]["url"]
    sound = await object_store.get_bytes(stored.file.key)
    assert decoded_s(sound) == pytest.approx(seen["durationS"], abs=0.05)
    assert await UsageRecord.find({"job_id": job.id}).count() == 0


async def test_a_project_pays_under_its_ceiling_and_says_what_is_not_said(booth: Booth) -> None:
    owner = booth.person()
    project = await make_project(owner)
    style = {"style.speech_provider": "star", "style.voice": "diva", "style.speech_model": "grand"}
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$set": style | {"budget.ceiling_micros": 12 * PER_CHARACTER}}
    )
    gid = document_gid("Project", project.id)
    refused = await booth.order(owner, projectId=gid, text="Bees dance all day.")
    assert [each["code"] for each in refused["userErrors"]] == ["BUDGET_EXCEEDED"]
    assert await VoicePreview.find({"owner_id": owner.require_viewer().user_id}).count() == 0
    ordered = await booth.order(owner, projectId=gid, text="Bees dance.")
    job = await booth.work(ordered)
    assert (job.state, job.cost_micros) == (JobState.SUCCEEDED, 11 * PER_CHARACTER)
    assert await money(project) == (11 * PER_CHARACTER, 0)
    assert booth.star.asked == [SpeechRequest("Bees dance.", "en", voice="diva", model="grand")]
    (record,) = await UsageRecord.find({"project_id": project.id}).to_list()
    assert (record.kind, record.characters) == (JobKind.VOICE_PREVIEW, 11)
    seen = await booth.seen(owner, ordered["preview"]["id"])
    assert (seen["file"]["mimeType"], seen["durationS"]) == ("audio/mpeg", None)


async def test_the_same_words_of_the_same_voice_are_bought_once(booth: Booth) -> None:
    person = booth.person()
    given = {"text": "Bees dance.", "provider": "star", "voice": "diva"}
    first = await booth.order(person, **given)
    await booth.work(first)
    again = await booth.order(person, **given)
    assert again["preview"]["id"] == first["preview"]["id"]
    assert again["preview"]["file"] is not None
    for other in (
        {"text": "Bees sing."},
        {"speed": 0.8},
        {"voice": None},
        {"provider": "local", "voice": None},
    ):
        assert (await booth.order(person, **given | other))["preview"]["id"] != first["preview"]["id"]
    stranger = await booth.order(booth.person(), **given)
    assert stranger["preview"]["id"] != first["preview"]["id"]
    assert len(booth.star.asked) == 1


async def test_an_order_sent_twice_is_one(booth: Booth) -> None:
    person = booth.person()
    given = {"text": "Bees dance.", "idempotencyKey": "k"}
    both = await asyncio.gather(*(booth.order(person, **given) for _ in range(3)))
    assert len({each["preview"]["id"] for each in both}) == 1
    user_id = person.require_viewer().user_id
    assert await VoicePreview.find({"owner_id": user_id}).count() == 1
    assert await Job.find({"owner_id": user_id}).count() == 1


@pytest.mark.parametrize(
    ("given", "code", "at"),
    [
        ({"text": "  "}, "INVALID", "input.text"),
        ({"text": "x" * 201}, "INVALID", "input.text"),
        ({"speed": 3.0}, "INVALID", "input.speed"),
        ({"language": "xx"}, "INVALID", "input.language"),
        ({"provider": "nobody"}, "INVALID", "input.provider"),
        ({"provider": "star", "voice": "bass"}, "INVALID", "input.voice"),
        ({"provider": "star", "model": "huge"}, "INVALID", "input.model"),
        ({"idempotencyKey": ""}, "INVALID", "input.idempotencyKey"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    booth: Booth, given: Mapping[str, Any], code: str, at: str
) -> None:
    person = booth.person()
    refused = await booth.order(person, **{"text": "Bees dance.", **given})
    assert (refused["preview"], [(each["code"], each["field"]) for each in refused["userErrors"]]) == (
        None,
        [(code, at)],
    )
    assert await Job.find({"owner_id": person.require_viewer().user_id}).count() == 0


async def test_nobody_else_hears_it_and_who_only_looks_spends_nothing(booth: Booth) -> None:
    owner, looker = booth.person(), booth.person()
    roles = {looker.require_viewer().user_id: ProjectRole.VIEWER}
    project = await make_project(owner, collaborators=roles)
    gid = document_gid("Project", project.id)
    order = "mutation($i: PreviewVoiceInput!) { previewVoice(input: $i) { preview { id } } }"
    for who, code in ((looker, "FORBIDDEN"), (booth.person(), "NOT_FOUND")):
        assert await booth.codes(who, order, i={"projectId": gid, "text": "Bees"}) == [code]
    powerless = await make_user(role_id=PydanticObjectId())
    refused = await booth.desk.run(order, {"i": {"text": "Bees"}}, by=powerless.id)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    mine = (await booth.order(owner, projectId=gid, text="Bees"))["preview"]["id"]
    assert await booth.codes(looker, SEEN, id=mine) == ["NOT_FOUND"]


async def test_it_goes_when_its_day_is_over(booth: Booth, object_store: ObjectStore) -> None:
    person = booth.person()
    ordered = await booth.order(person, text="Bees dance.")
    kept = await booth.order(person, text="Bees sing.")
    await booth.work(ordered)
    preview = await VoicePreview.get(any_ref(ordered["preview"]["id"], "id").oid)
    assert preview is not None
    assert preview.file is not None
    stray = preview.file.key.replace("speech.wav", "speech.mp3")
    await object_store.put_bytes(stray, b"of a worker that died", "audio/mpeg")
    now = booth.studio.services.now()
    past = {"$set": {"expires_at": now - timedelta(seconds=1)}}
    await VoicePreview.get_pymongo_collection().update_one({"_id": preview.id}, past)
    assert await booth.codes(person, SEEN, id=ordered["preview"]["id"]) == ["NOT_FOUND"]
    await PreviewRemoval(object_store, booth.studio.services.now).run()
    assert await VoicePreview.get(preview.id) is None
    assert not await object_store.exists(preview.file.key)
    assert not await object_store.exists(stray)
    assert await VoicePreview.get(any_ref(kept["preview"]["id"], "id").oid) is not None
    assert (await booth.work(kept)).state is JobState.SUCCEEDED


async def test_who_asks_again_before_it_is_spoken_waits_for_the_same(booth: Booth) -> None:
    person = booth.person()
    first, second = [await booth.order(person, text="Bees hum.") for _ in range(2)]
    assert first["preview"]["id"] == second["preview"]["id"]
    assert await Job.find({"owner_id": person.require_viewer().user_id}).count() == 1
    await Job.find({"owner_id": person.require_viewer().user_id}).update({"$set": {"state": "FAILED"}})
    third = await booth.order(person, text="Bees hum.")
    assert third["preview"]["id"] != first["preview"]["id"]


async def test_a_sound_that_comes_after_its_day_is_offered_to_nobody(booth: Booth) -> None:
    ordered = await booth.order(booth.person(), text="Bees sleep.")
    preview_id = any_ref(ordered["preview"]["id"], "id").oid
    past = {"$set": {"expires_at": booth.studio.services.now() - timedelta(seconds=1)}}
    await VoicePreview.get_pymongo_collection().update_one({"_id": preview_id}, past)
    job = await booth.work(ordered)
    assert (job.state, job.error and job.error.code) == (JobState.FAILED, "PREVIEW_GONE")
    preview = await VoicePreview.get(preview_id)
    assert preview is not None
    assert preview.file is None
