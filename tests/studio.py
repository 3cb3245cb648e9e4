"""A whole studio on the real stack, without a web server: services, people, projects and a worker."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from beanie import PydanticObjectId, init_beanie
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from access.authentication import Authenticator, viewer
from access.built_in_roles import USER, store_built_in_roles
from access.challenges import Challenges
from access.cost_budgets import CostMeter
from access.guest_tokens import GuestTokens
from access.guests import Guests
from access.lock_out import LockOut, Pauses
from access.mail_tokens import MailTokens
from access.media_urls import MediaUrls
from access.passwords import Passwords
from access.permissions import ACCOUNT_PERMISSIONS
from access.provider_choice import ProviderChoice
from access.rate_limits import AccountBudgets, RateLimits
from access.sealing import Sealing
from access.tokens import AccessTokens
from access.viewer import Viewer
from documents import MODELS
from documents.companies import membership
from documents.jobs.job import Job, JobKind
from documents.jobs.render import Render
from documents.projects.project import Collaborator, Project
from documents.projects.project_role import ProjectRole
from documents.tree.asset import Origin, Provenance, StoredFile
from documents.tree.brief import Brief
from documents.tree.caps import Caps
from documents.tree.script import Frame, Image, Scene, Script, VoiceRecording
from documents.writers_room.built_in_personas import store_built_in_personas
from events.hub import Hub
from events.presence import PresenceBoard
from events.publisher import Publisher
from providers.desk import ProviderDesk
from providers.local.service import LocalService
from providers.protocols.offer import Capability
from resolvers.context import Context, Services
from resolvers.live.presence_watch import PresenceWatch
from resolvers.live.rights_watch import RightsWatch
from storage.object_store import ObjectStore
from tasks.buying.estimate import Estimator
from tasks.job_engine.announce import Announcer
from tasks.job_engine.background import in_background
from tasks.job_engine.broker import Sender, make_broker
from tasks.job_engine.dispatch import Dispatcher
from tasks.job_engine.engine import Engine
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.policy import JobPolicy
from tasks.job_engine.work import Done, Handler, HandOver, Report
from tests.stand_ins.key_taker import KeyTaker

_SESSION_S = 6 * 3600  # some worlds are shared by many files, and tokens must not end before the last of them
NO_PAUSES = Pauses(free=10_000, first_s=1, longest_s=1)
Work = Callable[[Job, Report], Awaitable[Done | HandOver]]


async def succeed(job: Job, report: Report) -> Done:
    """The least that a handler can do."""
    del job, report
    return Done()


@dataclass
class Studio:
    """Everything that a request or a worker may need, on one database and one prefix in Redis."""

    services: Services
    client: AsyncMongoClient[dict[str, Any]]
    redis: Redis
    prefix: str
    policy: JobPolicy
    handlers: dict[JobKind, Handler] = field(default_factory=dict)

    def context(self, user_id: PydanticObjectId | None = None) -> Context:
        """A request by somebody; by somebody new if nobody is named."""
        scope = {"type": "http", "headers": []}
        viewer = Viewer(
            user_id or PydanticObjectId(),
            PydanticObjectId(),
            role_id=USER.id,
            permissions=ACCOUNT_PERMISSIONS | USER.permissions,
        )
        return Context(self.services, HTTPConnection(scope), "request", "192.0.2.1", viewer=viewer)

    async def context_of(self, user_id: PydanticObjectId | None) -> Context:
        """A request by a user as the database has one; by nobody for None.

        Who is not stored is somebody outside of companies.
        """
        context = self.context(user_id)
        if user_id is None:
            context.viewer = None
            return context
        standing = await membership.standing(user_id)
        if standing is not None and context.viewer is not None:
            context.viewer = viewer(user_id, standing, session_id=context.viewer.session_id)
        return context

    def engine(self, handlers: Mapping[JobKind, Work] | None = None, *, owner: str = "worker") -> Engine:
        """A worker; what it does with a kind that is not named succeeds at once."""
        every: dict[JobKind, Handler] = dict.fromkeys(JobKind, succeed)
        return Engine(
            owner=owner,
            client=self.client,
            handlers=every | dict(handlers or {}),
            dispatcher=self.services.dispatcher,
            announcer=self.services.announcer,
            policy=self.policy,
            kill_points=KillPoints(),
            now=self.services.now,
        )


@asynccontextmanager
async def open_studio(
    *,
    client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    prefix: str,
    objects: ObjectStore | None = None,
    policy: JobPolicy | None = None,
    providers: ProviderChoice | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Studio]:
    """Open a studio as the application does, with fast passwords and wide budgets."""
    await init_beanie(database=database, document_models=list(MODELS))
    await store_built_in_roles()
    await store_built_in_personas()
    policy = policy or JobPolicy(lease_s=2.0, backoff_s=0.05, max_backoff_s=0.2)
    redis = Redis.from_url(redis_url)
    announcer = Announcer(Publisher(redis, f"{prefix}events:"))
    tokens = AccessTokens(
        ["k" * 32], issuer="https://a.example", audience="api", now=now, lifetime_s=_SESSION_S
    )
    passwords = Passwords(time_cost=1, memory_kib=64, lanes=1)
    limits = RateLimits(
        redis_url, budgets=AccountBudgets.every("1000 per minute"), key_prefix=f"{prefix}limits"
    )
    costs = CostMeter(redis_url, key_prefix=f"{prefix}costs")
    broker = make_broker(redis_url, f"{prefix}jobs")
    rights = RightsWatch()
    presence = PresenceBoard(redis, f"{prefix}presence")
    watch = PresenceWatch(presence, announcer, now=now)
    async with (
        Hub(redis_url, f"{prefix}events:", check_every_s=0.5) as hub,
        in_background(lambda: rights.listen(hub)),
        in_background(lambda: watch.run(hub)),
    ):
        services = Services(
            passwords=passwords,
            tokens=tokens,
            authenticator=Authenticator(tokens, now=now),
            guests=Guests(
                GuestTokens(["k" * 32], issuer="https://a.example", audience="api", now=now), now=now
            ),
            rate_limits=limits,
            lock_out=LockOut(redis, f"{prefix}limits:lock-out", from_one_network=NO_PAUSES, in_all=NO_PAUSES),
            costs=costs,
            mail_tokens=MailTokens(["s" * 32]),
            challenges=Challenges(["k" * 32], issuer="https://a.example", audience="api", now=now),
            sealing=Sealing({"s": "s" * 32}),
            identity_providers={},
            objects=cast("ObjectStore", objects),
            hub=hub,
            rights=rights,
            announcer=announcer,
            presence=presence,
            media=MediaUrls(["m" * 32], "https://studio.example", now=now),
            dispatcher=Dispatcher(
                client=client, sender=Sender(broker), announcer=announcer, policy=policy, now=now
            ),
            estimator=Estimator(now),
            providers=providers or local_providers(),
            caps=Caps(),
            now=now,
        )
        yield Studio(services, client, redis, prefix, policy)
    broker.close()
    passwords.close()
    await limits.close()
    await costs.close()
    await redis.aclose()


def local_providers() -> ProviderChoice:
    """Who is there without a key, and somebody who takes keys."""
    desk = ProviderDesk(
        [LocalService(), KeyTaker()],
        {capability: f"PROVIDERS_{capability.name}" for capability in Capability},
    )
    return ProviderChoice(desk, Sealing({"s": "s" * 32}))


def stored_file(key: str = "projects/p/a.png", **values: Any) -> StoredFile:
    """A file as a document names it."""
    given = {"key": key, "sha256": "ab" * 32, "size_bytes": 3, "mime_type": "image/png"} | values
    return StoredFile(**given)


def made() -> Provenance:
    """The record of something generated."""
    return Provenance(origin=Origin.GENERATED, created_at=datetime.now(UTC))


def make_frame(**values: Any) -> Frame:
    """A frame with narration."""
    return Frame(**{"narration": "Bees dance to give directions.", "picture_prompt": "a bee"} | values)


def with_assets(frame: Frame) -> Frame:
    """The frame with a chosen picture and a voice."""
    image = Image(file=stored_file(), width=8, height=8, provenance=made())
    frame.images = [image]
    frame.chosen_image_id = image.id
    frame.voiceover.recording = VoiceRecording(
        file=stored_file("projects/p/v.wav", mime_type="audio/wav"), duration_s=2.0, provenance=made()
    )
    return frame


async def make_project(
    owner: Context,
    *,
    frames: list[Frame] | None = None,
    topic: str | None = None,
    collaborators: Mapping[PydanticObjectId, ProjectRole] | None = None,
) -> Project:
    """A stored project, with one scene if frames are given."""
    now = owner.services.now()
    scenes = [] if frames is None else [Scene(title="Bees", frames=frames)]
    people = collaborators or {}
    project = Project(
        title="Bees",
        owner_id=owner.require_viewer().user_id,
        brief=Brief(topic=topic),
        script=Script(scenes=scenes),
        collaborators=[Collaborator(user_id=user_id, role=role) for user_id, role in people.items()],
        created_at=now,
        updated_at=now,
    )
    await project.insert()
    return project


async def make_render(project: Project, job: Job, **values: Any) -> Render:
    """A stored render of a project."""
    files = {
        name: stored_file(f"projects/{project.id}/renders/{name}")
        for name in ("video", "poster", "captions_vtt", "captions_srt")
    }
    given = (
        {
            "project_id": project.id,
            "job_id": job.id,
            "owner_id": job.owner_id,
            "project_revision": 1,
            "timeline_hash": "cd" * 32,
            "width": 270,
            "height": 480,
            "fps": 30,
            "duration_s": 4.5,
            "video_frames": 135,
            "created_at": datetime.now(UTC),
        }
        | files
        | values
    )
    return await Render(**given).insert()
