import asyncio
from datetime import UTC, datetime
from typing import Any

from access.built_in_roles import ADMIN, MEMBER, SUPERADMIN
from access.permissions import COMPANY_ROLE_PERMISSIONS, Permission
from documents.accounts.user import User
from documents.companies.company import Company
from schema.ids import document_gid
from tests.schema.desk import Desk
from tests.schema.staff import acts, again, is_outside, make_firm, make_member, make_role, make_user, names

COMPANY = "company { id name requiresSecondFactor revision members { nodes { email role { name } } } }"
OWN = """{ viewer { lacksSecondFactor permissions role { name isAdministrator }
  company { id name roles { name isBuiltIn } } } }"""


async def test_who_makes_a_company_administers_it(desk: Desk) -> None:
    user = await make_user()
    made = await desk.change("createCompany", {"name": " Acme "}, COMPANY, by=user.id)
    assert made["userErrors"] == []
    assert made["company"]["name"] == "Acme"
    # The same answer shows the company already, though the request came from outside of it.
    assert made["company"]["members"]["nodes"] == [{"email": user.email, "role": {"name": "ADMIN"}}]
    stored = await again(user)
    assert stored.company_id is not None
    assert (stored.role_id, document_gid("Company", stored.company_id)) == (ADMIN.id, made["company"]["id"])
    assert await acts(stored.company_id) == ["COMPANY_CREATED"]
    own = (await desk.ask(OWN, by=user.id))["viewer"]
    assert own["company"]["name"] == "Acme"
    assert own["role"] == {"name": "ADMIN", "isAdministrator": True}
    assert set(names(COMPANY_ROLE_PERMISSIONS)) <= set(own["permissions"])
    assert [role["name"] for role in own["company"]["roles"]] == ["ADMIN", "MEMBER"]


async def test_a_member_makes_no_second_company_however_closely_requests_race(desk: Desk) -> None:
    user = await make_user()
    before = await Company.count()
    answers = await asyncio.gather(
        *(desk.change("createCompany", {"name": f"Acme {n}"}, COMPANY, by=user.id) for n in range(5))
    )
    made = [answer["company"] for answer in answers if answer["company"]]
    assert len(made) == 1
    assert [error["code"] for answer in answers for error in answer["userErrors"]] == ["INVALID"] * 4
    assert await Company.count() == before + 1


async def test_who_runs_the_platform_makes_no_company(desk: Desk) -> None:
    user = await make_user(role_id=SUPERADMIN.id)
    answer = await desk.change("createCompany", {"name": "Acme"}, COMPANY, by=user.id)
    assert [error["code"] for error in answer["userErrors"]] == ["INVALID"]
    assert (await again(user)).role_id == SUPERADMIN.id


async def test_a_company_without_a_name_is_refused(desk: Desk) -> None:
    user = await make_user()
    for name in ("", "  ", "a\nb", "x" * 201):
        answer = await desk.change("createCompany", {"name": name}, COMPANY, by=user.id)
        assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("INVALID", "input.name")]
    assert await is_outside(user)


async def test_a_company_is_changed_by_who_may(desk: Desk) -> None:
    firm = await make_firm()
    changed = await desk.change(
        "updateCompany",
        {"companyId": firm.id, "name": "Nova", "expectedRevision": 0},
        COMPANY,
        by=firm.admin.id,
    )
    assert (changed["company"]["name"], changed["company"]["revision"]) == ("Nova", 1)
    stale = await desk.change(
        "updateCompany",
        {"companyId": firm.id, "name": "Late", "expectedRevision": 0},
        COMPANY,
        by=firm.admin.id,
    )
    assert [error["code"] for error in stale["userErrors"]] == ["REVISION_CONFLICT"]
    assert stale["company"]["name"] == "Nova"
    assert await acts(firm.company.id) == ["COMPANY_UPDATED"]
    nothing = await desk.change("updateCompany", {"companyId": firm.id}, by=firm.admin.id)
    assert [error["field"] for error in nothing["userErrors"]] == ["input"]


async def codes(desk: Desk, document: str, by: User, **variables: Any) -> list[str]:
    answer = await desk.run(document, variables, by=by.id)
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_others_do_not_see_a_company(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    update = "mutation($input: UpdateCompanyInput!) { updateCompany(input: $input) { userErrors { code } } }"
    read = "query($id: ID!) { company(id: $id) { name } }"
    node = "query($id: ID!) { node(id: $id) { id } }"
    member = await make_member(firm.company)
    assert await codes(desk, read, other.admin, id=firm.id) == ["NOT_FOUND"]
    assert await codes(desk, update, other.admin, input={"companyId": firm.id, "name": "x"}) == ["NOT_FOUND"]
    assert await codes(desk, update, member, input={"companyId": firm.id, "name": "x"}) == ["FORBIDDEN"]
    assert await codes(desk, read, await make_user(), id=firm.id) == ["FORBIDDEN"]
    assert (await desk.ask(node, by=other.admin.id, id=firm.id))["node"] is None
    assert (await desk.ask(node, by=member.id, id=firm.id))["node"] == {"id": firm.id}
    assert (await Company.get(firm.company.id)) == firm.company


async def test_a_second_factor_is_demanded_by_who_has_one(desk: Desk) -> None:
    firm = await make_firm()
    member = await make_member(firm.company)
    given = {"companyId": firm.id, "requiresSecondFactor": True}
    refused = await desk.change("updateCompany", given, COMPANY, by=firm.admin.id)
    assert [error["field"] for error in refused["userErrors"]] == ["input.requiresSecondFactor"]
    await User.get_pymongo_collection().update_one(
        {"_id": firm.admin.id}, {"$set": {"totp": {"confirmed_at": datetime.now(UTC)}}}
    )
    changed = await desk.change("updateCompany", given, COMPANY, by=firm.admin.id)
    assert changed["company"]["requiresSecondFactor"]
    own = (await desk.ask(OWN, by=member.id))["viewer"]
    assert (own["company"], own["lacksSecondFactor"]) == (None, True)
    assert await codes(desk, "query($id: ID!) { company(id: $id) { name } }", member, id=firm.id) == [
        "FORBIDDEN"
    ]


async def test_members_are_listed_by_name_and_found_by_its_words(desk: Desk) -> None:
    firm = await make_firm()
    other = await make_firm()
    for name in ("Émile", "anna", "Ana", "emil", "Zoë", "Ana"):
        await make_member(firm.company, name=name)
    await make_member(other.company, name="Ana of others")
    page = """query($id: ID!, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
      company(id: $id) {
        members(search: $search, first: $first, after: $after, last: $last, before: $before) {
          nodes { name } edges { cursor }
          pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } }"""

    async def read(**given: Any) -> tuple[list[str], dict[str, Any]]:
        found = (await desk.ask(page, by=firm.admin.id, id=firm.id, **given))["company"]["members"]
        return [each["name"] for each in found["nodes"]], found["pageInfo"]

    everybody, _ = await read()
    assert everybody == ["Ana", "Ana", "anna", "Boss", "emil", "Émile", "Zoë"]
    assert (await read(search="EMI"))[0] == ["emil", "Émile"]
    assert (await read(search="zoe"))[0] == ["Zoë"]
    assert (await read(search="nobody"))[0] == []
    anna = await make_member(firm.company, name="Anna Maria da Silva")
    assert (await read(search="SIL an"))[0] == ["Anna Maria da Silva"]
    assert (await read(search="an", first=2, last=None))[0] == ["Ana", "Ana"]
    assert (await read(search="maria anna silva x"))[0] == []
    await User.set_profile(anna.id, {"name": "Anna Costa"}, now=anna.created_at)
    assert (await read(search="silva"))[0] == []
    assert (await read(search="costa"))[0] == ["Anna Costa"]
    await User.find({"_id": anna.id}).delete()
    walked, after = [], None
    while True:
        found, info = await read(first=2, after=after)
        walked += found
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break
    assert walked == everybody
    last, info = await read(last=3)
    assert (last, info["hasPreviousPage"]) == (everybody[-3:], True)
    assert (await read(last=2, before=info["startCursor"]))[0] == everybody[2:4]


async def test_no_odd_search_or_cursor_is_a_defect(desk: Desk) -> None:
    firm = await make_firm()
    page = """query($id: ID!, $search: String, $after: String) {
      company(id: $id) { members(search: $search, after: $after) { nodes { name } } } }"""
    for given in ({"search": "a\x00b"}, {"search": "x" * 300}, {"after": "no"}, {"after": "WzEsMl0"}):
        assert await codes(desk, page, firm.admin, id=firm.id, **given) == ["BAD_USER_INPUT"]
    for search in ("", "$ne", ".*", "\U0010ffff"):
        answer = await desk.run(page, {"id": firm.id, "search": search}, by=firm.admin.id)
        assert "INTERNAL" not in str(answer["errors"])


async def test_members_and_roles_are_nodes_for_the_company_alone(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    role = await make_role(firm.company, Permission.COMPANY_VIEW)
    member = await make_member(firm.company, role.id)
    node = "query($id: ID!) { node(id: $id) { __typename id } }"
    for kind, oid in (("Member", member.id), ("Role", role.id)):
        gid = document_gid(kind, oid)
        assert (await desk.ask(node, by=firm.admin.id, id=gid))["node"] == {"__typename": kind, "id": gid}
        assert (await desk.ask(node, by=other.admin.id, id=gid))["node"] is None
        assert (await desk.ask(node, by=(await make_user()).id, id=gid))["node"] is None
    own = document_gid("Role", MEMBER.id)
    assert (await desk.ask(node, by=(await make_member(other.company)).id, id=own))["node"]


async def test_permissions_are_explained_to_everybody(desk: Desk) -> None:
    answer = await desk.run("{ permissions { permission level description } }", by=None)
    assert [each["permission"] for each in answer["data"]["permissions"]] == [p.value for p in Permission]
