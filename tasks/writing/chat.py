"""Answering in a chat: the persona's words go out as they come, and are kept when they are whole."""

from dataclasses import dataclass
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.authentication import viewer
from access.permissions import Permission
from access.projects import may
from access.viewer import Viewer
from documents.companies import membership
from documents.jobs.job import Job
from documents.projects.project import Project
from documents.text import without_unprintable
from documents.writers_room import chat as chats
from documents.writers_room.chat import Chat, ChatMessage
from documents.writers_room.persona import Persona
from events.event import Json
from providers.errors import ProviderUnavailable
from providers.protocols.chat import Conversation, Converser
from providers.protocols.offer import Usage
from tasks.buying.amounts import Amounts, text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.purchases import buy
from tasks.job_engine.announce import ANSWER_PIECE, ANSWER_STARTED, Announcer
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop
from tasks.writing.chat_context import HEARD_MESSAGES, about_project, bounded_turns
from tasks.writing.personas import persona_in
from tasks.writing.pieces import hand_on

_LONGEST_ANSWER: Final = 200_000  # characters
_USUAL_ANSWER: Final = 2_000  # likewise


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    text: str
    usage: Usage
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What a chat is about, and who pays for its answers.

    Args:
        project: that is talked about; None for none.
        payer: the project, where it pays: its writer answers, under its ceiling.
        company_id: whose keys may pay.
    """

    project: Project | None = None
    payer: Project | None = None
    company_id: PydanticObjectId | None = None


class ChatWork:
    """Answers in chats.

    Args:
        shop: the worker's parts.
        announcer: tells the pieces to whoever follows the chat.
    """

    def __init__(self, shop: Workshop, announcer: Announcer) -> None:
        self._shop = shop
        self._announcer = announcer

    async def __call__(self, job: Job, report: Report) -> Done:
        """Answer what was said last in a chat.

        A worker that takes over asks anew, unless the whole answer was booked already, and who follows the
        chat is told that it begins again.
        """
        shop = self._shop
        answer = await ChatMessage.find_one({"job_id": job.id})
        chat = None if answer is None else await Chat.get(answer.chat_id)
        if answer is None or chat is None:
            raise Hopeless("CHAT_GONE", "The chat was deleted while its answer was being made.")
        persona = await persona_in(chat.persona_id, chat.persona_version)
        if persona is None:
            raise Hopeless("PERSONA_GONE", "This chat's persona was deleted: start a chat with another one.")
        report(0, 1, stage="answering")
        subject = await self._about(job, chat)
        provider, model = writer_of(subject.payer)
        registry = await shop.providers.registry(chat.owner_id, subject.company_id)
        converser = registry.converser(provider)
        said = await chats.heard(chat.id, most=HEARD_MESSAGES, before=answer.at)
        conversation = Conversation(
            persona=persona,
            turns=bounded_turns(said),
            context="" if subject.project is None else about_project(subject.project),
            model=model,
        )
        order = Order(
            name="reply",
            inputs=conversation,
            offer=converser.offer,
            model=model,
            amounts=reply_amounts(conversation),
            project=subject.payer,
            company_id=subject.company_id,
        )
        reply = await buy(
            shop, job, order, Reply, lambda _: self._converse(job, answer, converser, conversation)
        )
        await Persona.note_use(chat.persona_id, now=shop.now())

        async def attach(session: AsyncClientSession) -> None:
            await chats.keep_answer(answer.id, _kept(reply), session=session)

        return Done(
            result={"message_id": str(answer.id)}, attach=attach, took=took(job, reply.usage, units=1)
        )

    async def _about(self, job: Job, chat: Chat) -> Subject:
        """What a chat is about now.

        Raises:
            Hopeless: the project is no longer the owner's to see, or to have things made in.
        """
        if chat.project_id is None:
            return Subject()
        project = await Project.get(chat.project_id)
        standing = await membership.standing(chat.owner_id)
        if project is not None and project.deleted_at is None and standing is not None:
            owner = viewer(chat.owner_id, standing)
            if may(project, owner, Permission.PROJECT_VIEW):
                if job.paying_project_id is None:
                    return Subject(project, company_id=common_company(project, owner))
                if may(project, owner, Permission.PROJECT_PRODUCE):
                    return Subject(project, payer=project, company_id=project.company_id)
                raise Hopeless(
                    "FORBIDDEN",
                    "You may no longer have things made in this project, which was to pay for the answer. "
                    "Say it again: you pay for what you talk about then.",
                )
        raise Hopeless("PROJECT_GONE", "The project is no longer there to be talked about.")

    async def _converse(
        self, job: Job, answer: ChatMessage, converser: Converser, conversation: Conversation
    ) -> Reply:
        """Ask, and tell the words as they come."""
        now, take = self._shop.now, job.fence
        about: dict[str, Json] = {"messageId": str(answer.id), "take": take}
        started: dict[str, Json] = {**about, "isRestart": take > 1}
        await self._announcer.answer(answer.chat_id, ANSWER_STARTED, started, now=now())
        sent = 0

        async def send(text: str) -> None:
            nonlocal sent
            piece: dict[str, Json] = {**about, "index": sent, "text": without_unprintable(text)}
            await self._announcer.answer(answer.chat_id, ANSWER_PIECE, piece, now=now())
            sent += 1

        text, end = await hand_on(converser.converse(conversation), send)
        if end is None:
            raise ProviderUnavailable(converser.offer.provider, "the answer broke off before its end.")
        whole = without_unprintable(text)
        return Reply(whole[:_LONGEST_ANSWER], end.usage, end.is_cut or len(whole) > _LONGEST_ANSWER)


def writer_of(payer: Project | None) -> tuple[str | None, str | None]:
    """Provider and model of the answers in a chat; None for the default ones."""
    return (None, None) if payer is None else (payer.style.writer_provider, payer.style.writer_model)


def common_company(project: Project, owner: Viewer) -> PydanticObjectId | None:
    """The company whose keys pay where the project does not: its own, if the chat's owner belongs to it."""
    return project.company_id if project.company_id == owner.company_id else None


def reply_amounts(conversation: Conversation) -> Amounts:
    """Tokens of an answer of the usual length, or of the persona's greatest length where that is less."""
    persona = conversation.persona
    given = sum(len(turn.text) for turn in conversation.turns)
    given += len(conversation.context) + len(persona.instructions)
    amounts = text_amounts(given, _USUAL_ANSWER)
    if persona.max_output_tokens is not None:
        amounts["output_tokens"] = min(amounts["output_tokens"], persona.max_output_tokens)
    return amounts


def _kept(reply: Reply) -> dict[str, object]:
    usage = reply.usage
    return {
        "content": reply.text,
        "is_cut": reply.is_cut,
        "provider": usage.provider,
        "model": usage.model,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost_micros": usage.cost_micros,
        "currency": usage.currency,
    }
