"""What can be done with chats."""

from datetime import datetime

import strawberry

import documents.writers_room.chat as stored
from access.permissions import Permission
from documents.jobs.job import Job as StoredJob
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.writers_room import chat_talk, chats
from resolvers.writers_room.chat_talk import Said
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.inputs import given
from schema.jobs.job import Job
from schema.writers_room.chat import Chat, ChatMessage

Info = strawberry.Info[Context, None]
_ID = "Id of the chat."


@strawberry.input(description="A new chat.")
class StartChatInput:
    """Unpacked by `ChatMutations.start_chat`."""

    persona_id: strawberry.ID = strawberry.field(
        description="Id of the persona to talk with, as it is now: the chat keeps this version."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Id of the project to talk about: the persona knows its brief, its script and how far it "
        "has come. Null for none.",
    )
    title: str = strawberry.field(
        default="", description="One line, at most 200 characters; empty for the persona's name."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it goes with all that was said in it; null for never."
    )


@strawberry.input(description="What to say.")
class SendChatMessageInput:
    """Unpacked by `ChatMutations.send_chat_message`."""

    chat_id: strawberry.ID = strawberry.field(description=_ID)
    text: str = strawberry.field(description="1 to 5,000 characters.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Of your choosing, 1 to 200 characters: the same message sent twice with it is said "
        "once.",
    )


@strawberry.input(description="What to change of a chat; what is left out stays.")
class UpdateChatInput:
    """Unpacked by `ChatMutations.update_chat`."""

    chat_id: strawberry.ID = strawberry.field(description=_ID)
    title: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line, at most 200 characters."
    )
    is_active: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it is in use; false puts it away."
    )


@strawberry.input(description="The chat to delete.")
class DeleteChatInput:
    """Unpacked by `ChatMutations.delete_chat`."""

    chat_id: strawberry.ID = strawberry.field(description=_ID)


@strawberry.type(description="What came of starting a chat.")
class StartChatPayload(Payload):
    """Over `Outcome[Chat]`."""

    chat = result_field(Chat, "The chat; null if it was refused.")


@strawberry.type(description="What came of changing a chat.")
class UpdateChatPayload(Payload):
    """Over `Outcome[Chat]`."""

    chat = result_field(Chat, "The chat as it is now; null if the change was refused.")


@strawberry.type(description="What came of saying something.")
class SendChatMessagePayload(Payload):
    """Over `Outcome[Said]`."""

    @strawberry.field(graphql_type=ChatMessage | None, description="What was said; null if it was refused.")
    def message(self, root: strawberry.Parent[Outcome[Said]]) -> stored.ChatMessage | None:
        """The user's words."""
        return None if root.result is None else root.result.message

    @strawberry.field(
        graphql_type=ChatMessage | None,
        description="The place of the answer. Subscribe to `chatEvents` with its `followAfter`, and no word "
        "of it is missed.",
    )
    def answer(self, root: strawberry.Parent[Outcome[Said]]) -> stored.ChatMessage | None:
        """The persona's words, once they are there."""
        return None if root.result is None else root.result.answer

    @strawberry.field(
        graphql_type=Job | None, description="The job that answers; `cancelJob` stops the answer."
    )
    def job(self, root: strawberry.Parent[Outcome[Said]]) -> StoredJob | None:
        """The job."""
        return None if root.result is None else root.result.job


@strawberry.type(description="What came of deleting a chat.")
class DeleteChatPayload(Payload):
    """Over `Outcome[Chat]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the chat that is gone; null if it is not."
    )
    def deleted_chat_id(self, root: strawberry.Parent[Outcome[stored.Chat]]) -> str | None:
        """Global id of what was removed."""
        return None if root.result is None else document_gid("Chat", root.result.id)


@strawberry.type
class ChatMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=StartChatPayload,
        description="Begin to talk with a persona. A chat about a project takes `PROJECT_VIEW` there, now "
        "and with each message.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def start_chat(self, info: Info, input: StartChatInput) -> Outcome[stored.Chat]:
        """Begin."""
        return await chats.start(
            info.context,
            document_id(input.persona_id, "Persona", "input.personaId"),
            project_id=None
            if input.project_id is None
            else document_id(input.project_id, "Project", "input.projectId"),
            title=input.title,
            expires_at=input.expires_at,
        )

    @strawberry.mutation(
        graphql_type=SendChatMessagePayload,
        description="Say something in a chat. The message and the place of its answer are stored at once; "
        "the words come over `chatEvents`. `INVALID` at `input.chatId`: the last answer is not finished, or "
        "the persona is gone. `UNSUPPORTED`: no provider talks here; the message says which setting would "
        "provide one. Where the chat is about a project in which the viewer may have things made, that pays, "
        "and its writer answers: `BUDGET_EXCEEDED` at `input.chatId` refuses what its ceiling leaves no room "
        "for.",
        metadata={"cost": 20} | needs(Permission.PROJECT_CREATE),
    )
    async def send_chat_message(self, info: Info, input: SendChatMessageInput) -> Outcome[Said]:
        """Speak."""
        return await chat_talk.say(
            info.context,
            document_id(input.chat_id, "Chat", "input.chatId"),
            input.text,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=UpdateChatPayload,
        description="Rename a chat, put it away or take it up again.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def update_chat(self, info: Info, input: UpdateChatInput) -> Outcome[stored.Chat]:
        """Change."""
        return await chats.update(
            info.context,
            document_id(input.chat_id, "Chat", "input.chatId"),
            given(input, without=("chat_id",)),
        )

    @strawberry.mutation(
        graphql_type=DeleteChatPayload,
        description="Delete a chat with all that was said in it, for good. An answer that is on its way is "
        "canceled.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def delete_chat(self, info: Info, input: DeleteChatInput) -> Outcome[stored.Chat]:
        """Delete."""
        return await chats.delete(info.context, document_id(input.chat_id, "Chat", "input.chatId"))
