"""Invitations into companies, as clients see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.accounts.user as stored_user
from documents.invitation import InvitationState
from resolvers.companies import invitations
from resolvers.companies.invitations import Invitation
from resolvers.context import Context
from schema.connection import connection_of
from schema.enums import describe
from schema.guarding.rules import OPEN
from schema.ids import document_gid
from schema.newest_first import cursor

Info = strawberry.Info[Context, None]

describe(
    InvitationState,
    "What has become of an invitation.",
    {
        InvitationState.OPEN: "It can be accepted.",
        InvitationState.ACCEPTED: "Whoever was invited came in.",
        InvitationState.DECLINED: "Whoever was invited said no.",
        InvitationState.REVOKED: "It was taken back.",
        InvitationState.EXPIRED: "Nobody answered within 14 days.",
    },
)


@strawberry.type(description="An invitation into a company, sent to an e-mail address.")
class CompanyInvitation(relay.Node):
    """Over `resolvers.companies.invitations.Invitation`."""

    id: relay.NodeID[str]
    state: InvitationState = strawberry.field(description="What has become of it.")
    company: str = strawberry.field(description="Name of the company.")
    role: str = strawberry.field(description="Name of the role that it gives; empty if the role is gone.")
    inviter: str = strawberry.field(description="Name of who sent it; empty if that account is gone.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[Invitation]) -> str:
        """Kind and key."""
        return document_gid("CompanyInvitation", root.stored.id)

    @strawberry.field(description="The address that was invited, as it was typed.")
    def email(self, root: strawberry.Parent[Invitation]) -> str:
        """The address."""
        return root.stored.email

    @strawberry.field(description="When it was sent.")
    def created_at(self, root: strawberry.Parent[Invitation]) -> datetime:
        """When it was sent."""
        return root.stored.created_at

    @strawberry.field(description="Until when it can be accepted: 14 days.")
    def expires_at(self, root: strawberry.Parent[Invitation]) -> datetime:
        """Until when it is good."""
        return root.stored.expires_at

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Invitations are shown with the names that they speak of."""
        return isinstance(obj, Invitation)


CompanyInvitationConnection = connection_of(
    CompanyInvitation,
    "A page of a company's open invitations.",
    one="invitation",
    place=lambda each: cursor(each.stored.created_at, each.stored.id),
)


@strawberry.type
class OwnInvitationFields:
    """What a user sees of invitations. A base of `User` for Python alone."""

    @strawberry.field(
        graphql_type=list[CompanyInvitation],
        description="Open invitations for the viewer's address, at most 20; none before the address is "
        "verified. Accept one by its id.",
        metadata={"cost": 10},
    )
    async def invitations(
        self, root: strawberry.Parent[stored_user.User], info: Info
    ) -> Sequence[Invitation]:
        """For the viewer."""
        return await invitations.of_viewer(info.context, root)


@strawberry.type
class InvitationQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=CompanyInvitation,
        description="The invitation into a company whose mail has this token; whoever has it may look, "
        "signed in or not. `NOT_FOUND`: the token is none.",
        metadata={"cost": 5, **OPEN},
    )
    async def invitation(
        self,
        info: Info,
        token: Annotated[str, strawberry.argument(description="The token in the link of the mail.")],
    ) -> Invitation:
        """By its token."""
        return await invitations.by_token(info.context, token)
