"""The objects of one S3 bucket."""

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject

from storage import failures
from storage.errors import ObjectMissing, ObjectTooLarge, StorageRefused, StorageUnavailable
from storage.keys import checked, checked_prefix
from storage.part_transfers import PartTransfers
from storage.presigned_request import PresignedRequest

ResultT = TypeVar("ResultT")

CHUNK_BYTES = 256 * 1024
PART_BYTES = 16 * 1024 * 1024  # at most this much of a file is in memory while it is sent
LIST_PAGE = 1000
DELETE_PAGE = 1000  # S3's own limit for one request
CONNECTIONS = 16
CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 60.0  # between two bytes, not for a whole transfer


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """What the server knows about one object without sending it."""

    size_bytes: int
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One line of a listing; `modified_at` is in UTC."""

    key: str
    size_bytes: int
    modified_at: datetime


class ObjectStore:
    """Reads, writes and signs objects; every call to the server runs in a thread of the store's own.

    All methods raise `KeyMalformed` for what cannot be a key, `StorageUnavailable` when the server does not
    answer, and `StorageRefused` when it will not. An object is written whole or not at all.
    """

    def __init__(
        self,
        *,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        public_endpoint: str | None = None,
        region: str = "us-east-1",
    ) -> None:
        """Describe the bucket; nothing is sent yet.

        Args:
            endpoint: `host:port` over HTTP, or a URL with `http` or `https`.
            access_key: names the key pair.
            secret_key: signs with it.
            bucket: the bucket's name.
            public_endpoint: where browsers reach the same server, in the same form; it is part of what a
                presigned URL signs. None when it is `endpoint`.
            region: part of every signature.
        """
        self._bucket = bucket
        self._http = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S),
            retries=urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        )
        self._threads = ThreadPoolExecutor(max_workers=CONNECTIONS, thread_name_prefix="objects")

        def client(address: str) -> Minio:
            url = urlsplit(address if "://" in address else f"http://{address}")
            return Minio(
                endpoint=url.netloc,
                access_key=access_key,
                secret_key=secret_key,
                secure=url.scheme == "https",
                region=region,
                http_client=self._http,
            )

        self._client = client(endpoint)
        self._signer = client(public_endpoint or endpoint)
        self.parts = PartTransfers(self._client, self._signer, bucket, self._run)

    async def close(self) -> None:
        """Wait for running transfers and close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._http.clear()

    async def ensure_bucket(self) -> None:
        """Make the bucket if it is not there; any number of processes may do so at once."""

        def ensure() -> None:
            if self._client.bucket_exists(bucket_name=self._bucket):
                return
            try:
                self._client.make_bucket(bucket_name=self._bucket)
            except failures.REPORTED:
                # Somebody else was first, which servers report in different ways.
                if not self._client.bucket_exists(bucket_name=self._bucket):
                    raise

        await self._run(ensure)

    async def check(self) -> None:
        """Prove that the server answers and that the bucket is there; raises `StorageError` otherwise."""
        if not await self._run(self._client.bucket_exists, bucket_name=self._bucket):
            raise StorageRefused("NoSuchBucket")

    async def put_bytes(self, key: str, data: bytes, content_type: str) -> None:
        """Store `data` under `key`."""
        await self._put(key, io.BytesIO(data), len(data), content_type)

    async def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file, part by part, without holding it in memory.

        Raises:
            OSError: the file cannot be read.
        """

        def put() -> None:
            with path.open("rb") as source:
                self._client.put_object(**self._upload(key, source, path.stat().st_size, content_type))

        checked(key)
        await self._run(put, key=key)

    async def copy(self, source: str, target: str) -> None:
        """Store the object under another key too; the bytes do not leave the server.

        Raises:
            ObjectMissing: nothing is stored under `source`.
        """
        checked(source)
        checked(target)
        await self._run(
            self._client.copy_object,
            key=source,
            bucket_name=self._bucket,
            object_name=target,
            source=CopySource(bucket_name=self._bucket, object_name=source),
        )

    async def get_bytes(self, key: str) -> bytes:
        """The whole object; for files of unknown size use `get_file` or `read_range`.

        Raises:
            ObjectMissing: nothing is stored under the key.
        """

        def get() -> bytes:
            response = self._client.get_object(bucket_name=self._bucket, object_name=key)
            try:
                data: bytes = response.read()
                return data
            finally:
                _release(response)

        checked(key)
        return await self._run(get, key=key)

    async def get_file(self, key: str, path: Path, *, max_bytes: int | None = None) -> None:
        """Store the object as a file, which appears complete under its name or not at all.

        Args:
            key: names the object.
            path: where the file appears.
            max_bytes: how much is taken at the most, for an object that anybody may have grown since it was
                measured.

        Raises:
            ObjectMissing: nothing is stored under the key.
            ObjectTooLarge: it has more than `max_bytes`; no more than a chunk beyond them was read.
            OSError: the file cannot be written.
        """
        part = path.with_name(f".{path.name}.{uuid4().hex}.part")

        def get() -> None:
            response = self._client.get_object(bucket_name=self._bucket, object_name=key)
            try:
                with part.open("xb") as target:
                    for chunk in response.stream(CHUNK_BYTES):
                        target.write(chunk)
                        if max_bytes is not None and target.tell() > max_bytes:
                            raise ObjectTooLarge(key, max_bytes)
                part.replace(path)
            finally:
                _release(response)
                part.unlink(missing_ok=True)

        checked(key)
        await self._run(get, key=key)

    async def read_range(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        """Stream `length` bytes from `offset` on, fewer where the object ends before.

        Raises:
            ObjectMissing: nothing is stored under the key.
            RangeRefused: the object has no byte at `offset`.
            ValueError: a negative offset, or a length below 1.
        """
        if offset < 0 or length < 1:
            raise ValueError(
                f"A range begins at 0 or later and has a byte or more, not {offset} and {length}."
            )
        checked(key)
        opening = self._threads.submit(
            self._client.get_object, bucket_name=self._bucket, object_name=key, offset=offset, length=length
        )
        try:
            response = await _outcome(opening, key=key, offset=offset)
        except BaseException:
            opening.add_done_callback(_release_opened)  # cancelled meanwhile: the answer still comes
            raise
        reading: Future[bytes] | None = None
        try:
            # The status alone does not tell: some servers answer a range with 200, and say it in this header.
            if not response.headers.get("content-range", "").startswith(f"bytes {offset}-"):
                raise StorageUnavailable("it sent another range than was asked for")
            while True:
                reading = self._threads.submit(response.read, CHUNK_BYTES)
                chunk = await _outcome(reading, key=key, offset=offset)
                if not chunk:
                    return
                yield chunk
        finally:
            # A cancelled reader leaves its thread reading: the connection is closed once that has returned.
            if reading is None:
                _release(response)
            else:
                reading.add_done_callback(lambda _: _release(response))

    async def stat(self, key: str) -> ObjectFacts | None:
        """Facts about the object, or None if there is none."""
        checked(key)
        try:
            found = await self._run(
                self._client.stat_object, key=key, bucket_name=self._bucket, object_name=key
            )
        except ObjectMissing:
            return None
        return ObjectFacts(
            size_bytes=found.size or 0,
            content_type=found.content_type or "application/octet-stream",
            etag=found.etag or "",
        )

    async def exists(self, key: str) -> bool:
        """Whether an object has this key."""
        return await self.stat(key) is not None

    async def delete(self, key: str) -> None:
        """Remove the object; one that is not there is no error."""
        await self.delete_many([key])

    async def delete_many(self, keys: Iterable[str]) -> None:
        """Remove objects, a thousand in a request; those that are not there are no error."""
        doomed = [DeleteObject(checked(key)) for key in keys]

        def delete() -> None:
            errors = self._client.remove_objects(bucket_name=self._bucket, delete_object_list=iter(doomed))
            refused = next((error.code for error in errors if error.code != "NoSuchKey"), None)
            if refused is not None:
                raise StorageRefused(refused)

        if doomed:
            await self._run(delete)

    async def presign_get(self, key: str, expires_s: int) -> str:
        """A URL that reads the object for `expires_s` seconds, at most seven days."""
        checked(key)
        return await self._run(
            self._signer.presigned_get_object,
            bucket_name=self._bucket,
            object_name=key,
            expires=timedelta(seconds=expires_s),
        )

    async def presign_put(
        self, key: str, content_type: str, size_bytes: int, expires_s: int
    ) -> PresignedRequest:
        """A request that stores one object within `expires_s` seconds, at most seven days.

        The signature covers the host, the key and the time, not the type and not the length: the signer of
        our S3 library knows no more headers. The headers say what was agreed; what has really arrived is
        compared with it by `stat` and by looking into the bytes before anything refers to the object.

        Raises:
            ValueError: fewer than one byte is announced.
        """
        checked(key)
        if size_bytes < 1:
            raise ValueError(f"An upload has a byte or more, not {size_bytes}.")
        url = await self._run(
            self._signer.presigned_put_object,
            bucket_name=self._bucket,
            object_name=key,
            expires=timedelta(seconds=expires_s),
        )
        return PresignedRequest(method="PUT", url=url, headers={"Content-Type": content_type})

    async def list(self, prefix: str) -> AsyncIterator[ListedObject]:
        """All objects below a prefix that ends with `/`, in the order of their keys, page by page."""
        checked_prefix(prefix)
        found = self._client.list_objects(bucket_name=self._bucket, prefix=prefix, recursive=True)
        while page := await self._run(lambda: [*itertools.islice(found, LIST_PAGE)]):
            for item in page:
                if item.object_name is not None and item.last_modified is not None:
                    yield ListedObject(item.object_name, item.size or 0, item.last_modified)

    async def _put(self, key: str, source: io.BytesIO, size_bytes: int, content_type: str) -> None:
        checked(key)
        await self._run(
            self._client.put_object, key=key, **self._upload(key, source, size_bytes, content_type)
        )

    def _upload(self, key: str, source: object, size_bytes: int, content_type: str) -> dict[str, Any]:
        return {
            "bucket_name": self._bucket,
            "object_name": key,
            "data": source,
            "length": size_bytes,
            "content_type": content_type,
            "part_size": PART_BYTES,
            "num_parallel_uploads": 1,  # in order: a server may have to keep parts that come too early
        }

    async def _run(self, call: Callable[..., ResultT], *, key: str = "", **arguments: Any) -> ResultT:
        """Run one blocking call in a thread; `key` is what its failures are told about."""
        return await _outcome(self._threads.submit(call, **arguments), key=key)


async def _outcome(call: Future[ResultT], *, key: str, offset: int = 0) -> ResultT:
    """Wait for a call in a thread and tell its failures in the words of `storage.errors`."""
    try:
        return await asyncio.wrap_future(call)
    except failures.REPORTED as failure:
        raise failures.translated(failure, key=key, offset=offset) from failure


def _release(response: urllib3.BaseHTTPResponse) -> None:
    """Give the connection back; one that was not read to its end is closed."""
    response.close()
    response.release_conn()


def _release_opened(opening: Future[urllib3.BaseHTTPResponse]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        _release(opening.result())
