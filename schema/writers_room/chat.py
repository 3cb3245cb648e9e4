"""Chats with personas, as clients see them and list them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import relay

import documents.writers_room.chat as stored
from access.permissions import Permission
from documents.jobs.job import Job as StoredJob
from documents.newest_first import Page
from documents.writers_room.chat import MessageState, Speaker
from resolvers.context import Context
from resolvers.jobs import jobs
from resolvers.writers_room import chats
from schema.connection import connection_of
from schema.enums import describe
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.jobs.job import JobError
from schema.money import Money, money
from schema.newest_first import After, Before, First, Last, cursor, window

if TYPE_CHECKING:
    from schema.jobs.job import Job

Info = strawberry.Info[Context, None]

describe(
    Speaker,
    "Whose words they are.",
    {Speaker.USER: "The person's.", Speaker.PERSONA: "The persona's."},
)
describe(
    MessageState,
    "How far a message has come.",
    {
        MessageState.STREAMING: "The persona answers, or is about to: `chatEvents` tells the words.",
        MessageState.DONE: "It is whole.",
        MessageState.FAILED: "There is no answer: `error` says why. `retryJob` asks again.",
        MessageState.CANCELED: "The answer was canceled. `retryJob` asks again.",
    },
)


@strawberry.type(description="What one side said in a chat.")
class ChatMessage:
    """Read from `documents.writers_room.chat.ChatMessage`."""

    speaker: Speaker = strawberry.field(description="Whose words they are.")
    content: str = strawberry.field(
        description="The words: plain text. Empty for an answer that is not whole."
    )
    state: MessageState = strawberry.field(description="How far it has come.")
    is_cut: bool = strawberry.field(description="Whether the answer reached its greatest length.")
    error: JobError | None = strawberry.field(description="Why there is no answer; null otherwise.")
    provider: str | None = strawberry.field(description="Who answered; null for what the person said.")
    model: str | None = strawberry.field(description="Which model answered.")
    input_tokens: int = strawberry.field(description="Tokens that the model read for the answer.")
    output_tokens: int = strawberry.field(description="Tokens of the answer.")
    at: datetime = strawberry.field(
        description="When it was said; of two messages of a chat, the later one was said later."
    )
    follow_after: str | None = strawberry.field(
        description="Of an answer: for `chatEvents(after:)`, to be told its pieces from the first one on. "
        "Null where that is not known."
    )

    @strawberry.field(graphql_type=Money, description="What the answer cost.")
    def cost(self, root: strawberry.Parent[stored.ChatMessage]) -> Money:
        """In the provider's currency."""
        return money(root.cost_micros, root.currency)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the message.")
    def id(self, root: strawberry.Parent[stored.ChatMessage]) -> str:
        """Kind and key."""
        return document_gid("ChatMessage", root.id)

    @strawberry.field(
        graphql_type=Annotated["Job", strawberry.lazy("schema.jobs.job")] | None,
        description="The job that answers, for `cancelJob` and `retryJob`; null for what the person said.",
        metadata={"cost": 2},
    )
    async def job(self, root: strawberry.Parent[stored.ChatMessage]) -> StoredJob | None:
        """The job."""
        return await jobs.by_id(root.job_id)


ChatMessageConnection = connection_of(
    ChatMessage,
    "A page of what was said in a chat, the newest first.",
    one="message",
    place=lambda each: cursor(each.at, each.id),
)


@strawberry.type(description="A talk of one person with one persona. Nobody else sees it.")
class Chat(relay.Node):
    """Read from `documents.writers_room.chat.Chat`."""

    id: relay.NodeID[str]
    title: str = strawberry.field(description="At most 200 characters; at first the persona's name.")
    persona_version: int = strawberry.field(description="Version of the persona that talks.")
    is_active: bool = strawberry.field(description="Whether it is still in use, and not put away.")
    last_message_at: datetime = strawberry.field(
        description="When something was last said, or when it was started."
    )
    expires_at: datetime | None = strawberry.field(
        description="When it goes with all that was said in it; null for never."
    )
    created_at: datetime = strawberry.field(description="When it was started.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.Chat]) -> str:
        """Kind and key."""
        return document_gid("Chat", root.id)

    @strawberry.field(
        graphql_type=strawberry.ID, description="Id of the persona that talks, which may be gone."
    )
    def persona_id(self, root: strawberry.Parent[stored.Chat]) -> str:
        """Global id of the persona."""
        return document_gid("Persona", root.persona_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the project that it is about; null for none."
    )
    def project_id(self, root: strawberry.Parent[stored.Chat]) -> str | None:
        """Global id of the project."""
        return None if root.project_id is None else document_gid("Project", root.project_id)

    @strawberry.field(
        graphql_type=ChatMessageConnection,
        description="What was said, the newest first.",
        metadata={"cost": 2},
    )
    async def messages(
        self,
        root: strawberry.Parent[stored.Chat],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.ChatMessage]:
        """A page of it."""
        return await chats.messages(root, window(first, after, last, before))

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored chats are shown as they are."""
        return isinstance(obj, stored.Chat)


ChatConnection = connection_of(
    Chat,
    "A page of chats, those first in which something was said last.",
    one="chat",
    place=lambda each: cursor(each.last_message_at, each.id),
)


@strawberry.type
class ChatQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=ChatConnection,
        description="The viewer's chats.",
        metadata={"cost": 2} | needs(Permission.ACCOUNT_VIEW),
    )
    async def chats(
        self,
        info: Info,
        *,
        project_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only those about this project; null for all."),
        ] = None,
        is_active: Annotated[
            bool | None, strawberry.argument(description="Only those in use, or those put away.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.Chat]:
        """A page of them."""
        return await chats.listed(
            info.context,
            window(first, after, last, before),
            project_id=None if project_id is None else document_id(project_id, "Project", "projectId"),
            is_active=is_active,
        )

    @strawberry.field(
        graphql_type=Chat,
        description="One chat of the viewer's.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def chat(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Id of the chat.")]
    ) -> stored.Chat:
        """The chat."""
        return await chats.load(info.context, document_id(id, "Chat", "id"))
