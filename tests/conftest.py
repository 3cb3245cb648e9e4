"""What every test may ask for: one real stack for the run, and a place of its own on each server."""

import shutil
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis

from devstack.stack import Stack, StackAddresses
from storage.object_store import ObjectStore
from tests.mailbox import Mailbox


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    data_dir = tmp_path_factory.mktemp("stack")
    servers = Stack(data_dir)
    servers.start()
    yield servers
    servers.mongodb.kill()  # its data are thrown away: nothing to wait for
    servers.stop()
    shutil.rmtree(data_dir)


@pytest.fixture(scope="session")
def stack(servers: Stack) -> StackAddresses:
    return servers.addresses()


@pytest.fixture(scope="session")
def mailbox(servers: Stack) -> Mailbox:
    """Every mail that the run's mail server took."""
    return Mailbox(servers.mail.folder, servers.mail.url)


@pytest.fixture(scope="session")
def mongodb_url(stack: StackAddresses) -> str:
    return stack.mongodb_url


@pytest.fixture(scope="session")
def redis_url(stack: StackAddresses) -> str:
    return stack.redis_url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mongo_client(mongodb_url: str) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](
        mongodb_url, tz_aware=True, uuidRepresentation="standard"
    ) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(
    mongo_client: AsyncMongoClient[dict[str, Any]],
) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    """A database that the tests of one module share; gone after them."""
    name = f"test_{uuid4().hex}"
    yield mongo_client[name]
    await mongo_client.drop_database(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_client(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def prefix() -> str:
    """What the Redis keys of one test begin with: the server is shared and is never flushed."""
    return f"test:{uuid4().hex}:"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def object_store(stack: StackAddresses) -> AsyncIterator[ObjectStore]:
    store = ObjectStore(
        endpoint=stack.s3_endpoint,
        access_key=stack.s3_access_key,
        secret_key=stack.s3_secret_key,
        bucket="framewright-tests",
    )
    await store.ensure_bucket()
    yield store
    await store.close()
