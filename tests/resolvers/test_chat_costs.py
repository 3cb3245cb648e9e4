"""Who pays for what is said about a project, and whose writer says it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from documents.jobs.job import Job, JobKind, JobState
from documents.jobs.usage_record import UsageRecord
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.writers_room.built_in_personas import EXPLAINER
from documents.writers_room.chat import ChatMessage
from resolvers.context import Context
from schema.ids import any_ref, document_gid
from tests.people import make_user
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_project
from tests.writers_room import COST, Salon, Talker, open_salon, writers

START = """mutation($input: StartChatInput!) { startChat(input: $input) {
  chat { id } userErrors { code field } } }"""
SAY = """mutation($input: SendChatMessageInput!) { sendChatMessage(input: $input) {
  job { id projectId } userErrors { code field } } }"""
USAGE = """query($id: ID!) { projectUsage(projectId: $id) { nodes { kind userId cost { micros } } } }"""
JOBS = """query($id: ID!) { jobs(projectId: $id) { nodes { id } } }"""


@dataclass
class Talk:
    """Somebody who talks about a project."""

    api: Api
    studio: Studio
    talker: Talker
    scratch: Path

    async def person(self) -> Context:
        return await self.studio.context_of((await make_user()).id)

    async def begin(self, who: Context, project: Project | None) -> str:
        about = None if project is None else document_gid("Project", project.id)
        given = {"personaId": document_gid("Persona", EXPLAINER.id), "projectId": about}
        return str((await self.api(who, START, input=given)).payload["chat"]["id"])

    async def say(self, who: Context, chat: str) -> Job:
        said = await self.api(who, SAY, input={"chatId": chat, "text": "What do bees do?"})
        assert said.user_codes == []
        job = await Job.get(any_ref(said.payload["job"]["id"], "id").oid)
        assert job is not None
        return job

    async def refused(self, who: Context, chat: str) -> list[tuple[str, str | None]]:
        oid, jobs = any_ref(chat, "id").oid, await Job.count()
        said = await self.api(who, SAY, input={"chatId": chat, "text": "What do bees do?"})
        assert await ChatMessage.find({"chat_id": oid}).count() == 0
        assert await Job.count() == jobs
        return said.user_codes

    async def work(self, job: Job) -> Job:
        await self.studio.engine(writers(self.studio, self.scratch)).run(job.id)
        found = await Job.get(job.id)
        assert found is not None
        return found

    async def money(self, project: Project) -> tuple[int, int]:
        found = await Project.get(project.id)
        assert found is not None
        return found.budget.spent_micros, found.budget.reserved_micros


@pytest_asyncio.fixture(loop_scope="session")
async def talk(api: Api, studio: Studio, tmp_path: Path) -> AsyncIterator[Talk]:
    usual, talker = studio.services, Talker()
    open_salon(studio, Salon(talker))
    yield Talk(api, studio, talker, tmp_path)
    studio.services = usual


async def change(project: Project, **values: Any) -> None:
    await Project.get_pymongo_collection().update_one({"_id": project.id}, {"$set": values})


async def test_a_project_pays_for_what_its_maker_asks_about_it(talk: Talk) -> None:
    owner = await talk.person()
    project = await make_project(owner, topic="Bees")
    editor = await talk.person()
    user_id = editor.require_viewer().user_id
    await change(project, collaborators=[{"user_id": user_id, "role": ProjectRole.EDITOR}])
    job = await talk.work(await talk.say(editor, await talk.begin(editor, project)))
    assert job.state is JobState.SUCCEEDED
    assert await talk.money(project) == (COST, 0)
    usage = await talk.api(owner, USAGE, id=document_gid("Project", project.id))
    (record,) = usage.payload["nodes"]
    assert record == {
        "kind": "CHAT_REPLY",
        "userId": document_gid("User", user_id),
        "cost": {"micros": COST},
    }
    # A talk is its owner's alone: those who share the project see what it cost, and not the talk.
    seen = await talk.api(owner, JOBS, id=document_gid("Project", project.id))
    assert seen.payload["nodes"] == []


async def test_under_a_ceiling_that_is_too_low_nothing_is_said(talk: Talk) -> None:
    owner = await talk.person()
    project = await make_project(owner, topic="Bees")
    chat = await talk.begin(owner, project)
    await change(project, **{"budget.ceiling_micros": COST - 1})
    assert await talk.refused(owner, chat) == [("BUDGET_EXCEEDED", "input.chatId")]
    await change(project, **{"budget.ceiling_micros": COST})
    job = await talk.say(owner, chat)
    await change(project, **{"budget.spent_micros": 1})
    failed = await talk.work(job)
    assert failed.error is not None
    assert (failed.error.code, talk.talker.asked) == ("BUDGET_EXCEEDED", [])
    assert await talk.money(project) == (1, 0)


async def test_what_fails_gives_back_what_was_set_aside(talk: Talk) -> None:
    owner = await talk.person()
    project = await make_project(owner, topic="Bees")
    await change(project, **{"budget.ceiling_micros": 10 * COST})
    job = await talk.say(owner, await talk.begin(owner, project))
    set_aside = []

    class Watched(Exception):
        """What no provider says."""

    async def converse(_: object) -> AsyncIterator[str]:
        set_aside.append(await talk.money(project))
        yield "Bees"
        raise Watched

    talk.talker.converse = converse  # type: ignore[assignment,method-assign]
    found = await talk.work(job)
    while found.state is JobState.QUEUED:
        await Job.get_pymongo_collection().update_one({"_id": job.id}, {"$set": {"run_after": None}})
        found = await talk.work(job)
    assert found.state is JobState.FAILED
    assert set(set_aside) == {(0, COST)}
    assert await talk.money(project) == (0, 0)


@pytest.mark.parametrize("role", [ProjectRole.VIEWER, ProjectRole.COMMENTER])
async def test_who_may_only_look_talks_at_their_own_cost(talk: Talk, role: ProjectRole) -> None:
    guest = await talk.person()
    project = await make_project(
        await talk.person(), topic="Bees", collaborators={guest.require_viewer().user_id: role}
    )
    await change(project, **{"budget.ceiling_micros": 0, "style.writer_provider": "local"})
    job = await talk.work(await talk.say(guest, await talk.begin(guest, project)))
    assert job.state is JobState.SUCCEEDED
    assert await talk.money(project) == (0, 0)
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert (record.project_id, record.owner_id) == (None, guest.require_viewer().user_id)
    assert "Bees" in talk.talker.asked[0].context


async def test_who_loses_the_right_in_between_spends_nothing(talk: Talk) -> None:
    editor = await talk.person()
    user_id = editor.require_viewer().user_id
    project = await make_project(
        await talk.person(), topic="Bees", collaborators={user_id: ProjectRole.EDITOR}
    )
    chat = await talk.begin(editor, project)
    job = await talk.say(editor, chat)
    await change(project, collaborators=[{"user_id": user_id, "role": ProjectRole.VIEWER}])
    failed = await talk.work(job)
    assert failed.error is not None
    assert (failed.error.code, talk.talker.asked) == ("FORBIDDEN", [])
    assert (await talk.work(await talk.say(editor, chat))).state is JobState.SUCCEEDED
    assert await talk.money(project) == (0, 0)


async def test_the_projects_own_writer_answers(talk: Talk) -> None:
    owner = await talk.person()
    project = await make_project(owner, topic="Bees")
    chat = await talk.begin(owner, project)
    await change(project, **{"style.writer_provider": "local"})
    assert await talk.refused(owner, chat) == [("UNSUPPORTED", None)]
    await change(project, **{"style.writer_provider": "salon", "style.writer_model": "unknown"})
    assert await talk.refused(owner, chat) == [("UNSUPPORTED", None)]
    await change(project, **{"style.writer_model": "m"})
    await talk.work(await talk.say(owner, chat))
    assert [asked.model for asked in talk.talker.asked] == ["m"]


async def test_a_talk_about_nothing_in_particular_is_in_no_project(talk: Talk) -> None:
    person = await talk.person()
    job = await talk.work(await talk.say(person, await talk.begin(person, None)))
    assert (job.kind, job.state, job.payer_id) == (JobKind.CHAT_REPLY, JobState.SUCCEEDED, None)
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert record.project_id is None
