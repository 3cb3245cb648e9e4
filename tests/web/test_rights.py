"""Ended sessions and changed rights reach what is open at once, not when somebody looks the next time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.built_in_roles import ADMIN, MEMBER, USER
from documents.accounts.session import Session, SessionEnd
from documents.accounts.user import User
from documents.companies.company import Company
from documents.companies.role import Role
from documents.notice import Notice, NoticeKind
from documents.projects.project import Project
from schema.guarding.observation import Observe
from schema.ids import any_ref, document_gid
from schema.root import ServedSchema, build_schema
from tests.studio import Studio, make_frame, make_project, open_studio
from tests.web.served import Running, introduced_socket, running, sign_up
from web.application import Opened, create_application
from web.options import WebOptions

FOLLOW = "subscription($id: ID!) { projectEvents(projectId: $id) { __typename } }"
NEVER_S = 3_600.0


class Site:
    """A server that never looks at open sockets of its own accord."""

    def __init__(self, server: Running, studio: Studio) -> None:
        self.server = server
        self.studio = studio

    async def person(self) -> tuple[str, PydanticObjectId]:
        token = await sign_up(self.server)
        answer = await self.server.query("{ viewer { id } }", authorization=f"Bearer {token}")
        return token, any_ref(answer["data"]["viewer"]["id"], "id").oid

    async def tell(self, user_id: PydanticObjectId) -> None:
        notice = Notice(user_id=user_id, kind=NoticeKind.ACCESS_CHANGED, at=datetime.now(UTC))
        await Notice.write(notice)
        await self.studio.services.announcer.notices(notice)

    async def end_sessions(self, user_id: PydanticObjectId) -> None:
        await Session.end_all(user_id, SessionEnd.SIGNED_OUT, now=datetime.now(UTC))
        await self.tell(user_id)

    async def projects_of(self, owner: PydanticObjectId, **values: Any) -> tuple[Project, str]:
        project = await make_project(self.studio.context(owner), frames=[make_frame()])
        if values:
            await Project.get_pymongo_collection().update_one({"_id": project.id}, {"$set": values})
        return project, document_gid("Project", project.id)

    async def until_followed(self, project: Project) -> None:
        """Wait until somebody listens to a project."""
        hub = self.studio.services.hub
        while f"project:{project.id}" not in hub._channels:
            await asyncio.sleep(0.01)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Site]:
    def make_schema(observe: Observe) -> ServedSchema:
        return build_schema(observe=observe)

    opened = open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"test:{database.name}:"
    )
    async with opened as studio:

        @asynccontextmanager
        async def open_services() -> AsyncIterator[Opened]:
            yield Opened(studio.services, {})

        app = create_application(make_schema, open_services, WebOptions(reauthenticate_s=NEVER_S))
        async with running(app, studio.services) as server:
            yield Site(server, studio)


async def test_an_ended_session_closes_its_sockets_and_nobody_elses(site: Site) -> None:
    token, user_id = await site.person()
    other, _ = await site.person()
    async with (
        introduced_socket(site.server, token) as first,
        introduced_socket(site.server, token) as second,
        introduced_socket(site.server, other) as bystander,
    ):
        await asyncio.sleep(0.1)
        await site.end_sessions(user_id)
        async with asyncio.timeout(2):
            assert (await first.close_code())[0] == 4403
            assert (await second.close_code())[0] == 4403
        assert (await bystander.run("{ version }"))[0]["type"] == "next"


async def test_the_next_operation_on_an_open_socket_is_refused_even_if_nobody_was_told(site: Site) -> None:
    token, user_id = await site.person()
    async with introduced_socket(site.server, token) as socket:
        assert (await socket.run("{ viewer { name } }"))[0]["payload"]["data"]["viewer"] == {"name": "Ana"}
        await Session.end_all(user_id, SessionEnd.SIGNED_OUT, now=datetime.now(UTC))
        await socket.subscribe("{ viewer { name } }")
        assert (await socket.close_code())[0] == 4403


async def test_an_ended_session_ends_its_event_stream(site: Site) -> None:
    token, user_id = await site.person()
    project, gid = await site.projects_of(user_id)
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    body = {"query": FOLLOW, "variables": {"id": gid}}
    async with (
        httpx.AsyncClient(timeout=10) as client,
        client.stream("POST", site.server.graphql, json=body, headers=headers) as response,
    ):
        await site.until_followed(project)
        await site.end_sessions(user_id)
        async with asyncio.timeout(2):
            lines = [line async for line in response.aiter_lines()]
    (told,) = [json.loads(line.removeprefix("data: ")) for line in lines if '"errors"' in line]
    assert [error["extensions"]["code"] for error in told["errors"]] == ["UNAUTHENTICATED"]


async def test_a_member_who_is_removed_sees_no_more_of_the_companys_project(site: Site) -> None:
    token, user_id = await site.person()
    company_id = PydanticObjectId()
    users = User.get_pymongo_collection()
    await users.update_one({"_id": user_id}, {"$set": {"company_id": company_id, "role_id": MEMBER.id}})
    project, gid = await site.projects_of(PydanticObjectId(), company_id=company_id)
    async with introduced_socket(site.server, token) as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid})
        await site.until_followed(project)
        await users.update_one({"_id": user_id}, {"$set": {"company_id": None, "role_id": USER.id}})
        await site.tell(user_id)
        async with asyncio.timeout(2):
            message = await socket.receive()
        (error,) = message["payload"]["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"
        # The socket stays, and knows the new rights.
        assert (await socket.receive())["type"] == "complete"
        again = await socket.run(FOLLOW, variables={"id": gid})
        assert "NOT_FOUND" in str(again)


async def test_rights_that_grow_count_on_an_open_socket(site: Site) -> None:
    token, user_id = await site.person()
    company_id = PydanticObjectId()
    _, gid = await site.projects_of(PydanticObjectId(), company_id=company_id)
    document = "query($id: ID!) { project(id: $id) { title } }"
    async with introduced_socket(site.server, token) as socket:
        assert "NOT_FOUND" in str(await socket.run(document, variables={"id": gid}))
        await User.get_pymongo_collection().update_one(
            {"_id": user_id}, {"$set": {"company_id": company_id, "role_id": MEMBER.id}}
        )
        answer = (await socket.run(document, variables={"id": gid}))[0]
        assert answer["payload"]["data"]["project"] == {"title": "Bees"}


async def test_alarms_leave_nothing_behind(site: Site) -> None:
    rights = site.studio.services.rights
    who = PydanticObjectId()
    with rights.alarm(who) as first, rights.alarm(who) as second, rights.alarm(None) as nobodys:
        rights.ring(who)
        rights.ring(who)
        assert await first.wait(1.0)
        assert await second.wait(1.0)
        assert not await first.wait(0.01)
        rights.ring_all()
        assert await first.wait(1.0)
        assert not await nobodys.wait(0.01)
    assert who not in rights._alarms


async def company_of(admin_id: PydanticObjectId, *members: PydanticObjectId) -> tuple[PydanticObjectId, Role]:
    """A company, and the role of its own that its members have: they see its projects."""
    now = datetime.now(UTC)
    company = Company(name="Acme", created_by=admin_id, created_at=now, updated_at=now)
    await company.insert()
    seeing = ["COMPANY_PROJECTS_VIEW", "COMPANY_VIEW"]
    role = await Role(name="Seeing", permissions=seeing, company_id=company.id).insert()
    users = User.get_pymongo_collection()
    confirmed = {"confirmed_at": now}
    await users.update_one(
        {"_id": admin_id},
        {"$set": {"company_id": company.id, "role_id": ADMIN.id, "totp": confirmed}},
    )
    for each in members:
        await users.update_one({"_id": each}, {"$set": {"company_id": company.id, "role_id": role.id}})

    return company.id, role


Act = Callable[[PydanticObjectId, PydanticObjectId, Role], tuple[str, dict[str, Any]]]

ACTS: dict[str, Act] = {
    "removed": lambda _, user, __: ("removeMember", {"memberId": document_gid("Member", user)}),
    "given another role": lambda _, user, role: (
        "changeMemberRole",
        {"memberId": document_gid("Member", user), "roleId": document_gid("Role", role.id)},
    ),
    "role edited": lambda _, __, role: (
        "updateRole",
        {"roleId": document_gid("Role", role.id), "permissions": ["COMPANY_VIEW"]},
    ),
    "second factor demanded": lambda company, _, __: (
        "updateCompany",
        {"companyId": document_gid("Company", company), "requiresSecondFactor": True},
    ),
}


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_what_a_company_decides_ends_what_its_member_follows(site: Site, act: str) -> None:
    admin_token, admin_id = await site.person()
    token, user_id = await site.person()
    company_id, role = await company_of(admin_id, user_id)
    blind = await Role(name="Blind", permissions=["COMPANY_VIEW"], company_id=company_id).insert()
    project, gid = await site.projects_of(PydanticObjectId(), company_id=company_id)
    name, given = ACTS[act](company_id, user_id, blind if act == "given another role" else role)
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ message }} }} }}"
    async with introduced_socket(site.server, token) as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid})
        await site.until_followed(project)
        done = await site.server.query(
            document, variables={"input": given}, authorization=f"Bearer {admin_token}"
        )
        assert done == {"data": {name: {"userErrors": []}}}
        async with asyncio.timeout(2):
            assert "errors" in str(await socket.receive())


async def test_a_project_that_leaves_with_its_owner_is_followed_by_no_member(site: Site) -> None:
    admin_token, admin_id = await site.person()
    token, user_id = await site.person()
    _, owner_id = await site.person()
    company_id, _ = await company_of(admin_id, user_id, owner_id)
    project, gid = await site.projects_of(owner_id, company_id=company_id)
    document = "mutation($input: RemoveMemberInput!) { removeMember(input: $input) { projects } }"
    given = {"memberId": document_gid("Member", owner_id), "projects": "MOVE"}
    async with introduced_socket(site.server, token) as socket:
        await socket.subscribe(FOLLOW, variables={"id": gid})
        await site.until_followed(project)
        done = await site.server.query(
            document, variables={"input": given}, authorization=f"Bearer {admin_token}"
        )
        assert done == {"data": {"removeMember": {"projects": 1}}}
        async with asyncio.timeout(2):
            messages = [await socket.receive()]
            while "errors" not in str(messages[-1]):
                messages.append(await socket.receive())
