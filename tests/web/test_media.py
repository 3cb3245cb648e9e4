from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from schema.guarding.observation import Observe
from schema.root import ServedSchema, build_schema
from storage.object_store import ObjectStore
from tests.studio import Studio, open_studio
from tests.web.served import Running, running
from web.application import Opened, create_application
from web.media import NoSuchBytes, Part, wanted_part
from web.options import WebOptions

DATA = bytes(range(256)) * 3_000  # more than one chunk of the store


@dataclass
class Clock:
    time: datetime

    def __call__(self) -> datetime:
        return self.time


@dataclass
class Shelf:
    """A server, a stored file, and its address."""

    server: Running
    studio: Studio
    clock: Clock
    key: str

    def address(self, key: str | None = None) -> str:
        parts = urlsplit(self.studio.services.media.url(key or self.key, 600))
        return f"{self.server.url}{parts.path}?{parts.query}"

    async def get(self, url: str | None = None, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient() as client:
            return await client.request(method, url or self.address(), headers=named)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shelf(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Shelf]:
    def make_schema(observe: Observe) -> ServedSchema:
        return build_schema(observe=observe)

    clock = Clock(datetime.now(UTC))
    opened = open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"test:{database.name}:",
        objects=object_store,
        now=clock,
    )
    key = f"projects/{uuid4().hex}/renders/video.mp4"
    await object_store.put_bytes(key, DATA, "video/mp4")
    async with opened as studio:

        @asynccontextmanager
        async def open_services() -> AsyncIterator[Opened]:
            yield Opened(studio.services, {})

        options = WebOptions(allowed_origins=("https://studio.example",))
        app = create_application(make_schema, open_services, options)
        async with running(app, studio.services) as server:
            yield Shelf(server, studio, clock, key)


async def test_a_signed_address_gives_the_whole_file(shelf: Shelf) -> None:
    answer = await shelf.get()
    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-length"] == str(len(DATA))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private, max-age=")


async def test_head_tells_the_same_without_the_bytes(shelf: Shelf) -> None:
    head, whole = await shelf.get(method="HEAD"), await shelf.get()
    assert (head.status_code, head.content) == (200, b"")
    own = {"date", "x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in whole.headers.items() if k not in own
    }


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=300000-", 300_000, len(DATA) - 1),
        ("bytes=-5", len(DATA) - 5, len(DATA) - 1),
        ("bytes=5-99999999", 5, len(DATA) - 1),
    ],
)
async def test_a_range_gives_these_bytes_alone(shelf: Shelf, asked: str, first: int, last: int) -> None:
    answer = await shelf.get(range=asked)
    assert (answer.status_code, answer.content) == (206, DATA[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(DATA)}"


@pytest.mark.parametrize("asked", ["bytes=768000-", "bytes=-0", "bytes=99999999-999999999"])
async def test_a_range_behind_the_end_is_refused(shelf: Shelf, asked: str) -> None:
    answer = await shelf.get(range=asked)
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize("asked", ["bytes=1-2,5-6", "lines=1-2", "bytes=9-2", "bytes=-", "nonsense"])
async def test_what_is_no_single_range_gives_the_whole(shelf: Shelf, asked: str) -> None:
    assert (await shelf.get(range=asked)).status_code == 200


async def test_a_browser_that_has_the_file_is_told_so(shelf: Shelf) -> None:
    etag = (await shelf.get()).headers["etag"]
    again = await shelf.get(if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert (await shelf.get(range="bytes=0-1", if_range='"older"')).status_code == 200
    assert (await shelf.get(range="bytes=0-1", if_range=etag)).status_code == 206


async def test_tampered_expired_and_missing_are_told_apart_by_nobody(shelf: Shelf) -> None:
    good = shelf.address()
    other = shelf.address(f"projects/{uuid4().hex}/none.mp4")
    shelf.clock.time -= timedelta(hours=2)
    expired = shelf.address()
    shelf.clock.time += timedelta(hours=2)
    answers = [
        await shelf.get(url)
        for url in (
            good.replace("video.mp4", "video.mp5"),
            good[:-1] + ("A" if good[-1] != "A" else "B"),
            good.partition("?")[0],
            good.replace("expires=", "expires=1"),
            expired,
            other,
            shelf.address("projects/.hidden/passwd"),
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_download_has_the_name_that_was_asked_for(shelf: Shelf) -> None:
    answer = await shelf.get(f"{shelf.address()}&download=B%C3%BCcher%22%0d%0aX-Evil:%201.mp4")
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"B_cher___X-Evil_ 1.mp4\"; filename*=UTF-8''B%C3%BCcher___X-Evil_%201.mp4"
    )
    assert "x-evil" not in answer.headers


async def test_pages_and_drawings_that_may_hold_scripts_are_never_shown(
    shelf: Shelf, object_store: ObjectStore
) -> None:
    for kind in ("text/html", "image/svg+xml", "application/octet-stream"):
        key = f"projects/{uuid4().hex}/uploads/a.bin"
        await object_store.put_bytes(key, b"<script>1</script>", kind)
        answer = await shelf.get(shelf.address(key))
        assert answer.headers["content-disposition"] == "attachment"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_allowed_origins_may_read_ranges(shelf: Shelf) -> None:
    answer = await shelf.get(origin="https://studio.example", range="bytes=0-1")
    assert answer.headers["access-control-allow-origin"] == "https://studio.example"
    assert "content-range" in answer.headers["access-control-expose-headers"].lower()
    assert "access-control-allow-origin" not in (await shelf.get(origin="https://evil.example")).headers


@given(st.integers(0, 50), st.integers(0, 60) | st.none(), st.integers(0, 60) | st.none())
def test_parts_are_those_that_slices_give(size: int, first: int | None, last: int | None) -> None:
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    data = bytes(size)
    try:
        part = wanted_part({"range": asked}, size, '"e"')
    except NoSuchBytes:
        assert (last == 0 or size == 0) if first is None else first >= size
        return
    if part is None:
        assert (first is None and last is None) or (first is not None and last is not None and last < first)
        return
    if first is None:
        assert last is not None
        assert part == Part(max(0, size - last), min(last, size))
    else:
        expected = data[first:] if last is None else data[first : last + 1]
        assert (part.offset, part.length) == (first, len(expected))
