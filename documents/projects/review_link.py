"""A link by which people without an account see a project, and may comment on it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.projects.project_role import ProjectRole
from documents.text import Line

MOST_OPEN: Final = 50
"""Links of one project that are open at a time."""
_OPENINGS_NOTED_EVERY: Final = timedelta(minutes=1)


class ReviewLink(Document):
    """One link. Its token is made from its id and stored nowhere.

    Attributes:
        name: what whoever made it calls it, may be empty.
        role: what it makes of its guests: VIEWER or COMMENTER.
        password_hash: argon2id in PHC form, None where the link alone is enough.
        created_by: who made it.
        expires_at: from then on it opens nothing, None for never.
        revoked_at: when it was ended, None while it is open.
        opened_at: when a guest last came by it, to about a minute.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    project_id: PydanticObjectId
    name: Line = ""
    role: ProjectRole
    password_hash: Annotated[str | None, Field(repr=False)] = None
    created_by: PydanticObjectId
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    opened_at: datetime | None = None

    class Settings:
        """Collection `review_links`."""

        name = "review_links"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("project_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_project",
            ),
            IndexModel([("created_by", ASCENDING)], name="of_maker"),
        ]

    @classmethod
    async def put(cls, link: "ReviewLink", *, now: datetime, session: AsyncClientSession) -> bool:
        """Store a new one; False if the project has as many open ones as it may have.

        Whoever calls holds the project in the same transaction, so that the count is right.
        """
        links = cls.get_pymongo_collection()
        count = await links.count_documents(
            {"project_id": link.project_id, **open_at(now)}, limit=MOST_OPEN, session=session
        )
        if count >= MOST_OPEN:
            return False
        values = link.model_dump(by_alias=True, exclude={"revision_id"})
        await links.insert_one({**values, "role": link.role.value}, session=session)
        return True

    @classmethod
    async def open_one(cls, link_id: PydanticObjectId, *, now: datetime) -> "ReviewLink | None":
        """A link that opens something; None if it is unknown, ended, or its time or its project over."""
        pipeline: list[dict[str, Any]] = [
            {"$match": {"_id": link_id, **open_at(now)}},
            {
                "$lookup": {
                    "from": "projects",
                    "localField": "project_id",
                    "foreignField": "_id",
                    "pipeline": [{"$match": {"deleted_at": None}}, {"$project": {"_id": 1}}],
                    "as": "project",
                }
            },
            {"$match": {"project": {"$ne": []}}},
            {"$unset": "project"},
        ]
        cursor = await cls.get_pymongo_collection().aggregate(pipeline)
        found = await cursor.to_list(1)
        return cls.model_validate(found[0]) if found else None

    @classmethod
    async def open_ones(
        cls, project_id: PydanticObjectId, link_ids: Iterable[PydanticObjectId], *, now: datetime
    ) -> Mapping[PydanticObjectId, "ReviewLink"]:
        """Those of these links that open the project, by id."""
        wanted = {"_id": {"$in": list(link_ids)}, "project_id": project_id, **open_at(now)}
        found = await cls.get_pymongo_collection().find(wanted).to_list()
        return {raw["_id"]: cls.model_validate(raw) for raw in found}

    @classmethod
    async def note_opening(cls, link_id: PydanticObjectId, *, now: datetime) -> None:
        """Remember that somebody came by it."""
        due = [{"opened_at": None}, {"opened_at": {"$lt": now - _OPENINGS_NOTED_EVERY}}]
        await cls.get_pymongo_collection().update_one(
            {"_id": link_id, "$or": due}, {"$set": {"opened_at": now}}
        )

    @classmethod
    async def revoke(
        cls, link_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
    ) -> "ReviewLink | None":
        """End one; its guests are shut out from here on. None if it was ended before."""
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": link_id, "revoked_at": None},
            {"$set": {"revoked_at": now}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)


def open_at(now: datetime) -> dict[str, Any]:
    """Filter of those that open something at this time."""
    return {"revoked_at": None, "$or": [{"expires_at": None}, {"expires_at": {"$gt": now}}]}
