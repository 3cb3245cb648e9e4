import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from beanie import PydanticObjectId

from access.built_in_roles import ADMIN, MEMBER
from access.mail_tokens import LinkPurpose
from access.permissions import Permission
from documents.accounts.user import User
from documents.companies.company_invitation import CompanyInvitation
from documents.invitation import GOOD_FOR, InvitationState
from documents.jobs.job import Job, JobKind
from resolvers.companies import invitations
from schema.ids import document_gid
from tests.mailbox import Mailbox
from tests.schema.desk import Desk, mutation
from tests.schema.staff import (
    NOW,
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

SHOWN = "invitation { id state email company role inviter }"
LOOK = f"query($token: String!) {{ {SHOWN.replace('invitation', 'invitation(token: $token)', 1)} }}"


async def codes(desk: Desk, name: str, given: Mapping[str, Any], *, by: User | None) -> list[str]:
    """Codes of all that is wrong, whichever way it is told."""
    answer = await desk.run(mutation(name), {"input": given}, by=None if by is None else by.id)
    if answer["errors"]:
        return [error["extensions"]["code"] for error in answer["errors"]]
    return [error["code"] for error in answer["data"][name]["userErrors"]]


async def invited(
    desk: Desk,
    firm: Firm,
    email: str,
    *,
    role_id: PydanticObjectId = MEMBER.id,
    by: User | None = None,
) -> CompanyInvitation:
    given = {"companyId": firm.id, "email": email, "roleId": role_gid(role_id)}
    assert await codes(desk, "inviteMember", given, by=by or firm.admin) == []
    found = await CompanyInvitation.find({"company_id": firm.company.id}).sort("-_id").limit(1).to_list()
    return found[0]


def token(desk: Desk, invitation: CompanyInvitation) -> str:
    return desk.studio.services.mail_tokens.token(LinkPurpose.COMPANY_INVITATION, invitation.id)


async def state(invitation: CompanyInvitation) -> InvitationState:
    found = await CompanyInvitation.get(invitation.id)
    assert found is not None
    return found.state


async def test_an_invitation_goes_by_mail_and_makes_a_member(desk: Desk, mailbox: Mailbox) -> None:
    firm = await make_firm()
    key = f"ana.{PydanticObjectId()}@example.com"
    user = await make_user(email=key, email_key=key)
    typed = key.replace("ana", "Ana")
    made = await desk.change(
        "inviteMember",
        {"companyId": firm.id, "email": f" {typed} ", "roleId": role_gid(MEMBER.id)},
        SHOWN,
        by=firm.admin.id,
    )
    assert made["invitation"] | {"id": ""} == {
        "id": "",
        "state": "OPEN",
        "email": typed,
        "company": "Acme",
        "role": "MEMBER",
        "inviter": "Boss",
    }
    assert await mailbox.deliver(desk.studio) == 1
    link = mailbox.token_to(typed)
    shown = await desk.run(LOOK, {"token": link}, by=None)
    assert shown["data"]["invitation"] == made["invitation"]
    joined = await desk.change("acceptInvitation", {"token": link}, "company { id name }", by=user.id)
    assert joined["company"] == {"id": firm.id, "name": "Acme"}
    member = await again(user)
    assert (member.company_id, member.role_id) == (firm.company.id, MEMBER.id)
    assert member.company_joined_at is not None
    assert await acts(firm.company.id) == ["MEMBER_INVITED", "INVITATION_ACCEPTED"]
    shown = await desk.run(LOOK, {"token": link}, by=None)
    assert shown["data"]["invitation"]["state"] == "ACCEPTED"


async def test_the_same_click_twice_is_no_mistake(desk: Desk) -> None:
    firm = await make_firm()
    user = await make_user()
    given = {"token": token(desk, await invited(desk, firm, user.email))}
    answers = await asyncio.gather(*(codes(desk, "acceptInvitation", given, by=user) for _ in range(5)))
    assert answers == [[]] * 5
    assert (await acts(firm.company.id)).count("INVITATION_ACCEPTED") == 1


async def test_an_invitation_is_used_up(desk: Desk) -> None:
    firm = await make_firm()
    user = await make_user()
    given = {"token": token(desk, await invited(desk, firm, user.email))}
    assert await codes(desk, "acceptInvitation", given, by=user) == []
    assert await codes(desk, "leaveCompany", {}, by=user) == []
    assert await codes(desk, "acceptInvitation", given, by=user) == ["INVALID"]
    assert await is_outside(user)


async def test_of_two_companies_invitations_accepted_at_once_one_counts(desk: Desk) -> None:
    for _ in range(5):
        firms = [await make_firm(), await make_firm()]
        user = await make_user()
        given = [{"token": token(desk, await invited(desk, firm, user.email))} for firm in firms]
        answers = await asyncio.gather(*(codes(desk, "acceptInvitation", each, by=user) for each in given))
        assert sorted(answers) == [[], ["INVALID"]]
        left_open = [await CompanyInvitation.find({"company_id": f.company.id}).to_list() for f in firms]
        states = sorted(each.state.value for (each,) in left_open)
        assert states == ["ACCEPTED", "OPEN"]


async def test_accepted_or_revoked_and_never_both(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        user = await make_user()
        invitation = await invited(desk, firm, user.email)
        gid = document_gid("CompanyInvitation", invitation.id)
        accepted, revoked = await asyncio.gather(
            codes(desk, "acceptInvitation", {"token": token(desk, invitation)}, by=user),
            codes(desk, "revokeInvitation", {"invitationId": gid}, by=firm.admin),
        )
        assert sorted([accepted, revoked]) == [[], ["INVALID"]]
        assert (await is_outside(user)) == (revoked == [])
        assert await state(invitation) == (
            InvitationState.REVOKED if not revoked else InvitationState.ACCEPTED
        )


async def test_only_the_invited_address_can_accept(desk: Desk) -> None:
    firm = await make_firm()
    other = await make_user(email_verified_at=NOW)
    invitation = await invited(desk, firm, "somebody@example.com")
    gid = document_gid("CompanyInvitation", invitation.id)
    assert await codes(desk, "acceptInvitation", {"token": token(desk, invitation)}, by=other) == ["INVALID"]
    assert await codes(desk, "acceptInvitation", {"invitationId": gid}, by=other) == ["NOT_FOUND"]
    assert await codes(desk, "declineInvitation", {"invitationId": gid}, by=other) == ["NOT_FOUND"]
    assert await codes(desk, "declineInvitation", {"invitationId": gid}, by=None) == ["UNAUTHENTICATED"]
    tokens = desk.studio.services.mail_tokens
    for forged in (
        tokens.token(LinkPurpose.PROJECT_INVITATION, invitation.id),
        tokens.token(LinkPurpose.COMPANY_INVITATION, PydanticObjectId()),
        "fwm_no",
        "",
    ):
        assert await codes(desk, "acceptInvitation", {"token": forged}, by=other) == ["NOT_FOUND"]
        assert await codes(desk, "declineInvitation", {"token": forged}, by=None) == ["NOT_FOUND"]
        answer = await desk.run(LOOK, {"token": forged}, by=None)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    for given in ({}, {"token": "x", "invitationId": gid}):
        assert await codes(desk, "acceptInvitation", given, by=other) == ["INVALID"]
    assert await state(invitation) is InvitationState.OPEN
    assert await is_outside(other)


async def test_invitations_of_a_verified_address_are_shown_and_accepted_by_id(desk: Desk) -> None:
    firm = await make_firm()
    user, squatter = await make_user(email_verified_at=NOW), await make_user()
    mine = "{ viewer { invitations { id company } } }"
    for each in (user, squatter):
        await invited(desk, firm, each.email)
    assert (await desk.ask(mine, by=squatter.id))["viewer"]["invitations"] == []
    (shown,) = (await desk.ask(mine, by=user.id))["viewer"]["invitations"]
    assert shown["company"] == "Acme"
    assert await codes(desk, "acceptInvitation", {"invitationId": shown["id"]}, by=squatter) == ["NOT_FOUND"]
    assert await codes(desk, "acceptInvitation", {"invitationId": shown["id"]}, by=user) == []
    assert (await desk.ask(mine, by=user.id))["viewer"]["invitations"] == []


async def test_who_cannot_give_the_role_any_more_has_invited_nobody(desk: Desk) -> None:
    firm = await make_firm()
    inviters = [await make_member(firm.company, ADMIN.id) for _ in range(4)]
    demoted, removed, suspended, fine = inviters
    users = [await make_user() for _ in inviters]
    made = [
        await invited(desk, firm, user.email, role_id=ADMIN.id, by=inviter)
        for inviter, user in zip(inviters, users, strict=True)
    ]
    down = {"memberId": member_gid(demoted), "roleId": role_gid(MEMBER.id)}
    assert await codes(desk, "changeMemberRole", down, by=firm.admin) == []
    assert await codes(desk, "removeMember", {"memberId": member_gid(removed)}, by=firm.admin) == []
    await User.set_suspended(suspended.id, is_suspended=True, now=NOW)
    answers = [
        await codes(desk, "acceptInvitation", {"token": token(desk, invitation)}, by=user)
        for invitation, user in zip(made, users, strict=True)
    ]
    assert answers == [["INVALID"]] * 3 + [[]]
    assert await state(made[1]) is InvitationState.REVOKED
    assert (await again(users[3])).role_id == ADMIN.id
    assert fine.id != users[3].id


async def test_an_expired_invitation_is_over_and_can_be_sent_anew(desk: Desk) -> None:
    firm = await make_firm()
    user = await make_user()
    invitation = await invited(desk, firm, user.email)
    past = NOW - GOOD_FOR - timedelta(days=1)
    await CompanyInvitation.get_pymongo_collection().update_one(
        {"_id": invitation.id},
        {"$set": {"created_at": past, "expires_at": past + GOOD_FOR}},
    )
    link = token(desk, invitation)
    assert await codes(desk, "acceptInvitation", {"token": link}, by=user) == ["INVALID"]
    assert await codes(desk, "declineInvitation", {"token": link}, by=None) == ["INVALID"]
    shown = await desk.run(LOOK, {"token": link}, by=None)
    assert shown["data"]["invitation"]["state"] == "EXPIRED"
    second = await invited(desk, firm, user.email)
    assert await codes(desk, "acceptInvitation", {"token": token(desk, second)}, by=user) == []


async def test_an_address_is_invited_once_in_whatever_letter_case(desk: Desk) -> None:
    firm = await make_firm()
    email = f"{PydanticObjectId()}@example.com"
    role = role_gid(MEMBER.id)
    sent = [{"companyId": firm.id, "email": each, "roleId": role} for each in (email, email.upper(), email)]
    answers = await asyncio.gather(*(codes(desk, "inviteMember", each, by=firm.admin) for each in sent))
    assert sorted(answers) == [[], ["TAKEN"], ["TAKEN"]]
    member = sent[0] | {"email": firm.admin.email.upper()}
    assert await codes(desk, "inviteMember", member, by=firm.admin) == ["TAKEN"]
    assert await Job.find({"kind": JobKind.MAIL, "owner_id": firm.admin.id}).count() == 1
    assert await acts(firm.company.id) == ["MEMBER_INVITED"]


async def test_bad_invitations_are_refused(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    foreign = await make_role(other.company, Permission.COMPANY_VIEW)
    manager_role = await make_role(firm.company, Permission.COMPANY_VIEW, Permission.MEMBERS_MANAGE)
    manager, member = await make_member(firm.company, manager_role.id), await make_member(firm.company)
    good = {"companyId": firm.id, "email": "bee@example.com", "roleId": role_gid(MEMBER.id)}
    for email in ("", "no", "a\x00b@example.com", "b\u0435e@example.com", "x" * 300):
        assert await codes(desk, "inviteMember", good | {"email": email}, by=firm.admin) == ["INVALID"]
    assert await codes(desk, "inviteMember", good | {"roleId": role_gid(foreign.id)}, by=firm.admin) == [
        "NOT_FOUND"
    ]
    assert await codes(desk, "inviteMember", good, by=manager) == ["INVALID"]
    assert await codes(desk, "inviteMember", good, by=member) == ["FORBIDDEN"]
    assert await codes(desk, "inviteMember", good, by=other.admin) == ["NOT_FOUND"]
    assert await CompanyInvitation.find({"company_id": firm.company.id}).count() == 0
    assert await acts(firm.company.id) == []


async def test_who_declines_needs_no_account(desk: Desk) -> None:
    firm = await make_firm()
    invitation = await invited(desk, firm, f"{PydanticObjectId()}@example.com")
    link = {"token": token(desk, invitation)}
    assert await codes(desk, "declineInvitation", link, by=None) == []
    assert await codes(desk, "declineInvitation", link, by=None) == ["INVALID"]
    assert await acts(firm.company.id) == ["MEMBER_INVITED", "INVITATION_DECLINED"]


async def test_members_managers_list_open_invitations(desk: Desk, monkeypatch: Any) -> None:
    firm, other = await make_firm(), await make_firm()
    for number in range(3):
        await invited(desk, firm, f"bee{number}@example.com")
    foreign = await invited(desk, other, "bee0@example.com")
    listed = """query($id: ID!, $after: String) { company(id: $id) { invitations(first: 2, after: $after) {
      nodes { id email role inviter state } pageInfo { hasNextPage endCursor } } } }"""
    page = (await desk.ask(listed, by=firm.admin.id, id=firm.id))["company"]["invitations"]
    assert [each["email"] for each in page["nodes"]] == ["bee2@example.com", "bee1@example.com"]
    after = page["pageInfo"]["endCursor"]
    rest = (await desk.ask(listed, by=firm.admin.id, id=firm.id, after=after))["company"]["invitations"]
    assert [(each["email"], each["role"], each["inviter"]) for each in rest["nodes"]] == [
        ("bee0@example.com", "MEMBER", "Boss")
    ]
    member = await make_member(firm.company)
    assert (await desk.ask(listed, by=member.id, id=firm.id))["company"]["invitations"] is None
    gid = document_gid("CompanyInvitation", foreign.id)
    assert await codes(desk, "revokeInvitation", {"invitationId": gid}, by=firm.admin) == ["NOT_FOUND"]
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await desk.ask(node, by=firm.admin.id, id=gid))["node"] is None
    assert (await desk.ask(node, by=other.admin.id, id=gid))["node"] == {"id": gid}
    monkeypatch.setattr(invitations, "OPEN_PER_COMPANY", 3)
    given = {"companyId": firm.id, "email": "late@example.com", "roleId": role_gid(MEMBER.id)}
    assert await codes(desk, "inviteMember", given, by=firm.admin) == ["LIMIT_EXCEEDED"]


async def test_a_role_that_an_open_invitation_gives_is_not_deleted(desk: Desk) -> None:
    firm = await make_firm()
    role = await make_role(firm.company, Permission.COMPANY_VIEW)
    invitation = await invited(desk, firm, "bee@example.com", role_id=role.id)
    given = {"roleId": role_gid(role.id)}
    assert await codes(desk, "deleteRole", given, by=firm.admin) == ["INVALID"]
    gid = document_gid("CompanyInvitation", invitation.id)
    assert await codes(desk, "revokeInvitation", {"invitationId": gid}, by=firm.admin) == []
    assert await codes(desk, "deleteRole", given, by=firm.admin) == []


async def test_a_role_raised_while_its_invitation_is_accepted_is_given_as_it_is(desk: Desk) -> None:
    for _ in range(5):
        firm = await make_firm()
        steward = await make_role(firm.company, Permission.COMPANY_VIEW, Permission.MEMBERS_MANAGE)
        role = await make_role(firm.company, Permission.COMPANY_VIEW)
        inviter, user = await make_member(firm.company, steward.id), await make_user()
        invitation = await invited(desk, firm, user.email, role_id=role.id, by=inviter)
        more = {"roleId": role_gid(role.id), "permissions": ["COMPANY_VIEW", "ASSETS_MANAGE"]}
        accepted, raised = await asyncio.gather(
            codes(desk, "acceptInvitation", {"token": token(desk, invitation)}, by=user),
            codes(desk, "updateRole", more, by=firm.admin),
        )
        assert raised == []
        # Once the role holds more than the inviter, the inviter's word gives it no more.
        trail = await acts(firm.company.id)
        came_first = trail == ["MEMBER_INVITED", "INVITATION_ACCEPTED", "ROLE_UPDATED"]
        assert accepted == ([] if came_first else ["INVALID"])
        assert await is_outside(user) != came_first


async def test_a_member_who_is_somewhere_already_joins_no_other_company(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    member = await make_member(other.company)
    invitation = await invited(desk, firm, member.email)
    assert await codes(desk, "acceptInvitation", {"token": token(desk, invitation)}, by=member) == ["INVALID"]
    assert await state(invitation) is InvitationState.OPEN
    assert (await again(member)).company_id == other.company.id
