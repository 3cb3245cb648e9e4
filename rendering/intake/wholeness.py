"""Whether a file is one file: as long as it says, and no second one hidden in it or behind it."""

import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from rendering.intake import media_types
from rendering.intake.faults import Fault, FileRefused
from rendering.intake.media_types import MediaType, Medium

_HEAD_BYTES: Final = 1_024
_FOREIGN_HEAD: Final = re.compile(rb"%PDF-|<!doctype|<html|<script|<svg|<\?php|#!/", re.IGNORECASE)
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_END_OF_IMAGE: Final = 0xD9
_START_OF_SCAN: Final = 0xDA
_LENGTHLESS: Final = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_BOX_TYPE: Final = re.compile(rb"[0-9A-Za-z \xa9_-]{4}")
_UNKNOWN_LENGTHS: Final = frozenset({0, 0xFFFFFFFF})
_BOX_HEADER_BYTES: Final = 16


def require_whole(path: Path, kind: MediaType) -> None:
    """Refuse a file that is cut off, or more than one file.

    Raises:
        FileRefused: it is UNREADABLE or UNSAFE.
    """
    with path.open("rb") as file:
        if kind.medium is not Medium.MODEL and _FOREIGN_HEAD.search(file.read(_HEAD_BYTES)):
            raise FileRefused(Fault.UNSAFE, "It begins like a page or a program as well.")
        size = path.stat().st_size
        walk = _WALKS.get(kind.mime_type)
        if walk is not None:
            file.seek(0)
            _compare(walk(file, size), size)
    if kind.medium is not Medium.FONT and _is_archive(path):
        raise FileRefused(Fault.UNSAFE, "It is an archive as well: a second file hides in it.")


def _compare(end: int, size: int) -> None:
    if end > size:
        raise FileRefused(Fault.UNREADABLE, f"It is cut off: {size:,} bytes where it says {end:,}.")
    if end < size:
        raise FileRefused(
            Fault.UNSAFE,
            f"{size - end:,} bytes follow its end. Save it anew as a plain file, without a film or another "
            "file behind it.",
        )


def _is_archive(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as found:
            return bool(found.filelist)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return False


def _take(file: BinaryIO, count: int) -> bytes:
    taken = file.read(count)
    if len(taken) < count:
        raise FileRefused(Fault.UNREADABLE, "It is cut off.")
    return taken


def _png(file: BinaryIO, size: int) -> int:
    file.seek(8)
    while file.tell() < size:
        length, name = struct.unpack(">I4s", _take(file, 8))
        file.seek(length + 4, 1)
        if name == b"IEND":
            return file.tell()
    raise FileRefused(Fault.UNREADABLE, "It is cut off: it has no end.")


def _riff(file: BinaryIO, size: int) -> int:
    length = int.from_bytes(_take(file, 8)[4:], "little")
    if length in _UNKNOWN_LENGTHS:  # written to a pipe
        return size
    return size if size - 8 == length + (length & 1) else 8 + length


def _gif(file: BinaryIO, size: int) -> int:
    flags = _take(file, 13)[10]
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), 1)
    while True:
        kind = _take(file, 1)[0]
        if kind == 0x3B:  # noqa: PLR2004 - the trailer, as GIF89a names it
            return file.tell()
        if kind == 0x2C:  # noqa: PLR2004 - an image
            flags = _take(file, 9)[8]
            if flags & 0x80:
                file.seek(3 << ((flags & 7) + 1), 1)
            file.seek(1, 1)
        elif kind == 0x21:  # noqa: PLR2004 - an extension
            file.seek(1, 1)
        else:
            raise FileRefused(Fault.UNREADABLE, "It cannot be decoded: an unknown block in a GIF.")
        while length := _take(file, 1)[0]:
            file.seek(length, 1)
        if file.tell() > size:
            raise FileRefused(Fault.UNREADABLE, "It is cut off.")


def _jpeg(file: BinaryIO, size: int) -> int:
    """Where the picture ends. A further picture behind it (a depth map, a brighter copy) belongs to it."""
    data = file.read()
    end = _jpeg_end(data, 0)
    while data[end : end + 3] == b"\xff\xd8\xff":
        end = _jpeg_end(data, end)
    rest = data[end:]
    return size if not rest.strip(b"\x00") else end


def _jpeg_end(data: bytes, start: int) -> int:
    at = start + 2
    while found := _MARKER.search(data, at):
        marker, at = data[found.start() + 1], found.end()
        if marker == _END_OF_IMAGE:
            return at
        if marker in _LENGTHLESS:
            continue
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
    raise FileRefused(Fault.UNREADABLE, "It is cut off: it has no end.")


def _boxes(file: BinaryIO, size: int) -> int:
    at = 0
    while at < size:
        file.seek(at)
        header = file.read(_BOX_HEADER_BYTES)
        if len(header) < 8:  # noqa: PLR2004 - size and type
            return at + 8
        if not _BOX_TYPE.fullmatch(header[4:8]):
            if at == 0:
                raise FileRefused(Fault.UNREADABLE, "It begins with no box.")
            return at
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            return size
        if length < 8:  # noqa: PLR2004 - size and type
            raise FileRefused(Fault.UNREADABLE, "It holds a box that is smaller than its own header.")
        at += length
    return at


_WALKS: Final[Mapping[str, Callable[[BinaryIO, int], int]]] = {
    media_types.PNG.mime_type: _png,
    media_types.JPEG.mime_type: _jpeg,
    media_types.WEBP.mime_type: _riff,
    media_types.GIF.mime_type: _gif,
    media_types.WAV.mime_type: _riff,
    **dict.fromkeys(
        (
            media_types.AVIF.mime_type,
            media_types.MP4.mime_type,
            media_types.QUICKTIME.mime_type,
            media_types.M4A.mime_type,
        ),
        _boxes,
    ),
}
"""By MIME type, what finds where a file of this type ends by its own account."""
