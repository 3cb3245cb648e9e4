"""The picture in an answer: inside of it, or behind an address."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

import httpx2
from openai.types import ImagesResponse
from PIL import Image, UnidentifiedImageError

from providers.errors import ProviderUnavailable
from providers.openai.client import Connection

MAX_BYTES = 40 * 1024 * 1024
FETCH_TIMEOUT_S = 60.0
_MIME_TYPES: Mapping[str, str] = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture and what it really is."""

    data: bytes
    mime_type: str
    width: int
    height: int


async def picture_of(answer: ImagesResponse, connection: Connection) -> Picture:
    """The first picture of an answer.

    Raises:
        ProviderUnavailable: there is none, it cannot be fetched, or it is no picture.
    """
    provider = connection.provider
    found = answer.data[0] if answer.data else None
    if found is not None and found.b64_json:
        try:
            data = base64.b64decode(found.b64_json.rpartition(",")[2], validate=True)
        except binascii.Error as error:
            raise ProviderUnavailable(provider, "its picture is not base64.") from error
    elif found is not None and found.url:
        data = await _fetched(found.url, connection)
    else:
        raise ProviderUnavailable(provider, "its answer has no picture.")
    return _read(data, provider)


async def _fetched(url: str, connection: Connection) -> bytes:
    """What is behind an address, without the key: it may be anybody's."""
    provider, parts = connection.provider, urlsplit(url)
    is_its_own = parts.hostname == urlsplit(connection.options.url).hostname
    if parts.scheme != "https" and not (parts.scheme == "http" and is_its_own):
        raise ProviderUnavailable(provider, "its picture is behind an address that is not fetched.")
    data = bytearray()
    try:
        async with (
            httpx2.AsyncClient(timeout=FETCH_TIMEOUT_S) as client,
            client.stream("GET", url) as answer,
        ):
            answer.raise_for_status()
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise ProviderUnavailable(provider, f"its picture has more than {MAX_BYTES} bytes.")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise ProviderUnavailable(provider, "its picture could not be fetched.") from error
    return bytes(data)


def _read(data: bytes, provider: str) -> Picture:
    """Type and size, from the head of the file alone."""
    try:
        with Image.open(BytesIO(data), formats=tuple(_MIME_TYPES)) as image:
            return Picture(data, _MIME_TYPES[str(image.format)], image.width, image.height)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ProviderUnavailable(provider, "its picture cannot be read.") from error
