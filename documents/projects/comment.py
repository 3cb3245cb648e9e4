"""Comments on a project: threads of one level, each a document with its answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.text import Remark
from documents.tree.node import Stored

MOST_PER_PROJECT: Final = 5_000
MOST_REPLIES: Final = 200
MOST_MENTIONS: Final = 20
LAST_SECOND: Final = 36_000.0


class Author(Stored):
    """Who wrote something: a user, or a guest of a review link.

    Args:
        user_id: None for a guest, and for a user who is gone for good.
        guest_id: None for a user.
        name: as the guest gave it, empty for users: theirs is looked up.
    """

    user_id: PydanticObjectId | None = None
    guest_id: PydanticObjectId | None = None
    name: str = ""


class Reply(Stored):
    """An answer."""

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    author: Author
    text: Remark
    mentions: list[PydanticObjectId] = Field(default_factory=list)
    created_at: datetime
    edited_at: datetime | None = None


class Comment(Document):
    """A comment and its answers.

    Attributes:
        node_kind: `Scene` or `Frame`, None for one on the whole project.
        node_id: which one; it may be gone by now.
        time_s: place in the video, in seconds; None for none.
        mentions: users who are called.
        replies: in the order of their coming.
        resolved_at: since when there is nothing more to do about it.
        deleted_at: set where answers stand that the comment's end must not take along; its text is gone.
        revision: raised with each change, answers included.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    project_id: PydanticObjectId
    node_kind: str | None = None
    node_id: PydanticObjectId | None = None
    time_s: Annotated[float | None, Field(ge=0, le=LAST_SECOND, allow_inf_nan=False)] = None
    author: Author
    text: Annotated[str, Field(max_length=5_000)]
    mentions: list[PydanticObjectId] = Field(default_factory=list)
    replies: list[Reply] = Field(default_factory=list)
    resolved_at: datetime | None = None
    resolved_by: Author | None = None
    is_resolved: bool = False
    revision: int = 0
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None

    class Settings:
        """Collection `comments`; each of its lists is served by one index."""

        name = "comments"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("project_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_project",
            ),
            IndexModel(
                [
                    ("project_id", ASCENDING),
                    ("is_resolved", ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name="newest_by_resolution",
            ),
            IndexModel(
                [
                    ("project_id", ASCENDING),
                    ("node_id", ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name="newest_of_node",
            ),
            IndexModel([("author.user_id", ASCENDING)], name="of_author"),
            IndexModel([("replies.author.user_id", ASCENDING)], name="answers_of_author"),
            IndexModel([("mentions", ASCENDING)], name="mentioned"),
            IndexModel([("replies.mentions", ASCENDING)], name="mentioned_in_answers"),
            IndexModel([("resolved_by.user_id", ASCENDING)], name="settled_by"),
        ]

    @classmethod
    async def put(cls, comment: "Comment", *, session: AsyncClientSession) -> bool:
        """Store a new one; False if the project has as many as it may have."""
        comments = cls.get_pymongo_collection()
        most = MOST_PER_PROJECT
        wanted = {"project_id": comment.project_id}
        if await comments.count_documents(wanted, limit=most, session=session) >= most:
            return False
        await comments.insert_one(comment.model_dump(by_alias=True, exclude={"revision_id"}), session=session)
        return True

    @classmethod
    async def answer(
        cls, comment_id: PydanticObjectId, reply: Reply, *, session: AsyncClientSession
    ) -> "Comment | None":
        """Add an answer; None if the comment is gone or has as many as it may have."""
        room = {"deleted_at": None, f"replies.{MOST_REPLIES - 1}": {"$exists": False}}
        return await cls._change(
            {"_id": comment_id, **room}, {"$push": {"replies": reply.stored()}}, session=session
        )

    @classmethod
    async def reword(
        cls,
        comment_id: PydanticObjectId,
        reply_id: PydanticObjectId | None,
        *,
        text: str,
        mentions: Sequence[PydanticObjectId],
        now: datetime,
        session: AsyncClientSession,
    ) -> "Comment | None":
        """Put other words in the place of a comment's, or of one of its answers; None if it is gone."""
        at = "" if reply_id is None else "replies.$[reply]."
        values = {f"{at}text": text, f"{at}mentions": list(mentions), f"{at}edited_at": now}
        which = {"deleted_at": None} if reply_id is None else {"replies._id": reply_id}
        return await cls._change(
            {"_id": comment_id, **which},
            {"$set": values},
            array_filters=None if reply_id is None else [{"reply._id": reply_id}],
            session=session,
        )

    @classmethod
    async def settle(
        cls, comment_id: PydanticObjectId, *, by: Author | None, now: datetime, session: AsyncClientSession
    ) -> "Comment | None":
        """Say that nothing is left to do about it, or, by nobody, that something is; None if it is gone."""
        values = {
            "is_resolved": by is not None,
            "resolved_at": None if by is None else now,
            "resolved_by": None if by is None else by.stored(),
        }
        return await cls._change({"_id": comment_id}, {"$set": values}, session=session)

    @classmethod
    async def remove(
        cls,
        comment_id: PydanticObjectId,
        reply_id: PydanticObjectId | None,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> "Comment | None":
        """Take a comment or an answer away; what is left of the thread, None if nothing is.

        A comment with answers stays as an empty place above them, until the last one goes.
        """
        comments = cls.get_pymongo_collection()
        if reply_id is None:
            alone = await comments.delete_one({"_id": comment_id, "replies": []}, session=session)
            if alone.deleted_count:
                return None
            emptied = {"text": "", "mentions": [], "deleted_at": now}
            return await cls._change(
                {"_id": comment_id, "deleted_at": None}, {"$set": emptied}, session=session
            )
        pull = {"$pull": {"replies": {"_id": reply_id}}}
        left = await cls._change({"_id": comment_id, "replies._id": reply_id}, pull, session=session)
        if left is None or left.replies or left.deleted_at is None:
            return left
        await comments.delete_one({"_id": comment_id}, session=session)
        return None

    @classmethod
    async def _change(
        cls,
        query: dict[str, Any],
        update: dict[str, Any],
        *,
        session: AsyncClientSession,
        array_filters: list[dict[str, Any]] | None = None,
    ) -> "Comment | None":
        raw = await cls.get_pymongo_collection().find_one_and_update(
            query,
            {**update, "$inc": {"revision": 1}},
            array_filters=array_filters,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)
