"""A chat's answers as they come, for the one whose chat it is."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs.job import JobState
from documents.writers_room.chat import ChatMessage, MessageState
from events.event import Event, ResyncReason, ResyncRequired
from resolvers.context import Context
from resolvers.live.following import RECHECK_S, follow
from resolvers.writers_room import chats
from tasks.job_engine.announce import ANSWER_PIECE, ANSWER_STARTED, JOB_CHANGED, chat_topic


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTold:
    """What every event says.

    Args:
        cursor: the place right after it.
        at: when it happened.
    """

    cursor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStarted(ChatTold):
    """An answer begins, or begins again.

    Args:
        take: the higher is the newer try; words of others no longer count.
    """

    message_id: PydanticObjectId
    take: int
    is_restart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPiece(ChatTold):
    """Some words of an answer; `index` counts the pieces of one take from 0."""

    message_id: PydanticObjectId
    take: int
    index: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEnded(ChatTold):
    """An answer is whole, failed or canceled."""

    message: ChatMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLost(ChatTold):
    """The subscriber has to fetch the messages anew."""

    reason: ResyncReason


ChatNews: TypeAlias = AnswerStarted | AnswerPiece | AnswerEnded | ChatLost


async def of_chat(
    context: Context, chat_id: PydanticObjectId, *, after: str | None, recheck_s: float = RECHECK_S
) -> AsyncGenerator[ChatNews, None]:
    """What is answered in a chat.

    Args:
        context: whose; it is looked at again when the viewer's rights change and now and then.
        chat_id: which chat.
        after: a cursor, to be told what was missed since; None to begin now.
        recheck_s: seconds.

    Raises:
        NotFound: the chat is not the viewer's, is gone, or is about a project that is no longer to be seen.
        Exception: as for `follow`.
    """

    async def look() -> None:
        await context.renew()
        chat = await chats.load(context, chat_id)
        if chat.project_id is not None:
            await context.projects.check(chat.project_id, Permission.PROJECT_VIEW)

    topic = chat_topic(chat_id)
    async with aclosing(follow(context, topic, after=after, look=look, recheck_s=recheck_s)) as stream:
        async for event in stream:
            told = await _read(event, context.services.now())
            if told is not None:
                yield told


async def _read(event: Event | ResyncRequired, now: datetime) -> ChatNews | None:
    if isinstance(event, ResyncRequired):
        return ChatLost(cursor=str(event.cursor), at=now, reason=event.reason)
    payload = cast("dict[str, Any]", event.payload)
    told: dict[str, Any] = {"cursor": str(event.cursor), "at": datetime.fromisoformat(payload["at"])}
    if event.type == JOB_CHANGED and JobState(payload["state"]).is_over:
        of_job = {"job_id": PydanticObjectId(payload["jobId"])}
        ended = await ChatMessage.find_one({**of_job, "state": {"$ne": MessageState.STREAMING.value}})
        return None if ended is None else AnswerEnded(**told, message=ended)
    if event.type in {ANSWER_STARTED, ANSWER_PIECE}:
        told |= {"message_id": PydanticObjectId(payload["messageId"]), "take": payload["take"]}
        if event.type == ANSWER_STARTED:
            return AnswerStarted(**told, is_restart=payload["isRestart"])
        return AnswerPiece(**told, index=payload["index"], text=payload["text"])
    return None
