"""Pictures of things that must look as they do: a product, a logo, a car."""

from typing import Final

from beanie import PydanticObjectId
from pydantic import Field

from documents.text import Line
from documents.tree.asset import Provenance, StoredFile
from documents.tree.node import Stored

REFERENCES_MAX: Final = 4
"""Of a style, and of each scene: makers look at few pictures."""


class ReferenceImage(Stored):
    """A picture that makers of pictures are shown; its file is the project's own copy.

    Args:
        title: what it shows, such as `the bottle`; makers are told it.
        width: in pixels.
        height: in pixels.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    title: Line = ""
    file: StoredFile
    width: int
    height: int
    provenance: Provenance
