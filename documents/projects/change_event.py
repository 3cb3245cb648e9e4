"""A change that viewers are told about, kept with what changed until they were."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from beanie import PydanticObjectId
from pydantic import Field

from documents.tree.node import Stored

COMMENT: Final = "Comment"
EDIT_LOCK: Final = "EditLock"
BESIDE_TREE: Final = frozenset({COMMENT, EDIT_LOCK})
"""Kinds that viewers of a project are told of and that are no part of its tree."""


class ChangeKind(StrEnum):
    """What happened."""

    PROJECT_CHANGED = "PROJECT_CHANGED"
    NODE_ADDED = "NODE_ADDED"
    NODE_CHANGED = "NODE_CHANGED"
    NODE_MOVED = "NODE_MOVED"
    NODE_REMOVED = "NODE_REMOVED"
    ASSET_READY = "ASSET_READY"


class ChangeEvent(Stored):
    """One change of a project's tree.

    Args:
        node_kind: the kind of the changed node, as the schema names it.
        node_id: the changed node; None for a section of the project (brief, style, script, ...).
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    kind: ChangeKind
    node_kind: str
    node_id: PydanticObjectId | None = None
    at: datetime

    @property
    def is_of_tree(self) -> bool:
        """Whether it is about a node or section; else it is about what people do around the tree."""
        return self.node_kind not in BESIDE_TREE
