"""Chats with personas: started, listed, spoken in, put away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import NotFound
from access.permissions import Permission
from documents.jobs.job import Job, JobKind
from documents.newest_first import Page, Window, page
from documents.transaction import in_transaction
from documents.writers_room import chat as stored
from documents.writers_room.chat import Chat, ChatMessage
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import nothing_given
from resolvers.writers_room import personas


async def visible(context: Context, chat_id: PydanticObjectId) -> Chat | None:
    """A chat of the viewer's own; None for any other."""
    viewer = context.require_viewer()
    found = await Chat.get(chat_id)
    is_own = found is not None and found.owner_id == viewer.user_id
    return found if is_own and viewer.is_in_scope(Permission.ACCOUNT_VIEW) else None


async def load(context: Context, chat_id: PydanticObjectId) -> Chat:
    """A chat of the viewer's own.

    Raises:
        NotFound: there is none.
    """
    found = await visible(context, chat_id)
    if found is None:
        raise NotFound("Chat")
    return found


async def listed(
    context: Context, window: Window, *, project_id: PydanticObjectId | None, is_active: bool | None
) -> Page[Chat]:
    """A page of the viewer's chats, those first in which something was said last."""
    query: dict[str, Any] = {"owner_id": context.require_viewer().user_id}
    if project_id is not None:
        query["project_id"] = project_id
    if is_active is not None:
        query["is_active"] = is_active
    return await page(Chat, query, window, by="last_message_at")


async def messages(chat: Chat, window: Window) -> Page[ChatMessage]:
    """A page of what was said, the newest first; whoever got the chat may see it."""
    return await page(ChatMessage, {"chat_id": chat.id}, window, by="at")


async def start(
    context: Context,
    persona_id: PydanticObjectId,
    *,
    project_id: PydanticObjectId | None,
    title: str,
    expires_at: datetime | None,
) -> Outcome[Chat]:
    """Begin to talk with a persona, about a project or about anything.

    Raises:
        NotFound: the viewer does not see the persona or the project.
    """
    if project_id is not None:
        await context.projects.check(project_id, Permission.PROJECT_VIEW)
    persona = await personas.load(context, persona_id)
    good, faults = checked(Chat, {"title": title}, at="input")
    now = context.services.now()
    if expires_at is not None and expires_at <= now:
        text = "The chat would have expired already: choose a later time, or null for never."
        faults.append(UserError(UserErrorCode.INVALID, "input.expiresAt", text))
    if faults:
        return Outcome(user_errors=faults)
    chat = Chat(
        owner_id=context.require_viewer().user_id,
        project_id=project_id,
        persona_id=persona_id,
        persona_version=persona.version,
        title=good["title"] or persona.name,
        last_message_at=now,
        expires_at=expires_at,
        created_at=now,
    )
    return Outcome(await chat.insert())


async def update(context: Context, chat_id: PydanticObjectId, values: Mapping[str, Any]) -> Outcome[Chat]:
    """Rename a chat, put it away or take it up again.

    Raises:
        NotFound: there is none of the viewer's.
    """
    chat = await load(context, chat_id)
    if not values:
        return nothing_given()
    good, faults = checked(Chat, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    await chat.set(good)
    return Outcome(chat)


async def delete(context: Context, chat_id: PydanticObjectId) -> Outcome[Chat]:
    """Remove a chat with all that was said in it; an answer that is on its way is canceled.

    Raises:
        NotFound: there is none of the viewer's.
    """
    chat = await load(context, chat_id)

    async def write(session: AsyncClientSession) -> None:
        await stored.remove(chat_id, session=session)

    await in_transaction(write)
    awaited = Job.find(
        {
            "owner_id": chat.owner_id,
            "kind": JobKind.CHAT_REPLY.value,
            "node_id": chat_id,
            "parent_id": None,
            "finished_at": None,
        }
    )
    for job in await awaited.to_list():
        await context.services.dispatcher.cancel(job)
    return Outcome(chat)
