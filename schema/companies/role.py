"""Roles and permissions, as clients see them."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.companies.role as stored
from access.company_roles import administers
from access.permissions import ROLE_PERMISSIONS, Level, Permission
from resolvers.companies import roles
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema import permissions as _permissions  # noqa: F401 - declares the enums
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs
from schema.ids import document_gid, document_id
from schema.inputs import given

Info = strawberry.Info[Context, None]
_PERMISSIONS = (
    "What it holds: only what you hold yourself, of the levels `ROLE` and `COMPANY`. What is of the level "
    "`COMPANY` takes `COMPANY_VIEW` along with it."
)


def held(role: stored.Role) -> list[Permission]:
    """Permissions of a role that this version knows, in the order of their list."""
    return [
        permission
        for permission in Permission
        if permission in ROLE_PERMISSIONS and permission.value in role.permissions
    ]


@strawberry.type(description="A permission, explained.")
class PermissionInfo:
    """Over `access.permissions.Permission`."""

    level: Level = strawberry.field(description="Where it comes from.")
    description: str = strawberry.field(description="What it allows, in English.")

    @strawberry.field(graphql_type=Permission, description="The permission.")
    def permission(self, root: strawberry.Parent[Permission]) -> Permission:
        """Itself."""
        return root


@strawberry.type(
    description="A named set of permissions. Built-in roles are the same everywhere; companies define more."
)
class Role(relay.Node):
    """Read from `documents.companies.role.Role`."""

    id: relay.NodeID[str]
    name: str = strawberry.field(description="1 to 200 characters; unique within a company.")
    description: str = strawberry.field(description="What it is for, at most 5,000 characters.")
    is_built_in: bool = strawberry.field(description="Whether it is the same everywhere; nobody changes it.")
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.Role]) -> str:
        """Kind and key."""
        return document_gid("Role", root.id)

    @strawberry.field(graphql_type=list[Permission], description="What it holds.")
    def permissions(self, root: strawberry.Parent[stored.Role]) -> list[Permission]:
        """Those of this version."""
        return held(root)

    @strawberry.field(
        description="Whether it makes an administrator: it holds `MEMBERS_MANAGE` and `ROLES_MANAGE`. One "
        "member with such a role stays in every company."
    )
    def is_administrator(self, root: strawberry.Parent[stored.Role]) -> bool:
        """Whether it holds both."""
        return administers(held(root))

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored roles are shown as they are."""
        return isinstance(obj, stored.Role)


@strawberry.input(description="A new role of the viewer's company.")
class CreateRoleInput:
    """Unpacked by `RoleMutations.create_role`."""

    name: str = strawberry.field(
        description="One line, 1 to 200 characters; no other role of the company has it, in any letter case."
    )
    description: str = strawberry.field(default="", description="What it is for, at most 5,000 characters.")
    permissions: list[Permission] = strawberry.field(description=_PERMISSIONS)


@strawberry.input(description="What to change of a role; what is left out stays.")
class UpdateRoleInput:
    """Unpacked by `RoleMutations.update_role`."""

    role_id: strawberry.ID = strawberry.field(description="Id of the role, one of the company's own.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="One line, 1 to 200 characters; no other role of the company has it.",
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="At most 5,000 characters."
    )
    permissions: list[Permission] | None = strawberry.field(
        default=strawberry.UNSET, description=f"All that it holds from now on. {_PERMISSIONS}"
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The role's revision as the client knows it; null to go on anyhow."
    )


@strawberry.input(description="The role to delete.")
class DeleteRoleInput:
    """Unpacked by `RoleMutations.delete_role`."""

    role_id: strawberry.ID = strawberry.field(description="Id of the role, one of the company's own.")


@strawberry.type
class _RolePayload(Payload):
    """What the payloads of changes of a role share."""

    role = result_field(Role, "The role as it is now, also on a conflict; null if it was refused otherwise.")


@strawberry.type(description="What came of defining a role.")
class CreateRolePayload(_RolePayload):
    """Over `Outcome[Role]`."""


@strawberry.type(description="What came of changing a role.")
class UpdateRolePayload(_RolePayload):
    """Over `Outcome[Role]`."""


@strawberry.type(description="What came of deleting a role.")
class DeleteRolePayload(Payload):
    """Over `Outcome[Role]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the role that is gone; null if it is not."
    )
    def deleted_role_id(self, root: strawberry.Parent[Outcome[stored.Role]]) -> str | None:
        """Its id."""
        return None if root.result is None else document_gid("Role", root.result.id)


@strawberry.type
class RoleQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=list[PermissionInfo],
        description="Everything that can be allowed, explained: the same for everybody.",
        metadata=OPEN,
    )
    def permissions(self) -> Sequence[Permission]:
        """All permissions."""
        return list(Permission)

    @strawberry.field(
        graphql_type=list[Role],
        description="The roles that a company gives: the built-in ones first, then its own by name, at most "
        "102 in all.",
        metadata={"cost": 5} | needs(Permission.COMPANY_VIEW),
    )
    async def roles(
        self,
        info: Info,
        company_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the company.")],
    ) -> Sequence[stored.Role]:
        """A company's roles."""
        return await roles.of_company(info.context, document_id(company_id, "Company", "companyId"))


@strawberry.type
class RoleMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateRolePayload,
        description="Define a role of the viewer's company, at most 100. `TAKEN`: the name is in use. "
        "`INVALID`: it would hold what you do not hold yourself.",
        metadata={"cost": 10} | needs(Permission.ROLES_MANAGE),
    )
    async def create_role(self, info: Info, input: CreateRoleInput) -> Outcome[stored.Role]:
        """Define."""
        return await roles.create(
            info.context, name=input.name, description=input.description, permissions=input.permissions
        )

    @strawberry.mutation(
        graphql_type=UpdateRolePayload,
        description="Change a role; whoever has it may do what it says from the next request on. "
        "`LAST_ADMINISTRATOR`: nobody would administer the company any more. The error `FORBIDDEN`: the role "
        "is built in, or holds what you do not hold yourself.",
        metadata={"cost": 10} | needs(Permission.ROLES_MANAGE),
    )
    async def update_role(self, info: Info, input: UpdateRoleInput) -> Outcome[stored.Role]:
        """Change."""
        return await roles.update(
            info.context,
            document_id(input.role_id, "Role", "input.roleId"),
            given(input, without=("role_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteRolePayload,
        description="Delete a role that no member has and no open invitation gives; else `INVALID`.",
        metadata={"cost": 10} | needs(Permission.ROLES_MANAGE),
    )
    async def delete_role(self, info: Info, input: DeleteRoleInput) -> Outcome[stored.Role]:
        """Delete."""
        return await roles.delete(info.context, document_id(input.role_id, "Role", "input.roleId"))
