import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.built_in_roles import ADMIN, MEMBER
from access.company_roles import is_last_administrator
from access.permissions import COMPANY_ROLE_PERMISSIONS, Permission
from documents.accounts.user import User
from documents.audit_entry import AuditEntry
from documents.companies.company import Company
from documents.notice import Notice
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from resolvers.companies.governing import Governing, govern
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from tests.schema.desk import Desk, make_film, mutation
from tests.schema.staff import (
    Firm,
    acts,
    again,
    is_outside,
    make_firm,
    make_member,
    make_role,
    make_user,
    member_gid,
    role_gid,
)

STEWARD = (Permission.COMPANY_VIEW, Permission.MEMBERS_MANAGE, Permission.ROLES_MANAGE)


async def forbidden(desk: Desk, name: str, given: Mapping[str, Any], *, by: User) -> list[str]:
    """Codes of the errors with which a mutation is refused as a whole."""
    answer = await desk.run(mutation(name), {"input": given}, by=by.id)
    return [error["extensions"]["code"] for error in answer["errors"]]


async def user_codes(desk: Desk, name: str, given: Mapping[str, Any], *, by: User) -> list[str]:
    return [error["code"] for error in (await desk.change(name, given, by=by.id))["userErrors"]]


async def administrators(firm: Firm) -> int:
    return await User.find({"company_id": firm.company.id, "role_id": ADMIN.id}).count()


async def test_a_role_given_counts_from_the_next_request_and_is_told(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    assert await forbidden(desk, "createRole", {"name": "Early", "permissions": []}, by=member) == [
        "FORBIDDEN"
    ]
    changed = await desk.change(
        "changeMemberRole",
        {"memberId": member_gid(member), "roleId": role_gid(ADMIN.id)},
        "member { id role { name } }",
        by=firm.admin.id,
    )
    assert changed["member"] == {"id": member_gid(member), "role": {"name": "ADMIN"}}
    assert await user_codes(desk, "createRole", {"name": "Late", "permissions": []}, by=member) == []
    assert await acts(firm.company.id) == ["MEMBER_ROLE_CHANGED", "ROLE_CREATED"]


async def test_the_same_role_again_changes_nothing(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    given = {"memberId": member_gid(member), "roleId": role_gid(MEMBER.id)}
    assert await user_codes(desk, "changeMemberRole", given, by=firm.admin) == []
    assert await again(member) == member
    assert await acts(firm.company.id) == []


async def test_nobody_gives_or_takes_a_role_with_more_than_the_own(desk: Desk) -> None:
    firm = await make_firm()
    role = await make_role(firm.company, Permission.COMPANY_VIEW, Permission.MEMBERS_MANAGE)
    manager, member = await make_member(firm.company, role.id), await make_member(firm.company)
    lesser = await make_role(firm.company, Permission.COMPANY_VIEW)
    fellow = await make_member(firm.company, lesser.id)
    up = {"memberId": member_gid(manager), "roleId": role_gid(ADMIN.id)}
    assert await user_codes(desk, "changeMemberRole", up, by=manager) == ["INVALID"]
    # A member may make projects, which this manager may not: the role is more than the manager's.
    down = {"memberId": member_gid(member), "roleId": role_gid(lesser.id)}
    assert await forbidden(desk, "changeMemberRole", down, by=manager) == ["FORBIDDEN"]
    assert await forbidden(
        desk, "changeMemberRole", down | {"memberId": member_gid(firm.admin)}, by=manager
    ) == ["FORBIDDEN"]
    for victim in (member, firm.admin):
        assert await forbidden(desk, "removeMember", {"memberId": member_gid(victim)}, by=manager) == [
            "FORBIDDEN"
        ]
    promoted = {"memberId": member_gid(fellow), "roleId": role_gid(role.id)}
    assert await user_codes(desk, "changeMemberRole", promoted, by=manager) == []
    assert [(await again(user)).role_id for user in (manager, member, firm.admin, fellow)] == [
        role.id,
        MEMBER.id,
        ADMIN.id,
        role.id,
    ]


async def test_other_companies_members_and_roles_are_not_there(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    foreign_role = await make_role(other.company, Permission.COMPANY_VIEW)
    member, foreigner = await make_member(firm.company), await make_member(other.company)
    for subject, role_id in (
        (foreigner, MEMBER.id),
        (member, foreign_role.id),
        (member, PydanticObjectId()),
        (await make_user(), MEMBER.id),
    ):
        given = {"memberId": member_gid(subject), "roleId": role_gid(role_id)}
        assert await forbidden(desk, "changeMemberRole", given, by=firm.admin) == ["NOT_FOUND"]
    assert await forbidden(desk, "removeMember", {"memberId": member_gid(foreigner)}, by=firm.admin) == [
        "NOT_FOUND"
    ]
    given = {"memberId": member_gid(member), "newOwnerId": member_gid(foreigner)}
    assert await user_codes(desk, "removeMember", given, by=firm.admin) == ["INVALID"]
    assert await again(foreigner) == foreigner
    assert await again(member) == member
    assert await acts(firm.company.id) == await acts(other.company.id) == []


async def test_the_last_administrator_stays_one(desk: Desk) -> None:
    firm = await make_firm()
    await make_member(firm.company)
    suspended = await make_member(firm.company, ADMIN.id, is_suspended=True)
    role = await make_role(firm.company, *STEWARD, Permission.PROJECT_CREATE)
    down = {"memberId": member_gid(firm.admin), "roleId": role_gid(MEMBER.id)}
    before = await again(firm.admin)
    assert await user_codes(desk, "changeMemberRole", down, by=firm.admin) == ["LAST_ADMINISTRATOR"]
    assert await user_codes(desk, "leaveCompany", {}, by=firm.admin) == ["LAST_ADMINISTRATOR"]
    assert await again(firm.admin) == before
    assert await acts(firm.company.id) == []
    assert await is_last_administrator(firm.company.id, firm.admin.id)
    # One whose role is the company's own is an administrator as well, if it holds both permissions.
    sideways = down | {"roleId": role_gid(role.id)}
    assert await user_codes(desk, "changeMemberRole", sideways, by=firm.admin) == []
    assert await is_last_administrator(firm.company.id, firm.admin.id)
    await User.set_suspended(suspended.id, is_suspended=False, now=firm.admin.created_at)
    assert not await is_last_administrator(firm.company.id, firm.admin.id)
    assert await user_codes(desk, "leaveCompany", {}, by=firm.admin) == []
    assert await is_outside(firm.admin)


@pytest.mark.parametrize("run", range(5))
async def test_of_administrators_who_leave_at_once_one_stays(desk: Desk, run: int) -> None:
    del run
    firm = await make_firm()
    others = [await make_member(firm.company, ADMIN.id) for _ in range(4)]
    answers = await asyncio.gather(
        *(user_codes(desk, "leaveCompany", {}, by=user) for user in (firm.admin, *others))
    )
    assert sorted(answers) == [[]] * 4 + [["LAST_ADMINISTRATOR"]]
    assert await administrators(firm) == 1


async def test_two_administrators_who_remove_each_other_leave_one(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        other = await make_member(firm.company, ADMIN.id)
        await asyncio.gather(
            desk.run(mutation("removeMember"), {"input": {"memberId": member_gid(other)}}, by=firm.admin.id),
            desk.run(
                mutation("changeMemberRole"),
                {"input": {"memberId": member_gid(firm.admin), "roleId": role_gid(MEMBER.id)}},
                by=other.id,
            ),
        )
        # Whoever came second was no administrator any more: judged by what holds in the transaction.
        assert await administrators(firm) == 1
        assert len(await acts(firm.company.id)) == 1


async def test_demotion_and_leaving_at_once_leave_one(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        other = await make_member(firm.company, ADMIN.id)
        down = {"memberId": member_gid(firm.admin), "roleId": role_gid(MEMBER.id)}
        answers = await asyncio.gather(
            user_codes(desk, "changeMemberRole", down, by=firm.admin),
            user_codes(desk, "leaveCompany", {}, by=other),
        )
        assert sorted(answers) == [[], ["LAST_ADMINISTRATOR"]]
        assert await administrators(firm) == 1


async def test_somebody_demoted_meanwhile_changes_nothing(desk: Desk) -> None:
    firm = await make_firm()
    other = await make_member(firm.company, ADMIN.id)
    context: Context = await desk.studio.context_of(other.id)
    await User.get_pymongo_collection().update_one({"_id": other.id}, {"$set": {"role_id": MEMBER.id}})
    given = {"memberId": member_gid(firm.admin), "roleId": role_gid(MEMBER.id)}
    result = await desk.schema.execute(mutation("changeMemberRole"), {"input": given}, context_value=context)
    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["FORBIDDEN"]
    assert (await again(firm.admin)).role_id == ADMIN.id


async def test_projects_of_a_removed_member_stay_with_an_heir(desk: Desk) -> None:
    firm = await make_firm()
    member, heir, third = [await make_member(firm.company) for _ in range(3)]
    company_id = firm.company.id
    own = await make_film(
        member.id, company_id=company_id, people={heir.id: ProjectRole.VIEWER}, folder_id=PydanticObjectId()
    )
    deleted = await make_film(member.id, company_id=company_id, deleted_at=firm.admin.created_at)
    private = await make_film(member.id)
    shared = await make_film(third.id, company_id=company_id, people={member.id: ProjectRole.EDITOR})
    outside = await make_film(third.id, people={member.id: ProjectRole.EDITOR})
    gone = await desk.change(
        "removeMember",
        {"memberId": member_gid(member), "newOwnerId": member_gid(heir)},
        "removedMemberId projects",
        by=firm.admin.id,
    )
    assert (gone["removedMemberId"], gone["projects"]) == (member_gid(member), 2)
    assert await is_outside(member)
    kept = await own.now()
    assert (kept.owner_id, kept.company_id, kept.collaborators, kept.folder_id) == (
        heir.id,
        company_id,
        [],
        None,
    )
    assert kept.revision == 1
    assert kept.outbox == []  # told at once
    assert (await deleted.now()).owner_id == heir.id
    assert (await private.now()).owner_id == member.id
    assert (await shared.now()).collaborators == []
    assert [each.user_id for each in (await outside.now()).collaborators] == [member.id]
    (entry,) = await AuditEntry.find({"company_id": company_id}).to_list()
    assert (entry.actor_id, entry.target_id) == (firm.admin.id, member.id)
    assert entry.details == {
        "role": "MEMBER",
        "projects": "KEEP",
        "owned": 2,
        "new_owner": str(heir.id),
    }
    for film in (own, shared):
        answer = await desk.run("query($id: ID!) { project(id: $id) { id } }", {"id": film.id}, by=member.id)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]


async def test_projects_of_a_removed_member_go_along_if_it_is_chosen(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    own = await make_film(member.id, company_id=firm.company.id)
    given = {"memberId": member_gid(member), "projects": "MOVE"}
    assert await user_codes(desk, "removeMember", given, by=firm.admin) == []
    moved = await own.now()
    assert (moved.owner_id, moved.company_id) == (member.id, None)
    answer = await desk.run("query($id: ID!) { project(id: $id) { id } }", {"id": own.id}, by=firm.admin.id)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]


async def test_who_leaves_leaves_the_projects_to_an_administrator(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    own = await make_film(member.id, company_id=firm.company.id)
    taking = await desk.change("leaveCompany", {"projects": "MOVE"}, by=member.id)
    assert [error["field"] for error in taking["userErrors"]] == ["input.projects"]
    left = await desk.change("leaveCompany", {}, "projects", by=member.id)
    assert left == {"projects": 1, "userErrors": []}
    assert (await own.now()).owner_id == firm.admin.id
    assert await forbidden(desk, "leaveCompany", {}, by=member) == ["NOT_FOUND"]
    assert await acts(firm.company.id) == ["MEMBER_LEFT"]


async def test_a_company_closed_for_want_of_a_second_factor_can_be_left(desk: Desk) -> None:
    firm = await make_firm(requires_second_factor=True)
    member = await make_member(firm.company)
    assert await user_codes(desk, "leaveCompany", {}, by=member) == []
    assert await is_outside(member)


async def test_one_does_not_remove_oneself(desk: Desk) -> None:
    firm = await make_firm()
    await make_member(firm.company, ADMIN.id)
    given = {"memberId": member_gid(firm.admin)}
    assert await user_codes(desk, "removeMember", given, by=firm.admin) == ["INVALID"]
    assert not await is_outside(firm.admin)


async def test_an_heir_who_leaves_at_the_same_time_inherits_nothing(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        member, heir = await make_member(firm.company), await make_member(firm.company)
        await make_film(member.id, company_id=firm.company.id)
        given = {"memberId": member_gid(member), "newOwnerId": member_gid(heir)}
        await asyncio.gather(
            user_codes(desk, "removeMember", given, by=firm.admin),
            user_codes(desk, "leaveCompany", {}, by=heir),
        )
        owners = [p.owner_id for p in await Project.find({"company_id": firm.company.id}).to_list()]
        assert heir.id not in owners
        assert len(owners) == 1


async def test_a_refusal_leaves_no_trace_at_all(desk: Desk) -> None:
    firm = await make_firm()

    async def refuse(governing: Governing) -> Outcome[None]:
        await governing.tell_access_changed([firm.admin.id], "NOTHING")
        down = {"$set": {"role_id": MEMBER.id}}
        await User.get_pymongo_collection().update_one(
            {"_id": firm.admin.id}, down, session=governing.session
        )
        refused: Outcome[None] = Outcome.refused(UserErrorCode.INVALID, "No.")
        return refused

    context = await desk.studio.context_of(firm.admin.id)
    outcome = await govern(context, firm.company.id, Permission.MEMBERS_MANAGE, refuse)
    assert outcome.user_errors
    assert await Company.get(firm.company.id) == firm.company
    assert await again(firm.admin) == firm.admin
    assert await Notice.find({"user_id": firm.admin.id}).count() == 0


async def test_an_api_key_gives_no_more_than_its_scopes(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    context = await desk.studio.context_of(firm.admin.id)
    assert context.viewer is not None
    scopes = COMPANY_ROLE_PERMISSIONS - {Permission.COMPANY_AUDIT_VIEW}
    context.viewer = replace(context.viewer, scopes=scopes)
    given = {"memberId": member_gid(member), "roleId": role_gid(ADMIN.id)}
    result = await desk.schema.execute(mutation("changeMemberRole"), {"input": given}, context_value=context)
    assert result.data is not None
    assert [error["code"] for error in result.data["changeMemberRole"]["userErrors"]] == ["INVALID"]
