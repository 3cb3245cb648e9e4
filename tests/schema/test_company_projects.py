import asyncio
from typing import Any

from access.built_in_roles import ADMIN, MEMBER
from access.permissions import Permission
from documents.accounts.user import User
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from tests.schema.desk import Desk, make_film, mutation
from tests.schema.staff import acts, make_firm, make_member, make_role, make_user, member_gid

LIST = """query($scope: ProjectScope!, $orderBy: ProjectOrder! = TITLE, $first: Int, $after: String,
  $filter: ProjectFilter) {
  projects(scope: $scope, orderBy: $orderBy, first: $first, after: $after, filter: $filter) {
    nodes { title } pageInfo { hasNextPage endCursor } } }"""


async def titles(desk: Desk, by: User, **given: Any) -> list[str]:
    page = (await desk.ask(LIST, by=by.id, **given))["projects"]
    return [project["title"] for project in page["nodes"]]


async def codes(desk: Desk, document: str, variables: dict[str, Any], by: User) -> list[str]:
    answer = await desk.run(document, variables, by=by.id)
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_each_scope_lists_what_it_says(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    member, fellow = await make_member(firm.company), await make_member(firm.company)
    company: dict[str, Any] = {"company_id": firm.company.id}
    await make_film(member.id, title="a mine", **company)
    await make_film(member.id, title="b private")
    await make_film(fellow.id, title="c fellow's", **company, people={member.id: ProjectRole.EDITOR})
    await make_film(fellow.id, title="d fellow's private")
    await make_film(other.admin.id, title="e other's", company_id=other.company.id)
    await make_film(fellow.id, title="f gone", deleted_at=firm.admin.created_at, **company)
    assert await titles(desk, member, scope="MINE") == ["a mine", "b private"]
    assert await titles(desk, member, scope="COMPANY") == ["a mine", "c fellow's"]
    assert await titles(desk, member, scope="SHARED") == ["c fellow's"]
    assert await titles(desk, firm.admin, scope="COMPANY") == ["a mine", "c fellow's"]
    assert await titles(desk, other.admin, scope="COMPANY") == ["e other's"]
    deleted = {"scope": "COMPANY", "filter": {"isDeleted": True}}
    assert await codes(desk, LIST, deleted, firm.admin) == ["BAD_USER_INPUT"]


async def test_a_companys_projects_are_paged_in_every_order(desk: Desk) -> None:
    firm = await make_firm()
    for number in range(5):
        await make_film(firm.admin.id, title=f"film {number}", company_id=firm.company.id)
    for order in ("TITLE", "CREATED_AT", "UPDATED_AT"):
        whole = await titles(desk, firm.admin, scope="COMPANY", orderBy=order)
        walked: list[str] = []
        given: dict[str, Any] = {"scope": "COMPANY", "orderBy": order, "first": 2}
        while True:
            page = (await desk.ask(LIST, by=firm.admin.id, **given))["projects"]
            walked += [project["title"] for project in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            given["after"] = page["pageInfo"]["endCursor"]
        assert sorted(walked) == [f"film {number}" for number in range(5)]
        assert walked == whole


async def test_a_companys_projects_take_its_permission(desk: Desk) -> None:
    firm = await make_firm()
    role = await make_role(firm.company, Permission.COMPANY_VIEW)
    blind = await make_member(firm.company, role.id)
    given = {"scope": "COMPANY"}
    assert await codes(desk, LIST, given, blind) == ["FORBIDDEN"]
    assert await codes(desk, LIST, given, await make_user()) == ["NOT_FOUND"]
    strict = await make_firm(requires_second_factor=True)
    member = await make_member(strict.company)
    await make_film(member.id, title="private")
    await make_film(member.id, title="the company's", company_id=strict.company.id)
    assert await codes(desk, LIST, given, member) == ["FORBIDDEN"]
    assert await titles(desk, member, scope="MINE") == ["private"]


async def test_a_members_new_project_is_the_companys_unless_said_otherwise(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    shown = "project { companyId viewerRole }"
    made = await desk.change("createProject", {"title": "Ours"}, shown, by=member.id)
    assert made["project"] == {"companyId": firm.id, "viewerRole": "OWNER"}
    private = await desk.change("createProject", {"title": "Mine", "inCompany": False}, shown, by=member.id)
    assert private["project"]["companyId"] is None
    outside = await desk.change("createProject", {"title": "Mine"}, shown, by=(await make_user()).id)
    assert outside["project"]["companyId"] is None
    assert await titles(desk, firm.admin, scope="COMPANY") == ["Ours"]


async def test_an_owner_brings_a_project_in(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    film = await make_film(member.id, people={firm.admin.id: ProjectRole.EDITOR})
    move = mutation("moveProjectToCompany")
    given = {"input": {"projectId": film.id}}
    outsider = await make_user()
    own = await make_film(outsider.id)
    assert await codes(desk, move, given, firm.admin) == ["FORBIDDEN"]
    assert await codes(desk, move, given, outsider) == ["NOT_FOUND"]
    assert await codes(desk, move, {"input": {"projectId": own.id}}, outsider) == ["NOT_FOUND"]
    stale = await desk.change(
        "moveProjectToCompany", {"projectId": film.id, "expectedRevision": 7}, by=member.id
    )
    assert [error["code"] for error in stale["userErrors"]] == ["REVISION_CONFLICT"]
    assert (await film.now()).company_id is None
    assert await acts(firm.company.id) == []
    moved = await desk.change(
        "moveProjectToCompany",
        {"projectId": film.id, "expectedRevision": 0},
        "project { companyId revision }",
        by=member.id,
    )
    assert moved["project"] == {"companyId": firm.id, "revision": 1}
    again = await desk.change("moveProjectToCompany", {"projectId": film.id}, by=member.id)
    assert [error["code"] for error in again["userErrors"]] == ["INVALID"]
    assert await acts(firm.company.id) == ["PROJECT_TRANSFERRED"]


async def test_no_project_stays_with_somebody_who_is_removed_while_it_is_made(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        member = await make_member(firm.company, MEMBER.id)
        film = await make_film(member.id)
        await asyncio.gather(
            desk.run(mutation("createProject"), {"input": {"title": "New"}}, by=member.id),
            desk.run(mutation("moveProjectToCompany"), {"input": {"projectId": film.id}}, by=member.id),
            desk.change("removeMember", {"memberId": member_gid(member)}, by=firm.admin.id),
        )
        owners = {each.owner_id for each in await Project.find({"company_id": firm.company.id}).to_list()}
        assert owners <= {firm.admin.id}


async def test_an_administrator_does_everything_in_a_companys_project(desk: Desk) -> None:
    firm = await make_firm()
    member, second = await make_member(firm.company), await make_member(firm.company, ADMIN.id)
    film = await make_film(member.id, company_id=firm.company.id)
    changed = await desk.change(
        "updateProject", {"projectId": film.id, "title": "New"}, "project { title }", by=second.id
    )
    assert changed["project"] == {"title": "New"}
    fellow = await make_member(firm.company)
    given = {"input": {"projectId": film.id, "title": "x"}}
    assert await codes(desk, mutation("updateProject"), given, fellow) == ["FORBIDDEN"]
