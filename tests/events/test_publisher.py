import asyncio
from itertools import chain
from typing import Any

from redis.asyncio import Redis

from events.event import EventDraft
from events.publisher import Publisher
from events.topic_stream import TopicKeys

TOPIC = "project:1"


def drafts(*ids: str) -> list[EventDraft]:
    return [EventDraft(id=name, type="nodeChanged", payload={"name": name}) for name in ids]


async def test_one_batch_takes_neighbouring_sequences(publisher: Publisher) -> None:
    first, second, third = await publisher.publish(TOPIC, drafts("a", "b", "c"))
    (fourth,) = await publisher.publish(TOPIC, drafts("d"))
    sequences = [cursor.sequence for cursor in (first, second, third, fourth)]
    assert sequences == list(range(first.sequence, first.sequence + 4))
    assert {cursor.epoch for cursor in (first, second, third, fourth)} == {first.epoch}


async def test_eight_publishers_at_once_leave_no_gap(
    redis_url: str, redis_client: Redis, prefix: str
) -> None:
    async def publish(name: int) -> list[int]:
        sequences = []
        async with Redis.from_url(redis_url, decode_responses=bool(name % 2)) as client:
            publisher = Publisher(client, prefix)
            for number in range(50):
                ids = [f"{name}-{number}-{part}" for part in range(1 + number % 3)]
                cursors = await publisher.publish(TOPIC, drafts(*ids))
                taken = [cursor.sequence for cursor in cursors]
                assert taken == list(range(taken[0], taken[0] + len(ids)))
                sequences += taken
        assert sequences == sorted(sequences)
        return sequences

    taken = sorted(chain(*await asyncio.gather(*(publish(name) for name in range(8)))))
    assert taken == list(range(taken[0], taken[0] + len(taken)))
    entries: Any = await redis_client.xrange(TopicKeys(prefix).stream(TOPIC))
    stream_ids = [entry[0] for entry in entries]
    assert stream_ids == [f"{sequence}-0".encode() for sequence in taken]


async def test_an_event_published_again_keeps_its_place(
    publisher: Publisher, redis_client: Redis, prefix: str
) -> None:
    a, b = await publisher.publish(TOPIC, drafts("a", "b"))
    again = await publisher.publish(TOPIC, drafts("b", "c", "a", "c"))
    assert again[0] == b
    assert again[2] == a
    assert again[1] == again[3]
    assert again[1].sequence == b.sequence + 1
    assert await redis_client.xlen(TopicKeys(prefix).stream(TOPIC)) == 3


async def test_the_same_id_on_two_topics_is_two_events(publisher: Publisher) -> None:
    (here,) = await publisher.publish(TOPIC, drafts("a"))
    (there,) = await publisher.publish("project:2", drafts("a"))
    assert here.epoch != there.epoch


async def test_history_and_its_ids_are_trimmed_together(redis_client: Redis, prefix: str) -> None:
    publisher = Publisher(redis_client, prefix, history=10)
    for number in range(25):
        await publisher.publish(TOPIC, drafts(f"e{number}"))
    keys = TopicKeys(prefix)
    assert await redis_client.xlen(keys.stream(TOPIC)) == 10
    assert await redis_client.zcard(keys.published(TOPIC)) == 10
    await publisher.publish(TOPIC, drafts("e15"))
    assert await redis_client.xlen(keys.stream(TOPIC)) == 10
    assert await redis_client.zcard(keys.published(TOPIC)) == 10


async def test_an_idle_topic_expires_and_begins_another_epoch(redis_client: Redis, prefix: str) -> None:
    publisher = Publisher(redis_client, prefix, idle_s=1)
    (before,) = await publisher.publish(TOPIC, drafts("a"))
    keys = TopicKeys(prefix)
    assert 0 < await redis_client.pttl(keys.stream(TOPIC)) <= 1_000
    assert await redis_client.ttl(keys.published(TOPIC)) > 1  # ids outlive the events that they guard
    await asyncio.sleep(1.2)
    assert not await redis_client.exists(keys.stream(TOPIC))
    (after,) = await publisher.publish(TOPIC, drafts("a"))
    assert after.epoch != before.epoch
    assert after.sequence > before.sequence


async def test_nothing_to_publish_touches_nothing(
    publisher: Publisher, redis_client: Redis, prefix: str
) -> None:
    assert await publisher.publish(TOPIC, []) == []
    assert await redis_client.keys(f"{prefix}*") == []


async def test_text_that_looks_like_commands_is_kept_as_it_is(
    publisher: Publisher, redis_client: Redis, prefix: str
) -> None:
    name = "$$ROOT {x} ' OR 1 \r\n*3\r\n \N{GRINNING FACE}"
    await publisher.publish(TOPIC, drafts(name))
    entries: Any = await redis_client.xrange(TopicKeys(prefix).stream(TOPIC))
    ((_, fields),) = entries
    assert fields[b"id"].decode() == name
