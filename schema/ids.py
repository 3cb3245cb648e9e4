"""Relay ids: base64 of `Type:oid`, and inside a project of `Type:<project oid>.<node oid>`."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from beanie import PydanticObjectId

from resolvers.errors import BadUserInput

_LONGEST: Final = 200  # characters; the longest of ours has about 100
_DOCUMENT: Final = re.compile(r"([A-Za-z][A-Za-z0-9]*):([0-9a-f]{24})")
_NODE: Final = re.compile(r"([A-Za-z][A-Za-z0-9]*):([0-9a-f]{24})\.([0-9a-f]{24})")


@dataclass(frozen=True, slots=True)
class TreeRef:
    """Where a node lives: inside which project, and which one it is."""

    project_id: PydanticObjectId
    node_id: PydanticObjectId


@dataclass(frozen=True, slots=True)
class AnyRef:
    """What a global id names; `project_id` is set for nodes inside a project alone."""

    kind: str
    oid: PydanticObjectId
    project_id: PydanticObjectId | None = None


def document_gid(kind: str, oid: PydanticObjectId) -> str:
    """The global id of a document of its own, such as a project or a user."""
    return base64.b64encode(f"{kind}:{oid}".encode()).decode()


def tree_gid(kind: str, project_id: PydanticObjectId, node_id: PydanticObjectId) -> str:
    """The global id of a node inside a project's tree."""
    return base64.b64encode(f"{kind}:{project_id}.{node_id}".encode()).decode()


def any_ref(value: str, field: str) -> AnyRef:
    """What an id names, whatever its type.

    Args:
        value: as the client sent it.
        field: path of the argument, for the refusal.

    Raises:
        BadUserInput: it is none of our ids.
    """
    text = _decoded(value)
    if found := _DOCUMENT.fullmatch(text):
        return AnyRef(found[1], PydanticObjectId(found[2]))
    if found := _NODE.fullmatch(text):
        return AnyRef(found[1], PydanticObjectId(found[3]), PydanticObjectId(found[2]))
    raise BadUserInput(field, "This is no id of this API. Send an `id` as the API returned it.")


def document_id(value: str, kind: str, field: str) -> PydanticObjectId:
    """The key of a document of that kind.

    Raises:
        BadUserInput: it is no id, or one of another kind; names the field and the kind that is expected.
    """
    found = _DOCUMENT.fullmatch(_decoded(value))
    if found is None or found[1] != kind:
        raise _unexpected(value, kind, field)
    return PydanticObjectId(found[2])


def document_ids(values: Sequence[str], kind: str, field: str) -> list[PydanticObjectId]:
    """The keys of documents of that kind, each once. Raises BadUserInput as `document_id` does."""
    found = (document_id(each, kind, f"{field}.{index}") for index, each in enumerate(values))
    return list(dict.fromkeys(found))


def project_id(value: str, field: str) -> PydanticObjectId:
    """The key of a project. Raises BadUserInput as `document_id` does."""
    return document_id(value, "Project", field)


def project_or_scene(value: str, field: str) -> tuple[PydanticObjectId, PydanticObjectId | None]:
    """The key of a project, and of one of its scenes where a scene is named.

    Raises:
        BadUserInput: it is neither.
    """
    ref = any_ref(value, field)
    if ref.kind == "Project" and ref.project_id is None:
        return ref.oid, None
    if ref.kind == "Scene" and ref.project_id is not None:
        return ref.project_id, ref.oid
    raise BadUserInput(field, "Send the id of a Project or of a Scene.")


def tree_ref(value: str, kind: str, field: str) -> TreeRef:
    """Where the node of that kind lives.

    Raises:
        BadUserInput: it is no id, or one of another kind; names the field and the kind that is expected.
    """
    found = _NODE.fullmatch(_decoded(value))
    if found is None or found[1] != kind:
        raise _unexpected(value, kind, field)
    return TreeRef(PydanticObjectId(found[2]), PydanticObjectId(found[3]))


def _decoded(value: str) -> str:
    """The text inside, empty where there is none: no pattern matches that."""
    if len(value) > _LONGEST:
        return ""
    try:
        return base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, ValueError):  # not base64, or letters beyond ASCII on either side of it
        return ""


def _unexpected(value: str, kind: str, field: str) -> BadUserInput:
    text = _decoded(value)
    found = _DOCUMENT.fullmatch(text) or _NODE.fullmatch(text)
    article = "an" if kind[0] in "AEIOU" and kind != "User" else "a"
    if found is None or found[1] == kind:
        return BadUserInput(field, f"This is no id of {article} {kind}. Send an `id` as the API returned it.")
    return BadUserInput(
        field, f"This is the id of another type, {found[1]}; the id of {article} {kind} is expected."
    )
