import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from access.built_in_roles import ADMIN, MEMBER
from access.permissions import Permission
from documents.accounts.user import User
from documents.companies.role import Role
from resolvers.companies import roles
from tests.schema.desk import Desk, mutation
from tests.schema.staff import acts, again, make_firm, make_member, make_role, member_gid, role_gid

STEWARD = (Permission.COMPANY_VIEW, Permission.MEMBERS_MANAGE, Permission.ROLES_MANAGE)
ROLE = "role { id name description permissions isBuiltIn isAdministrator revision }"


async def codes(desk: Desk, name: str, given: Mapping[str, Any], *, by: User) -> list[str]:
    """Codes of all that is wrong, whichever way it is told."""
    answer = await desk.run(mutation(name), {"input": given}, by=by.id)
    if answer["errors"]:
        return [error["extensions"]["code"] for error in answer["errors"]]
    return [error["code"] for error in answer["data"][name]["userErrors"]]


async def test_a_role_is_defined_changed_and_deleted(desk: Desk) -> None:
    firm = await make_firm()
    given = {
        "name": "Curator",
        "description": "Keeps assets.",
        "permissions": ["ASSETS_MANAGE", "COMPANY_VIEW"],
    }
    made = (await desk.change("createRole", given, ROLE, by=firm.admin.id))["role"]
    assert made | {"id": ""} == {
        "id": "",
        "name": "Curator",
        "description": "Keeps assets.",
        "permissions": ["COMPANY_VIEW", "ASSETS_MANAGE"],
        "isBuiltIn": False,
        "isAdministrator": False,
        "revision": 0,
    }
    changed = await desk.change(
        "updateRole",
        {"roleId": made["id"], "permissions": [], "expectedRevision": 0},
        ROLE,
        by=firm.admin.id,
    )
    assert changed["role"] == made | {"permissions": [], "revision": 1}
    stale = await desk.change(
        "updateRole", {"roleId": made["id"], "name": "x", "expectedRevision": 0}, ROLE, by=firm.admin.id
    )
    assert [error["code"] for error in stale["userErrors"]] == ["REVISION_CONFLICT"]
    assert stale["role"] == changed["role"]
    gone = await desk.change("deleteRole", {"roleId": made["id"]}, "deletedRoleId", by=firm.admin.id)
    assert gone["deletedRoleId"] == made["id"]
    assert await acts(firm.company.id) == ["ROLE_CREATED", "ROLE_UPDATED", "ROLE_DELETED"]
    listed = await desk.ask(
        "query($id: ID!) { roles(companyId: $id) { name } }", by=firm.admin.id, id=firm.id
    )
    assert [role["name"] for role in listed["roles"]] == ["ADMIN", "MEMBER"]


async def test_a_role_holds_no_more_than_its_maker(desk: Desk) -> None:
    firm = await make_firm()
    role = await make_role(firm.company, Permission.COMPANY_VIEW, Permission.ROLES_MANAGE)
    maker = await make_member(firm.company, role.id)
    lesser = await make_role(firm.company, Permission.COMPANY_VIEW)
    greater = await make_role(firm.company, Permission.COMPANY_VIEW, Permission.ASSETS_MANAGE)
    more = {"permissions": ["COMPANY_VIEW", "ASSETS_MANAGE"]}
    assert await codes(desk, "createRole", {"name": "More", **more}, by=maker) == ["INVALID"]
    assert await codes(desk, "updateRole", {"roleId": role_gid(lesser.id), **more}, by=maker) == ["INVALID"]
    for name, given in (
        ("updateRole", {"permissions": []}),
        ("updateRole", {"name": "x"}),
        ("deleteRole", {}),
    ):
        assert await codes(desk, name, {"roleId": role_gid(greater.id), **given}, by=maker) == ["FORBIDDEN"]
    assert await codes(desk, "createRole", {"name": "Same", "permissions": ["COMPANY_VIEW"]}, by=maker) == []
    assert await acts(firm.company.id) == ["ROLE_CREATED"]


async def test_built_in_roles_and_those_of_others_stay(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    foreign = await make_role(other.company, Permission.COMPANY_VIEW)
    for role_id, code in ((ADMIN.id, "FORBIDDEN"), (MEMBER.id, "FORBIDDEN"), (foreign.id, "NOT_FOUND")):
        for name, given in (("updateRole", {"name": "x"}), ("deleteRole", {})):
            assert await codes(desk, name, {"roleId": role_gid(role_id), **given}, by=firm.admin) == [code]
    assert await Role.get(foreign.id) == foreign


async def test_names_are_taken_in_any_letter_case(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    await make_role(firm.company, name="Curator")
    second = await make_role(firm.company, name="Second")
    for name in ("curator", "CURATOR", "admin", "Superadmin"):
        assert await codes(desk, "createRole", {"name": name, "permissions": []}, by=firm.admin) == ["TAKEN"]
        given = {"roleId": role_gid(second.id), "name": name}
        assert await codes(desk, "updateRole", given, by=firm.admin) == ["TAKEN"]
    assert (
        await codes(desk, "updateRole", {"roleId": role_gid(second.id), "name": "SECOND"}, by=firm.admin)
        == []
    )
    assert await codes(desk, "createRole", {"name": "Curator", "permissions": []}, by=other.admin) == []
    race = await asyncio.gather(
        *(codes(desk, "createRole", {"name": "Race", "permissions": []}, by=firm.admin) for _ in range(4))
    )
    assert sorted(race) == [[]] + [["TAKEN"]] * 3


async def test_what_no_company_role_holds_is_refused(desk: Desk) -> None:
    firm = await make_firm()
    for permissions in (["PLATFORM_USERS_MANAGE"], ["PROJECT_EDIT"], ["ACCOUNT_VIEW"], ["ASSETS_MANAGE"]):
        answer = await desk.change("createRole", {"name": "x", "permissions": permissions}, by=firm.admin.id)
        assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("INVALID", "input.permissions")]
    assert await Role.find({"company_id": firm.company.id}).count() == 0


async def test_a_role_in_use_is_not_deleted(desk: Desk) -> None:
    firm = await make_firm()
    role = await make_role(firm.company, Permission.COMPANY_VIEW)
    member = await make_member(firm.company, role.id)
    assert await codes(desk, "deleteRole", {"roleId": role_gid(role.id)}, by=firm.admin) == ["INVALID"]
    back = {"memberId": member_gid(member), "roleId": role_gid(MEMBER.id)}
    assert await codes(desk, "changeMemberRole", back, by=firm.admin) == []
    assert await codes(desk, "deleteRole", {"roleId": role_gid(role.id)}, by=firm.admin) == []


async def test_the_last_administrators_role_stays_one(desk: Desk) -> None:
    firm = await make_firm()
    role = await make_role(firm.company, *STEWARD)
    steward = await make_member(firm.company, role.id)
    down = {"memberId": member_gid(firm.admin), "roleId": role_gid(role.id)}
    assert await codes(desk, "changeMemberRole", down, by=firm.admin) == []
    less = {"roleId": role_gid(role.id), "permissions": ["COMPANY_VIEW"]}
    assert await codes(desk, "updateRole", less, by=steward) == ["LAST_ADMINISTRATOR"]
    assert await Role.get(role.id) == role


async def test_a_role_edited_while_the_last_administrator_leaves(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        role = await make_role(firm.company, *STEWARD)
        steward = await make_member(firm.company, role.id)
        less = {"roleId": role_gid(role.id), "permissions": ["COMPANY_VIEW"]}
        answers = await asyncio.gather(
            codes(desk, "updateRole", less, by=steward), codes(desk, "leaveCompany", {}, by=firm.admin)
        )
        assert sorted(answers) == [[], ["LAST_ADMINISTRATOR"]]


async def test_a_role_edited_while_it_is_given_is_judged_as_it_is(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        stewards = await make_role(firm.company, *STEWARD)
        given = await make_role(firm.company, Permission.COMPANY_VIEW)
        # A steward's equal holds no projects, so that the steward may act upon that member.
        steward, fellow = [await make_member(firm.company, stewards.id) for _ in range(2)]
        more = {"roleId": role_gid(given.id), "permissions": ["COMPANY_VIEW", "ASSETS_MANAGE"]}
        give = {"memberId": member_gid(fellow), "roleId": role_gid(given.id)}
        raised, gave = await asyncio.gather(
            codes(desk, "updateRole", more, by=firm.admin), codes(desk, "changeMemberRole", give, by=steward)
        )
        assert raised == []
        # Given before it was raised, or refused because it had been: never both at once.
        acted = await acts(firm.company.id)
        has_it = (await again(fellow)).role_id == given.id
        assert (gave, has_it) in (([], True), (["INVALID"], False))
        assert acted == (["MEMBER_ROLE_CHANGED", "ROLE_UPDATED"] if has_it else ["ROLE_UPDATED"])


async def test_a_change_of_permissions_is_told_to_those_who_have_the_role(desk: Desk) -> None:
    firm = await make_firm()
    role = await make_role(firm.company, Permission.COMPANY_VIEW)
    having = [await make_member(firm.company, role.id) for _ in range(3)]
    context = await desk.studio.context_of(firm.admin.id)
    told: list[str] = []

    class Ears:
        async def notices(self, *notices: Any) -> None:
            told.extend(str(notice.user_id) for notice in notices)

        async def project(self, project_id: Any) -> None:
            del project_id

    context.services = replace(context.services, announcer=Ears())  # type: ignore[arg-type]
    renamed = await roles.update(context, role.id, {"name": "New name"}, expected_revision=None)
    assert (renamed.user_errors, told) == ((), [])
    changed = await roles.update(
        context,
        role.id,
        {"permissions": [Permission.COMPANY_VIEW, Permission.ASSETS_MANAGE]},
        expected_revision=None,
    )
    assert not changed.user_errors
    assert sorted(told) == sorted(str(user.id) for user in having)


async def test_a_company_defines_so_many_roles(desk: Desk) -> None:
    firm = await make_firm()
    for _ in range(roles.ROLES_PER_COMPANY):
        await make_role(firm.company)
    assert await codes(desk, "createRole", {"name": "x", "permissions": []}, by=firm.admin) == [
        "LIMIT_EXCEEDED"
    ]
