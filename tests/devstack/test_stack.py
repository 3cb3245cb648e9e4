import stat
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from devstack.errors import StackAlreadyRunning
from devstack.stack import Stack, StackAddresses


def with_its_own_s3(data_dir: Path, others: StackAddresses) -> Stack:
    return Stack(data_dir, mongodb_url=others.mongodb_url, redis_url=others.redis_url)


async def test_mongodb_is_the_primary_of_a_replica_set(
    mongo_client: AsyncMongoClient[dict[str, Any]],
) -> None:
    hello = await mongo_client.admin.command("hello")
    assert hello["setName"] == "framewright"
    assert hello["isWritablePrimary"] is True


async def test_redis_appends_every_write_to_its_file(redis_client: Redis) -> None:
    assert (await redis_client.config_get("appendonly")) == {"appendonly": "yes"}


async def test_addresses_that_are_given_start_nothing(tmp_path: Path, stack: StackAddresses) -> None:
    other = Stack(
        tmp_path,
        mongodb_url=stack.mongodb_url,
        redis_url=stack.redis_url,
        s3_endpoint=stack.s3_endpoint,
        s3_access_key=stack.s3_access_key,
        s3_secret_key=stack.s3_secret_key,
        smtp_url=stack.smtp_url,
    )
    try:
        assert other.start() == stack
        assert not any(s.is_running() for s in (other.mongodb, other.redis, other.objects, other.mail))
    finally:
        other.stop()


def test_an_endpoint_without_its_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="secret key"):
        Stack(tmp_path, s3_endpoint="127.0.0.1:9000")


def test_a_second_stack_on_the_same_data_is_refused(tmp_path: Path, stack: StackAddresses) -> None:
    first, second = with_its_own_s3(tmp_path, stack), with_its_own_s3(tmp_path, stack)
    first.start()
    try:
        with pytest.raises(StackAlreadyRunning, match="in use by a stack"):
            second.start()
        with pytest.raises(StackAlreadyRunning):
            first.start()
    finally:
        first.stop()
    second.start()
    second.stop()


def test_credentials_are_kept_and_readable_by_their_owner_alone(
    tmp_path: Path, stack: StackAddresses
) -> None:
    seen = []
    for _ in range(2):
        servers = with_its_own_s3(tmp_path, stack)
        seen.append(servers.start().s3_secret_key)
        servers.stop()
    assert seen[0] == seen[1]
    assert stat.S_IMODE((tmp_path / "s3" / "credentials.json").stat().st_mode) == 0o600
