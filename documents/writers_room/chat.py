"""Chats with personas, and what was said in them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.jobs.job import Job, JobError, JobState
from documents.text import Line

_A_MOMENT: Final = timedelta(milliseconds=1)  # MongoDB keeps no less
_FORGOTTEN: Final = IndexModel(
    [("expires_at", ASCENDING)],
    name="forgotten",
    expireAfterSeconds=0,
    partialFilterExpression={"expires_at": {"$type": "date"}},
)


class Speaker(StrEnum):
    """Whose words they are."""

    USER = "USER"
    PERSONA = "PERSONA"


class MessageState(StrEnum):
    """How far a message has come."""

    STREAMING = "STREAMING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


class Chat(Document):
    """One person's talk with one persona.

    Args:
        project_id: the project that it is about; None for none.
        is_active: False once it is put away.
        last_message_at: when something was last said, or when it was started.
        expires_at: when it goes with all that was said in it; None for never.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    owner_id: PydanticObjectId
    project_id: PydanticObjectId | None = None
    persona_id: PydanticObjectId
    persona_version: int
    title: Line = ""
    is_active: bool = True
    last_message_at: datetime
    expires_at: datetime | None = None
    created_at: datetime

    class Settings:
        """Collection `chats`."""

        name = "chats"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("owner_id", ASCENDING), ("last_message_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_owner",
            ),
            IndexModel(
                [
                    ("owner_id", ASCENDING),
                    ("project_id", ASCENDING),
                    ("last_message_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name="newest_of_owner_by_project",
            ),
            IndexModel([("project_id", ASCENDING)], name="of_project"),
            _FORGOTTEN,
        ]


class ChatMessage(Document):
    """What one side said.

    Args:
        owner_id, project_id, expires_at: those of the chat, for export, erasure and expiry.
        content: the words; of an answer, empty until it is whole.
        is_cut: whether the answer reached its greatest length.
        job_id: the job that makes an answer.
        follow_after: the place in the chat's events from which an answer's pieces follow; None where that
            was not known.
        error: why there is no answer.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    chat_id: PydanticObjectId
    owner_id: PydanticObjectId
    project_id: PydanticObjectId | None = None
    speaker: Speaker
    content: str = ""
    state: MessageState = MessageState.DONE
    is_cut: bool = False
    job_id: PydanticObjectId | None = None
    follow_after: str | None = None
    error: JobError | None = None
    provider: str | None = None
    model: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0
    currency: str = "USD"
    at: datetime
    expires_at: datetime | None = None

    class Settings:
        """Collection `chat_messages`."""

        name = "chat_messages"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("chat_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="newest"),
            IndexModel([("owner_id", ASCENDING)], name="of_owner"),
            IndexModel([("project_id", ASCENDING)], name="of_project"),
            IndexModel([("job_id", ASCENDING)], name="of_job"),
            _FORGOTTEN,
        ]


class StillAnswering(Exception):
    """The persona has not finished its last answer."""


async def say(
    chat_id: PydanticObjectId,
    text: str,
    *,
    answer_by: PydanticObjectId,
    follow_after: str | None,
    now: datetime,
    session: AsyncClientSession,
) -> tuple[ChatMessage, ChatMessage]:
    """Store what a user says and the place of the answer to it, in that order.

    Args:
        chat_id: where.
        text: the user's words.
        answer_by: the job that will answer, stored in the same transaction.
        follow_after: a place in the chat's events.
        now: the present; what is said later in a chat has a later time, whatever the clocks say.
        session: the transaction.

    Raises:
        NodeMissing: the chat is gone.
        StillAnswering: one answer after the other.
    """
    chats, messages = Chat.get_pymongo_collection(), ChatMessage.get_pymongo_collection()
    raw = await chats.find_one({"_id": chat_id}, session=session)
    if raw is None:
        raise NodeMissing("Chat")
    chat = Chat.model_validate(raw)
    at = max(now, chat.last_message_at + _A_MOMENT)
    common: dict[str, Any] = {
        "chat_id": chat_id,
        "owner_id": chat.owner_id,
        "project_id": chat.project_id,
        "expires_at": chat.expires_at,
    }
    said = ChatMessage(speaker=Speaker.USER, content=text, at=at, **common)
    answer = ChatMessage(
        speaker=Speaker.PERSONA,
        state=MessageState.STREAMING,
        at=at + _A_MOMENT,
        job_id=answer_by,
        follow_after=follow_after,
        **common,
    )
    # Two that speak at once meet at the chat itself: one of them begins anew, and finds the other's message.
    await chats.update_one({"_id": chat_id}, {"$set": {"last_message_at": answer.at}}, session=session)
    pending = {"chat_id": chat_id, "state": MessageState.STREAMING}
    if await messages.find_one(pending, {"_id": 1}, session=session) is not None:
        raise StillAnswering
    values = [each.model_dump(by_alias=True, exclude={"revision_id"}) for each in (said, answer)]
    await messages.insert_many(values, session=session)
    return said, answer


async def heard(chat_id: PydanticObjectId, *, most: int, before: datetime | None = None) -> list[ChatMessage]:
    """What was said in a chat, the oldest first: at most the last so many messages that are whole.

    Args:
        chat_id: where.
        most: how many.
        before: only what was said before that, such as an answer's time; None for all.
    """
    when = {} if before is None else {"at": {"$lt": before}}
    query = {"chat_id": chat_id, **when, "state": MessageState.DONE.value}
    found = ChatMessage.find(query).sort("-at", "-_id").limit(most)
    return list(reversed(await found.to_list()))


async def keep_answer(
    message_id: PydanticObjectId, values: dict[str, Any], *, session: AsyncClientSession
) -> None:
    """Put a whole answer into its place, as its job ends; nothing happens if the chat is gone."""
    whole = {**values, "state": MessageState.DONE, "error": None}
    await ChatMessage.get_pymongo_collection().update_one(
        {"_id": message_id}, {"$set": whole}, session=session
    )


async def follow_job(
    job: Job, state: JobState, error: JobError | None, session: AsyncClientSession | None
) -> None:
    """Let an answer that its job does not give be failed or canceled, or awaited once more."""
    states = {JobState.FAILED: MessageState.FAILED, JobState.CANCELED: MessageState.CANCELED}
    values = {
        "state": states.get(state, MessageState.STREAMING),
        "error": error.stored() if error and state is JobState.FAILED else None,
    }
    await ChatMessage.get_pymongo_collection().update_one(
        {"job_id": job.id}, {"$set": values}, session=session
    )


async def remove(chat_id: PydanticObjectId, *, session: AsyncClientSession) -> None:
    """Remove a chat with all that was said in it."""
    await Chat.get_pymongo_collection().delete_one({"_id": chat_id}, session=session)
    await ChatMessage.get_pymongo_collection().delete_many({"chat_id": chat_id}, session=session)
