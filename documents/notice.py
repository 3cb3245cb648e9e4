"""News for one user, whichever project it is about: written with the change, told to the user's sockets."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession


class NoticeKind(StrEnum):
    """What happened."""

    ACCESS_CHANGED = "ACCESS_CHANGED"
    PROJECT_SHARED = "PROJECT_SHARED"
    PROJECT_UNSHARED = "PROJECT_UNSHARED"
    INVITED = "INVITED"
    MENTIONED = "MENTIONED"


class Notice(Document):
    """One piece of news; removed once it is published.

    Attributes:
        user_id: whose news they are; an `ACCESS_CHANGED` may also be about the guests of a review link.
        payload: ids and names, as JSON.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    user_id: PydanticObjectId
    kind: NoticeKind
    payload: dict[str, Any] = Field(default_factory=dict)
    at: datetime

    class Settings:
        """Collection `notices`."""

        name = "notices"
        indexes: ClassVar[list[IndexModel]] = [IndexModel([("at", ASCENDING)], name="untold")]

    @classmethod
    async def write(cls, *notices: "Notice", session: AsyncClientSession | None = None) -> None:
        """Store news, in the transaction of the change that they are about."""
        if notices:
            values = [notice.model_dump(by_alias=True, exclude={"revision_id"}) for notice in notices]
            await cls.get_pymongo_collection().insert_many(values, session=session)
