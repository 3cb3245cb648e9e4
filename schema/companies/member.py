"""Members of a company, as clients see them."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import relay

import documents.companies.role as stored_role
from resolvers.companies import members
from schema.companies.role import Role
from schema.connection import connection_of
from schema.ids import document_gid


@strawberry.type(description="A user as the others in the company see one.")
class Member(relay.Node):
    """Over `resolvers.companies.members.Member`."""

    id: relay.NodeID[str]

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[members.Member]) -> str:
        """Kind and the user's key."""
        return document_gid("Member", root.user.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the user, as other types name it.")
    def user_id(self, root: strawberry.Parent[members.Member]) -> str:
        """Global id of the user."""
        return document_gid("User", root.user.id)

    @strawberry.field(description="Name that others see, 1 to 200 characters.")
    def name(self, root: strawberry.Parent[members.Member]) -> str:
        """The user's name."""
        return root.user.name

    @strawberry.field(description="E-mail address, as its owner typed it.")
    def email(self, root: strawberry.Parent[members.Member]) -> str:
        """The user's address."""
        return root.user.email

    @strawberry.field(graphql_type=Role | None, description="What the member may do in the company.")
    def role(self, root: strawberry.Parent[members.Member]) -> stored_role.Role | None:
        """The member's role."""
        return root.role

    @strawberry.field(description="Since when; null where it was not written down.")
    def joined_at(self, root: strawberry.Parent[members.Member]) -> datetime | None:
        """When the member joined."""
        return root.user.company_joined_at

    @strawberry.field(description="Whether an operator of the platform has shut the account out.")
    def is_suspended(self, root: strawberry.Parent[members.Member]) -> bool:
        """Whether the account is shut out."""
        return root.user.is_suspended

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Members are shown as they are."""
        return isinstance(obj, members.Member)


MemberConnection = connection_of(Member, "A page of a company's members.", one="member", place=members.cursor)
