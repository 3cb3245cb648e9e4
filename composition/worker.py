"""A worker's options, out of the settings."""

from pathlib import Path

import imageio_ffmpeg

from composition.jobs import job_policy, redis_prefix, tree_caps
from composition.mail import correspondence
from composition.providers import provider_choice
from composition.secrets import sealing
from composition.storage import object_store
from documents.jobs.job import Queue
from settings.sections import Settings
from tasks.job_engine.kill_points import KillOrder
from tasks.worker import WorkerOptions


def worker_options(
    settings: Settings, queues: tuple[Queue, ...], threads: int, kill_order: KillOrder | None
) -> WorkerOptions:
    """What the settings mean to a worker."""
    return WorkerOptions(
        queues=queues,
        threads=threads,
        mongodb_url=settings.database.mongodb_url.get_secret_value(),
        mongodb_database=settings.database.mongodb_database,
        redis_url=settings.messages.redis_url.get_secret_value(),
        prefix=redis_prefix(settings),
        make_objects=lambda: object_store(settings.storage),
        make_providers=lambda redis: provider_choice(settings, redis),
        caps=tree_caps(settings),
        policy=job_policy(settings),
        cache_dir=settings.server.cache_dir.resolve(),
        ffmpeg=Path(imageio_ffmpeg.get_ffmpeg_exe()),
        correspondence=correspondence(settings),
        sealing=sealing(settings),
        spending_per_user_micros=settings.providers.spending_per_user_micros,
        kill_order=kill_order,
    )
