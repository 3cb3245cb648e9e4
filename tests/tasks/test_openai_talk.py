"""Chats and plans with OpenAI's own client: streamed, broken off, asked again, paid once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobState
from documents.jobs.usage_record import UsageRecord
from documents.projects.project import Project
from documents.writers_room.built_in_personas import KIDS_TEACHER
from documents.writers_room.chat import ChatMessage, MessageState
from documents.writers_room.weekly_plan import WeeklyPlan
from schema.ids import any_ref, document_gid
from tests.people import make_user
from tests.schema.desk import Desk, make_film
from tests.stand_ins.openai import OpenAiStandIn, open_ai_stand_in
from tests.stand_ins.server import Fault
from tests.studio import open_studio
from tests.tasks.writing_room import paid_providers
from tests.writers_room import writers

PERSONA = document_gid("Persona", KIDS_TEACHER.id)


@dataclass
class Room:
    desk: Desk
    stand_in: OpenAiStandIn
    scratch: Path
    user_id: PydanticObjectId

    async def change(self, name: str, given: dict[str, Any], selection: str) -> dict[str, Any]:
        payload = await self.desk.change(name, given, selection, by=self.user_id)
        assert payload["userErrors"] == []
        return payload

    async def said(self, text: str, chat: str) -> Job:
        given = {"chatId": chat, "text": text}
        job = (await self.change("sendChatMessage", given, "job { id }"))["job"]
        return await self.work(any_ref(job["id"], "id").oid)

    async def chat(self, **given: Any) -> str:
        made = await self.change("startChat", {"personaId": PERSONA, **given}, "chat { id }")
        return str(made["chat"]["id"])

    async def work(self, job_id: PydanticObjectId) -> Job:
        await Job.get_pymongo_collection().update_one({"_id": job_id}, {"$set": {"run_after": None}})
        await self.desk.studio.engine(writers(self.desk.studio, self.scratch)).run(job_id)
        job = await Job.get(job_id)
        assert job is not None
        return job

    def asked(self) -> list[dict[str, Any]]:
        return [call.json() for call in self.stand_in.calls]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server() -> AsyncIterator[OpenAiStandIn]:
    async with open_ai_stand_in() as stand_in:
        yield stand_in


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    server: OpenAiStandIn,
) -> AsyncIterator[Desk]:
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"{database.name}:"
    ) as studio:
        providers = paid_providers(server)
        studio.services = replace(studio.services, providers=providers)
        yield Desk(studio)
        await providers.desk.close()


@pytest.fixture
async def room(desk: Desk, server: OpenAiStandIn, tmp_path: Path) -> Room:
    server.calls.clear()
    return Room(desk, server, tmp_path, (await make_user()).id)


async def answer_of(job: Job) -> ChatMessage:
    found = await ChatMessage.find_one({"job_id": job.id})
    assert found is not None
    return found


async def test_a_talk_about_a_project_is_streamed_and_counted(room: Room) -> None:
    film = await make_film(room.user_id, title="The waggle dance")
    chat = await room.chat(projectId=film.id)
    await room.said("How do I begin?", chat)
    job = await room.said("And then?", chat)
    answer = await answer_of(job)
    assert (job.state, answer.state) == (JobState.SUCCEEDED, MessageState.DONE)
    assert answer.content.startswith("You said: And then?.")
    assert answer.input_tokens > 0
    assert answer.cost_micros == job.cost_micros > 0
    body = room.asked()[-1]
    assert body["stream"] is True
    assert [each["role"] for each in body["messages"]] == ["system", "user", "assistant", "user"]
    told = body["messages"][0]["content"]
    assert told.startswith(KIDS_TEACHER.traits.instructions)
    assert "The waggle dance" in told
    assert "Bees dance." in told
    assert body["temperature"] == KIDS_TEACHER.traits.temperature
    assert await UsageRecord.find({"owner_id": room.user_id}).count() == 2


async def test_a_stream_that_breaks_off_is_asked_for_again(room: Room) -> None:
    room.stand_in.tell("/chat", Fault(cut_after=900))
    chat = await room.chat()
    first = await room.said("How do I begin?", chat)
    assert first.state is JobState.QUEUED
    assert (await answer_of(first)).state is MessageState.STREAMING
    again = await room.work(first.id)
    assert again.state is JobState.SUCCEEDED
    assert (await answer_of(again)).content.startswith("You said: How do I begin?.")
    assert len(room.stand_in.calls) == 2


async def test_who_is_sent_away_waits_and_a_refusal_is_told(room: Room) -> None:
    room.stand_in.tell("/chat", Fault(status=429, headers={"retry-after": "1"}))
    room.stand_in.tell("/chat", Fault(told="refuse"))
    chat = await room.chat()
    waiting = await room.said("How do I begin?", chat)
    assert (waiting.state, waiting.waits) == (JobState.QUEUED, 1)
    refused = await room.work(waiting.id)
    assert refused.error is not None
    assert refused.error.code == "CONTENT_REFUSED"
    answer = await answer_of(refused)
    assert (answer.state, answer.error) == (MessageState.FAILED, refused.error)


async def test_a_plan_is_made_and_its_entries_become_projects(room: Room) -> None:
    given = {"personaId": PERSONA, "brief": "Bees", "startsOn": "2026-12-30", "days": 2}
    made = (await room.change("makeWeeklyPlan", given, "plan { id } job { id }"))["job"]
    job = await room.work(any_ref(made["id"], "id").oid)
    assert (job.state, job.cost_micros > 0) == (JobState.SUCCEEDED, True)
    plan = await WeeklyPlan.find_one({"job_id": job.id})
    assert plan is not None
    assert [entry.day for entry in plan.entries] == ["2026-12-30", "2026-12-31"]
    listed = "query($id: ID!) { weeklyPlan(id: $id) { entries { id title } } }"
    gid = document_gid("WeeklyPlan", plan.id)
    entries = (await room.desk.ask(listed, by=room.user_id, id=gid))["weeklyPlan"]["entries"]
    for entry in entries:
        await room.change("createProjectFromPlanEntry", {"entryId": entry["id"]}, "project { id }")
    projects = await Project.find({"owner_id": room.user_id}).sort("_id").to_list()
    assert {each.title for each in projects} == {each["title"] for each in entries}
