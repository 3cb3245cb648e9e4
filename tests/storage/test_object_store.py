import asyncio
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from devstack.server import free_port
from devstack.stack import StackAddresses
from storage.errors import (
    KeyMalformed,
    ObjectMissing,
    ObjectTooLarge,
    RangeRefused,
    StorageRefused,
    StorageUnavailable,
)
from storage.object_store import PART_BYTES, ObjectStore

MIB = 1024 * 1024


@pytest.fixture
def folder(prefix: str) -> str:
    """Where the objects of one test lie in the shared bucket."""
    return prefix.strip(":").replace(":", "/") + "/"


def store_at(stack: StackAddresses, **other: str) -> ObjectStore:
    given = {
        "endpoint": stack.s3_endpoint,
        "access_key": stack.s3_access_key,
        "secret_key": stack.s3_secret_key,
        "bucket": "framewright-tests",
    }
    return ObjectStore(**(given | other))


async def collected(store: ObjectStore, key: str, offset: int, length: int) -> bytes:
    return b"".join([chunk async for chunk in store.read_range(key, offset, length)])


@pytest.mark.parametrize("data", [b"", b"x", b"\0\xff" * 5000])
async def test_bytes_come_back_as_they_were_stored(
    object_store: ObjectStore, folder: str, data: bytes
) -> None:
    await object_store.put_bytes(folder + "a.bin", data, "image/png")
    assert await object_store.get_bytes(folder + "a.bin") == data
    facts = await object_store.stat(folder + "a.bin")
    assert facts is not None
    assert facts.size_bytes == len(data)
    assert facts.content_type == "image/png"
    assert facts.etag == hashlib.md5(data).hexdigest()  # noqa: S324 - S3's own tag


async def test_a_copy_is_an_object_of_its_own(object_store: ObjectStore, folder: str) -> None:
    await object_store.put_bytes(folder + "a.bin", b"bee", "image/png")
    await object_store.copy(folder + "a.bin", folder + "b/c.bin")
    await object_store.delete(folder + "a.bin")
    assert await object_store.get_bytes(folder + "b/c.bin") == b"bee"
    facts = await object_store.stat(folder + "b/c.bin")
    assert facts is not None
    assert facts.content_type == "image/png"
    with pytest.raises(ObjectMissing):
        await object_store.copy(folder + "a.bin", folder + "d.bin")
    assert not await object_store.exists(folder + "d.bin")


async def test_a_second_write_replaces_the_first(object_store: ObjectStore, folder: str) -> None:
    await object_store.put_bytes(folder + "a.txt", b"first and longer", "text/plain")
    await object_store.put_bytes(folder + "a.txt", b"second", "text/plain")
    assert await object_store.get_bytes(folder + "a.txt") == b"second"


async def test_a_missing_object_is_told_apart(object_store: ObjectStore, folder: str, tmp_path: Path) -> None:
    key = folder + "none.bin"
    assert await object_store.stat(key) is None
    assert not await object_store.exists(key)
    with pytest.raises(ObjectMissing) as caught:
        await object_store.get_bytes(key)
    assert caught.value.key == key
    with pytest.raises(ObjectMissing):
        await object_store.get_file(key, tmp_path / "none.bin")
    with pytest.raises(ObjectMissing):
        await collected(object_store, key, 0, 1)
    assert not list(tmp_path.iterdir())


async def test_files_larger_than_a_part_come_back_whole(
    object_store: ObjectStore, folder: str, tmp_path: Path
) -> None:
    source, target = tmp_path / "source.mp4", tmp_path / "target.mp4"
    size_bytes = 2 * PART_BYTES + 12_345
    with source.open("wb") as file:
        for _ in range(size_bytes // MIB):
            file.write(os.urandom(MIB))
        file.write(os.urandom(size_bytes % MIB))
    await object_store.put_file(folder + "big.mp4", source, "video/mp4")
    facts = await object_store.stat(folder + "big.mp4")
    assert facts is not None
    assert (facts.size_bytes, facts.content_type) == (size_bytes, "video/mp4")
    await object_store.get_file(folder + "big.mp4", target)
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(source.read_bytes()).digest()
    assert {path.name for path in tmp_path.iterdir()} == {"source.mp4", "target.mp4"}


async def test_file_larger_than_its_caller_takes_is_broken_off(
    object_store: ObjectStore, folder: str, tmp_path: Path
) -> None:
    await object_store.put_bytes(folder + "a.bin", bytes(2 * MIB), "video/mp4")
    await object_store.get_file(folder + "a.bin", tmp_path / "taken", max_bytes=2 * MIB)
    with pytest.raises(ObjectTooLarge):
        await object_store.get_file(folder + "a.bin", tmp_path / "refused", max_bytes=2 * MIB - 1)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


async def test_memory_stays_flat_while_a_large_file_travels(
    object_store: ObjectStore, folder: str, tmp_path: Path
) -> None:
    source = tmp_path / "large.bin"
    with source.open("wb") as file:
        file.truncate(256 * MIB)
    process = psutil.Process()
    before = process.memory_info().rss
    highest = before
    transfer = asyncio.create_task(object_store.put_file(folder + "large.bin", source, "video/mp4"))
    while not transfer.done():
        highest = max(highest, process.memory_info().rss)
        await asyncio.sleep(0.01)
    await transfer
    async for chunk in object_store.read_range(folder + "large.bin", 0, 256 * MIB):
        assert len(chunk) <= MIB
        highest = max(highest, process.memory_info().rss)
    assert highest - before < 6 * PART_BYTES
    await object_store.delete(folder + "large.bin")


@pytest.mark.parametrize(
    ("offset", "length", "expected"),
    [(0, 1, b"0"), (0, 10, b"0123456789"), (3, 4, b"3456"), (8, 50, b"89"), (9, 1, b"9")],
)
async def test_a_range_holds_exactly_its_bytes(
    object_store: ObjectStore, folder: str, offset: int, length: int, expected: bytes
) -> None:
    await object_store.put_bytes(folder + "digits.txt", b"0123456789", "text/plain")
    assert await collected(object_store, folder + "digits.txt", offset, length) == expected


async def test_a_range_past_the_end_is_refused(object_store: ObjectStore, folder: str) -> None:
    await object_store.put_bytes(folder + "digits.txt", b"0123456789", "text/plain")
    with pytest.raises(RangeRefused) as caught:
        await collected(object_store, folder + "digits.txt", 10, 5)
    assert caught.value.offset == 10
    for offset, length in ((-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="A range begins"):
            await collected(object_store, folder + "digits.txt", offset, length)


async def test_readers_that_go_away_leave_the_store_usable(object_store: ObjectStore, folder: str) -> None:
    await object_store.put_bytes(folder + "big.bin", bytes(4 * MIB), "video/mp4")

    async def read_a_little() -> None:
        stream = object_store.read_range(folder + "big.bin", 0, 4 * MIB)
        await anext(stream)
        await asyncio.sleep(60)

    readers = [asyncio.create_task(read_a_little()) for _ in range(40)]
    await asyncio.sleep(0.2)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    assert len(await object_store.get_bytes(folder + "big.bin")) == 4 * MIB


async def test_deleting_what_is_not_there_is_no_error(object_store: ObjectStore, folder: str) -> None:
    keys = [f"{folder}{number}.txt" for number in range(3)]
    for key in keys:
        await object_store.put_bytes(key, b"x", "text/plain")
    await object_store.delete(keys[0])
    await object_store.delete_many([*keys, folder + "never.txt"])
    await object_store.delete_many([])
    assert [await object_store.exists(key) for key in keys] == [False, False, False]


async def test_a_listing_holds_what_lies_below_the_prefix_and_no_neighbour(
    object_store: ObjectStore, folder: str
) -> None:
    inside = [f"{folder}p1/a.txt", f"{folder}p1/scenes/s1/images/b.png"]
    for key in [*inside, f"{folder}p10/c.txt"]:
        await object_store.put_bytes(key, b"abc", "text/plain")
    listed = [item async for item in object_store.list(f"{folder}p1/")]
    assert [item.key for item in listed] == inside
    assert [item.size_bytes for item in listed] == [3, 3]
    assert all(abs(datetime.now(UTC) - item.modified_at) < timedelta(minutes=1) for item in listed)
    assert [item async for item in object_store.list(f"{folder}empty/")] == []


@pytest.mark.parametrize("key", ["../etc/passwd", "/a", "a//b", "a/../../b", "", "a/\n"])
async def test_no_operation_takes_a_key_that_climbs(
    object_store: ObjectStore, key: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    for refused in (
        object_store.put_bytes(key, b"x", "text/plain"),
        object_store.put_file(key, path, "text/plain"),
        object_store.get_bytes(key),
        object_store.get_file(key, path),
        object_store.stat(key),
        object_store.delete(key),
        object_store.presign_get(key, 60),
        object_store.presign_put(key, "text/plain", 1, 60),
        collected(object_store, key, 0, 1),
        anext(object_store.list(key + "/")),
    ):
        with pytest.raises(KeyMalformed):
            await refused


async def test_a_signed_request_stores_and_a_signed_url_reads(object_store: ObjectStore, folder: str) -> None:
    key, data = folder + "upload.png", b"a picture"
    request = await object_store.presign_put(key, "image/png", len(data), 60)
    async with httpx.AsyncClient() as browser:
        sent = await browser.request(
            request.method,
            request.url,
            headers={**request.headers, "Origin": "https://studio.example"},
            content=data,
        )
        assert sent.status_code == 200
        assert sent.headers["access-control-allow-origin"] == "*"
        got = await browser.get(await object_store.presign_get(key, 60))
        part = await browser.get(await object_store.presign_get(key, 60), headers={"Range": "bytes=2-4"})
    assert got.content == data
    assert got.headers["content-type"] == "image/png"
    assert part.content == b"pic"


async def test_a_url_for_one_object_opens_no_other(object_store: ObjectStore, folder: str) -> None:
    for name in ("mine.txt", "yours.txt"):
        await object_store.put_bytes(folder + name, name.encode(), "text/plain")
    url = await object_store.presign_get(folder + "mine.txt", 60)
    async with httpx.AsyncClient() as browser:
        assert (await browser.get(url)).status_code == 200
        assert (await browser.get(url.replace("mine", "yours"))).status_code in {400, 403}
        assert (await browser.get(url.partition("?")[0])).status_code in {400, 403}
        assert (await browser.put(url, content=b"changed")).status_code in {400, 403}
    assert await object_store.get_bytes(folder + "mine.txt") == b"mine.txt"


async def test_a_url_ends_with_its_time(object_store: ObjectStore, folder: str) -> None:
    await object_store.put_bytes(folder + "a.txt", b"x", "text/plain")
    url = await object_store.presign_get(folder + "a.txt", 1)
    await asyncio.sleep(2.1)
    async with httpx.AsyncClient() as browser:
        assert (await browser.get(url)).status_code in {400, 403}


async def test_urls_carry_the_host_that_browsers_see(stack: StackAddresses, folder: str) -> None:
    port = stack.s3_endpoint.partition(":")[2]
    store = store_at(stack, public_endpoint=f"http://localhost:{port}")
    try:
        await store.put_bytes(folder + "a.txt", b"x", "text/plain")
        url = await store.presign_get(folder + "a.txt", 60)
        assert urlsplit(url).netloc == f"localhost:{port}"
        async with httpx.AsyncClient() as browser:
            assert (await browser.get(url)).content == b"x"
    finally:
        await store.close()
    secure = store_at(stack, public_endpoint="https://media.example")
    assert (await secure.presign_get("a/b.txt", 60)).startswith(
        "https://media.example/framewright-tests/a/b.txt?"
    )
    await secure.close()


async def test_a_bucket_is_made_once_however_many_ask(stack: StackAddresses) -> None:
    store = store_at(stack, bucket="asked-for-by-many")
    try:
        with pytest.raises(StorageRefused, match="NoSuchBucket"):
            await store.check()
        await asyncio.gather(*(store.ensure_bucket() for _ in range(6)))
        await store.check()
    finally:
        await store.close()


async def test_wrong_credentials_are_refused(stack: StackAddresses, folder: str) -> None:
    store = store_at(stack, secret_key="wrong")
    try:
        with pytest.raises(StorageRefused):
            await store.put_bytes(folder + "a.txt", b"x", "text/plain")
    finally:
        await store.close()


async def test_a_silent_server_is_unavailable(stack: StackAddresses) -> None:
    store = store_at(stack, endpoint=f"127.0.0.1:{free_port()}")
    try:
        with pytest.raises(StorageUnavailable):
            await store.get_bytes("a/b.txt")
        with pytest.raises(StorageUnavailable):
            await store.check()
    finally:
        await store.close()


async def test_a_failed_read_leaves_no_file(object_store: ObjectStore, folder: str, tmp_path: Path) -> None:
    await object_store.put_bytes(folder + "a.txt", b"x", "text/plain")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        await object_store.get_file(folder + "a.txt", tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


async def test_an_upload_announces_a_byte_or_more(object_store: ObjectStore, folder: str) -> None:
    with pytest.raises(ValueError, match="a byte or more"):
        await object_store.presign_put(folder + "a.txt", "text/plain", 0, 60)
