"""The way to Dramatiq: a message carries a job's id and is only a hint that it may be time to look."""

import asyncio

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, AsyncIO, ShutdownNotifications, TimeLimit

from documents.jobs.job import Job, Queue

ACTOR_NAMES = {queue: f"run_{queue.value}_job" for queue in Queue}
_HEARTBEAT_TIMEOUT_MS = 20_000
_MAINTENANCE_CHANCE = 100_000  # of a million: how often a command looks for messages of dead workers


def make_broker(redis_url: str, namespace: str) -> RedisBroker:
    """A broker with all our queues declared.

    Args:
        redis_url: where Redis is.
        namespace: prefix of all keys, so that several installations may share one Redis.
    """
    broker = RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq leaves it untyped
        url=redis_url,
        namespace=namespace,
        heartbeat_timeout=_HEARTBEAT_TIMEOUT_MS,
        maintenance_chance=_MAINTENANCE_CHANCE,
        middleware=[AgeLimit(), TimeLimit(), ShutdownNotifications(), AsyncIO()],
    )
    for queue in Queue:
        broker.declare_queue(queue.value)
    return broker


class Sender:
    """Sends hints; a lost one is sent again by the sweeper."""

    def __init__(self, broker: RedisBroker) -> None:
        self._broker = broker

    async def send(self, job: Job) -> None:
        """Tell some worker of the job's queue to look at it.

        Raises:
            dramatiq.errors.ConnectionError: Redis is not there.
        """
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=job.queue.value,
            actor_name=ACTOR_NAMES[job.queue],
            args=(str(job.id),),
            kwargs={},
            options={},
        )
        await asyncio.to_thread(self._broker.enqueue, message)
