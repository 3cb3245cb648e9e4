"""Speaking in a chat: what is said and the job that answers are stored together."""

from dataclasses import dataclass, replace
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from access.permissions import Permission
from access.projects import may
from documents.jobs import job_list
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.projects.project import Project
from documents.text import Remark
from documents.transaction import in_transaction
from documents.tree.node import Stored
from documents.writers_room import chat as stored
from documents.writers_room.chat import Chat, ChatMessage, Speaker, StillAnswering
from events.errors import EventsUnavailable
from providers.protocols.chat import ChatTurn, Conversation
from providers.protocols.offer import Capability
from providers.protocols.persona import Persona
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs import job_room
from resolvers.jobs.idempotency import key_fault
from resolvers.jobs.pricing import price_steps
from resolvers.jobs.providers import registry_for, unsupported
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.writers_room import chats, personas
from tasks.buying.steps import Step
from tasks.job_engine.announce import chat_topic
from tasks.writing.chat import common_company, reply_amounts, writer_of
from tasks.writing.chat_context import HEARD_MESSAGES, about_project, bounded_turns
from tasks.writing.personas import persona_in

_PRIORITY: Final = 20
"""Somebody waits for the first word: before what others ordered, which has 10."""


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
        project = await context.projects.load(chat.project_id, Permission.PROJECT_VIEW)
    if fault := key_fault(idempotency_key):
        return Outcome(user_errors=[fault])
    if idempotency_key is not None and (known := await _said_before(chat, idempotency_key)):
        return known
    good, faults = checked(Words, {"text": text}, at="input")
    if faults:
        return Outcome(user_errors=faults[:1])
    return await _ordered(context, chat, project, good["text"], key=idempotency_key)


async def _ordered(
    context: Context, chat: Chat, project: Project | None, text: str, *, key: str | None
) -> Outcome[Said]:
    """Have the persona answer, if somebody can."""
    payer = _payer(context, project)
    registry = await _registry(context, project, payer)
    provider, model = writer_of(payer)
    role = await _role(context, chat)
    if role is None:
        gone = "This chat's persona is gone: start a chat with another one."
        return Outcome.refused(UserErrorCode.INVALID, gone, at="input.chatId")
    if fault := unsupported(registry, Capability.CHAT, provider=provider):
        return Outcome(user_errors=[fault])
    if full := await job_room.refusal(context, 1):
        return full
    job = _reply_job(context, chat, payer, key)
    amounts = reply_amounts(await _conversation(chat, role, project, text))
    step = Step(job.kind, None, "", provider, 1, model=model, amounts=amounts)
    if fault := await price_steps(context, registry, payer, [job], [step]):
        return Outcome(user_errors=[replace(fault, field=fault.field and "input.chatId")])
    return await _begin(context, chat, text, job)


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


def _reply_job(context: Context, chat: Chat, payer: Project | None, key: str | None) -> Job:
    job_id = PydanticObjectId()
    return Job(
        id=job_id,
        kind=JobKind.CHAT_REPLY,
        queue=QUEUE_OF[JobKind.CHAT_REPLY],
        paying_project_id=None if payer is None else payer.id,
        node_id=chat.id,
        owner_id=chat.owner_id,
        root_id=job_id,
        priority=_PRIORITY,
        idempotency_key=key,
        queued_at=context.services.now(),
    )


async def _role(context: Context, chat: Chat) -> Persona | None:
    """Who answers in this chat; None if the persona is gone, or no longer the viewer's to see."""
    if await personas.visible(context, chat.persona_id) is None:
        return None
    return await persona_in(chat.persona_id, chat.persona_version)


async def _conversation(chat: Chat, role: Persona, project: Project | None, text: str) -> Conversation:
    """What the persona will be given, once the text is said."""
    turns = bounded_turns(await stored.heard(chat.id, most=HEARD_MESSAGES))
    about = "" if project is None else about_project(project)
    return Conversation(persona=role, turns=(*turns, ChatTurn("user", text)), context=about)


def _payer(context: Context, project: Project | None) -> Project | None:
    """The project, if the viewer may spend its money; who may only see it talks at their own cost."""
    if project is None or not may(project, context.projects.principal, Permission.PROJECT_PRODUCE):
        return None
    return project


async def _registry(context: Context, project: Project | None, payer: Project | None) -> ProviderRegistry:
    """Who may answer: of a project that pays, whoever works for it; else, whoever works for the viewer."""
    if project is None or payer is not None:
        return await registry_for(context, payer)
    viewer = context.require_viewer()
    return await context.services.providers.registry(viewer.user_id, common_company(project, viewer))


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
