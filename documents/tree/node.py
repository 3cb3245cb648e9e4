"""The shape that all nodes of a project's tree share."""

from collections.abc import Iterator
from typing import Any

from beanie import PydanticObjectId
from pydantic import BaseModel, ConfigDict, Field


class Stored(BaseModel):
    """A value embedded in a document."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, extra="ignore")

    def stored(self) -> dict[str, Any]:
        """The value as MongoDB holds it."""
        return self.model_dump(by_alias=True)


class Section(Stored):
    """A part of a project that changes as one and counts its changes.

    Args:
        revision: raised with each change to this part itself.
        project_id: the project that holds it, stamped on reading; not stored.
    """

    revision: int = 0
    project_id: PydanticObjectId | None = Field(default=None, exclude=True)


class Node(Section):
    """A part with an identity of its own inside its project."""

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")


def sections(root: BaseModel) -> Iterator[Section]:
    """Every section and node below `root`, parents first."""
    for name in type(root).model_fields:
        value = getattr(root, name)
        for child in value if isinstance(value, list) else (value,):
            if isinstance(child, Section):
                yield child
            if isinstance(child, BaseModel):
                yield from sections(child)


def stamp(root: BaseModel, project_id: PydanticObjectId) -> None:
    """Tell every section below `root` which project it belongs to."""
    if isinstance(root, Section):
        root.project_id = project_id
    for section in sections(root):
        section.project_id = project_id
