"""What every test may ask for: one real stack for the run, and a place of its own on each server."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
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

_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, in which each run has a folder of its own
_ROOM_BYTES = 3 * 1024**3


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    data_dir = tmp_path_factory.mktemp("stack")
    with _in_memory() as folder:
        if folder is not None:  # every module has a database of its own, and each index of it is a file
            (data_dir / "mongodb").symlink_to(folder)
        servers = Stack(data_dir)
        servers.start()
        yield servers
        servers.mongodb.kill()  # its data are thrown away: nothing to wait for
        servers.stop()
    shutil.rmtree(data_dir)


@contextmanager
def _in_memory() -> Iterator[Path | None]:
    """A folder in memory, where this machine has one with room enough."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM_BYTES:
        yield None
        return
    with TemporaryDirectory(prefix="framewright-", dir=_MEMORY, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


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
