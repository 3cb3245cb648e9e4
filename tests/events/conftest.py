"""Publishers, hubs, and a Redis that a test may kill."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from devstack.redis_server import RedisServer
from events.hub import Hub
from events.publisher import Publisher


@pytest.fixture
def publisher(redis_client: Redis, prefix: str) -> Publisher:
    return Publisher(redis_client, prefix, history=5_000)


@pytest.fixture
async def hub(redis_url: str, prefix: str) -> AsyncIterator[Hub]:
    async with Hub(redis_url, prefix) as hub:
        yield hub


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()
