"""Companies: members, roles, invitations."""

from beanie import PydanticObjectId

from access.built_in_roles import ADMIN, MEMBER
from access.mail_tokens import LinkPurpose
from access.permissions import Permission
from documents.companies.company_invitation import CompanyInvitation
from documents.companies.role import Role
from documents.invitation import GOOD_FOR
from schema.ids import document_gid
from tests.strangers.example import Example, NodeExample
from tests.strangers.examples.film import make_project
from tests.strangers.world import World


async def furnish(world: World) -> None:
    curator = Role(
        name="Canary curator", permissions=[Permission.COMPANY_VIEW.value], company_id=world.company.id
    )
    world.documents["curator"] = await curator.insert()
    now = world.studio.services.now()
    invited = CompanyInvitation(
        company_id=world.company.id,
        email=world.people["invited"].email,
        email_key=world.people["invited"].email,
        role_id=MEMBER.id,
        invited_by=world.people["admin"].user_id,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    private = make_project(world)
    private.company_id = None
    world.documents["private"] = await private.insert()
    world.documents["company invitation"] = await invited.insert()


def company(world: World) -> str:
    return document_gid("Company", world.company.id)


def role(world: World) -> str:
    return document_gid("Role", world.documents["curator"].id)


def member(world: World, name: str = "colleague") -> str:
    return document_gid("Member", world.people[name].user_id)


def built_in(role_id: PydanticObjectId) -> str:
    return document_gid("Role", role_id)


def invitation(world: World) -> str:
    return document_gid("CompanyInvitation", world.documents["company invitation"].id)


def invitation_token(world: World) -> str:
    tokens = world.studio.services.mail_tokens
    return tokens.token(LinkPurpose.COMPANY_INVITATION, world.documents["company invitation"].id)


def other_token(world: World) -> str:
    """Good for something else."""
    tokens = world.studio.services.mail_tokens
    return tokens.token(LinkPurpose.PROJECT_INVITATION, world.documents["company invitation"].id)


def private(world: World) -> str:
    return document_gid("Project", world.documents["private"].id)


EXAMPLES = {
    "moveProjectToCompany": Example(
        lambda w: {"input": {"projectId": private(w)}},
        refusals=dict.fromkeys(("admin", "colleague", "guest viewer", "guest commenter"), "NOT_FOUND"),
    ),
    "permissions": Example(is_harmless=True),
    "company": Example(lambda w: {"id": company(w)}),
    "roles": Example(lambda w: {"companyId": company(w)}),
    "createCompany": Example(lambda _: {"input": {"name": "Bees"}}, is_own=True, by="other"),
    "updateCompany": Example(lambda w: {"input": {"companyId": company(w), "name": "Stolen"}}),
    "updateCompanyLexicon": Example(
        lambda w: {"input": {"companyId": company(w), "entries": [{"written": "Wu", "spoken": "Stolen"}]}}
    ),
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
    "invitation": Example(
        lambda w: {"token": invitation_token(w)}, by="anonymous", forged=lambda w: {"token": other_token(w)}
    ),
    "inviteMember": Example(
        lambda w: {
            "input": {
                "companyId": company(w),
                "email": "guest@canary.example",
                "roleId": built_in(MEMBER.id),
            }
        }
    ),
    "acceptInvitation": Example(lambda w: {"input": {"invitationId": invitation(w)}}, by="invited"),
    "declineInvitation": Example(
        lambda w: {"input": {"token": invitation_token(w)}},
        by="anonymous",
        forged=lambda w: {"input": {"token": other_token(w)}},
    ),
    "revokeInvitation": Example(lambda w: {"input": {"invitationId": invitation(w)}}),
}

NODES = {
    "Company": NodeExample(company, needs=Permission.COMPANY_VIEW),
    "Member": NodeExample(member, needs=Permission.COMPANY_VIEW),
    "CompanyInvitation": NodeExample(invitation, needs=Permission.MEMBERS_MANAGE),
    "Role": NodeExample(role, needs=Permission.COMPANY_VIEW),
}
