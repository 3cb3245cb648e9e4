import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from redis import Redis

from devstack import server as server_module
from devstack.errors import PortTaken, ServerFailed
from devstack.mongodb import MongoServer
from devstack.redis_server import RedisServer
from devstack.server import free_port


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def mongodb(tmp_path: Path) -> Iterator[MongoServer]:
    server = MongoServer(tmp_path)
    server.start()
    yield server
    server.kill()


def documents_in(server: MongoServer) -> int:
    with MongoClient[dict[str, Any]](server.url) as client:
        return client["shop"]["things"].count_documents({})


def put_document_into(server: MongoServer) -> None:
    with MongoClient[dict[str, Any]](server.url) as client:
        client["shop"]["things"].insert_one({"name": "kept"})


def test_redis_comes_back_on_its_port_with_what_was_acknowledged(redis: RedisServer) -> None:
    port = redis.port
    with Redis.from_url(redis.url) as client:
        client.set("kept", "yes")
    redis.stop()
    redis.start()
    assert redis.port == port
    with Redis.from_url(redis.url) as client:
        assert client.get("kept") == b"yes"


def test_wiped_redis_comes_back_empty_on_its_port(redis: RedisServer) -> None:
    port = redis.port
    with Redis.from_url(redis.url) as client:
        client.set("lost", "yes")
    redis.kill()
    redis.wipe()
    redis.start()
    assert redis.port == port
    with Redis.from_url(redis.url) as client:
        assert client.dbsize() == 0


def test_a_running_server_is_not_wiped(redis: RedisServer) -> None:
    with pytest.raises(RuntimeError, match="stop it"):
        redis.wipe()
    with Redis.from_url(redis.url) as client:
        assert client.ping()


def test_starting_a_running_server_changes_nothing(redis: RedisServer) -> None:
    pid = redis.pid
    redis.start()
    assert redis.pid == pid


def test_killed_mongodb_comes_back_on_its_port_with_its_data(mongodb: MongoServer) -> None:
    port = mongodb.port
    put_document_into(mongodb)
    mongodb.kill()
    mongodb.start()
    assert mongodb.port == port
    assert documents_in(mongodb) == 1


def test_mongodb_serves_its_data_on_another_port(mongodb: MongoServer, tmp_path: Path) -> None:
    put_document_into(mongodb)
    mongodb.stop()
    moved = MongoServer(tmp_path, port=free_port())
    moved.start()
    try:
        assert moved.port != mongodb.port
        assert documents_in(moved) == 1
    finally:
        moved.kill()


def test_a_given_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        for server in (RedisServer(tmp_path, port=port), MongoServer(tmp_path, port=port)):
            with pytest.raises(PortTaken, match=str(port)):
                server.start()
            assert not server.is_running()


def test_a_lost_race_for_a_port_is_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken, free = other.getsockname()[1], free_port()
        drawn = iter([taken, taken, free])
        monkeypatch.setattr(server_module, "free_port", lambda: next(drawn))
        server = RedisServer(tmp_path)
        server.start()
    try:
        assert server.port == free
    finally:
        server.kill()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    server.folder.mkdir(parents=True)
    (server.folder / "appendonly.aof").write_text("not an append-only file")
    (server.folder / "appendonlydir").write_text("not a folder")
    with pytest.raises(ServerFailed, match=r"(?s)redis ended while it started.*redis\.log.*\d+:M"):
        server.start()


def test_a_server_without_a_start_has_no_port_and_no_pid(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    with pytest.raises(RuntimeError, match="no port yet"):
        assert server.port
    with pytest.raises(RuntimeError, match="does not run"):
        assert server.pid
    server.stop()
    server.kill()
