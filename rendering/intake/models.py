"""Reading a 3D model that somebody sent: glTF 2.0, as JSON or in its binary container, whole."""

import base64
import binascii
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rendering.intake.faults import Fault, FileRefused
from rendering.intake.model_parts import check_parts

_JSON_BYTES_MAX: Final = 32 * 1024**2
_HEADER_BYTES: Final = 12
_CHUNK_HEADER_BYTES: Final = 8
_JSON_CHUNK: Final = 0x4E4F534A
_BINARY_CHUNK: Final = 0x004E4942
_VERSION: Final = 2
_ALIGNMENT: Final = 4
_EXTENSIONS: Final = frozenset(
    {
        "KHR_lights_punctual",
        "KHR_materials_anisotropy",
        "KHR_materials_clearcoat",
        "KHR_materials_dispersion",
        "KHR_materials_emissive_strength",
        "KHR_materials_ior",
        "KHR_materials_iridescence",
        "KHR_materials_sheen",
        "KHR_materials_specular",
        "KHR_materials_transmission",
        "KHR_materials_unlit",
        "KHR_materials_variants",
        "KHR_materials_volume",
        "KHR_mesh_quantization",
        "KHR_texture_transform",
    }
)
"""Extensions that a model may require: those that change nothing of how its bytes are read."""


@dataclass(slots=True)
class Model:
    """A model's JSON and the bytes of its buffers."""

    document: dict[str, Any]
    binary: bytes | None = None
    buffers: list[bytes] = field(default_factory=list)


def look_at_model(path: Path, *, is_binary: bool) -> dict[str, str | int | float | bool]:
    """Read a model whole: container, buffers, views, accessors, meshes, nodes and pictures.

    Returns numbers of triangles, nodes, materials and pictures, and whether it is animated.

    Raises:
        FileRefused: it contradicts itself, names what lies elsewhere, or is too large.
        MemoryError: it takes more memory than there is.
    """
    try:
        model = _contained(path.read_bytes()) if is_binary else Model(_document(path.read_bytes()))
        _check_header(model.document)
        model.buffers = [_buffer(model, number, each) for number, each in enumerate(_list(model, "buffers"))]
        return check_parts(model.document, model.buffers)
    except (FileRefused, MemoryError, RecursionError):
        raise
    except Exception as broken:
        # Made-up values break arithmetic in any way. This runs in a process that is there to fail.
        reason = f"{type(broken).__name__}: {str(broken)[:150]}"
        raise FileRefused(Fault.UNREADABLE, f"It cannot be read as a model: {reason}.") from broken


def _contained(data: bytes) -> Model:
    """Take the binary container apart; every length in it must agree with the file."""
    if len(data) < _HEADER_BYTES + _CHUNK_HEADER_BYTES:
        raise _unreadable("it is cut off")
    _, version, length = struct.unpack_from("<III", data)
    if version != _VERSION:
        raise FileRefused(Fault.TYPE_UNSUPPORTED, f"It is GLB {version}; taken is GLB {_VERSION}.")
    if length != len(data):
        raise _unreadable(f"it says that it has {length:,} bytes, and has {len(data):,}")
    chunks, at = [], _HEADER_BYTES
    while at < length:
        if length - at < _CHUNK_HEADER_BYTES:
            raise _unreadable("a chunk is cut off")
        size, kind = struct.unpack_from("<II", data, at)
        at += _CHUNK_HEADER_BYTES
        if size > length - at or size % _ALIGNMENT:
            raise _unreadable(f"a chunk says that it has {size:,} bytes, and {length - at:,} are left")
        chunks.append((kind, data[at : at + size]))
        at += size
    if [kind for kind, _ in chunks] not in ([_JSON_CHUNK], [_JSON_CHUNK, _BINARY_CHUNK]):
        raise FileRefused(Fault.UNSAFE, "It holds other chunks than its JSON and its binary one.")
    return Model(_document(chunks[0][1]), chunks[1][1] if len(chunks) > 1 else None)


def _document(data: bytes) -> dict[str, Any]:
    if len(data) > _JSON_BYTES_MAX:
        raise FileRefused(Fault.DIMENSIONS, f"Its JSON has more than {_JSON_BYTES_MAX:,} bytes.")
    try:
        document = json.loads(data)
    except ValueError as broken:
        raise _unreadable(f"its JSON is broken ({str(broken)[:100]})") from broken
    if not isinstance(document, dict):
        raise _unreadable("its JSON is no object")
    return document


def _check_header(document: dict[str, Any]) -> None:
    version = document.get("asset", {}).get("version")
    if not isinstance(version, str) or not version.startswith("2."):
        raise FileRefused(Fault.TYPE_UNSUPPORTED, "It is no glTF 2.")
    unknown = sorted(set(document.get("extensionsRequired", ())) - _EXTENSIONS)
    if unknown:
        raise FileRefused(
            Fault.TYPE_UNSUPPORTED,
            f"It requires {', '.join(map(str, unknown))[:200]}: export it without compression.",
        )


def _list(model: Model, name: str) -> list[Any]:
    found = model.document.get(name, [])
    if not isinstance(found, list):
        raise _unreadable(f"{name} is no list")
    return found


def _buffer(model: Model, number: int, buffer: dict[str, Any]) -> bytes:
    length, uri = buffer["byteLength"], buffer.get("uri")
    if uri is None:
        if number or model.binary is None:
            raise _unreadable("a buffer has no bytes")
        data = model.binary
        if not length <= len(data) < length + _ALIGNMENT:
            raise _unreadable(f"a buffer says that it has {length:,} bytes, and has {len(data):,}")
        return data[:length]
    data = inline(uri)
    if len(data) < length:
        raise _unreadable(f"a buffer says that it has {length:,} bytes, and has {len(data):,}")
    return data[:length]


def inline(uri: str) -> bytes:
    """The bytes that an address holds itself.

    Raises:
        FileRefused: it leads elsewhere.
    """
    head, comma, text = uri.partition(",")
    if not (head.startswith("data:") and head.endswith(";base64") and comma):
        raise FileRefused(
            Fault.UNSAFE, "It refers to another file or address: export it with everything inside."
        )
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as broken:
        raise _unreadable("an embedded part is no base64") from broken


def _unreadable(what: str) -> FileRefused:
    return FileRefused(Fault.UNREADABLE, f"It cannot be read as a model: {what}.")
