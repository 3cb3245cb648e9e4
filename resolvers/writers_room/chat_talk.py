"""Speaking in a chat: what is said and the job that answers are stored together."""

from dataclasses import dataclass
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import QUEUE_OF, Estimate, Job, JobKind
from documents.projects.project import Project
from documents.text import Remark
from documents.transaction import in_transaction
from documents.tree.node import Stored
from documents.writers_room import chat as stored
from documents.writers_room.chat import Chat, ChatMessage, Speaker, StillAnswering
from events.errors import EventsUnavailable
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs import job_room
from resolvers.jobs.idempotency import key_fault
from resolvers.jobs.providers import unsupported
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.writers_room import chats, personas
from tasks.job_engine.announce import chat_topic

_PRIORITY: Final = 20
"""Somebody waits for the first word: before what others ordered, which has 10."""
_USUAL_S: Final = 8.0


class Words(Stored):
    """What a user may say."""

    text: Remark


@dataclass(frozen=True, slots=True)
class Said:
    """What a user said, the place of the answer, and the job that gives it."""

    message: ChatMessage
    answer: ChatMessage
    job: Job


async def say(
    context: Context, chat_id: PydanticObjectId, text: str, *, idempotency_key: str | None
) -> Outcome[Said]:
    """Say something in a chat; the persona answers in a job of its own.

    Raises:
        NotFound: the chat is not the viewer's, or its project no longer the viewer's to see.
    """
    chat = await chats.load(context, chat_id)
    project = None
    if chat.project_id is not None:
        project = await context.projects.check(chat.project_id, Permission.PROJECT_VIEW)
    if fault := key_fault(idempotency_key):
        return Outcome(user_errors=[fault])
    if idempotency_key is not None and (known := await _said_before(chat, idempotency_key)):
        return known
    good, faults = checked(Words, {"text": text}, at="input")
    fault = faults[0] if faults else await _unanswerable(context, chat, project)
    if fault:
        return Outcome(user_errors=[fault])
    if full := await job_room.refusal(context, 1):
        return full
    return await _begin(context, chat, good["text"], _reply_job(context, chat, idempotency_key))


async def _begin(context: Context, chat: Chat, text: str, job: Job) -> Outcome[Said]:
    """Store what is said with the job that answers, and let the job run."""
    try:
        follow_after: str | None = str(await context.services.hub.cursor(chat_topic(chat.id)))
    except EventsUnavailable:
        follow_after = None

    async def write(session: AsyncClientSession) -> tuple[ChatMessage, ChatMessage]:
        await context.services.dispatcher.store([job], session)
        return await stored.say(
            chat.id,
            text,
            answer_by=job.id,
            follow_after=follow_after,
            now=context.services.now(),
            session=session,
        )

    try:
        message, answer = await in_transaction(write)
    except StillAnswering:
        return Outcome.refused(
            UserErrorCode.INVALID,
            "The persona has not finished its last answer: wait for its end, or cancel its job.",
            at="input.chatId",
        )
    except BulkWriteError:  # the same message came twice at the same time
        again = None if job.idempotency_key is None else await _said_before(chat, job.idempotency_key)
        if again is None:
            raise
        return again
    await context.services.announcer.job(job)
    await context.services.dispatcher.admit(job.owner_id)
    return Outcome(Said(message, answer, job))


def _reply_job(context: Context, chat: Chat, key: str | None) -> Job:
    job_id = PydanticObjectId()
    return Job(
        id=job_id,
        kind=JobKind.CHAT_REPLY,
        queue=QUEUE_OF[JobKind.CHAT_REPLY],
        node_id=chat.id,
        owner_id=chat.owner_id,
        root_id=job_id,
        priority=_PRIORITY,
        estimate=Estimate(duration_s=_USUAL_S),
        idempotency_key=key,
        queued_at=context.services.now(),
    )


async def _unanswerable(context: Context, chat: Chat, project: Project | None) -> UserError | None:
    """Why nobody would answer in this chat; None if somebody would."""
    persona = await personas.visible(context, chat.persona_id)
    if persona is None:
        text = "This chat's persona is gone: start a chat with another one."
        return UserError(UserErrorCode.INVALID, "input.chatId", text)
    viewer = context.require_viewer()
    is_own_company = project is not None and project.company_id == viewer.company_id
    company_id = project.company_id if project is not None and is_own_company else None
    registry = await context.services.providers.registry(viewer.user_id, company_id)
    return unsupported(registry, Capability.CHAT, provider=None)


async def _said_before(chat: Chat, key: str) -> Outcome[Said] | None:
    """What a message that was sent before came to; None for a new one."""
    job = await job_list.of_key(chat.owner_id, key)
    if job is None:
        return None
    answer = await ChatMessage.find_one({"job_id": job.id})
    if job.node_id == chat.id and answer is not None:
        found = ChatMessage.find(
            {"chat_id": chat.id, "at": {"$lt": answer.at}, "speaker": Speaker.USER.value}
        )
        (message,) = await found.sort("-at").limit(1).to_list()
        return Outcome(Said(message, answer, job))
    text = f"This key was used for another {job.kind.value} job: take a new key for each new message."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.idempotencyKey")
