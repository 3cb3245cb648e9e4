"""Chats over real WebSockets: words as they come, taken up after a death, ended with the right to see."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobState
from documents.jobs.usage_record import UsageRecord
from documents.notice import Notice, NoticeKind
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.writers_room.built_in_personas import EXPLAINER
from documents.writers_room.chat import Chat, ChatMessage
from documents.writers_room.persona import Persona
from events.event import Json
from providers.errors import ContentRefused, ProviderUnavailable
from schema.guarding.observation import Observe
from schema.ids import any_ref, document_gid
from schema.root import ServedSchema, build_schema
from tasks.job_engine.announce import ANSWER_PIECE
from tests.studio import Studio, local_providers, make_frame, make_project, open_studio
from tests.web.served import Running, Socket, introduced_socket, running, sign_up
from tests.writers_room import COST, Salon, Talker, open_salon, writers
from web.application import Opened, create_application
from web.options import WebOptions

FOLLOW = """subscription($id: ID!, $after: String) {
  chatEvents(chatId: $id, after: $after) {
    __typename
    ... on LiveEvent { cursor }
    ... on ChatAnswerStarted { messageId take isRestart }
    ... on ChatAnswerPiece { messageId take index text }
    ... on ChatAnswerEnded { message { id state content error { code } cost { micros } } }
    ... on ChatResyncRequired { reason }
  }
}"""
START = """mutation($input: StartChatInput!) {
  startChat(input: $input) { chat { id title personaVersion projectId } userErrors { code field } }
}"""
SAY = """mutation($input: SendChatMessageInput!) {
  sendChatMessage(input: $input) {
    message { id content speaker state } answer { id state followAfter } job { id kind }
    userErrors { code field message }
  }
}"""
MESSAGES = """query($id: ID!) {
  chat(id: $id) { messages(last: 50) { nodes { speaker content state outputTokens model job { id } } } }
}"""


@dataclass
class Room:
    """A server over a studio in which somebody talks."""

    server: Running
    studio: Studio
    talker: Talker
    scratch: Path

    async def person(self) -> "Person":
        token = await sign_up(self.server)
        answer = await self.server.query("{ viewer { id } }", authorization=f"Bearer {token}")
        return Person(self, token, any_ref(answer["data"]["viewer"]["id"], "id").oid)

    async def work(self, job_id: str, *, owner: str = "worker") -> Job:
        oid = any_ref(job_id, "id").oid
        await self.studio.engine(writers(self.studio, self.scratch), owner=owner).run(oid)
        job = await Job.get(oid)
        assert job is not None
        return job


@dataclass
class Person:
    room: Room
    token: str
    user_id: PydanticObjectId

    async def query(self, document: str, **variables: Any) -> Any:
        return await self.room.server.query(document, variables, authorization=f"Bearer {self.token}")

    async def start(self, **given: Any) -> str:
        persona = document_gid("Persona", EXPLAINER.id)
        answer = await self.query(START, input={"personaId": persona, **given})
        assert answer["data"]["startChat"]["userErrors"] == []
        return str(answer["data"]["startChat"]["chat"]["id"])

    async def say(self, chat: str, text: str = "What do bees do?", **given: Any) -> Any:
        answer = await self.query(SAY, input={"chatId": chat, "text": text, **given})
        return answer["data"]["sendChatMessage"]

    @asynccontextmanager
    async def follow(self, chat: str, after: str | None = None) -> AsyncIterator[Socket]:
        async with introduced_socket(self.room.server, self.token) as socket:
            await socket.subscribe(FOLLOW, variables={"id": chat, "after": after})
            yield socket


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def opened(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Room]:
    def make_schema(observe: Observe) -> ServedSchema:
        return build_schema(observe=observe)

    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"test:{database.name}:"
    ) as studio:
        talker = Talker()
        open_salon(studio, Salon(talker))

        @asynccontextmanager
        async def open_services() -> AsyncIterator[Opened]:
            yield Opened(studio.services, {})

        app = create_application(make_schema, open_services, WebOptions())
        async with running(app, studio.services) as server:
            yield Room(server, studio, talker, tmp_path_factory.mktemp("room"))


@pytest.fixture
def room(opened: Room) -> Room:
    fresh = Talker()
    vars(opened.talker).update(vars(fresh))
    return opened


@pytest_asyncio.fixture(loop_scope="session")
async def person(room: Room) -> Person:
    return await room.person()


async def next_event(socket: Socket) -> Any:
    message = await socket.receive()
    assert message["type"] == "next", message
    return message["payload"]["data"]["chatEvents"]


async def until(socket: Socket, typename: str) -> list[Any]:
    """All events up to the first of this type."""
    seen = [await next_event(socket)]
    while seen[-1]["__typename"] != typename:
        seen.append(await next_event(socket))
    return seen


def words(events: list[Any], take: int = 1) -> str:
    return "".join(each["text"] for each in events if "text" in each and each["take"] == take)


async def pieces_until(socket: Socket, text: str) -> list[Any]:
    seen: list[Any] = []
    while words(seen, seen[-1]["take"] if seen else 1) != text:
        seen.append(await next_event(socket))
    return seen


async def test_words_come_as_they_are_said_and_the_whole_is_kept_and_paid_once(
    room: Room, person: Person
) -> None:
    owner = room.studio.context(person.user_id)
    project = await make_project(owner, frames=[make_frame()], topic="The dance of the bees")
    chat = await person.start(projectId=document_gid("Project", project.id))
    gate = asyncio.Event()
    room.talker.gates = [(2, gate)]
    async with person.follow(chat) as socket:
        await person.query("{ viewer { id } }")
        said = await person.say(chat)
        assert (said["message"]["state"], said["answer"]["state"]) == ("DONE", "STREAMING")
        working = asyncio.create_task(room.work(said["job"]["id"]))
        first = await pieces_until(socket, "Bees dance")
        assert (first[0]["__typename"], first[0]["isRestart"]) == ("ChatAnswerStarted", False)
        gate.set()
        rest = await until(socket, "ChatAnswerEnded")
        job = await working
    answer = {"id": said["answer"]["id"], "state": "DONE", "content": "Bees dance.", "error": None}
    assert rest[-1]["message"] == {**answer, "cost": {"micros": COST}}
    assert words(first + rest) == "Bees dance."
    assert (job.state, job.cost_micros, job.project_id) == (JobState.SUCCEEDED, COST, None)
    assert await UsageRecord.find({"job_id": job.id, "cost_micros": COST}).count() == 1
    (asked,) = room.talker.asked
    assert [(turn.role, turn.text) for turn in asked.turns] == [("user", "What do bees do?")]
    assert "The dance of the bees" in asked.context
    assert "Bees dance to give directions." in asked.context
    assert asked.persona.instructions == EXPLAINER.traits.instructions
    persona = await Persona.get(EXPLAINER.id)
    assert persona is not None
    assert persona.usage_count >= 1
    stored = (await person.query(MESSAGES, id=chat))["data"]["chat"]["messages"]["nodes"]
    assert [(each["speaker"], each["content"]) for each in reversed(stored)] == [
        ("USER", "What do bees do?"),
        ("PERSONA", "Bees dance."),
    ]


async def test_the_next_answer_knows_what_was_said_before(room: Room, person: Person) -> None:
    chat = await person.start()
    for text in ("One?", "Two?"):
        await room.work((await person.say(chat, text))["job"]["id"])
    turns = [(turn.role, turn.text) for turn in room.talker.asked[-1].turns]
    assert turns == [("user", "One?"), ("assistant", "Bees dance."), ("user", "Two?")]


async def test_who_comes_late_gets_all_words_and_who_comes_back_the_missed_ones(
    room: Room, person: Person
) -> None:
    chat = await person.start()
    said = await person.say(chat)
    await room.work(said["job"]["id"])
    async with person.follow(chat, said["answer"]["followAfter"]) as socket:
        seen = await until(socket, "ChatAnswerEnded")
    assert words(seen) == "Bees dance."
    async with person.follow(chat, seen[1]["cursor"]) as socket:
        assert await until(socket, "ChatAnswerEnded") == seen[2:]


async def test_a_worker_that_takes_over_begins_the_answer_anew(room: Room, person: Person) -> None:
    chat = await person.start()
    room.talker.gates = [(2, asyncio.Event())]
    said = await person.say(chat)
    oid = any_ref(said["job"]["id"], "id").oid
    async with person.follow(chat, said["answer"]["followAfter"]) as socket:
        dying = asyncio.create_task(room.work(said["job"]["id"], owner="dying"))
        await pieces_until(socket, "Bees dance")
        past = datetime.now(UTC) - timedelta(seconds=1)
        while (job := await Job.get(oid)) is not None and job.fence == 1:
            lapsed = {"$set": {"lease.expires_at": past}}
            await Job.get_pymongo_collection().update_one({"_id": oid, "fence": 1}, lapsed)
            await room.work(said["job"]["id"], owner="heir")
        await dying
        seen = await until(socket, "ChatAnswerEnded")
    assert (seen[0]["__typename"], seen[0]["isRestart"], seen[0]["take"]) == ("ChatAnswerStarted", True, 2)
    assert words(seen, 2) == seen[-1]["message"]["content"] == "Bees dance."
    assert (len(room.talker.asked), room.talker.paid) == (2, 1)
    assert await UsageRecord.find({"job_id": oid}).count() == 1


async def test_an_answer_that_breaks_off_is_asked_for_again_and_a_refused_one_is_not(
    room: Room, person: Person
) -> None:
    chat = await person.start()
    room.talker.faults = [
        (1, ProviderUnavailable("salon", "it broke off.")),
        (0, ContentRefused("salon", "no")),
    ]
    said = await person.say(chat)
    assert (await room.work(said["job"]["id"])).state is JobState.QUEUED
    async with person.follow(chat, said["answer"]["followAfter"]) as socket:
        await Job.get_pymongo_collection().update_one(
            {"_id": any_ref(said["job"]["id"], "id").oid}, {"$set": {"run_after": None}}
        )
        job = await room.work(said["job"]["id"])
        seen = await until(socket, "ChatAnswerEnded")
    assert (job.state, seen[-1]["message"]["state"]) == (JobState.FAILED, "FAILED")
    assert seen[-1]["message"]["error"] == {"code": "CONTENT_REFUSED"}
    await person.query(
        "mutation($i: RetryJobInput!) { retryJob(input: $i) { job { id } } }", i={"jobId": said["job"]["id"]}
    )
    (answer,) = await ChatMessage.find({"job_id": job.id}).to_list()
    assert answer.state == "STREAMING"
    await room.work(said["job"]["id"])
    (answer,) = await ChatMessage.find({"job_id": job.id}).to_list()
    assert (answer.state, answer.content, answer.error) == ("DONE", "Bees dance.", None)


async def test_an_answer_is_canceled_while_it_comes(room: Room, person: Person) -> None:
    chat = await person.start()
    room.talker.gates = [(1, asyncio.Event())]
    said = await person.say(chat)
    async with person.follow(chat, said["answer"]["followAfter"]) as socket:
        working = asyncio.create_task(room.work(said["job"]["id"]))
        await pieces_until(socket, "Bees ")
        refused = await person.say(chat, "And now?")
        assert [(each["code"], each["field"]) for each in refused["userErrors"]] == [
            ("INVALID", "input.chatId")
        ]
        cancel = "mutation($i: CancelJobInput!) { cancelJob(input: $i) { job { id } } }"
        await person.query(cancel, i={"jobId": said["job"]["id"]})
        ended = (await until(socket, "ChatAnswerEnded"))[-1]
        assert (await working).state is JobState.CANCELED
    assert (ended["message"]["state"], ended["message"]["content"]) == ("CANCELED", "")
    assert (await person.say(chat, "And now?"))["userErrors"] == []


FOLLOW_JOB = """subscription($id: ID!) {
  jobEvents(jobId: $id) { __typename ... on JobChanged { state nodeId job { projectId } } }
}"""


async def test_a_job_outside_of_projects_is_followed_by_its_owner_alone(room: Room, person: Person) -> None:
    chat = await person.start()
    said = await person.say(chat)
    async with introduced_socket(room.server, person.token) as socket:
        await socket.subscribe(FOLLOW_JOB, variables={"id": said["job"]["id"]})
        seen = [await socket.receive()]
        await room.work(said["job"]["id"])
        while seen[-1]["type"] == "next":
            seen.append(await socket.receive())
    assert seen[-1]["type"] == "complete"
    told = [each["payload"]["data"]["jobEvents"] for each in seen[:-1]]
    changes = [each for each in told if each["__typename"] == "JobChanged"]
    assert [each["state"] for each in changes] == ["QUEUED", "RUNNING", "SUCCEEDED"]
    assert {(each["nodeId"], each["job"]["projectId"]) for each in changes} == {(chat, None)}
    stranger = await room.person()
    async with introduced_socket(room.server, stranger.token) as socket:
        await socket.subscribe(FOLLOW_JOB, variables={"id": said["job"]["id"]})
        message = await socket.receive()
        assert message["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_message_sent_twice_is_said_once(room: Room, person: Person) -> None:
    chat = await person.start()
    both = await asyncio.gather(*(person.say(chat, idempotencyKey="k") for _ in range(3)))
    assert len({each["answer"]["id"] for each in both}) == 1
    oid = any_ref(chat, "id").oid
    assert await ChatMessage.find({"chat_id": oid}).count() == 2
    assert await Job.find({"node_id": oid}).count() == 1
    other = await person.say(await person.start(), idempotencyKey="k")
    assert other["userErrors"][0]["field"] == "input.idempotencyKey"
    del room


async def test_of_messages_that_race_one_is_answered(room: Room, person: Person) -> None:
    chat = await person.start()
    both = await asyncio.gather(*(person.say(chat, f"{number}?") for number in range(4)))
    assert sorted(len(each["userErrors"]) for each in both) == [0, 1, 1, 1]
    assert await Job.find({"node_id": any_ref(chat, "id").oid}).count() == 1
    del room


async def test_a_chat_about_a_project_ends_with_the_right_to_see_it(room: Room, person: Person) -> None:
    owner = room.studio.context()
    project = await make_project(owner, topic="Bees", collaborators={person.user_id: ProjectRole.VIEWER})
    chat = await person.start(projectId=document_gid("Project", project.id))
    waiting = await person.say(chat)
    async with person.follow(chat, waiting["answer"]["followAfter"]) as socket:
        services = room.studio.services
        told: dict[str, Json] = {"messageId": str(PydanticObjectId()), "take": 1, "index": 0, "text": "Bees"}
        await services.announcer.answer(any_ref(chat, "id").oid, ANSWER_PIECE, told, now=services.now())
        assert (await next_event(socket))["text"] == "Bees"
        nobody: dict[str, Any] = {"$set": {"collaborators": []}}
        await Project.get_pymongo_collection().update_one({"_id": project.id}, nobody)
        news = Notice(user_id=person.user_id, kind=NoticeKind.ACCESS_CHANGED, at=services.now())
        await news.insert()
        await services.announcer.notices(news)
        assert (await socket.receive())["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    job = await room.work(waiting["job"]["id"])
    assert job.error is not None
    assert job.error.code == "PROJECT_GONE"
    assert room.talker.asked == []
    (answer,) = await ChatMessage.find({"job_id": job.id}).to_list()
    assert answer.state == "FAILED"
    refused = await person.query(SAY, input={"chatId": chat, "text": "Still there?"})
    assert refused["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    async with person.follow(chat) as socket:
        assert (await socket.receive())["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_deleted_chat_takes_its_words_and_its_job_along(room: Room, person: Person) -> None:
    chat = await person.start()
    said = await person.say(chat)
    gone = await person.query(
        "mutation($i: DeleteChatInput!) { deleteChat(input: $i) { deletedChatId } }", i={"chatId": chat}
    )
    assert gone["data"]["deleteChat"] == {"deletedChatId": chat}
    oid = any_ref(chat, "id").oid
    assert await Chat.get(oid) is None
    assert await ChatMessage.find({"chat_id": oid}).count() == 0
    assert (await room.work(said["job"]["id"])).state is JobState.CANCELED


async def test_without_a_provider_that_talks_nothing_is_said(room: Room, person: Person) -> None:
    chat = await person.start()
    before = room.studio.services.providers
    object.__setattr__(room.server.services, "providers", local_providers())
    try:
        refused = await person.say(chat)
    finally:
        object.__setattr__(room.server.services, "providers", before)
    assert [each["code"] for each in refused["userErrors"]] == ["UNSUPPORTED"]
    assert await ChatMessage.find({"chat_id": any_ref(chat, "id").oid}).count() == 0
