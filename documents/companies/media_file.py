"""A checked file of a company: what it is, and what a list shows of it."""

from typing import Annotated

from pydantic import Field

from documents.text import Line
from documents.tree.asset import StoredFile
from documents.tree.node import Stored


class MediaFile(Stored):
    """A file that was looked into.

    Args:
        file_name: as its sender called it; for people, never for anything else.
        width: of a picture or clip in pixels, as displayed; None for others.
        height: likewise.
        duration_s: of a sound or clip; None for others.
    """

    file: StoredFile
    file_name: Line = ""
    width: Annotated[int, Field(ge=1)] | None = None
    height: Annotated[int, Field(ge=1)] | None = None
    duration_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
