import asyncio
import random
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest
from redis.asyncio import Redis

from devstack.redis_server import RedisServer
from events.cursor import Cursor
from events.errors import EventsUnavailable, SlowSubscriber
from events.event import Event, EventDraft, ResyncReason, ResyncRequired
from events.hub import Hub
from events.publisher import Publisher
from events.subscription import Subscription
from events.topic_stream import TopicKeys

TOPIC = "project:1"


def drafts(*ids: str) -> list[EventDraft]:
    return [EventDraft(id=name, type="nodeChanged", payload={"name": name}) for name in ids]


def numbered(start: int, stop: int) -> list[str]:
    return [f"e{number}" for number in range(start, stop)]


async def step(subscription: Subscription) -> Event | ResyncRequired:
    async with asyncio.timeout(10):
        return await anext(subscription)


async def ids(subscription: Subscription, count: int) -> list[str]:
    events = [await step(subscription) for _ in range(count)]
    return [event.id if isinstance(event, Event) else event.reason for event in events]


async def is_silent(subscription: Subscription) -> bool:
    try:
        async with asyncio.timeout(0.2):
            await anext(subscription)
    except TimeoutError:
        return True
    return False


async def test_a_subscriber_gets_what_is_published_from_then_on(hub: Hub, publisher: Publisher) -> None:
    await publisher.publish(TOPIC, drafts("before"))
    async with hub.subscribe(TOPIC) as subscription:
        (cursor,) = await publisher.publish(TOPIC, drafts("after"))
        assert await step(subscription) == Event("after", TOPIC, "nodeChanged", {"name": "after"}, cursor)
        assert await is_silent(subscription)


async def test_a_second_subscriber_begins_with_its_own_now(hub: Hub, publisher: Publisher) -> None:
    async with hub.subscribe(TOPIC) as early:
        await publisher.publish(TOPIC, drafts("a"))
        async with hub.subscribe(TOPIC) as late:
            await publisher.publish(TOPIC, drafts("b"))
            assert await ids(late, 1) == ["b"]
            assert await ids(early, 2) == ["a", "b"]


async def test_subscribers_share_one_event_object(hub: Hub, publisher: Publisher) -> None:
    async with hub.subscribe(TOPIC) as one, hub.subscribe(TOPIC) as other:
        await publisher.publish(TOPIC, drafts("a"))
        assert await step(one) is await step(other)


async def test_a_cursor_taken_before_a_load_misses_nothing_after_it(hub: Hub, publisher: Publisher) -> None:
    cursor = await hub.cursor(TOPIC)
    await publisher.publish(TOPIC, drafts("a", "b"))
    async with hub.subscribe(TOPIC, Cursor.parse(str(cursor))) as subscription:
        assert await ids(subscription, 2) == ["a", "b"]
    assert (await hub.cursor(TOPIC)).sequence == cursor.sequence + 2


async def test_a_long_history_is_replayed_in_order_and_goes_on_live(hub: Hub, publisher: Publisher) -> None:
    start = await hub.cursor(TOPIC)
    await publisher.publish(TOPIC, drafts(*numbered(0, 3_000)))
    async with hub.subscribe(TOPIC, start) as subscription:
        assert await ids(subscription, 1_500) == numbered(0, 1_500)
        await publisher.publish(TOPIC, drafts(*numbered(3_000, 3_010)))
        assert await ids(subscription, 1_510) == numbered(1_500, 3_010)
        assert await is_silent(subscription)


@pytest.mark.parametrize("seed", range(4))
async def test_dropping_and_coming_back_misses_nothing_and_doubles_nothing(
    redis_url: str, prefix: str, redis_client: Redis, seed: int
) -> None:
    total = 1_500
    dice = random.Random(seed)

    async def publish() -> None:
        publisher = Publisher(redis_client, prefix)
        number = 0
        while number < total:
            upto = min(total, number + dice.randint(1, 12))
            await publisher.publish(TOPIC, drafts(*numbered(number, upto)))
            if dice.random() < 0.1:  # a publisher that does not know whether it got through
                await publisher.publish(TOPIC, drafts(*numbered(max(0, number - 5), upto)))
            number = upto
            await asyncio.sleep(dice.random() * 0.002)

    received: list[str] = []
    # Little is kept in the process, so replays come from there and from Redis, and meet the live end often.
    async with (
        Hub(redis_url, prefix, capacity=64) as one,
        Hub(redis_url, prefix) as other,
        AsyncExitStack() as held,
    ):
        await held.enter_async_context(other.subscribe(TOPIC))  # keeps that hub reading throughout
        cursor = await one.cursor(TOPIC)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(publish())
            while len(received) < total:
                async with dice.choice([one, other]).subscribe(TOPIC, cursor) as subscription:
                    for _ in range(min(dice.randint(0, 120), total - len(received))):
                        try:
                            event = await step(subscription)
                        except SlowSubscriber:
                            break
                        assert isinstance(event, Event)
                        received.append(event.id)
                        cursor = event.cursor
                        if dice.random() < 0.05:
                            await asyncio.sleep(dice.random() * 0.01)
    assert received == numbered(0, total)


async def test_history_that_was_trimmed_asks_for_a_resync_once(
    hub: Hub, redis_client: Redis, prefix: str
) -> None:
    publisher = Publisher(redis_client, prefix, history=10)
    start = await hub.cursor(TOPIC)
    cursors = await publisher.publish(TOPIC, drafts(*numbered(0, 30)))
    async with hub.subscribe(TOPIC, start) as subscription:
        assert await step(subscription) == ResyncRequired(ResyncReason.HISTORY_TRIMMED, cursors[-1])
        await publisher.publish(TOPIC, drafts("next"))
        assert await ids(subscription, 1) == ["next"]
    async with hub.subscribe(TOPIC, cursors[19]) as subscription:  # the last that the history reaches back to
        assert await ids(subscription, 1) == ["HISTORY_TRIMMED"]
    async with hub.subscribe(TOPIC, cursors[20]) as subscription:
        assert await ids(subscription, 10) == [*numbered(21, 30), "next"]


async def test_a_cursor_of_another_epoch_asks_for_a_resync_once(hub: Hub, publisher: Publisher) -> None:
    now = await hub.cursor(TOPIC)
    async with hub.subscribe(TOPIC, Cursor("another", now.sequence)) as subscription:
        assert await step(subscription) == ResyncRequired(ResyncReason.EPOCH_CHANGED, now)
        await publisher.publish(TOPIC, drafts("a"))
        assert await ids(subscription, 1) == ["a"]


async def test_a_cursor_from_the_future_asks_for_a_resync_once(hub: Hub, publisher: Publisher) -> None:
    now = await hub.cursor(TOPIC)
    async with hub.subscribe(TOPIC, Cursor(now.epoch, now.sequence + 5)) as subscription:
        assert await step(subscription) == ResyncRequired(ResyncReason.GAP, now)
        await publisher.publish(TOPIC, drafts("a"))
        assert await ids(subscription, 1) == ["a"]


async def test_a_slow_subscriber_is_closed_while_others_go_on(
    redis_url: str, prefix: str, publisher: Publisher
) -> None:
    async with (
        Hub(redis_url, prefix, capacity=16) as hub,
        hub.subscribe(TOPIC) as slow,
        hub.subscribe(TOPIC) as fast,
    ):
        await publisher.publish(TOPIC, drafts("first"))
        assert await ids(slow, 1) == await ids(fast, 1)
        for number in range(40):
            await publisher.publish(TOPIC, drafts(f"e{number}"))
            assert await ids(fast, 1) == [f"e{number}"]
        with pytest.raises(SlowSubscriber) as refusal:
            await step(slow)
        assert refusal.value.behind == 40
        assert refusal.value.code == "SLOW_SUBSCRIBER"
        await publisher.publish(TOPIC, drafts("last"))
        assert await ids(fast, 1) == ["last"]


async def test_a_slow_reader_of_history_is_not_closed(
    redis_url: str, prefix: str, publisher: Publisher
) -> None:
    async with Hub(redis_url, prefix, capacity=16) as hub:
        start = await hub.cursor(TOPIC)
        await publisher.publish(TOPIC, drafts(*numbered(0, 400)))
        async with hub.subscribe(TOPIC, start) as subscription:
            assert await ids(subscription, 1) == ["e0"]
            await publisher.publish(TOPIC, drafts(*numbered(400, 500)))
            assert await ids(subscription, 499) == numbered(1, 500)


async def test_a_thousand_subscribers_share_one_reader(own_redis: RedisServer, prefix: str) -> None:
    async with AsyncExitStack() as held:
        redis = await held.enter_async_context(Redis.from_url(own_redis.url))
        hub = await held.enter_async_context(Hub(own_redis.url, prefix))
        subscriptions = [await held.enter_async_context(hub.subscribe(TOPIC)) for _ in range(1_000)]
        waiting = [asyncio.create_task(step(subscription)) for subscription in subscriptions]
        await Publisher(redis, prefix).publish(TOPIC, drafts("a"))
        events = await asyncio.gather(*waiting)
        assert {id(event) for event in events} == {id(events[0])}
        names = [client["name"] for client in await redis.client_list()]
        assert names.count("events-reader") == 1
        assert names.count("events-asker") == 1


async def test_topics_added_while_the_reader_waits_are_picked_up_at_once(
    hub: Hub, publisher: Publisher
) -> None:
    delays_s = []
    async with AsyncExitStack() as held:
        for number in range(60):
            topic = f"project:{number}"
            subscription = await held.enter_async_context(hub.subscribe(topic))
            await asyncio.sleep(0.005)  # the reader waits again, on this topic too
            started_s = time.perf_counter()
            await publisher.publish(topic, drafts(topic))
            assert await ids(subscription, 1) == [topic]
            delays_s.append(time.perf_counter() - started_s)
        assert sorted(delays_s)[54] < 0.05


async def test_a_waiting_reader_is_not_busy(own_redis: RedisServer, prefix: str) -> None:
    async with (
        Redis.from_url(own_redis.url) as redis,
        Hub(own_redis.url, prefix) as hub,
        hub.subscribe(TOPIC),
    ):
        await asyncio.sleep(0.05)
        before = await redis.info("commandstats")
        await asyncio.sleep(1)
        after = await redis.info("commandstats")
        assert after["cmdstat_xread"]["calls"] - before["cmdstat_xread"]["calls"] <= 1


async def test_many_topics_added_at_once_are_all_read(hub: Hub, publisher: Publisher) -> None:
    async def one(number: int) -> None:
        topic = f"project:{number}"
        async with hub.subscribe(topic) as subscription:
            await publisher.publish(topic, drafts(topic))
            assert await ids(subscription, 1) == [topic]

    async with asyncio.timeout(4):  # less than the reader waits when nobody wakes it
        await asyncio.gather(*(one(number) for number in range(300)))
    assert hub._channels == {}


async def test_an_entry_that_nobody_can_read_is_left_out_with_a_resync(
    hub: Hub, publisher: Publisher, redis_client: Redis, prefix: str
) -> None:
    async with hub.subscribe(TOPIC) as subscription:
        (cursor,) = await publisher.publish(TOPIC, drafts("a"))
        assert await ids(subscription, 1) == ["a"]
        fields: dict[Any, Any] = {"epoch": cursor.epoch, "id": "b", "type": "t", "payload": "{not json"}
        await redis_client.xadd(TopicKeys(prefix).stream(TOPIC), fields, id=f"{cursor.sequence + 1}-0")
        assert await ids(subscription, 1) == ["GAP"]
        await publisher.publish(TOPIC, drafts("c"))
        assert await ids(subscription, 1) == ["c"]
    async with hub.subscribe(TOPIC, cursor) as subscription:
        assert await ids(subscription, 1) == ["GAP"]


async def test_a_topic_with_subscribers_does_not_expire(
    redis_url: str, prefix: str, redis_client: Redis
) -> None:
    publisher = Publisher(redis_client, prefix, idle_s=1)
    async with (
        Hub(redis_url, prefix, idle_s=1, check_every_s=0.2) as hub,
        hub.subscribe(TOPIC) as subscription,
    ):
        await publisher.publish(TOPIC, drafts("a"))
        await asyncio.sleep(1.5)
        await publisher.publish(TOPIC, drafts("b"))
        assert await ids(subscription, 2) == ["a", "b"]


async def test_stopping_ends_every_subscription(redis_url: str, prefix: str) -> None:
    hub = Hub(redis_url, prefix)
    await hub.start()
    async with hub.subscribe(TOPIC) as subscription:
        waiting = asyncio.create_task(anext(subscription, None))
        await asyncio.sleep(0.01)
        await hub.stop()
        assert await waiting is None
    with pytest.raises(EventsUnavailable):
        async with hub.subscribe(TOPIC):
            pass
    await hub.stop()
