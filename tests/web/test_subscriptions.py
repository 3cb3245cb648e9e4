import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from resolvers.context import Context
from schema.guarding.observation import Observe
from schema.ids import any_ref, document_gid, tree_gid
from schema.root import ServedSchema, build_schema
from tasks.job_engine.announce import project_topic
from tasks.job_engine.work import Done, Report
from tests.studio import Studio, make_frame, make_project, open_studio
from tests.web.served import Running, Socket, introduced_socket, running, sign_up
from web.application import Opened, create_application
from web.options import WebOptions

FOLLOW = """
subscription($id: ID!, $after: String) {
  projectEvents(projectId: $id, after: $after) {
    __typename
    ... on LiveEvent { cursor at }
    ... on NodeChanged { change nodeKind nodeId revision }
    ... on AssetReady { nodeKind nodeId revision }
    ... on ProjectChanged { nodeKind nodeId revision }
    ... on JobChanged {
      jobId rootId parentId state progress stage kind error { code message isRetryable } job { id state }
    }
    ... on JobProgressed { jobId progress stage unitsDone unitsTotal remainingS }
    ... on ResyncRequired { reason }
  }
}
"""
FOLLOW_JOB = """
subscription($id: ID!, $after: String) {
  jobEvents(jobId: $id, after: $after) {
    __typename
    ... on LiveEvent { cursor at }
    ... on JobChanged { jobId state progress }
    ... on JobProgressed { jobId progress unitsDone unitsTotal remainingS }
    ... on ResyncRequired { reason }
  }
}
"""
CURSOR = "query($id: ID!) { eventCursor(projectId: $id) }"
START = """
mutation($input: StartProductionInput!) {
  startProduction(input: $input) {
    job { id kind state priority estimate { durationS } } userErrors { code field message }
  }
}
"""


@dataclass
class Live:
    """A server over a studio, and somebody who is signed in."""

    server: Running
    studio: Studio

    async def person(self) -> "Person":
        token = await sign_up(self.server)
        answer = await self.server.query("{ viewer { id } }", authorization=f"Bearer {token}")
        user_id = any_ref(answer["data"]["viewer"]["id"], "id").oid
        return Person(self, token, user_id, self.studio.context(user_id))


@dataclass
class Person:
    live: Live
    token: str
    user_id: PydanticObjectId
    context: Context

    async def query(self, document: str, **variables: Any) -> Any:
        return await self.live.server.query(document, variables, authorization=f"Bearer {self.token}")

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[Socket]:
        async with introduced_socket(self.live.server, self.token) as socket:
            yield socket


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def live(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Live]:
    def make_schema(observe: Observe) -> ServedSchema:
        return build_schema(observe=observe)

    opened = open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"test:{database.name}:"
    )
    async with opened as studio:

        @asynccontextmanager
        async def open_services() -> AsyncIterator[Opened]:
            yield Opened(studio.services, {})

        app = create_application(make_schema, open_services, WebOptions())
        async with running(app, studio.services) as server:
            yield Live(server, studio)


@pytest_asyncio.fixture(loop_scope="session")
async def person(live: Live) -> Person:
    return await live.person()


async def next_event(socket: Socket) -> Any:
    message = await socket.receive()
    assert message["type"] == "next", message
    (event,) = message["payload"]["data"].values()
    return event


async def retitle(person: Person, project: Project, title: str) -> None:
    """Change a scene, as a mutation would."""
    services = person.live.studio.services
    editor = TreeEditor(project.id, services.caps, services.now())
    scene = project.script.scenes[0]
    await services.announcer.changed(await editor.set_fields(places.scene(scene.id), {"title": title}))


async def given(person: Person) -> tuple[Project, str]:
    project = await make_project(person.context, frames=[make_frame()], topic="Bees")
    return project, document_gid("Project", project.id)


async def test_a_production_is_followed_from_its_start_to_its_end(person: Person) -> None:
    project, gid = await given(person)
    async with person.socket() as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid})
        await _settled(person, project)
        answer = await person.query(START, input={"projectId": gid})
        job = answer["data"]["startProduction"]["job"]
        assert (job["kind"], job["state"], job["priority"]) == ("PRODUCTION", "QUEUED", 0)
        locked = await next_event(socket)
        assert (locked["__typename"], locked["nodeId"]) == ("ProjectChanged", gid)
        queued = await next_event(socket)
        assert (queued["__typename"], queued["jobId"], queued["state"]) == ("JobChanged", job["id"], "QUEUED")
        await person.live.studio.engine().run(any_ref(job["id"], "id").oid)
        running_job = await next_event(socket)
        assert (running_job["state"], running_job["job"]["id"]) == ("RUNNING", job["id"])
        assert (await next_event(socket))["__typename"] == "ProjectChanged"
        ended = await next_event(socket)
        assert (ended["state"], ended["progress"], ended["error"]) == ("SUCCEEDED", 1.0, None)


async def test_reconnecting_with_the_last_cursor_misses_nothing_and_repeats_nothing(person: Person) -> None:
    project, gid = await given(person)
    cursor = (await person.query(CURSOR, id=gid))["data"]["eventCursor"]
    titles = [f"Scene {number}" for number in range(12)]
    seen: list[Any] = []
    told = asyncio.create_task(_tell(person, project, titles))
    while len(seen) < len(titles):
        async with person.socket() as socket:
            await socket.subscribe(FOLLOW, variables={"id": gid, "after": cursor})
            for _ in range(min(5, len(titles) - len(seen))):
                seen.append(await next_event(socket))
                cursor = seen[-1]["cursor"]
    await told
    assert [event["revision"] for event in seen] == list(range(1, 13))
    assert {(event["__typename"], event["change"], event["nodeKind"]) for event in seen} == {
        ("NodeChanged", "CHANGED", "Scene")
    }
    async with person.socket() as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid, "after": cursor})
        await _settled(person, project)
        await retitle(person, project, "One more")
        assert (await next_event(socket))["revision"] == 13


async def test_what_is_read_with_the_cursor_and_what_follows_it_leave_no_gap(person: Person) -> None:
    project, gid = await given(person)
    answer = await person.query(
        "query($id: ID!) { eventCursor(projectId: $id) jobs(projectId: $id) { nodes { id } } }", id=gid
    )
    assert answer["data"]["jobs"]["nodes"] == []
    await person.query(START, input={"projectId": gid})
    async with person.socket() as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid, "after": answer["data"]["eventCursor"]})
        names = [(await next_event(socket))["__typename"] for _ in range(2)]
    assert names == ["ProjectChanged", "JobChanged"]
    del project


async def test_a_lost_history_is_told_once_and_then_events_go_on(person: Person) -> None:
    project, gid = await given(person)
    studio = person.live.studio
    async with person.socket() as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid})
        await _settled(person, project)
        keys = [key async for key in studio.redis.scan_iter(f"{studio.prefix}events:*")]
        await studio.redis.delete(*keys)
        lost = await next_event(socket)
        assert (lost["__typename"], lost["reason"]) == ("ResyncRequired", "EPOCH_CHANGED")
        await retitle(person, project, "After the loss")
        assert (await next_event(socket))["__typename"] == "NodeChanged"
    old = "gone:5"
    async with person.socket() as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid, "after": old})
        lost = await next_event(socket)
        assert (lost["__typename"], lost["reason"]) == ("ResyncRequired", "EPOCH_CHANGED")


async def test_a_malformed_cursor_is_the_clients_mistake(person: Person) -> None:
    _, gid = await given(person)
    async with person.socket() as socket:
        assert await _refusal(socket, FOLLOW, id=gid, after="yesterday") == "BAD_USER_INPUT"
        assert await _refusal(socket, FOLLOW, id="rubbish") == "BAD_USER_INPUT"


async def test_anothers_project_and_job_are_not_there(live: Live, person: Person) -> None:
    _, gid = await given(person)
    job = (await person.query(START, input={"projectId": gid}))["data"]["startProduction"]["job"]
    other = await live.person()
    async with other.socket() as socket:
        assert await _refusal(socket, FOLLOW, id=gid) == "NOT_FOUND"
        assert await _refusal(socket, FOLLOW_JOB, id=job["id"]) == "NOT_FOUND"
    assert _code(await other.query(CURSOR, id=gid)) == "NOT_FOUND"
    async with introduced_socket(live.server) as socket:
        assert await _refusal(socket, FOLLOW, id=gid) == "UNAUTHENTICATED"


async def test_a_subscription_ends_when_the_project_may_no_longer_be_seen(person: Person) -> None:
    project, gid = await given(person)
    async with person.socket() as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid})
        await _settled(person, project)
        await Project.get_pymongo_collection().update_one(
            {"_id": project.id}, {"$set": {"owner_id": PydanticObjectId()}}
        )
        services = person.live.studio.services
        editor = TreeEditor(project.id, services.caps, services.now())
        await services.announcer.changed(await editor.set_fields(places.project(), {"title": "Not yours"}))
        message = await socket.receive()
        assert _socket_code(message) == "NOT_FOUND"


async def test_job_events_end_with_the_job_and_hold_its_descendants_alone(person: Person) -> None:
    project, gid = await given(person)
    studio = person.live.studio
    job_gid = (await person.query(START, input={"projectId": gid}))["data"]["startProduction"]["job"]["id"]
    steps = 0

    async def advance(job: Job, report: Report) -> Done:
        del job
        nonlocal steps
        for steps in range(1, 4):
            report(steps, 4, stage="drawing")
            await asyncio.sleep(0.45)
        return Done()

    async with person.socket() as socket:
        await socket.subscribe(FOLLOW_JOB, variables={"id": job_gid})
        first = await next_event(socket)
        assert (first["__typename"], first["jobId"], first["state"]) == ("JobChanged", job_gid, "QUEUED")
        await retitle(person, project, "No business of this job")
        await studio.engine({JobKind.PRODUCTION: advance}).run(any_ref(job_gid, "id").oid)
        events = []
        while (message := await socket.receive())["type"] == "next":
            events.append(message["payload"]["data"]["jobEvents"])
    assert message["type"] == "complete"
    assert {event["jobId"] for event in events} == {job_gid}
    assert [event["state"] for event in events if "state" in event] == ["RUNNING", "SUCCEEDED"]
    advances = [event for event in events if event["__typename"] == "JobProgressed"]
    assert [event["unitsDone"] for event in advances] == [1, 2, 3]
    assert advances[-1]["remainingS"] > 0
    times = [datetime.fromisoformat(event["at"]) for event in advances]
    assert all((b - a).total_seconds() < 0.6 for a, b in pairwise(times))


async def test_job_events_of_a_job_that_is_over_complete_at_once(person: Person) -> None:
    _, gid = await given(person)
    cursor = (await person.query(CURSOR, id=gid))["data"]["eventCursor"]
    job_gid = (await person.query(START, input={"projectId": gid}))["data"]["startProduction"]["job"]["id"]
    await person.live.studio.engine().run(any_ref(job_gid, "id").oid)
    end = (await person.query(CURSOR, id=gid))["data"]["eventCursor"]
    async with person.socket() as socket:
        for after, states in (
            (None, ["SUCCEEDED"]),
            (end, ["SUCCEEDED"]),
            (cursor, ["QUEUED", "RUNNING", "SUCCEEDED"]),
        ):
            messages = await socket.run(FOLLOW_JOB, variables={"id": job_gid, "after": after})
            assert messages[-1]["type"] == "complete"
            seen = [each["payload"]["data"]["jobEvents"]["state"] for each in messages[:-1]]
            assert seen == states


async def test_events_come_over_sse_where_sockets_are_blocked(person: Person) -> None:
    project, gid = await given(person)
    cursor = (await person.query(CURSOR, id=gid))["data"]["eventCursor"]
    await retitle(person, project, "Told by SSE")
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {person.token}"}
    body = {"query": FOLLOW, "variables": {"id": gid, "after": cursor}}
    async with (
        httpx.AsyncClient(timeout=10) as client,
        client.stream("POST", person.live.server.graphql, json=body, headers=headers) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("data:") and line.removeprefix("data:").strip():
                event = json.loads(line.removeprefix("data:"))["data"]["projectEvents"]
                break
    assert (event["__typename"], event["nodeKind"], event["revision"]) == ("NodeChanged", "Scene", 1)


async def _tell(person: Person, project: Project, titles: list[str]) -> None:
    for title in titles:
        await retitle(person, project, title)
        await asyncio.sleep(0.01)


async def _settled(person: Person, project: Project) -> None:
    """Wait until the subscription that was just sent listens."""
    hub = person.live.studio.services.hub
    async with asyncio.timeout(5):
        while project_topic(project.id) not in hub._channels:
            await asyncio.sleep(0.01)


async def _refusal(socket: Socket, document: str, **variables: Any) -> str:
    messages = await socket.run(document, variables=variables)
    return _socket_code(messages[0])


def _socket_code(message: Mapping[str, Any]) -> str:
    payload = message["payload"]
    errors = payload if isinstance(payload, list) else payload["errors"]
    return str(errors[0]["extensions"]["code"])


def _code(answer: Mapping[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


async def test_presence_is_followed_from_coming_to_going(person: Person) -> None:
    project, gid = await given(person)
    frame = tree_gid("Frame", project.id, project.script.scenes[0].frames[0].id)
    fields = "key name isGuest isMine userId nodeId activity since expiresAt"
    report = f"""mutation($input: ReportPresenceInput!) {{
        reportPresence(input: $input) {{ presence {{ {fields} }} }}
    }}"""
    follow = f"""subscription($id: ID!) {{ projectEvents(projectId: $id) {{
        ... on LiveEvent {{ cursor at }} ... on PresenceChanged {{ presence {{ {fields} }} }}
    }} }}"""
    end = """mutation($input: EndPresenceInput!) {
        endPresence(input: $input) { wasPresent userErrors { code } }
    }"""
    async with person.socket() as socket:
        await socket.subscribe(follow, variables={"id": gid})
        await _settled(person, project)
        place = {"projectId": gid, "nodeId": frame, "activity": "EDITING", "tabId": "a"}
        said = (await person.query(report, input=place))["data"]["reportPresence"]["presence"]
        assert (said["nodeId"], said["activity"], said["isGuest"]) == (frame, "EDITING", False)
        assert (said["isMine"], any_ref(said["userId"], "").oid) == (True, person.user_id)
        assert (await next_event(socket))["presence"] == [said]
        asked = await person.query(f"query($id: ID!) {{ presence(projectId: $id) {{ {fields} }} }}", id=gid)
        assert asked["data"]["presence"] == [said]
        gone = await person.query(end, input={"projectId": gid, "tabId": "a"})
        assert gone["data"]["endPresence"] == {"wasPresent": True, "userErrors": []}
        assert (await next_event(socket))["presence"] == []
    for foreign in (document_gid("Project", project.id), tree_gid("Frame", PydanticObjectId(), project.id)):
        refused = await person.query(report, input=place | {"nodeId": foreign})
        assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
