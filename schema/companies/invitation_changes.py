"""Inviting into a company, and answering."""

import strawberry

import documents.companies.company as stored_company
from access.permissions import Permission
from resolvers.companies import invitation_answers, invitations
from resolvers.companies.invitations import Invitation
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.companies.company import Company
from schema.companies.invitation import CompanyInvitation
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs
from schema.ids import document_id

Info = strawberry.Info[Context, None]
_TOKEN = "The token in the link of the mail."  # noqa: S105 - a description
_ID = "Id of the invitation, one of `viewer.invitations`, in the place of a token."


@strawberry.input(description="Whom to invite.")
class InviteMemberInput:
    """Unpacked by `InvitationMutations.invite_member`."""

    company_id: strawberry.ID = strawberry.field(description="Id of the company.")
    email: str = strawberry.field(
        description="E-mail address, at most 254 characters. Only its account can accept."
    )
    role_id: strawberry.ID = strawberry.field(
        description="Id of the role to give, one of `roles`, with no more than you hold yourself."
    )


@strawberry.input(description="The invitation to accept: named by `token` or by `invitationId`.")
class AcceptInvitationInput:
    """Unpacked by `InvitationMutations.accept_invitation`."""

    token: str | None = strawberry.field(default=None, description=_TOKEN)
    invitation_id: strawberry.ID | None = strawberry.field(default=None, description=_ID)


@strawberry.input(description="The invitation to decline: named by `token` or by `invitationId`.")
class DeclineInvitationInput:
    """Unpacked by `InvitationMutations.decline_invitation`."""

    token: str | None = strawberry.field(default=None, description=_TOKEN)
    invitation_id: strawberry.ID | None = strawberry.field(default=None, description=_ID)


@strawberry.input(description="The invitation to take back.")
class RevokeInvitationInput:
    """Unpacked by `InvitationMutations.revoke_invitation`."""

    invitation_id: strawberry.ID = strawberry.field(description="Id of the invitation.")


@strawberry.type(description="What came of inviting somebody.")
class InviteMemberPayload(Payload):
    """Over `Outcome[Invitation]`."""

    invitation = result_field(CompanyInvitation, "The invitation; null if it was refused.")


@strawberry.type(description="What came of accepting an invitation.")
class AcceptInvitationPayload(Payload):
    """Over `Outcome[Company]`."""

    company = result_field(Company, "The company that you belong to now; null if it was refused.")


@strawberry.type(description="What came of declining an invitation.")
class DeclineInvitationPayload(Payload):
    """Over `Outcome[Invitation]`."""

    invitation = result_field(CompanyInvitation, "The invitation; null if it was refused.")


@strawberry.type(description="What came of taking an invitation back.")
class RevokeInvitationPayload(Payload):
    """Over `Outcome[Invitation]`."""

    invitation = result_field(CompanyInvitation, "The invitation; null if it was refused.")


@strawberry.type
class InvitationMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=InviteMemberPayload,
        description="Invite somebody by mail to become a member; good for 14 days, and only as long as you "
        "could give the role. `TAKEN`: a member has the address, or an open invitation. Limited per user and "
        "per address.",
        metadata={"cost": 20} | needs(Permission.MEMBERS_MANAGE),
    )
    async def invite_member(self, info: Info, input: InviteMemberInput) -> Outcome[Invitation]:
        """Invite."""
        return await invitations.invite(
            info.context,
            document_id(input.company_id, "Company", "input.companyId"),
            email=input.email,
            role_id=document_id(input.role_id, "Role", "input.roleId"),
        )

    @strawberry.mutation(
        graphql_type=AcceptInvitationPayload,
        description="Become a member with the role of the invitation; it works once, for the account of the "
        "invited address. `INVALID`: it is over, for another address, or you belong to a company already.",
        metadata={"cost": 10} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def accept_invitation(
        self, info: Info, input: AcceptInvitationInput
    ) -> Outcome[stored_company.Company]:
        """Accept."""
        known = input.invitation_id
        return await invitation_answers.accept(
            info.context,
            token=input.token,
            invitation_id=None
            if known is None
            else document_id(known, "CompanyInvitation", "input.invitationId"),
        )

    @strawberry.mutation(
        graphql_type=DeclineInvitationPayload,
        description="Decline an invitation. With its token nobody has to be signed in.",
        metadata={"cost": 10, **OPEN},
    )
    async def decline_invitation(self, info: Info, input: DeclineInvitationInput) -> Outcome[Invitation]:
        """Decline."""
        known = input.invitation_id
        return await invitation_answers.decline(
            info.context,
            token=input.token,
            invitation_id=None
            if known is None
            else document_id(known, "CompanyInvitation", "input.invitationId"),
        )

    @strawberry.mutation(
        graphql_type=RevokeInvitationPayload,
        description="Take an open invitation back: its link works no longer.",
        metadata={"cost": 10} | needs(Permission.MEMBERS_MANAGE),
    )
    async def revoke_invitation(self, info: Info, input: RevokeInvitationInput) -> Outcome[Invitation]:
        """Revoke."""
        return await invitations.revoke(
            info.context, document_id(input.invitation_id, "CompanyInvitation", "input.invitationId")
        )
