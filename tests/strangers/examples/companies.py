"""Companies: members, roles, invitations."""

from beanie import PydanticObjectId

from access.built_in_roles import ADMIN
from access.permissions import Permission
from documents.role import Role
from schema.ids import document_gid
from tests.strangers.example import Example, NodeExample
from tests.strangers.world import World


async def furnish(world: World) -> None:
    curator = Role(
        name="Canary curator", permissions=[Permission.COMPANY_VIEW.value], company_id=world.company.id
    )
    world.documents["curator"] = await curator.insert()


def company(world: World) -> str:
    return document_gid("Company", world.company.id)


def role(world: World) -> str:
    return document_gid("Role", world.documents["curator"].id)


def member(world: World, name: str = "colleague") -> str:
    return document_gid("Member", world.people[name].user_id)


def built_in(role_id: PydanticObjectId) -> str:
    return document_gid("Role", role_id)


EXAMPLES = {
    "permissions": Example(is_harmless=True),
    "company": Example(lambda w: {"id": company(w)}),
    "roles": Example(lambda w: {"companyId": company(w)}),
    "createCompany": Example(lambda _: {"input": {"name": "Bees"}}, is_own=True, by="other"),
    "updateCompany": Example(lambda w: {"input": {"companyId": company(w), "name": "Stolen"}}),
    "createRole": Example(
        lambda _: {"input": {"name": "Thief", "permissions": ["COMPANY_VIEW"]}}, is_own=True, by="admin"
    ),
    "updateRole": Example(lambda w: {"input": {"roleId": role(w), "name": "Stolen"}}),
    "deleteRole": Example(lambda w: {"input": {"roleId": role(w)}}),
    "changeMemberRole": Example(
        lambda w: {"input": {"memberId": member(w), "roleId": built_in(ADMIN.id)}},
    ),
    "removeMember": Example(lambda w: {"input": {"memberId": member(w)}}),
    "leaveCompany": Example(lambda _: {"input": {}}, is_own=True),
}

NODES = {
    "Company": NodeExample(company, needs=Permission.COMPANY_VIEW),
    "Member": NodeExample(member, needs=Permission.COMPANY_VIEW),
    "Role": NodeExample(role, needs=Permission.COMPANY_VIEW),
}
