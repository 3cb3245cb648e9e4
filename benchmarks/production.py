"""Where a production's time goes, and how well it was foreseen.

Three productions of one topic run one after another on the embedded stack with real workers: a fresh stack,
then twice more with what was learned. Reported are the share of the wall time in which neither FFmpeg nor a
provider worked (claims, transactions, uploads, messages, waiting for workers), and the time that a
production took beside the time that `productionEstimate` had named before it began.

    python -m benchmarks.production --resolution 720 --duration 30
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from beanie import PydanticObjectId, init_beanie
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from devstack.stack import Stack, StackAddresses
from documents import MODELS
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.projects.project import Project
from documents.tree.brief import Brief, Resolution, Style
from events.publisher import Publisher
from providers.desk import ProviderDesk
from providers.local.service import LocalService
from providers.protocols.offer import Capability
from tasks.buying.estimate import Estimator
from tasks.job_engine.announce import Announcer
from tasks.job_engine.broker import Sender, make_broker
from tasks.job_engine.dispatch import Dispatcher
from tasks.job_engine.policy import JobPolicy
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import ProductionStage

CHECKOUT: Final = Path(__file__).resolve().parents[1]
RESULT: Final = Path(__file__).with_name("results") / "production.json"
DATABASE: Final = "benchmark"
PREFIX: Final = f"{DATABASE}:"
TOPICS: Final = ("How lighthouses work", "How tides work", "How windmills work")
WORKERS: Final = (
    ("--queues", "generate,publish,house", "--threads", "8"),
    ("--queues", "render", "--threads", str(os.cpu_count() or 1)),
)


@dataclass(frozen=True)
class Measured:
    """One production; times in seconds."""

    estimated_s: float
    took_s: float
    worked_s: float
    video_s: float

    @property
    def overhead(self) -> float:
        """The share of the time in which neither a provider nor FFmpeg worked."""
        return 1 - self.worked_s / self.took_s

    @property
    def estimate_ratio(self) -> float:
        """What was foreseen beside what it took."""
        return self.estimated_s / self.took_s


def now() -> datetime:
    """The present."""
    return datetime.now(UTC)


def covered_s(intervals: Sequence[tuple[float, float]]) -> float:
    """Length of the union of intervals."""
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(intervals):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


@contextmanager
def workers(addresses: StackAddresses, folder: Path) -> Iterator[None]:
    """The two worker processes of a machine."""
    environ = os.environ | {
        "FRAMEWRIGHT_MONGODB_URL": addresses.mongodb_url,
        "FRAMEWRIGHT_MONGODB_DATABASE": DATABASE,
        "FRAMEWRIGHT_REDIS_URL": addresses.redis_url,
        "FRAMEWRIGHT_S3_ENDPOINT": addresses.s3_endpoint,
        "FRAMEWRIGHT_S3_ACCESS_KEY": addresses.s3_access_key,
        "FRAMEWRIGHT_S3_SECRET_KEY": addresses.s3_secret_key,
        "FRAMEWRIGHT_DATA_DIR": str(folder),
        "FRAMEWRIGHT_CACHE_DIR": str(folder / "cache"),
    }
    with ExitStack() as opened:
        log = opened.enter_context((folder / "workers.log").open("wb"))
        running = [
            subprocess.Popen(
                [sys.executable, str(CHECKOUT / "cli.py"), "work", *arguments],
                cwd=CHECKOUT,
                env=environ,
                stdout=log,
                stderr=log,
            )
            for arguments in WORKERS
        ]
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=30)


LOCAL = ProviderDesk([LocalService()], dict.fromkeys(Capability, ""))


async def produce(dispatcher: Dispatcher, topic: str, resolution: str, duration_s: float) -> Measured:
    """Run one production to its end."""
    begun = now()
    project = Project(
        title=topic,
        owner_id=PydanticObjectId(),
        created_at=begun,
        updated_at=begun,
        brief=Brief(topic=topic, target_duration_s=duration_s),
        style=Style(resolution=Resolution(f"P{resolution}")),
    )
    await project.insert()
    estimate = await Estimator(now).estimate(
        project, ProductionMode.MISSING, ProductionStage.RENDER, LOCAL.registry()
    )
    root = PydanticObjectId()
    await dispatcher.start_production(
        Job(
            id=root,
            kind=JobKind.PRODUCTION,
            queue=QUEUE_OF[JobKind.PRODUCTION],
            project_id=project.id,
            owner_id=project.owner_id,
            root_id=root,
            queued_at=now(),
        )
    )
    while (job := await Job.get(root)) is None or not job.state.is_over:
        await asyncio.sleep(0.1)
    if job.state is not JobState.SUCCEEDED or job.finished_at is None:
        raise SystemExit(f"The production {job.state.value}: {job.error}")
    worked = [
        (each.finished_at.timestamp() - each.work_s, each.finished_at.timestamp())
        async for each in Job.find({"root_id": root, "work_s": {"$gt": 0}})
        if each.finished_at is not None and each.work_s is not None
    ]
    return Measured(
        estimated_s=estimate.duration_s,
        took_s=(job.finished_at - job.queued_at).total_seconds(),
        worked_s=covered_s(worked),
        video_s=estimate.video_s,
    )


async def measure(addresses: StackAddresses, resolution: str, duration_s: float) -> list[Measured]:
    """Three productions in turn, on workers that run already."""
    async with (
        AsyncMongoClient[dict[str, object]](addresses.mongodb_url, tz_aware=True) as mongo,
        Redis.from_url(addresses.redis_url) as redis,
    ):
        await init_beanie(database=mongo[DATABASE], document_models=list(MODELS))
        dispatcher = Dispatcher(
            client=mongo,
            sender=Sender(make_broker(addresses.redis_url, f"{PREFIX}jobs")),
            announcer=Announcer(Publisher(redis, f"{PREFIX}events:")),
            policy=JobPolicy(),
            now=now,
        )
        while await mongo[DATABASE]["workers"].count_documents({}) < len(WORKERS):
            await asyncio.sleep(0.1)
        return [await produce(dispatcher, topic, resolution, duration_s) for topic in TOPICS]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--resolution", choices=["480", "720", "1080"], default="1080")
    parser.add_argument("--duration", type=float, default=30.0, help="seconds of video aimed at")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="framewright-") as name:
        stack = Stack(Path(name))
        addresses = stack.start()
        try:
            with workers(addresses, Path(name)):
                measured = asyncio.run(measure(addresses, options.resolution, options.duration))
        finally:
            stack.stop()
    print(f"{'':<24}{'not FFmpeg or provider':>24}{'estimate / took':>18}{'took, s':>10}")
    for number, one in enumerate(measured, 1):
        print(
            f"{f'production {number}':<24}{one.overhead:>24.3f}{one.estimate_ratio:>18.2f}{one.took_s:>10.1f}"
        )
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(
        json.dumps(
            {
                "resolution": options.resolution,
                "overhead": [one.overhead for one in measured],
                "estimate_ratio": [one.estimate_ratio for one in measured],
                "took_s": [one.took_s for one in measured],
                "all_s": time.monotonic() - started,
            },
            indent=2,
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
