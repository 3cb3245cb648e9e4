"""The picture that stands for a person."""

from datetime import datetime

from beanie import PydanticObjectId
from pydantic import Field

from documents.tree.asset import StoredFile
from documents.tree.node import Stored


class Avatar(Stored):
    """A user's picture; width and height in pixels."""

    id: PydanticObjectId = Field(alias="_id")
    file: StoredFile
    width: int
    height: int
    created_at: datetime
