"""Whatever people do to a company at the same time, what must hold of it holds."""

import asyncio
import random
from typing import Any

import pytest

from access.built_in_roles import ADMIN, MEMBER
from access.company_roles import ADMINISTERS, OFFERED
from access.mail_tokens import LinkPurpose
from access.permissions import Permission
from documents.accounts.user import User
from documents.companies.company_invitation import CompanyInvitation
from documents.companies.role import USER_ROLE_ID, Role
from documents.invitation import InvitationState
from documents.projects.project import Project
from tests.schema.desk import Desk, make_film, mutation
from tests.schema.staff import Firm, acts, make_firm, make_member, make_role, make_user, member_gid, role_gid

STEWARD = (Permission.COMPANY_VIEW, *ADMINISTERS)
ROUNDS, AT_ONCE = 8, 10


class Turmoil:
    """A company of which everybody does something at once.

    Args:
        firm: the company.
        people: all who are, were or may become its members.
        roles: those that the company has defined.
    """

    def __init__(self, desk: Desk, firm: Firm, people: list[User], roles: list[Role], seed: int) -> None:
        self.desk = desk
        self.firm = firm
        self.people = people
        self.roles = roles
        self.dice = random.Random(seed)

    def somebody(self) -> User:
        return self.dice.choice(self.people)

    def a_role(self) -> str:
        return role_gid(self.dice.choice([ADMIN.id, MEMBER.id, *(role.id for role in self.roles)]))

    async def an_invitation(self) -> tuple[User, str]:
        """Somebody who is invited, and the token; anybody with no token where nobody is."""
        wanted = {"company_id": self.firm.company.id, "state": InvitationState.OPEN.value}
        found = await CompanyInvitation.find(wanted).to_list()
        if not found:
            return self.somebody(), ""
        chosen = self.dice.choice(found)
        token = self.desk.studio.services.mail_tokens.token(LinkPurpose.COMPANY_INVITATION, chosen.id)
        return next(user for user in self.people if user.email_key == chosen.email_key), token

    async def act(self) -> None:
        """Anybody does anything; most of it is refused."""
        invited, token = await self.an_invitation()
        permissions = self.dice.choice([["COMPANY_VIEW"], [each.value for each in STEWARD]])
        chosen = self.dice.choice(
            [
                ("leaveCompany", {}),
                ("removeMember", {"memberId": member_gid(self.somebody())}),
                ("changeMemberRole", {"memberId": member_gid(self.somebody()), "roleId": self.a_role()}),
                ("updateRole", {"roleId": self.a_role(), "permissions": permissions}),
                ("deleteRole", {"roleId": self.a_role()}),
                ("inviteMember", self._invitation()),
                ("acceptInvitation", {"token": token}),
                ("createProject", {"title": "Bees"}),
            ]
        )
        name, given = chosen
        actor = invited if name == "acceptInvitation" else self.somebody()
        answer: dict[str, Any] = await self.desk.run(mutation(name), {"input": given}, by=actor.id)
        codes = [error["extensions"]["code"] for error in answer["errors"]]
        assert not {"INTERNAL", "BAD_USER_INPUT"} & set(codes), (name, given, answer)

    def _invitation(self) -> dict[str, str]:
        return {"companyId": self.firm.id, "email": self.somebody().email, "roleId": self.a_role()}


async def check(turmoil: Turmoil) -> None:
    company_id = turmoil.firm.company.id
    roles = {role.id: role for role in await Role.find({"company_id": company_id}).to_list()}
    for built_in in OFFERED:
        found = await Role.get(built_in)
        assert found is not None
        roles[built_in] = found
    members = await User.find({"company_id": company_id}).to_list()
    administering = [
        user
        for user in members
        if {each.value for each in ADMINISTERS} <= set(roles[user.role_id].permissions)
    ]
    assert administering != []
    for user in turmoil.people:
        stored = await User.get(user.id)
        assert stored is not None
        assert (stored.company_id is None) == (stored.role_id == USER_ROLE_ID)
    owners = {project.owner_id for project in await Project.find({"company_id": company_id}).to_list()}
    assert owners <= {user.id for user in members}
    opened = await CompanyInvitation.find({"company_id": company_id, "state": "OPEN"}).to_list()
    assert {each.role_id for each in opened} <= roles.keys()
    assert len({each.email_key for each in opened}) == len(opened)


@pytest.mark.parametrize("seed", range(4))
async def test_a_company_in_turmoil_stays_in_order(desk: Desk, seed: int) -> None:
    firm = await make_firm()
    roles = [await make_role(firm.company, *STEWARD), await make_role(firm.company, Permission.COMPANY_VIEW)]
    people = [
        firm.admin,
        *[await make_member(firm.company, ADMIN.id) for _ in range(2)],
        await make_member(firm.company, roles[0].id),
        await make_member(firm.company),
        *[await make_user() for _ in range(2)],
    ]
    for user in people[:5]:
        await make_film(user.id, company_id=firm.company.id)
    turmoil = Turmoil(desk, firm, people, roles, seed)
    for _ in range(ROUNDS):
        await asyncio.gather(*(turmoil.act() for _ in range(AT_ONCE)))
        await check(turmoil)
    assert len(set(await acts(firm.company.id))) >= 3  # enough came through for the rest to mean something
