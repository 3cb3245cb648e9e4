"""Invitations to a project, as clients see them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.projects.project as stored_project
import documents.projects.project_invitation as stored
from access.permissions import Permission
from documents.invitation import InvitationState
from documents.projects.project_role import ProjectRole
from resolvers import people
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import project_invitations
from resolvers.projects.project_invitations import InvitedTo
from schema.companies import invitation as _invitation  # noqa: F401 - declares the enum
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs
from schema.ids import document_gid, document_id
from schema.person import Person
from schema.projects.project import Project

Info = strawberry.Info[Context, None]


@strawberry.type(description="An invitation to a project, sent to an e-mail address.")
class ProjectInvitation(relay.Node):
    """Read from `documents.projects.project_invitation.ProjectInvitation`."""

    id: relay.NodeID[str]
    email: str = strawberry.field(description="The address that was invited, as it was typed.")
    role: ProjectRole = strawberry.field(description="What it makes of whoever accepts it.")
    created_at: datetime = strawberry.field(description="When it was sent.")
    expires_at: datetime = strawberry.field(description="Until when it can be accepted: 14 days.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.ProjectInvitation]) -> str:
        """Kind and key."""
        return document_gid("ProjectInvitation", root.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the project.")
    def project_id(self, root: strawberry.Parent[stored.ProjectInvitation]) -> str:
        """Global id of the project."""
        return document_gid("Project", root.project_id)

    @strawberry.field(graphql_type=InvitationState, description="What has become of it.")
    def state(self, root: strawberry.Parent[stored.ProjectInvitation], info: Info) -> InvitationState:
        """By now."""
        return root.state_at(info.context.services.now())

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored invitations are shown as they are."""
        return isinstance(obj, stored.ProjectInvitation)


@strawberry.type(description="What an invitation to a project says to whoever got its mail.")
class ProjectInvitationLetter:
    """Over `resolvers.projects.project_invitations.InvitedTo`."""

    state: InvitationState = strawberry.field(description="What has become of it.")
    project: str = strawberry.field(
        description="Title of the project; empty once the invitation is over, or the project gone."
    )

    @strawberry.field(graphql_type=Person, description="Who sent it.")
    def inviter(self, root: strawberry.Parent[InvitedTo]) -> people.Person:
        """The sender."""
        return root.inviter

    @strawberry.field(description="The address that was invited: only its account can accept.")
    def email(self, root: strawberry.Parent[InvitedTo]) -> str:
        """The address."""
        return root.stored.email

    @strawberry.field(graphql_type=ProjectRole, description="What it makes of whoever accepts it.")
    def role(self, root: strawberry.Parent[InvitedTo]) -> ProjectRole:
        """The role."""
        return root.stored.role

    @strawberry.field(description="Until when it can be accepted.")
    def expires_at(self, root: strawberry.Parent[InvitedTo]) -> datetime:
        """Until when it is good."""
        return root.stored.expires_at


@strawberry.input(description="The invitation to take back.")
class RevokeProjectInvitationInput:
    """Unpacked by `ProjectInvitationMutations.revoke_project_invitation`."""

    invitation_id: strawberry.ID = strawberry.field(description="Id of the invitation.")


@strawberry.input(description="The invitation to accept.")
class AcceptProjectInvitationInput:
    """Unpacked by `ProjectInvitationMutations.accept_project_invitation`."""

    token: str = strawberry.field(description="The token in the mail's link.")


@strawberry.input(description="The invitation to decline.")
class DeclineProjectInvitationInput:
    """Unpacked by `ProjectInvitationMutations.decline_project_invitation`."""

    token: str = strawberry.field(description="The token in the mail's link.")


@strawberry.type(description="What came of taking an invitation back.")
class RevokeProjectInvitationPayload(Payload):
    """Over `Outcome[ProjectInvitation]`."""

    invitation = result_field(ProjectInvitation, "The invitation; null if it was over already.")


@strawberry.type(description="What came of accepting an invitation.")
class AcceptProjectInvitationPayload(Payload):
    """Over `Outcome[Project]`."""

    project = result_field(Project, "The project, shared with the viewer now; null if it was refused.")


@strawberry.type(description="What came of declining an invitation.")
class DeclineProjectInvitationPayload(Payload):
    """Over `Outcome[InvitedTo]`."""

    invitation = result_field(ProjectInvitationLetter, "The invitation; null if it was over already.")


@strawberry.type
class ProjectInvitationQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=list[ProjectInvitation],
        description="The open invitations to a project, the newest first, at most 100.",
        metadata={"cost": 5, **needs(Permission.PROJECT_SHARE)},
    )
    async def project_invitations(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
    ) -> Any:
        """The open ones."""
        key = document_id(project_id, "Project", "projectId")
        return await project_invitations.of_project(info.context, key)

    @strawberry.field(
        graphql_type=ProjectInvitationLetter,
        description="What an invitation says to whoever got its mail. `NOT_FOUND`: the token is none.",
        metadata={"cost": 5, **OPEN},
    )
    async def project_invitation(
        self,
        info: Info,
        token: Annotated[str, strawberry.argument(description="The token in the mail's link.")],
    ) -> InvitedTo:
        """Look at one."""
        return await project_invitations.by_token(info.context, token)


@strawberry.type
class ProjectInvitationMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=RevokeProjectInvitationPayload,
        description="Take an open invitation to a project back.",
        metadata=needs(Permission.PROJECT_SHARE),
    )
    async def revoke_project_invitation(
        self, info: Info, input: RevokeProjectInvitationInput
    ) -> Outcome[stored.ProjectInvitation]:
        """Revoke."""
        key = document_id(input.invitation_id, "ProjectInvitation", "input.invitationId")
        return await project_invitations.revoke(info.context, key)

    @strawberry.mutation(
        graphql_type=AcceptProjectInvitationPayload,
        description="Become a collaborator of a project. `INVALID`: the invitation is over, or was sent to "
        "another address than the viewer's.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def accept_project_invitation(
        self, info: Info, input: AcceptProjectInvitationInput
    ) -> Outcome[stored_project.Project]:
        """Accept."""
        return await project_invitations.accept(info.context, input.token)

    @strawberry.mutation(
        graphql_type=DeclineProjectInvitationPayload,
        description="Decline an invitation to a project; no account is needed for that.",
        metadata=OPEN,
    )
    async def decline_project_invitation(
        self, info: Info, input: DeclineProjectInvitationInput
    ) -> Outcome[InvitedTo]:
        """Decline."""
        return await project_invitations.decline(info.context, input.token)
