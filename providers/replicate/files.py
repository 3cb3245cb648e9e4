"""Files on their way to a model and back."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

import filetype  # type: ignore[import-untyped]  # ships no types
import httpx

from providers.errors import KeyRefused, ProviderUnavailable
from providers.replicate.client import PUBLIC_URL, ReplicateClient
from providers.replicate.options import NAME
from providers.replicate.transport import Missing, PlainTransport, unreachable

MAX_INLINE_BYTES = 256 * 1024  # what the interface's description advises
OUTPUT_HOST = "replicate.delivery"  # with its subdomains: serves all outputs, to whoever shows the key
_DOWNLOAD_S = 300.0


class Expired(ProviderUnavailable):
    """An output's address does not serve it, or no more: they live for an hour."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An output."""

    data: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that a model is given."""

    data: bytes
    mime_type: str

    @property
    def data_url(self) -> str:
        """The file within its address."""
        return f"data:{self.mime_type};base64,{base64.b64encode(self.data).decode()}"

    @property
    def sha256(self) -> str:
        """Its hash, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    async def address(self, client: ReplicateClient) -> str:
        """As the model is given it: within the request if it is small, else laid up there first."""
        if len(self.data) <= MAX_INLINE_BYTES:
            return self.data_url
        return await client.upload(self.data, self.mime_type, self.sha256)


class Downloads:
    """Fetches outputs, from where outputs are and from nowhere else: not from wherever a model may point.

    Args:
        client: whose line and key are used; the hosts of its interface are trusted too.
    """

    def __init__(self, client: ReplicateClient) -> None:
        self._client = client
        self._http = httpx.AsyncClient(
            transport=PlainTransport(), timeout=httpx.Timeout(_DOWNLOAD_S), follow_redirects=False
        )

    async def fetch(self, address: str, max_bytes: int) -> Fetched:
        """The file at an address.

        Raises:
            Expired: it is not there any more.
            ProviderUnavailable: it did not come, came in part, or is too large.
        """
        if address.startswith("data:"):
            return _from_data_url(address, max_bytes)
        headers = self._headers(address)
        try:
            async with self._client.line.call(timeout_s=min(_DOWNLOAD_S, self._client.timeout_s)):
                return await self._fetched(address, headers, max_bytes)
        except (Missing, KeyRefused) as error:
            raise Expired(NAME, "an output is not there any more.") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _fetched(self, address: str, headers: dict[str, str], max_bytes: int) -> Fetched:
        chunks, size = [], 0
        try:
            async with self._http.stream("GET", address, headers=headers) as response:
                async for chunk in response.aiter_bytes():
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > max_bytes:
                        raise ProviderUnavailable(
                            NAME, f"an output has more than {max_bytes} bytes.", retryable=False
                        )
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        data = b"".join(chunks)
        return Fetched(data, _mime_type(data, response.headers.get("content-type", "")))

    def _headers(self, address: str) -> dict[str, str]:
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            raise ProviderUnavailable(NAME, "an output has no address.", retryable=False) from error
        is_ours = _place(url) in {_place(self._client.base_url), _place(httpx.URL(PUBLIC_URL))}
        is_output = url.scheme == "https" and f".{url.host}".endswith(f".{OUTPUT_HOST}")
        if not (is_ours or is_output):
            raise ProviderUnavailable(
                NAME, f"an output lies at an unknown place ({url.host}).", retryable=False
            )
        return {"Authorization": f"Bearer {self._client.token}"}


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def is_address(value: Any) -> bool:
    """Whether a value of an input or output names a file."""
    return isinstance(value, str) and value.startswith(("https://", "http://", "data:"))


def _from_data_url(address: str, max_bytes: int) -> Fetched:
    head, _, body = address.partition(",")
    if len(body) > (max_bytes + 2) // 3 * 4:
        raise ProviderUnavailable(NAME, f"an output has more than {max_bytes} bytes.", retryable=False)
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ProviderUnavailable(NAME, "an output cannot be decoded.") from error
    return Fetched(data, _mime_type(data, head.removeprefix("data:").partition(";")[0]))


def _mime_type(data: bytes, said: str) -> str:
    found = filetype.guess_mime(data)
    return str(found or said.partition(";")[0].strip() or "application/octet-stream")
