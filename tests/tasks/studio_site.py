"""An installation with workers of its own, in which a tiny video is produced and looked at closely."""

import asyncio
import hashlib
import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from beanie import PydanticObjectId, init_beanie
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis

from devstack.stack import StackAddresses
from documents import MODELS
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.projects.project import Project
from documents.tree.brief import Brief, Music, Resolution, Style
from events.publisher import Publisher
from events.topic_stream import TopicKeys
from storage.object_store import ObjectStore
from tasks.job_engine.announce import JOB_CHANGED, Announcer, project_topic
from tasks.job_engine.broker import Sender, make_broker
from tasks.job_engine.dispatch import Dispatcher
from tasks.job_engine.policy import JobPolicy

TEXT = """\
Bees dance in the dark.

The sun shows the way.

They fly home.
"""
DEADLINE_S = 60.0
_BUCKET = "framewright-tests"
_ID = re.compile(r"[0-9a-f]{24}(?![0-9a-f])")
_BEANIE = asyncio.Lock()  # models are bound to one database at a time in a process
_OVER = ("SUCCEEDED", "FAILED", "CANCELED")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a production left behind, without the ids that differ from one to the next.

    Args:
        video: SHA-256 of the stored video.
        tree: what the script holds: of each frame the narration, the pictures, the voice.
        objects: everything that is stored for the project and its owner.
        jobs: how many there are of each kind, and how they ended.
    """

    video: str
    tree: Any
    objects: tuple[str, ...]
    jobs: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Site:
    """One installation: a database, a prefix in Redis, a folder."""

    addresses: StackAddresses
    client: AsyncMongoClient[Document]
    database: AsyncDatabase[Document]
    folder: Path

    def environ(self) -> Mapping[str, str]:
        """Settings of workers that give up soon and look often."""
        given = {
            "DATA_DIR": str(self.folder),
            "CACHE_DIR": str(self.folder / "cache"),
            "MONGODB_URL": self.addresses.mongodb_url,
            "MONGODB_DATABASE": self.database.name,
            "REDIS_URL": self.addresses.redis_url,
            "S3_ENDPOINT": self.addresses.s3_endpoint,
            "S3_ACCESS_KEY": self.addresses.s3_access_key,
            "S3_SECRET_KEY": self.addresses.s3_secret_key,
            "S3_BUCKET": _BUCKET,
            "SMTP_URL": self.addresses.smtp_url,
            "LEASE_S": "2",
            "SWEEP_INTERVAL_S": "0.3",
            "SILENCE_S": "1.5",
            "BACKOFF_S": "0.2",
        }
        foreign = {name: "" for name in os.environ if name.startswith("FRAMEWRIGHT_")}
        return foreign | {f"FRAMEWRIGHT_{name}": value for name, value in given.items()}

    @asynccontextmanager
    async def dispatcher(self) -> AsyncIterator[Dispatcher]:
        """What the API starts and stops jobs with; for one at a time."""
        prefix = f"{self.database.name}:"
        broker = make_broker(self.addresses.redis_url, f"{prefix}jobs")
        async with _BEANIE, Redis.from_url(self.addresses.redis_url) as redis:
            await init_beanie(database=self.database, document_models=list(MODELS))
            yield Dispatcher(
                client=self.client,
                sender=Sender(broker),
                announcer=Announcer(Publisher(redis, f"{prefix}events:")),
                policy=JobPolicy(),
                now=lambda: datetime.now(UTC),
            )
        broker.close()

    async def order(self, *, resolution: Resolution = Resolution.P480) -> PydanticObjectId:
        """Start the production of a tiny video for somebody new."""
        async with self.dispatcher() as dispatcher:
            now, owner_id, job_id = datetime.now(UTC), PydanticObjectId(), PydanticObjectId()
            project = Project(
                title="Bees",
                owner_id=owner_id,
                brief=Brief(text=TEXT),
                style=Style(resolution=resolution),
                music=Music(is_enabled=False),
                created_at=now,
                updated_at=now,
            )
            await project.insert()
            await dispatcher.start_production(
                Job(
                    id=job_id,
                    kind=JobKind.PRODUCTION,
                    queue=QUEUE_OF[JobKind.PRODUCTION],
                    project_id=project.id,
                    owner_id=owner_id,
                    root_id=job_id,
                    payload={"profile": "PREVIEW"},
                    queued_at=now,
                )
            )
        return job_id

    async def stored(self, job_id: PydanticObjectId) -> Job:
        """A job for whoever has the dispatcher."""
        stored: Job = Job.model_validate(await self.job(job_id))
        return stored

    async def job(self, job_id: PydanticObjectId) -> Document:
        """A job as it is stored."""
        raw = await self.database["jobs"].find_one({"_id": job_id})
        assert raw is not None
        return raw

    async def steps(self, root_id: PydanticObjectId, **query: Any) -> list[Document]:
        """A production and all that descends from it."""
        return await self.database["jobs"].find({"root_id": root_id, **query}).to_list()

    async def until(self, root_id: PydanticObjectId, **query: Any) -> None:
        """Wait until a production has a step like this."""
        await _until(lambda: self.steps(root_id, **query))

    async def until_all_over(self, root_id: PydanticObjectId) -> None:
        """Wait until nothing of a production goes on."""

        async def is_over() -> bool:
            return not await self.steps(root_id, state={"$nin": list(_OVER)})

        await _until(is_over)

    async def ended(self, job_id: PydanticObjectId) -> Document:
        """Wait until a production is over and everybody was told so; the job as it then is."""
        await _until(lambda: self._is_over(job_id))
        return await self.job(job_id)

    async def _is_over(self, job_id: PydanticObjectId) -> bool:
        job = await self.job(job_id)
        return job["state"] in _OVER and not await self._is_untold(job)

    async def _is_untold(self, job: Document) -> bool:
        told = {"outbox.0": {"$exists": True}}
        project = {"_id": job["project_id"]}
        return bool(await self.steps(job["_id"], **told)) or bool(
            await self.database["projects"].find_one(project | told, {"_id": 1})
        )

    async def outcome(self, job_id: PydanticObjectId) -> Outcome:
        """Look at all that a successful production left behind, and refuse what is torn."""
        job = await self.ended(job_id)
        assert (job["state"], job["error"]) == ("SUCCEEDED", None)
        project = await self.database["projects"].find_one({"_id": job["project_id"]})
        assert project is not None
        assert (project["production_id"], project["status"]) == (None, "COMPLETED")
        steps = await self.steps(job_id)
        assert [step["kind"] for step in steps if step["lease"] or step["is_waiting"]] == []
        (render,) = await self.database["renders"].find({"project_id": project["_id"]}).to_list()
        assert project["latest_render_id"] == render["_id"]
        assert job["result"]["render_id"] == str(render["_id"])
        await self._check_events(job)
        objects = self.objects()
        try:
            data = await objects.get_bytes(render["video"]["key"])
            video = hashlib.sha256(data).hexdigest()
            assert render["video"]["sha256"] == video
            stored = [
                _ID.sub("*", found.key)
                for prefix in (f"projects/{project['_id']}/", f"users/{project['owner_id']}/")
                async for found in objects.list(prefix)
            ]
        finally:
            await objects.close()
        kinds = Counter((step["kind"], step["state"]) for step in steps)
        return Outcome(video, _tree(project), tuple(sorted(stored)), kinds)

    async def _check_events(self, job: Document) -> None:
        """Every event once, and one that says that the production has ended."""
        stream = TopicKeys(f"{self.database.name}:events:").stream(project_topic(job["project_id"]))
        async with Redis.from_url(self.addresses.redis_url) as redis:
            entries: Any = await redis.xrange(stream)
        events = [fields for _, fields in entries if b"id" in fields]
        ids = Counter(event[b"id"] for event in events)
        assert [event_id for event_id, times in ids.items() if times > 1] == []
        payloads = [
            orjson.loads(event[b"payload"]) for event in events if event[b"type"] == JOB_CHANGED.encode()
        ]
        ends = [
            each for each in payloads if each["jobId"] == str(job["_id"]) and each["state"] == job["state"]
        ]
        assert len(ends) == 1

    def objects(self) -> ObjectStore:
        """Where its files are; to be closed."""
        return ObjectStore(
            endpoint=self.addresses.s3_endpoint,
            access_key=self.addresses.s3_access_key,
            secret_key=self.addresses.s3_secret_key,
            bucket=_BUCKET,
        )


async def _until(holds: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.05)


def _tree(project: Document) -> Any:
    """The script and the music, each asset as the hash of its bytes."""
    return [
        (
            frame["narration"],
            [image["file"]["sha256"] for image in frame["images"]],
            [image["_id"] for image in frame["images"]].index(frame["chosen_image_id"]),
            frame["voiceover"]["recording"]["file"]["sha256"],
        )
        for scene in project["script"]["scenes"]
        for frame in scene["frames"]
    ]


@asynccontextmanager
async def open_site(addresses: StackAddresses, folder: Path) -> AsyncIterator[Site]:
    """A new installation on these servers; its database is gone afterwards."""
    folder.mkdir(parents=True)
    async with AsyncMongoClient[Document](
        addresses.mongodb_url, tz_aware=True, uuidRepresentation="standard"
    ) as client:
        name = f"deaths_{uuid4().hex[:24]}"
        yield Site(addresses, client, client[name], folder)
        await client.drop_database(name)
