"""No key at a provider is ever told: not in logs, answers, errors, Redis, MongoDB, audit trail or exports."""

import base64
import json
import logging
import traceback
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import bson
import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis
from structlog.testing import capture_logs

from access.built_in_roles import ADMIN, MEMBER
from composition.providers import provider_choice
from devstack.stack import StackAddresses
from documents.accounts.data_export import DataExport
from documents.accounts.user import User
from documents.audit_entry import AuditEntry
from documents.companies.company import Company
from documents.jobs.job import Job, JobKind, JobState
from documents.projects.project import Project
from documents.tree.caps import Caps
from documents.writers_room.persona import Persona
from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from rendering.intake.desk import IntakeDesk
from resolvers.accounts import data_exports
from schema.ids import document_gid, tree_gid
from settings.environment import load_settings
from storage.object_store import ObjectStore
from tasks.handlers import make_handlers
from tasks.job_engine.engine import Engine
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.policy import JobPolicy
from tasks.rendering.source_shelf import SourceShelf
from tasks.workshop import Workshop
from tests.intake.good_files import FFMPEG
from tests.people import make_user
from tests.resolvers.test_provider_keys import make_company
from tests.schema.desk import Desk
from tests.stand_ins.elevenlabs import ElevenLabsStandIn
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.replicate import ReplicateStandIn
from tests.stand_ins.server import Fault, StandIn
from tests.studio import Studio, make_frame, make_project, open_studio

KEYS = {
    f"{whose} {provider}": f"{start}canary-{whose}-{provider}-5f1e"
    for whose in ("installation", "company", "user", "refused")
    for provider, start in (("openai", "sk-"), ("replicate", "r8_"), ("elevenlabs", "xi-"))
}
SERVICES = ("openai", "replicate", "elevenlabs")
READS: dict[str, tuple[Any, ...]] = {
    "string": ("get",),
    "hash": ("hgetall",),
    "list": ("lrange", 0, -1),
    "set": ("smembers",),
    "zset": ("zrange", 0, -1),
    "stream": ("xrange",),
}
EVERYTHING = """query($company: ID!, $project: ID!) {
  viewer { id email providerKeys { provider hint createdAt checkedAt createdBy { name } }
    auditEntries(first: 100) { nodes { action details } } }
  company(id: $company) { name providerKeys { provider hint } providerPreferences { provider } }
  providers(projectId: $project) { capability provider models isAvailable unavailableReason whoseKey }
  jobs(projectId: $project) { nodes { kind state error { code message } } } }"""


@dataclass
class House:
    """A studio whose services are set up as the application sets them up, over stand-ins."""

    studio: Studio
    desk: Desk
    shop: Workshop
    stand_ins: dict[str, StandIn]
    told: list[str] = field(default_factory=list)

    async def ask(self, document: str, variables: dict[str, Any], by: User) -> dict[str, Any]:
        answer = await self.desk.run(document, variables, by=by.id)
        self.told.append(json.dumps(answer, default=str))
        return answer

    async def change(self, name: str, given: dict[str, Any], selection: str, by: User) -> dict[str, Any]:
        errors = "userErrors { code field message }"
        kind = f"{name[0].upper()}{name[1:]}Input"
        document = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} {errors} }} }}"
        answer = await self.ask(document, {"input": given}, by)
        assert answer["errors"] == []
        return cast("dict[str, Any]", answer["data"][name])

    def engine(self) -> Engine:
        """A worker's engine with all handlers."""
        shelf = SourceShelf(self.shop.scratch / "shelf", self.shop.objects)
        handlers = make_handlers(self.shop, shelf, self.studio.services.announcer)
        return self.studio.engine(cast("Any", handlers))

    async def work(self, project: Project) -> list[Job]:
        """Do all that is to be done for a project, so often as it takes."""
        engine = self.engine()
        while True:
            jobs: list[Job] = await Job.find({"project_id": project.id}).to_list()
            open_jobs = [job for job in jobs if not job.state.is_over]
            if not open_jobs:
                return jobs
            for job in open_jobs:
                await Job.get_pymongo_collection().update_one(
                    {"_id": job.id, "state": JobState.QUEUED.value}, {"$set": {"not_before": None}}
                )
                await engine.run(job.id)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    stack: StackAddresses,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[House]:
    with OpenAiStandIn() as openai, ReplicateStandIn() as replicate, ElevenLabsStandIn() as elevenlabs:
        environ = {
            "FRAMEWRIGHT_MONGODB_URL": stack.mongodb_url,
            "FRAMEWRIGHT_MONGODB_DATABASE": database.name,
            "FRAMEWRIGHT_REDIS_URL": stack.redis_url,
            "FRAMEWRIGHT_S3_ENDPOINT": stack.s3_endpoint,
            "FRAMEWRIGHT_S3_ACCESS_KEY": stack.s3_access_key,
            "FRAMEWRIGHT_S3_SECRET_KEY": stack.s3_secret_key,
            "FRAMEWRIGHT_JWT_KEYS": "a:" + "j" * 32,
            "FRAMEWRIGHT_SECRETS_KEYS": "s:" + "s" * 32,
            "FRAMEWRIGHT_OPENAI_BASE_URL": f"{openai.url}/v1",
            "FRAMEWRIGHT_OPENAI_API_KEY": KEYS["installation openai"],
            "FRAMEWRIGHT_REPLICATE_BASE_URL": replicate.url,
            "FRAMEWRIGHT_REPLICATE_API_TOKEN": KEYS["installation replicate"],
            "FRAMEWRIGHT_ELEVENLABS_BASE_URL": elevenlabs.url,
            "FRAMEWRIGHT_ELEVENLABS_API_KEY": KEYS["installation elevenlabs"],
            "FRAMEWRIGHT_PRICES": '{"openai/*":{"per_call":0.01}}',
        }
        async with Redis.from_url(stack.redis_url) as redis:
            providers = provider_choice(load_settings(environ), redis)
            opened = open_studio(
                client=mongo_client,
                database=database,
                redis_url=stack.redis_url,
                prefix=f"{database.name}:",
                objects=object_store,
                policy=JobPolicy(lease_s=2.0, backoff_s=0.01, max_backoff_s=0.02, max_attempts=2),
                providers=providers,
            )
            async with opened as studio:
                unused, scratch, intake = (
                    cast("Any", None),
                    tmp_path_factory.mktemp("scratch"),
                    IntakeDesk(FFMPEG),
                )
                shop = Workshop(
                    objects=object_store,
                    providers=providers,
                    caps=Caps(),
                    engine=RenderEngine.start(FFMPEG, FontShelf(scratch / "fonts", fetch=None)),
                    intake=intake,
                    scratch=scratch,
                    kill_points=KillPoints(),
                    now=studio.services.now,
                    correspondence=unused,
                )
                stand_ins: dict[str, StandIn] = {
                    "openai": openai,
                    "replicate": replicate,
                    "elevenlabs": elevenlabs,
                }
                yield House(studio, Desk(studio), shop, stand_ins)
                await intake.close()
            await providers.desk.close()


async def test_keys_are_found_nowhere_but_in_what_is_sent_to_their_provider(
    house: House,
    database: AsyncDatabase[dict[str, Any]],
    redis_client: Redis,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "pymongo")  # it tells what it sends, and that is looked through below
    company = await make_company(house.studio)
    ana = await make_user(company_id=company.id, role_id=ADMIN.id)
    bob = await make_user(name="Bob", company_id=company.id, role_id=MEMBER.id)
    eva = await make_user(name="Eva")
    with capture_logs() as lines:
        await _save_and_try(house, company, ana)
        asked = ((ana, None, "openai"), (bob, company.id, "openai"), (eva, None, "replicate"))
        for user, company_id, drawer in asked:
            context = await house.studio.context_of(user.id)
            project = await make_project(context, topic="Bees", frames=[make_frame()])
            await project.set({"company_id": company_id, "style.image_provider": drawer})
            await _order(house, project, user)
            if user is ana:
                await _order_the_rest(house, project, user)
            await _fail(house, project, user)
            given = {"company": document_gid("Company", company.id), "project": _gid(project)}
            await house.ask(EVERYTHING, given, user)
        archive = await _export(house, ana, tmp_path)
        for provider in SERVICES:
            await house.change("removeProviderKey", {"provider": provider}, "providerKey { hint }", ana)
    places = {
        "logs": "\n".join([*map(_written, lines), caplog.text, *map(_record, caplog.records)]),
        "answers": "\n".join(house.told),
        "MongoDB": "\n".join([text async for text in _documents(database)]),
        "Redis": "\n".join([text async for text in _redis(redis_client)]),
        "audit": str([entry.model_dump() for entry in await AuditEntry.find({}).to_list()]),
        "export": archive,
        "parts": repr((house.studio.services, house.shop)),
    }
    assert "provider_keys" in places["MongoDB"]
    assert "PROVIDER_KEY_SAVED" in places["audit"]
    assert "provider_keys" in places["export"]
    assert "Incorrect API key provided" in places["answers"]
    assert all(places.values())
    leaks = [
        (name, place) for place, text in places.items() for name, key in KEYS.items() if _holds(text, key)
    ]
    assert leaks == []
    sent = {call.key for stand_in in house.stand_ins.values() for call in stand_in.calls}
    assert sent == set(KEYS.values())


async def _save_and_try(house: House, company: Company, user: User) -> None:
    shown = "providerKey { provider hint }"
    for provider in SERVICES:
        for whose, place in (("company", {"companyId": document_gid("Company", company.id)}), ("user", {})):
            given = {"provider": provider, "key": KEYS[f"{whose} {provider}"], **place}
            saved = await house.change("saveProviderKey", given, shown, user)
            assert saved["userErrors"] == []
            checked = await house.change("checkProviderKey", {"provider": provider, **place}, shown, user)
            assert checked["userErrors"] == []
        given = {"provider": provider, "key": KEYS[f"refused {provider}"]}
        for fault, code in ((Fault(status=401), "INVALID"), (Fault(status=500), "UNAVAILABLE")):
            house.stand_ins[provider].tell("/", fault)
            refused = await house.change("saveProviderKey", given, shown, user)
            assert [error["code"] for error in refused["userErrors"]] == [code]


async def _order(house: House, project: Project, user: User) -> None:
    """Have things made by each provider."""
    frame = project.script.scenes[0].frames[0]
    frames = {"projectId": _gid(project), "frameIds": [tree_gid("Frame", project.id, frame.id)]}
    await house.change("generateImages", frames, "jobs { id }", user)
    await house.change("generateVoiceovers", frames, "jobs { id }", user)
    await house.work(project)


async def _order_the_rest(house: House, project: Project, user: User) -> None:
    """Have everything else made that takes other calls."""
    frame = project.script.scenes[0].frames[0]
    frames = {"projectId": _gid(project), "frameIds": [tree_gid("Frame", project.id, frame.id)]}
    whole = {"projectId": _gid(project)}
    await house.change("generateClips", whole, "jobs { id }", user)
    await house.change("applyLipSync", frames, "jobs { id }", user)
    await house.change("generateMusic", whole, "job { id }", user)
    sound = {"frameId": frames["frameIds"][0], "prompt": "rain"}
    await house.change("generateSoundEffect", sound, "job { id }", user)
    await house.change("analyseScript", whole, "job { id }", user)
    jobs = await house.work(project)
    made = {job.kind for job in jobs if job.state is JobState.SUCCEEDED}
    assert made >= {JobKind.IMAGE, JobKind.CLIP, JobKind.LIP_SYNC, JobKind.MUSIC, JobKind.SOUND_EFFECT}
    await _talk(house, project, user)


async def _talk(house: House, project: Project, user: User) -> None:
    """Have a persona answer, word after word."""
    persona = await Persona.find_one({"owner_id": None, "company_id": None})
    assert persona is not None
    given = {"personaId": document_gid("Persona", persona.id), "projectId": _gid(project)}
    chat = (await house.change("startChat", given, "chat { id }", user))["chat"]["id"]
    await house.change("sendChatMessage", {"chatId": chat, "text": "How do bees dance?"}, "__typename", user)
    job = await Job.find({"kind": JobKind.CHAT_REPLY.value}).sort("-_id").first_or_none()
    assert job is not None
    await house.engine().run(job.id)
    document = "query($id: ID!) { node(id: $id) { ... on Chat { messages { nodes { content isCut } } } } }"
    said = await house.ask(document, {"id": chat}, user)
    assert said["errors"] == [], said
    assert all(each["content"] for each in said["data"]["node"]["messages"]["nodes"])


async def _fail(house: House, project: Project, user: User) -> None:
    """Let what is ordered fail in each way that a key may be mentioned in."""
    frame = project.script.scenes[0].frames[0]
    frames = {"projectId": _gid(project), "frameIds": [tree_gid("Frame", project.id, frame.id)]}
    for fault in (Fault(status=401), Fault(status=500)):
        for stand_in in house.stand_ins.values():
            stand_in.tell("/", fault, times=2)
        await house.change("generateImages", frames, "jobs { id }", user)
        await house.work(project)
        registry = await house.studio.services.providers.registry(user.id, project.company_id)
        try:
            await registry.speaker("elevenlabs").voices()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked through
            house.told.append("".join(traceback.format_exception(error)))
        for each in house.stand_ins.values():
            each._faults.clear()


async def _export(house: House, user: User, folder: Path) -> str:
    context = await house.studio.context_of(user.id)
    ordered = (await data_exports.order(context)).result
    assert ordered is not None
    handlers = make_handlers(
        house.shop, SourceShelf(folder / "shelf", house.shop.objects), house.studio.services.announcer
    )
    await house.studio.engine(cast("Any", handlers)).run(ordered.job_id)
    export = await DataExport.get(ordered.id)
    assert export is not None
    assert export.file is not None
    await house.shop.objects.get_file(export.file.key, folder / "mine.zip")
    with zipfile.ZipFile(folder / "mine.zip") as archive:
        keys = json.loads(archive.read("data/provider_keys.json"))
        assert [set(each) & {"provider", "sealed"} for each in keys] == [{"provider"}] * len(SERVICES)
        return "\n".join(name + archive.read(name).decode("latin-1") for name in archive.namelist())


async def _documents(database: AsyncDatabase[dict[str, Any]]) -> AsyncIterator[str]:
    for name in await database.list_collection_names():
        yield name
        async for raw in database[name].find({}):
            yield bson.encode(raw).decode("latin-1")


async def _redis(redis: Redis) -> AsyncIterator[str]:
    """Every key of the server and what it holds."""
    async for key in redis.scan_iter(count=1_000):
        yield key.decode("latin-1")
        kind: Any = await redis.type(key)
        if kind.decode() in READS:
            name, *arguments = READS[kind.decode()]
            yield repr(await getattr(redis, name)(key, *arguments))


def _written(line: Any) -> str:
    told = line.get("exc_info")
    if isinstance(told, BaseException):
        return f"{line} {''.join(traceback.format_exception(told))}"
    return str(line)


def _record(record: logging.LogRecord) -> str:
    return f"{record.getMessage()} {record.args!r} {record.exc_text or ''}"


def _holds(text: str, key: str) -> bool:
    """As it stands, or in one of the clothes that headers and addresses put on it."""
    encoded = base64.b64encode(key.encode()).decode().rstrip("=")[:-2]
    return key in text or encoded in text or key.replace("_", "%5F") in text


def _gid(project: Project) -> str:
    return document_gid("Project", project.id)
