"""What can be changed of a company's members, and leaving by oneself."""

import strawberry

from access.permissions import Permission
from resolvers.companies import members
from resolvers.companies.members import MemberGone, ProjectsOnLeaving
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.companies.member import Member
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id

Info = strawberry.Info[Context, None]

describe(
    ProjectsOnLeaving,
    "What becomes of the projects that somebody who goes owns in the company.",
    {
        ProjectsOnLeaving.KEEP: "They stay the company's and get another owner.",
        ProjectsOnLeaving.MOVE: "They go along with their owner and are no longer the company's.",
    },
)


@strawberry.input(description="A member and the role to give.")
class ChangeMemberRoleInput:
    """Unpacked by `MemberMutations.change_member_role`."""

    member_id: strawberry.ID = strawberry.field(description="Id of the member.")
    role_id: strawberry.ID = strawberry.field(description="Id of a role that the company gives (`roles`).")


@strawberry.input(description="The member to remove, and what becomes of the member's projects.")
class RemoveMemberInput:
    """Unpacked by `MemberMutations.remove_member`."""

    member_id: strawberry.ID = strawberry.field(description="Id of the member.")
    projects: ProjectsOnLeaving = strawberry.field(
        default=ProjectsOnLeaving.KEEP, description="What becomes of the projects that the member owns."
    )
    new_owner_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Id of the member who gets the projects that stay; null for yourself.",
    )


@strawberry.input(description="What becomes of the projects of who leaves.")
class LeaveCompanyInput:
    """Unpacked by `MemberMutations.leave_company`."""

    projects: ProjectsOnLeaving = strawberry.field(
        default=ProjectsOnLeaving.KEEP,
        description="What becomes of the projects that you own in the company. `MOVE` is for those alone who "
        "hold `COMPANY_PROJECTS_MANAGE`.",
    )
    new_owner_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Id of the member who gets the projects that stay; null for an administrator.",
    )


@strawberry.type(description="What came of changing a member's role.")
class ChangeMemberRolePayload(Payload):
    """Over `Outcome[Member]`."""

    member = result_field(Member, "The member as it is now; null if it was refused.")


@strawberry.type(description="What came of removing a member.")
class RemoveMemberPayload(Payload):
    """Over `Outcome[MemberGone]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the member who is gone; null if it was refused."
    )
    def removed_member_id(self, root: strawberry.Parent[Outcome[MemberGone]]) -> str | None:
        """The member's id."""
        return None if root.result is None else document_gid("Member", root.result.user_id)

    @strawberry.field(description="How many projects were kept or moved; null if it was refused.")
    def projects(self, root: strawberry.Parent[Outcome[MemberGone]]) -> int | None:
        """Their number."""
        return None if root.result is None else root.result.projects


@strawberry.type(description="What came of leaving the company.")
class LeaveCompanyPayload(Payload):
    """Over `Outcome[MemberGone]`."""

    @strawberry.field(description="How many projects were kept or moved; null if it was refused.")
    def projects(self, root: strawberry.Parent[Outcome[MemberGone]]) -> int | None:
        """Their number."""
        return None if root.result is None else root.result.projects


@strawberry.type
class MemberMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ChangeMemberRolePayload,
        description="Give a member another role; it counts from the member's next request on, and open "
        "subscriptions look again. Nobody gives or takes a role with more than one's own. "
        "`LAST_ADMINISTRATOR`: nobody would administer the company any more.",
        metadata={"cost": 10} | needs(Permission.MEMBERS_MANAGE),
    )
    async def change_member_role(self, info: Info, input: ChangeMemberRoleInput) -> Outcome[members.Member]:
        """Give a role."""
        return await members.change_role(
            info.context,
            document_id(input.member_id, "Member", "input.memberId"),
            document_id(input.role_id, "Role", "input.roleId"),
        )

    @strawberry.mutation(
        graphql_type=RemoveMemberPayload,
        description="Take a member out of the company: nothing of it is open to that person any more, and "
        "what others of it shared with the person is shared no longer. `LAST_ADMINISTRATOR`: nobody would "
        "administer the company any more.",
        metadata={"cost": 20} | needs(Permission.MEMBERS_MANAGE),
    )
    async def remove_member(self, info: Info, input: RemoveMemberInput) -> Outcome[MemberGone]:
        """Remove."""
        heir = input.new_owner_id
        return await members.remove(
            info.context,
            document_id(input.member_id, "Member", "input.memberId"),
            projects=input.projects,
            heir_id=None if heir is None else document_id(heir, "Member", "input.newOwnerId"),
        )

    @strawberry.mutation(
        graphql_type=LeaveCompanyPayload,
        description="Leave the company. `LAST_ADMINISTRATOR`: make another member an administrator first.",
        metadata={"cost": 20} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def leave_company(self, info: Info, input: LeaveCompanyInput) -> Outcome[MemberGone]:
        """Leave."""
        heir = input.new_owner_id
        return await members.leave(
            info.context,
            projects=input.projects,
            heir_id=None if heir is None else document_id(heir, "Member", "input.newOwnerId"),
        )
