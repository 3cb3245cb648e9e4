import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from devstack.redis_server import RedisServer
from events.errors import EventsUnavailable
from events.event import Event, EventDraft, ResyncReason, ResyncRequired
from events.hub import Hub
from events.publisher import Publisher
from events.subscription import Subscription

TOPIC = "project:1"


@dataclass
class House:
    """A Redis that may die, what publishes to it and what reads it."""

    server: RedisServer
    redis: Redis
    publisher: Publisher
    hub: Hub

    async def publish(self, *ids: str) -> None:
        drafts = [EventDraft(id=name, type="nodeChanged", payload={}) for name in ids]
        async with asyncio.timeout(10):
            while True:
                try:
                    await self.publisher.publish(TOPIC, drafts)
                except RedisError:
                    await asyncio.sleep(0.02)
                else:
                    return


@pytest.fixture
async def house(own_redis: RedisServer) -> AsyncIterator[House]:
    async with (
        Redis.from_url(own_redis.url) as redis,
        Hub(own_redis.url, "test", check_every_s=0.5) as hub,
    ):
        await redis.config_set("appendfsync", "always")  # what is confirmed is on disk
        yield House(own_redis, redis, Publisher(redis, "test"), hub)


async def step(subscription: Subscription) -> Event | ResyncRequired:
    async with asyncio.timeout(10):
        return await anext(subscription)


async def ids(subscription: Subscription, count: int) -> list[str]:
    steps = [await step(subscription) for _ in range(count)]
    return [event.id if isinstance(event, Event) else event.reason for event in steps]


async def is_silent(subscription: Subscription, wait_s: float) -> bool:
    try:
        async with asyncio.timeout(wait_s):
            await anext(subscription)
    except TimeoutError:
        return True
    return False


async def test_a_crash_that_keeps_the_data_loses_and_doubles_nothing(house: House) -> None:
    async with house.hub.subscribe(TOPIC) as subscription:
        await house.publish("a", "b")
        assert await ids(subscription, 1) == ["a"]
        waiting = asyncio.create_task(house.publish("c"))
        house.server.kill()
        await asyncio.sleep(0.3)
        house.server.start()
        await waiting
        await house.publish("d")
        assert await ids(subscription, 3) == ["b", "c", "d"]
        assert await is_silent(subscription, 1.2)


async def test_an_idle_subscription_outlives_an_outage(house: House) -> None:
    async with house.hub.subscribe(TOPIC) as subscription:
        house.server.stop()
        assert await is_silent(subscription, 0.8)
        with pytest.raises(EventsUnavailable):
            await house.hub.cursor(TOPIC)
        house.server.start()
        await house.publish("a")
        assert await ids(subscription, 1) == ["a"]


async def test_a_wiped_redis_asks_every_subscriber_for_one_resync(house: House) -> None:
    async with AsyncExitStack() as held:
        subscriptions = [await held.enter_async_context(house.hub.subscribe(TOPIC)) for _ in range(20)]
        await house.publish("a")
        for subscription in subscriptions:
            assert await ids(subscription, 1) == ["a"]
        house.server.kill()
        house.server.wipe()
        house.server.start()
        resyncs = [await step(subscription) for subscription in subscriptions]
        now = await house.hub.cursor(TOPIC)
        assert resyncs == [ResyncRequired(ResyncReason.EPOCH_CHANGED, now)] * 20
        await house.publish("b", "c")
        for subscription in subscriptions:
            assert await ids(subscription, 2) == ["b", "c"]
        assert await is_silent(subscriptions[0], 1.2)


async def test_a_flush_is_noticed_by_the_next_event_at_once(own_redis: RedisServer) -> None:
    async with (
        Redis.from_url(own_redis.url) as redis,
        Hub(own_redis.url, "test", check_every_s=60) as hub,
        hub.subscribe(TOPIC) as subscription,
    ):
        publisher = Publisher(redis, "test")
        await publisher.publish(TOPIC, [EventDraft("a", "nodeChanged", {})])
        assert await ids(subscription, 1) == ["a"]
        await redis.flushall()
        started_s = time.perf_counter()
        await publisher.publish(TOPIC, [EventDraft("a", "nodeChanged", {})])
        assert await ids(subscription, 2) == ["EPOCH_CHANGED", "a"]
        assert time.perf_counter() - started_s < 1


async def test_a_flush_is_noticed_without_any_event(house: House) -> None:
    async with house.hub.subscribe(TOPIC) as subscription:
        await house.publish("a")
        assert await ids(subscription, 1) == ["a"]
        await house.redis.flushall()
        assert await ids(subscription, 1) == ["EPOCH_CHANGED"]
        assert await is_silent(subscription, 1.2)


async def test_a_cursor_from_before_a_wipe_asks_for_a_resync(house: House) -> None:
    await house.publish("a")
    before = await house.hub.cursor(TOPIC)
    await house.redis.flushall()
    await house.publish("b")
    async with house.hub.subscribe(TOPIC, before) as subscription:
        assert await ids(subscription, 1) == ["EPOCH_CHANGED"]
        await house.publish("c")
        assert await ids(subscription, 1) == ["c"]


async def test_an_older_copy_of_the_data_is_not_taken_for_the_same_history(
    house: House, tmp_path: Path
) -> None:
    async with house.hub.subscribe(TOPIC) as subscription:
        await house.publish("a", "b")
        copy = tmp_path / "copy"
        shutil.copytree(house.server.folder, copy)
        await house.publish("c", "d")
        before = await house.hub.cursor(TOPIC)
        assert await ids(subscription, 4) == ["a", "b", "c", "d"]
        house.server.kill()
        house.server.wipe()
        shutil.copytree(copy, house.server.folder)
        house.server.start()
        # These take the places that c and d had.
        async with Redis.from_url(house.server.url) as redis:
            await Publisher(redis, "test").publish(
                TOPIC, [EventDraft(name, "nodeChanged", {}) for name in "xyz"]
            )
        assert await ids(subscription, 1) == ["EPOCH_CHANGED"]
        await house.publish("next")
        seen = [""]
        while seen[-1] != "next":
            seen += await ids(subscription, 1)
        assert "EPOCH_CHANGED" not in seen
    async with house.hub.subscribe(TOPIC, before) as late:
        assert await ids(late, 1) == ["EPOCH_CHANGED"]
