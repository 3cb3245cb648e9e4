"""The real type of a file, by its content; its name and what the sender believes count for nothing."""

import json
from pathlib import Path
from typing import Final

import filetype  # type: ignore[import-untyped]  # ships no types

from rendering.intake import media_types
from rendering.intake.media_types import MediaType

_HEAD_BYTES: Final = 8 * 1024
_GUESSES: Final = {
    "image/png": media_types.PNG,
    "image/jpeg": media_types.JPEG,
    "image/webp": media_types.WEBP,
    "image/avif": media_types.AVIF,
    "image/gif": media_types.GIF,
    "image/apng": media_types.PNG,
    "video/mp4": media_types.MP4,
    "video/x-m4v": media_types.MP4,
    "video/quicktime": media_types.QUICKTIME,
    "video/webm": media_types.WEBM,
    "video/x-matroska": media_types.MATROSKA,
    "audio/mpeg": media_types.MP3,
    "audio/x-wav": media_types.WAV,
    "audio/wav": media_types.WAV,
    "audio/ogg": media_types.OGG,
    "audio/x-flac": media_types.FLAC,
    "audio/mp4": media_types.M4A,
    "application/font-sfnt": media_types.TTF,
}
_OPENTYPE: Final = b"OTTO"
_TRUETYPE: Final = (b"\x00\x01\x00\x00", b"true")


def sniff(path: Path) -> MediaType | None:
    """The type of a file, after its first bytes; None for one that nobody takes."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head[:4] == b"glTF":
        return media_types.GLB
    if head[:4] == _OPENTYPE:
        return media_types.OTF
    if head[:4] in _TRUETYPE:
        return media_types.TTF
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _looks_like_gltf(path):
        return media_types.GLTF
    guess = filetype.guess(head)
    return None if guess is None else _GUESSES.get(guess.mime)


def _looks_like_gltf(path: Path) -> bool:
    """Whether JSON with an `asset.version` begins here; what it holds besides is looked into later."""
    if path.stat().st_size > media_types.GLTF_BYTES_MAX:
        return False
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and isinstance(document.get("asset"), dict)
