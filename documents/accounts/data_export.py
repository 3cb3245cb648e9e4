"""A file with all that is a user's, made on order and kept for a week."""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.tree.asset import StoredFile

KEPT_FOR: Final = timedelta(days=7)
"""How long a finished file can be downloaded."""


class DataExport(Document):
    """One order.

    Attributes:
        job_id: the job that makes it; its id is derived from this document's.
        file: the archive, None until it is there.
        ready_at: when it was finished.
        expires_at: from then on it cannot be downloaded and is removed; of one that never came about, when it
            is forgotten.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    user_id: PydanticObjectId
    job_id: PydanticObjectId
    file: StoredFile | None = None
    created_at: datetime
    ready_at: datetime | None = None
    expires_at: datetime

    class Settings:
        """Collection `data_exports`."""

        name = "data_exports"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("user_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_user",
            ),
            IndexModel([("expires_at", ASCENDING)], name="over"),
        ]

    @classmethod
    async def order(cls, export: "DataExport", *, session: AsyncClientSession) -> None:
        """Store an order together with its job."""
        values = export.model_dump(by_alias=True, exclude={"revision_id"})
        await cls.get_pymongo_collection().insert_one(values, session=session)

    @classmethod
    async def of_user(cls, user_id: PydanticObjectId, *, now: datetime, most: int) -> list["DataExport"]:
        """A user's exports that are not over, the newest first."""
        wanted: dict[str, Any] = {"user_id": user_id, "expires_at": {"$gt": now}}
        return await cls.find(wanted).sort("-created_at", "-_id").limit(most).to_list()

    @classmethod
    async def finish(
        cls, export_id: PydanticObjectId, file: StoredFile, *, now: datetime, session: AsyncClientSession
    ) -> bool:
        """Offer the file for a week; False if nobody waits for it any more."""
        result = await cls.get_pymongo_collection().update_one(
            {"_id": export_id, "file": None},
            {"$set": {"file": file.stored(), "ready_at": now, "expires_at": now + KEPT_FOR}},
            session=session,
        )
        return result.modified_count == 1
