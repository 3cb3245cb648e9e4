"""`GET /media/{key}`: stored files by signed address, in ranges, streamed."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from resolvers.context import Services
from storage.errors import KeyMalformed
from storage.object_store import ObjectFacts
from web.refusals import refusal_response

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)
_SHOWN: Final = ("image/", "video/", "audio/")
_SHOWN_TEXTS: Final = frozenset({"text/vtt", "application/x-subrip", "application/json"})
_LONGEST_NAME: Final = 150  # characters
_UNSAFE_IN_NAME: Final = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes that are asked for: `length` of them from `offset` on."""

    offset: int
    length: int


class NoSuchBytes(Exception):
    """The file has no byte of the range that was asked for."""


async def media(request: Request) -> Response:
    """Answer with a file or a part of it.

    A wrong or expired signature, a key that is none and a file that is not there get the same 404: the answer
    tells nobody which files exist.
    """
    services: Services = request.app.state.services
    key: str = request.path_params["key"]
    query = request.query_params
    remaining_s = services.media.remaining_s(key, query.get("expires", ""), query.get("signature", ""))
    facts = None if remaining_s is None else await _facts(services, key)
    if facts is None or remaining_s is None:
        return refusal_response(404, "There is no such file, or its address has run out.")
    etag = f'"{facts.etag.strip(chr(34))}"'
    headers = _headers(facts, etag, max_age_s=int(remaining_s), name=query.get("download"))
    if _names(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    try:
        part = wanted_part(request.headers, facts.size_bytes, etag)
    except NoSuchBytes:
        return refusal_response(
            416, f"The file has {facts.size_bytes} bytes.", {"content-range": f"bytes */{facts.size_bytes}"}
        )
    sent = part or Part(0, facts.size_bytes)
    headers["content-length"] = str(sent.length)
    if part is not None:
        headers["content-range"] = f"bytes {part.offset}-{part.offset + part.length - 1}/{facts.size_bytes}"
    status = 200 if part is None else 206
    if request.method == "HEAD" or sent.length == 0:
        return Response(status_code=status, headers=headers, media_type=facts.content_type)
    body: AsyncIterator[bytes] = services.objects.read_range(key, sent.offset, sent.length)
    return StreamingResponse(body, status, headers, facts.content_type)


def wanted_part(headers: Mapping[str, str], size_bytes: int, etag: str) -> Part | None:
    """The part that a request names; None for the whole file.

    Several ranges at once, other units, and ranges that make no sense are answered with the whole, as HTTP
    allows; so is a range of an older file (`If-Range`).

    Raises:
        NoSuchBytes: the range lies behind the end.
    """
    found = _RANGE.fullmatch(headers.get("range", "").strip())
    if found is None or found[1] == found[2] == "":
        return None
    if headers.get("if-range", etag) != etag:
        return None
    if not found[1]:
        length = min(int(found[2]), size_bytes)
        offset, end = size_bytes - length, size_bytes
    else:
        offset = int(found[1])
        if found[2] and int(found[2]) < offset:
            return None
        end = min(int(found[2]) + 1, size_bytes) if found[2] else size_bytes
    if offset >= end:
        raise NoSuchBytes
    return Part(offset, end - offset)


async def _facts(services: Services, key: str) -> ObjectFacts | None:
    try:
        return await services.objects.stat(key)
    except KeyMalformed:
        return None


def _names(if_none_match: str | None, etag: str) -> bool:
    """Whether the client holds the file already."""
    if if_none_match is None:
        return False
    known = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return etag in known or "*" in known


def _headers(facts: ObjectFacts, etag: str, *, max_age_s: int, name: str | None) -> dict[str, str]:
    kind = facts.content_type.partition(";")[0].strip().lower()
    # SVG may hold scripts, and so may what claims to be a page: neither is shown from our own origin.
    is_shown = (kind.startswith(_SHOWN) and kind != "image/svg+xml") or kind in _SHOWN_TEXTS
    disposition = "attachment" if name is not None or not is_shown else "inline"
    return {
        "accept-ranges": "bytes",
        "cache-control": f"private, max-age={max_age_s}, immutable",
        "content-disposition": disposition + _file_name(name),
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": etag,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


def _file_name(name: str | None) -> str:
    """The name under which a browser stores the file (RFC 6266): in ASCII for old ones, and as it is."""
    clean = _UNSAFE_IN_NAME.sub("_", name or "").strip(". ")[:_LONGEST_NAME]
    if not clean:
        return ""
    plain = clean.encode("ascii", "replace").decode().replace("?", "_")
    return f"; filename=\"{plain}\"; filename*=UTF-8''{quote(clean.encode(errors='replace'), safe='')}"
