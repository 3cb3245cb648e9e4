"""The parts of a 3D model, each compared with what it refers to."""

import base64
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from PIL import Image

from rendering.intake.faults import Fault, FileRefused

TRIANGLES_MAX: Final = 5_000_000
_NODES_MAX: Final = 100_000
_TEXTURE_SIDE_MAX: Final = 8_192
_TEXTURE_PIXELS_MAX: Final = 150_000_000
_COMPONENTS: Final[Mapping[int, str]] = {
    5120: "<i1",
    5121: "<u1",
    5122: "<i2",
    5123: "<u2",
    5125: "<u4",
    5126: "<f4",
}
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_MODES: Final = range(7)
_PICTURES: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


class _Parts:
    """A model on its way through the checks."""

    def __init__(self, document: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        self.document = document
        self.buffers = buffers

    def all(self, name: str) -> list[Any]:
        found = self.document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise _wrong(f"{name} is no list of objects")
        return found

    def refer(self, name: str, index: object) -> Any:
        """What an index names."""
        members = self.all(name)
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(members):
            raise _wrong(f"there is no {name}[{index!r:.20}]")
        return members[index]

    def view(self, index: object) -> memoryview:
        """The bytes of a buffer view."""
        view = self.refer("bufferViews", index)
        buffer = view["buffer"]
        if not _is_count(buffer) or buffer >= len(self.buffers):
            raise _wrong("a view of no buffer")
        start, length = view.get("byteOffset", 0), view["byteLength"]
        if not _is_count(start) or not _is_count(length) or start + length > len(self.buffers[buffer]):
            raise _wrong("a view reaches beyond its buffer")
        return memoryview(self.buffers[buffer])[start : start + length]


def check_parts(document: Mapping[str, Any], buffers: Sequence[bytes]) -> dict[str, str | int | float | bool]:
    """Look at every part of a model.

    Raises:
        FileRefused: one contradicts another, or the whole is too large.
    """
    parts = _Parts(document, buffers)
    for number in range(len(parts.all("bufferViews"))):
        parts.view(number)
    for accessor in parts.all("accessors"):
        _check_accessor(parts, accessor)
    triangles = sum(
        _triangles(parts, primitive) for mesh in parts.all("meshes") for primitive in mesh["primitives"]
    )
    if not triangles:
        raise FileRefused(Fault.DIMENSIONS, "It shows nothing: it has no triangle.")
    if triangles > TRIANGLES_MAX:
        raise FileRefused(
            Fault.DIMENSIONS, f"It has {triangles:,} triangles; a model has at most {TRIANGLES_MAX:,}."
        )
    _check_nodes(parts)
    _check_pictures(parts)
    _check_references(parts)
    return {
        "triangles": triangles,
        "nodes": len(parts.all("nodes")),
        "materials": len(parts.all("materials")),
        "pictures": len(parts.all("images")),
        "is_animated": bool(parts.all("animations")),
    }


def _check_accessor(parts: _Parts, accessor: Mapping[str, Any]) -> None:
    component = np.dtype(_COMPONENTS[accessor["componentType"]])
    size = component.itemsize * _WIDTHS[accessor["type"]]
    count, start = accessor["count"], accessor.get("byteOffset", 0)
    if not _is_count(count) or count == 0 or not _is_count(start):
        raise _wrong("an accessor of nothing")
    if "sparse" in accessor:
        raise FileRefused(Fault.TYPE_UNSUPPORTED, "It has sparse accessors: export it without them.")
    index = accessor.get("bufferView")
    if index is None:
        return
    stride = parts.refer("bufferViews", index).get("byteStride", size)
    if not _is_count(stride) or stride < size:
        raise _wrong("values overlap")
    if start + stride * (count - 1) + size > len(parts.view(index)):
        raise _wrong("an accessor reaches beyond its view")


def _triangles(parts: _Parts, primitive: Mapping[str, Any]) -> int:
    """How many triangles a primitive draws; each of its indices must name a vertex."""
    attributes = primitive["attributes"]
    counts = {parts.refer("accessors", index)["count"] for index in attributes.values()}
    if "POSITION" not in attributes or len(counts) != 1:
        raise _wrong("a mesh without positions, or with other numbers of them than of what goes with them")
    (vertices,) = counts
    position = parts.refer("accessors", attributes["POSITION"])
    if position["type"] != "VEC3":
        raise _wrong("positions that are no points")
    mode = primitive.get("mode", _TRIANGLES)
    if mode not in _MODES:
        raise _wrong("an unknown way to draw")
    drawn = vertices
    if "indices" in primitive:
        indices = parts.refer("accessors", primitive["indices"])
        drawn = indices["count"]
        values = _values(parts, indices)
        if values is not None and int(values.max()) >= vertices:
            raise _wrong("an index of no vertex")
    if mode == _TRIANGLES:
        return int(drawn // 3)
    return int(max(0, drawn - 2)) if mode in {_STRIP, _FAN} else 0


def _values(parts: _Parts, accessor: Mapping[str, Any]) -> Any:
    if accessor["type"] != "SCALAR" or accessor["componentType"] not in {5121, 5123, 5125}:
        raise _wrong("indices that are no whole numbers")
    index = accessor.get("bufferView")
    if index is None:
        return None
    component = np.dtype(_COMPONENTS[accessor["componentType"]])
    stride = parts.refer("bufferViews", index).get("byteStride", component.itemsize)
    return np.ndarray(
        (accessor["count"],),
        component,
        parts.view(index),
        offset=accessor.get("byteOffset", 0),
        strides=(stride,),
    )


def _check_nodes(parts: _Parts) -> None:
    """Nodes are trees: each has one parent at the most, and none is below itself."""
    nodes = parts.all("nodes")
    if len(nodes) > _NODES_MAX:
        raise FileRefused(
            Fault.DIMENSIONS, f"It has {len(nodes):,} nodes; a model has at most {_NODES_MAX:,}."
        )
    for node in nodes:
        _check_node(parts, node)
    children = [child for node in nodes for child in node.get("children", ())]
    if len(set(children)) != len(children):
        raise _wrong("a node with two parents")
    reached, below = 0, [*(set(range(len(nodes))) - set(children))]
    while below:
        reached += 1
        below += nodes[below.pop()].get("children", ())
    if reached != len(nodes):
        raise _wrong("a node below itself")
    for scene in parts.all("scenes"):
        for root in scene.get("nodes", ()):
            parts.refer("nodes", root)


def _check_node(parts: _Parts, node: Mapping[str, Any]) -> None:
    for name, members in (("mesh", "meshes"), ("skin", "skins"), ("camera", "cameras")):
        if name in node:
            parts.refer(members, node[name])
    for name in ("matrix", "translation", "rotation", "scale"):
        if not all(math.isfinite(value) for value in node.get(name, ())):
            raise _wrong("a place that is no number")
    for child in node.get("children", ()):
        parts.refer("nodes", child)


def _check_pictures(parts: _Parts) -> None:
    pixels = 0
    for image in parts.all("images"):
        if "uri" in image:
            head, _, text = image["uri"].partition(",")
            if not (head.startswith("data:image/") and head.endswith(";base64")):
                raise FileRefused(
                    Fault.UNSAFE, "It refers to another file or address: export it with everything inside."
                )
            data = base64.b64decode(text, validate=True)
        else:
            data = bytes(parts.view(image["bufferView"]))
        with Image.open(io.BytesIO(data), formats=list(_PICTURES.values())) as picture:
            if max(picture.size) > _TEXTURE_SIDE_MAX:
                raise FileRefused(
                    Fault.DIMENSIONS, f"A picture on it has more than {_TEXTURE_SIDE_MAX:,} pixels a side."
                )
            pixels += picture.size[0] * picture.size[1]
            if pixels > _TEXTURE_PIXELS_MAX:
                raise FileRefused(Fault.DIMENSIONS, "The pictures on it have too many pixels together.")
            picture.load()


def _check_references(parts: _Parts) -> None:
    for texture in parts.all("textures"):
        for name, members in (("source", "images"), ("sampler", "samplers")):
            if name in texture:
                parts.refer(members, texture[name])
    for material in parts.all("materials"):
        _check_textures(parts, material)
    primitives = [primitive for mesh in parts.all("meshes") for primitive in mesh["primitives"]]
    for primitive in primitives:
        if "material" in primitive:
            parts.refer("materials", primitive["material"])
    for joint in (joint for skin in parts.all("skins") for joint in skin["joints"]):
        parts.refer("nodes", joint)
    for animation in parts.all("animations"):
        _check_animation(parts, animation)


def _check_animation(parts: _Parts, animation: Mapping[str, Any]) -> None:
    for sampler in animation["samplers"]:
        parts.refer("accessors", sampler["input"])
        parts.refer("accessors", sampler["output"])
    for channel in animation["channels"]:
        if not 0 <= channel["sampler"] < len(animation["samplers"]):
            raise _wrong("a movement of nothing")


def _check_textures(parts: _Parts, value: Any) -> None:
    """Look for references to textures anywhere in a material."""
    for name, each in value.items() if isinstance(value, dict) else ():
        if name.endswith("Texture") and isinstance(each, dict) and "index" in each:
            parts.refer("textures", each["index"])
        _check_textures(parts, each)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _wrong(what: str) -> FileRefused:
    return FileRefused(Fault.UNREADABLE, f"It contradicts itself: {what}.")
