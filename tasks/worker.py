"""A worker process: Dramatiq's threads take hints, one event loop does the work."""

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dramatiq
import structlog
from beanie import PydanticObjectId, init_beanie
from dramatiq.asyncio import async_to_sync
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from redis.asyncio import Redis

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents import MODELS
from documents.jobs.job import Queue
from documents.jobs.worker_presence import WorkerPresence
from documents.tree.caps import Caps
from events.publisher import Publisher
from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from rendering.intake.desk import IntakeDesk
from storage.object_store import ObjectStore
from tasks.handlers import make_handlers
from tasks.housekeeping.housekeeping import Housekeeper
from tasks.job_engine.announce import Announcer
from tasks.job_engine.background import in_background
from tasks.job_engine.broker import ACTOR_NAMES, Sender, make_broker
from tasks.job_engine.dispatch import Dispatcher
from tasks.job_engine.engine import Engine
from tasks.job_engine.kill_points import KillOrder, KillPoints
from tasks.job_engine.policy import JobPolicy
from tasks.job_engine.sweep import Sweeper
from tasks.letters.correspondence import Correspondence
from tasks.rendering.source_shelf import SourceShelf
from tasks.scratch import scratch_folder
from tasks.stop_signal import StopSignal
from tasks.workshop import Workshop

log = structlog.get_logger()

_ACTOR_TIME_LIMIT_MS = 24 * 3_600_000  # what a handler waits for has its own, shorter deadline
_PRESENCE_INTERVAL_S = 10.0
_SHUTDOWN_MS = 15_000


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What a worker is started with.

    Args:
        queues: which queues it serves.
        threads: how many jobs it works on at once.
        prefix: what all our keys in Redis begin with; the same as the API's.
        make_objects: opens the object store.
        make_providers: sets up who writes, draws, speaks; what all workers share of them is in Redis.
        cache_dir: for fonts and sources, kept between jobs; workers of one machine share it.
        ffmpeg: the program.
        correspondence: how mails are written and sent.
        sealing: seals anew what an older key sealed.
        spending_per_user_micros: as for the workshop.
        kill_order: where to die, in tests.
    """

    queues: tuple[Queue, ...]
    threads: int
    mongodb_url: str
    mongodb_database: str
    redis_url: str
    prefix: str
    make_objects: Callable[[], ObjectStore]
    make_providers: Callable[[Redis], ProviderChoice]
    caps: Caps
    policy: JobPolicy
    cache_dir: Path
    ffmpeg: Path
    correspondence: Correspondence
    sealing: Sealing
    spending_per_user_micros: int | None = None
    kill_order: KillOrder | None = None

    @property
    def hands(self) -> int:
        """How many pieces of local work are really done side by side."""
        return min(self.threads, os.cpu_count() or 1)


@asynccontextmanager
async def open_engine(options: WorkerOptions, broker: RedisBroker) -> AsyncIterator[Engine]:
    """Open all parts of a worker on the running loop, sweeping and presence included."""
    name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    options.cache_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as opened:
        mongo = await opened.enter_async_context(
            AsyncMongoClient[dict[str, object]](
                options.mongodb_url,
                tz_aware=True,
                uuidRepresentation="standard",
                serverSelectionTimeoutMS=5_000,
                appname="framewright-worker",
            )
        )
        await init_beanie(database=mongo[options.mongodb_database], document_models=list(MODELS))
        redis = await opened.enter_async_context(Redis.from_url(options.redis_url))
        objects = options.make_objects()
        opened.push_async_callback(objects.close)
        await objects.ensure_bucket()
        scratch = opened.enter_context(scratch_folder(options.cache_dir))
        kill_points = KillPoints(options.kill_order)
        announcer = Announcer(Publisher(redis, f"{options.prefix}events:"), kill_points)
        dispatcher = Dispatcher(
            client=mongo, sender=Sender(broker), announcer=announcer, policy=options.policy, now=_now
        )
        sources = SourceShelf(options.cache_dir / "sources", objects)
        providers = options.make_providers(redis)
        opened.push_async_callback(providers.desk.close)
        intake = IntakeDesk(options.ffmpeg)
        opened.push_async_callback(intake.close)
        shop = Workshop(
            objects=objects,
            providers=providers,
            caps=options.caps,
            engine=await asyncio.to_thread(
                RenderEngine.start, options.ffmpeg, FontShelf(options.cache_dir / "fonts")
            ),
            intake=intake,
            scratch=scratch,
            kill_points=kill_points,
            now=_now,
            correspondence=options.correspondence,
            spending_per_user_micros=options.spending_per_user_micros,
        )
        sweeper = Sweeper(
            owner=name,
            dispatcher=dispatcher,
            announcer=announcer,
            housekeeper=Housekeeper(objects, sources, options.sealing, _now),
            policy=options.policy,
            now=_now,
        )
        await opened.enter_async_context(in_background(sweeper.run))
        await opened.enter_async_context(in_background(lambda: _report_presence(name, options)))
        opened.push_async_callback(WorkerPresence.leave, name)
        log.info("worker ready", worker=name, queues=[queue.value for queue in options.queues])
        yield Engine(
            owner=name,
            client=mongo,
            handlers=make_handlers(shop, sources, announcer),
            dispatcher=dispatcher,
            announcer=announcer,
            policy=options.policy,
            kill_points=kill_points,
            now=_now,
        )


async def _report_presence(name: str, options: WorkerOptions) -> None:
    while True:
        try:
            await WorkerPresence.report(name, queues=list(options.queues), hands=options.hands, now=_now())
        except PyMongoError as error:
            log.warning("presence not reported", error=str(error))
        await asyncio.sleep(_PRESENCE_INTERVAL_S)


class _Boot(Middleware):
    """Opens the worker's parts on Dramatiq's event loop, and closes them there."""

    def __init__(self, parts: AbstractAsyncContextManager[Engine]) -> None:
        self._parts = parts
        self.engine: Engine | None = None

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        """Open before the first message is taken; the event loop runs by now."""
        self.engine = async_to_sync(self._parts.__aenter__)()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        """Close when the last thread has ended; the event loop still runs."""
        async_to_sync(self._parts.__aexit__)(None, None, None)


def run_worker(options: WorkerOptions) -> None:
    """Work until SIGTERM or SIGINT; running jobs are then given back."""
    broker = make_broker(options.redis_url, f"{options.prefix}jobs")
    boot = _Boot(open_engine(options, broker))
    broker.add_middleware(boot)
    for queue in options.queues:

        @dramatiq.actor(
            actor_name=ACTOR_NAMES[queue],
            queue_name=queue.value,
            broker=broker,
            time_limit=_ACTOR_TIME_LIMIT_MS,
            notify_shutdown=True,
        )
        async def run_job(job_id: str) -> None:
            if boot.engine is not None:
                await boot.engine.run(PydanticObjectId(job_id))

    stop = StopSignal()
    worker = dramatiq.Worker(
        broker,
        queues={queue.value for queue in options.queues},
        worker_threads=options.threads,
        worker_timeout=200,
    )
    worker.start()
    stop.wait()
    worker.stop(timeout=_SHUTDOWN_MS)
    broker.close()


def _now() -> datetime:
    return datetime.now(UTC)
