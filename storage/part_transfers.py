"""Objects that arrive in parts: begun, sent part by part by whoever holds a signed request, put together."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol

from minio import Minio
from minio.datatypes import Part

from storage.errors import ObjectMissing, StorageRefused
from storage.keys import checked
from storage.presigned_request import PresignedRequest

PARTS_PAGE: Final = 1_000  # S3's own limit for one answer


@dataclass(frozen=True, slots=True)
class ArrivedPart:
    """A part that is there; parts are counted from 1."""

    number: int
    size_bytes: int
    etag: str


class Run(Protocol):
    """Runs one blocking call in a thread of the store; `key` is what its failures are told about."""

    def __call__(
        self, call: Callable[..., Any], *, key: str = "", **arguments: Any
    ) -> Coroutine[Any, Any, Any]:
        """Wait for it."""


class PartTransfers:
    """S3's multipart uploads. Raises what `ObjectStore` raises."""

    def __init__(self, client: Minio, signer: Minio, bucket: str, run: Run) -> None:
        self._client = client
        self._signer = signer
        self._bucket = bucket
        self._run = run

    async def begin(self, key: str, content_type: str) -> str:
        """Begin a transfer; returns the server's name of it. Nothing is stored before a part arrives."""
        checked(key)
        transfer_id: str = await self._run(
            self._client._create_multipart_upload,  # noqa: SLF001 - minio shows it to nobody, and has no other
            key=key,
            bucket_name=self._bucket,
            object_name=key,
            headers={"Content-Type": content_type},
        )
        return transfer_id

    async def presign(self, key: str, transfer_id: str, number: int, expires_s: int) -> PresignedRequest:
        """A request that sends one part within `expires_s` seconds; sent again it replaces the part."""
        checked(key)
        url: str = await self._run(
            self._signer.get_presigned_url,
            key=key,
            method="PUT",
            bucket_name=self._bucket,
            object_name=key,
            expires=timedelta(seconds=expires_s),
            extra_query_params={"partNumber": str(number), "uploadId": transfer_id},
        )
        return PresignedRequest(method="PUT", url=url, headers={})

    async def arrived(self, key: str, transfer_id: str) -> Sequence[ArrivedPart]:
        """The parts that are there, in order.

        Raises:
            ObjectMissing: there is no such transfer: it was put together or broken off.
        """
        checked(key)
        found: list[ArrivedPart] = []
        marker: str | None = None
        while True:
            page = await self._run(
                self._client._list_parts,  # noqa: SLF001 - as above
                key=key,
                bucket_name=self._bucket,
                object_name=key,
                upload_id=transfer_id,
                max_parts=PARTS_PAGE,
                part_number_marker=marker,
            )
            found += [ArrivedPart(part.part_number, part.size or 0, part.etag) for part in page.parts]
            if not page.is_truncated or not page.parts:
                return sorted(found, key=lambda part: part.number)
            marker = str(page.next_part_number_marker or page.parts[-1].part_number)

    async def put_together(self, key: str, transfer_id: str, parts: Sequence[ArrivedPart]) -> None:
        """Make one object out of parts, which ends the transfer.

        Raises:
            ObjectMissing: there is no such transfer: it was put together or broken off.
        """
        checked(key)
        await self._run(
            self._client._complete_multipart_upload,  # noqa: SLF001 - as above
            key=key,
            bucket_name=self._bucket,
            object_name=key,
            upload_id=transfer_id,
            parts=[Part(part.number, part.etag) for part in parts],
        )

    async def break_off(self, key: str, transfer_id: str) -> None:
        """End a transfer and remove its parts; one that is not there is no error."""
        checked(key)
        try:
            await self._run(
                self._client._abort_multipart_upload,  # noqa: SLF001 - as above
                key=key,
                bucket_name=self._bucket,
                object_name=key,
                upload_id=transfer_id,
            )
        except (ObjectMissing, StorageRefused) as gone:
            if isinstance(gone, StorageRefused) and gone.code != "NoSuchUpload":
                raise
