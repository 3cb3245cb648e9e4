"""Files of every type that are as they should be, small, and made here: the malformed ones come of them."""

import base64
import io
import json
import random
import struct
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import font_roboto
import imageio_ffmpeg
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image

FFMPEG = Path(imageio_ffmpeg.get_ffmpeg_exe())
PICTURE = ["-f", "lavfi", "-i", "testsrc=s=64x48:r=10:d=4"]
SOUND = ["-f", "lavfi", "-i", "sine=d=4:r=8000"]
ENCODINGS: dict[str, list[str]] = {
    "mp4": [*PICTURE, *SOUND, "-pix_fmt", "yuv420p", "-c:a", "aac"],
    "mov": [*PICTURE, "-pix_fmt", "yuv420p", "-movflags", "+faststart"],
    "webm": [*PICTURE, "-c:v", "libvpx", "-g", "1"],
    "mkv": [*PICTURE, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"],
    "mp3": [*SOUND, "-ar", "16000"],
    "wav": SOUND,
    "ogg": [*SOUND, "-c:a", "libvorbis"],
    "flac": SOUND,
    "m4a": [*SOUND, "-c:a", "aac"],
}


def noise(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """What no type can make small."""
    return Image.frombytes("RGB", size, rng.randbytes(3 * size[0] * size[1]))


def drawn(
    kind: str, size: tuple[int, int] = (64, 48), rng: random.Random | None = None, **options: Any
) -> bytes:
    """A picture of noise."""
    buffer = io.BytesIO()
    noise(size, rng or random.Random(1)).save(buffer, kind, **options)
    return buffer.getvalue()


def encoded(name: str, arguments: list[str]) -> bytes:
    """What FFmpeg writes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        subprocess.run([FFMPEG, "-v", "error", "-y", *arguments, path], check=True, capture_output=True)
        return path.read_bytes()


@cache
def font() -> bytes:
    """A TrueType font with the letters of ASCII."""
    roboto = next(Path(font_roboto.__file__).parent.rglob("*Regular*.ttf"))
    opened = TTFont(roboto)
    wanted = subset.Subsetter()
    wanted.populate(unicodes=range(32, 127))
    wanted.subset(opened)
    buffer = io.BytesIO()
    opened.save(buffer)
    return buffer.getvalue()


def triangle(texture: bytes | None = None) -> tuple[dict[str, Any], bytes]:
    """JSON and buffer of a model with one triangle, and a picture on it if one is given."""
    points = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    indices = struct.pack("<3H", 0, 1, 2) + bytes(2)
    data = points + indices + (texture or b"")
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "children": [1]}, {"name": "empty"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"name": "paint"}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
        ],
        "buffers": [{"byteLength": len(data)}],
    }
    if texture is not None:
        document["bufferViews"].append({"buffer": 0, "byteOffset": 44, "byteLength": len(texture)})
        document["images"] = [{"bufferView": 2, "mimeType": "image/png"}]
        document["textures"] = [{"source": 0}]
        document["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    return document, data


def contained(document: Mapping[str, Any] | bytes, data: bytes | None) -> bytes:
    """A GLB."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    chunks = [_chunk(b"JSON", text + b" " * (-len(text) % 4))]
    if data is not None:
        chunks.append(_chunk(b"BIN\0", data + bytes(-len(data) % 4)))
    body = b"".join(chunks)
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("<I4s", len(data), kind) + data


def inlined(document: dict[str, Any], data: bytes) -> bytes:
    """A glTF with its buffer inside."""
    uri = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
    return json.dumps(document | {"buffers": [{"byteLength": len(data), "uri": uri}]}).encode()


@cache
def good_files() -> Mapping[str, bytes]:
    """One file of every type, by its extension."""
    pictures = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "avif": "AVIF", "gif": "GIF"}
    document, data = triangle()
    return {
        **{extension: drawn(kind) for extension, kind in pictures.items()},
        **{name: encoded(f"a.{name}", arguments) for name, arguments in ENCODINGS.items()},
        "ttf": font(),
        "glb": contained(document, data),
        "gltf": inlined(document, data),
    }
