"""A chat's answers as subscribers see them, word after word."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

import strawberry

import documents.writers_room.chat as stored
from access.permissions import Permission
from events.event import ResyncReason
from resolvers.context import Context
from resolvers.writers_room import chat_events
from resolvers.writers_room.chat_events import ChatLost, ChatNews
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.live.event import LiveEvent
from schema.writers_room.chat import ChatMessage

Info = strawberry.Info[Context, None]
_TAKE = (
    "Number of the try: each is higher than the one before. Words of a lower take than the newest no longer "
    "count."
)


def _message_id(root: strawberry.Parent[Any]) -> str:
    return document_gid("ChatMessage", root.message_id)


def _message_id_field() -> Any:
    return strawberry.field(
        resolver=_message_id, graphql_type=strawberry.ID, description="Id of the answer's message."
    )


@strawberry.type(
    description="An answer begins. With `isRestart` it begins again, because the worker that gave it died or "
    "its provider failed: drop the words that came before."
)
class ChatAnswerStarted(LiveEvent):
    """Over `resolvers.writers_room.chat_events.AnswerStarted`."""

    message_id = _message_id_field()
    take: int = strawberry.field(description=_TAKE)
    is_restart: bool = strawberry.field(description="Whether an earlier take was begun.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Beginnings."""
        return isinstance(obj, chat_events.AnswerStarted)


@strawberry.type(
    description="Some words of an answer, about ten times a second at the most. Append them; "
    "`ChatAnswerEnded` has the whole answer."
)
class ChatAnswerPiece(LiveEvent):
    """Over `resolvers.writers_room.chat_events.AnswerPiece`."""

    message_id = _message_id_field()
    take: int = strawberry.field(description=_TAKE)
    index: int = strawberry.field(description="Which piece of this take it is, from 0.")
    text: str = strawberry.field(description="The words, blanks and line breaks included.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Words."""
        return isinstance(obj, chat_events.AnswerPiece)


@strawberry.type(description="An answer is whole, or there will be none: see the message's `state`.")
class ChatAnswerEnded(LiveEvent):
    """Over `resolvers.writers_room.chat_events.AnswerEnded`."""

    @strawberry.field(graphql_type=ChatMessage, description="The answer.")
    def message(self, root: strawberry.Parent[chat_events.AnswerEnded]) -> stored.ChatMessage:
        """As it is stored."""
        return root.message

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Ends."""
        return isinstance(obj, chat_events.AnswerEnded)


@strawberry.type(
    description="Events were lost: fetch the messages anew. What follows lies behind `cursor`; pieces of an "
    "answer whose beginning was lost make no sense, so wait for its end."
)
class ChatResyncRequired(LiveEvent):
    """Over `resolvers.writers_room.chat_events.ChatLost`."""

    reason: ResyncReason = strawberry.field(description="Why.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Losses."""
        return isinstance(obj, ChatLost)


ChatEvent = Annotated[
    ChatAnswerStarted | ChatAnswerPiece | ChatAnswerEnded | ChatResyncRequired,
    strawberry.union("ChatEvent", description="Something that happened in a chat."),
]


@strawberry.type
class ChatSubscriptions:
    """Part of the subscription root."""

    @strawberry.subscription(
        graphql_type=ChatEvent,
        description="The answers in a chat of the viewer's, word after word, each event once and in order. "
        "Ends with `NOT_FOUND` when the chat is gone or the project that it is about may no longer be seen, "
        "with `UNAUTHENTICATED` when the session is over, and with `UNAVAILABLE` when events are not taken "
        "in time: subscribe again with the last cursor.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def chat_events(
        self,
        info: Info,
        chat_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the chat.")],
        after: Annotated[
            str | None,
            strawberry.argument(
                description="Cursor of the last event that was received, or an answer's `followAfter`: what "
                "happened since comes first. Null to begin now."
            ),
        ] = None,
    ) -> AsyncGenerator[ChatNews, None]:
        """Follow a chat."""
        oid = document_id(chat_id, "Chat", "chatId")
        async with aclosing(chat_events.of_chat(info.context, oid, after=after)) as stream:
            async for event in stream:
                yield event
