"""Sharing a project with people, as clients see it."""

from typing import Any

import strawberry

import documents.projects.project as stored
import documents.projects.project_invitation as stored_invitation
from access.permissions import Permission
from documents.projects.project_role import ProjectRole
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import collaborators
from resolvers.projects.collaborators import FormerOwner, LeftProject, Shared
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.ids import project_id as project_key
from schema.projects.project import Project
from schema.projects.project_invitation import ProjectInvitation

Info = strawberry.Info[Context, None]
_PROJECT = "Id of the project."

describe(
    FormerOwner,
    "What becomes of the owner who gives a project away.",
    {
        FormerOwner.STAYS_EDITOR: "Goes on as an editor of it.",
        FormerOwner.LEAVES: "Is no collaborator of it any more.",
    },
)


@strawberry.input(description="Whom to share a project with.")
class AddCollaboratorInput:
    """Unpacked by `CollaboratorMutations.add_collaborator`."""

    project_id: strawberry.ID = strawberry.field(description=_PROJECT)
    email: str = strawberry.field(
        description="E-mail address of the person, at most 254 characters, with or without an account."
    )
    role: ProjectRole = strawberry.field(
        description="What the person may do: `EDITOR`, `COMMENTER` or `VIEWER`."
    )


@strawberry.input(description="Another role for a collaborator.")
class ChangeCollaboratorRoleInput:
    """Unpacked by `CollaboratorMutations.change_collaborator_role`."""

    project_id: strawberry.ID = strawberry.field(description=_PROJECT)
    user_id: strawberry.ID = strawberry.field(description="Id of the person.")
    role: ProjectRole = strawberry.field(
        description="What the person may do: `EDITOR`, `COMMENTER` or `VIEWER`."
    )


@strawberry.input(description="The collaborator to remove.")
class RemoveCollaboratorInput:
    """Unpacked by `CollaboratorMutations.remove_collaborator`."""

    project_id: strawberry.ID = strawberry.field(description=_PROJECT)
    user_id: strawberry.ID = strawberry.field(description="Id of the person.")


@strawberry.input(description="The project to leave.")
class LeaveProjectInput:
    """Unpacked by `CollaboratorMutations.leave_project`."""

    project_id: strawberry.ID = strawberry.field(description=_PROJECT)


@strawberry.input(description="The project to give away, and to whom.")
class TransferProjectInput:
    """Unpacked by `CollaboratorMutations.transfer_project`."""

    project_id: strawberry.ID = strawberry.field(description=_PROJECT)
    user_id: strawberry.ID = strawberry.field(
        description="Id of the new owner: a collaborator, or a member of the project's company."
    )
    former_owner: FormerOwner = strawberry.field(
        default=FormerOwner.STAYS_EDITOR, description="What becomes of who owned it."
    )


@strawberry.type(description="What came of sharing a project with an address.")
class AddCollaboratorPayload(Payload):
    """Over `Outcome[Shared]`."""

    @strawberry.field(
        graphql_type=Project | None, description="The project as it is now; null if it was refused."
    )
    def project(self, root: strawberry.Parent[Outcome[Shared]]) -> stored.Project | None:
        """The project."""
        return None if root.result is None else root.result.project

    @strawberry.field(
        graphql_type=ProjectInvitation | None,
        description="The invitation that was sent, where no account has proved to own the address; null "
        "where the person is a collaborator now.",
    )
    def invitation(
        self, root: strawberry.Parent[Outcome[Shared]]
    ) -> stored_invitation.ProjectInvitation | None:
        """The invitation."""
        return None if root.result is None else root.result.invitation


@strawberry.type(description="What came of giving a collaborator another role.")
class ChangeCollaboratorRolePayload(Payload):
    """Over `Outcome[Project]`."""

    project = result_field(Project, "The project as it is now; null if it was refused.")


@strawberry.type(description="What came of removing a collaborator.")
class RemoveCollaboratorPayload(Payload):
    """Over `Outcome[Project]`."""

    project = result_field(Project, "The project as it is now.")


@strawberry.type(description="What came of leaving a project.")
class LeaveProjectPayload(Payload):
    """Over `Outcome[LeftProject]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the project that was left; null if it was refused.",
    )
    def left_project_id(self, root: strawberry.Parent[Outcome[LeftProject]]) -> str | None:
        """The project."""
        return None if root.result is None else document_gid("Project", root.result.project_id)


@strawberry.type(description="What came of giving a project away.")
class TransferProjectPayload(Payload):
    """Over `Outcome[Project]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the project that has another owner now; null if it was refused. Whether the "
        "viewer still sees it depends on what became of the viewer.",
    )
    def project_id(self, root: strawberry.Parent[Outcome[Any]]) -> str | None:
        """The project."""
        return None if root.result is None else document_gid("Project", root.result.id)


@strawberry.type
class CollaboratorMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AddCollaboratorPayload,
        description="Share a project with somebody. A verified account of the address is a collaborator at "
        "once and is told; anybody else gets an invitation by mail. `TAKEN`: it is shared with the address "
        "already. `LIMIT_EXCEEDED`: it is shared with 100 people, invited ones included.",
        metadata={"cost": 5, **needs(Permission.PROJECT_SHARE)},
    )
    async def add_collaborator(self, info: Info, input: AddCollaboratorInput) -> Outcome[Shared]:
        """Share."""
        return await collaborators.add(
            info.context,
            project_key(input.project_id, "input.projectId"),
            email=input.email,
            role=input.role,
        )

    @strawberry.mutation(
        graphql_type=ChangeCollaboratorRolePayload,
        description="Give a collaborator another role, which counts from the person's next request on.",
        metadata=needs(Permission.PROJECT_SHARE),
    )
    async def change_collaborator_role(
        self, info: Info, input: ChangeCollaboratorRoleInput
    ) -> Outcome[stored.Project]:
        """Change a role."""
        return await collaborators.change_role(
            info.context,
            project_key(input.project_id, "input.projectId"),
            document_id(input.user_id, "User", "input.userId"),
            role=input.role,
        )

    @strawberry.mutation(
        graphql_type=RemoveCollaboratorPayload,
        description="Take a project away from a collaborator: with the person's next request, and from open "
        "subscriptions at once.",
        metadata=needs(Permission.PROJECT_SHARE),
    )
    async def remove_collaborator(
        self, info: Info, input: RemoveCollaboratorInput
    ) -> Outcome[stored.Project]:
        """Remove."""
        return await collaborators.remove(
            info.context,
            project_key(input.project_id, "input.projectId"),
            document_id(input.user_id, "User", "input.userId"),
        )

    @strawberry.mutation(
        graphql_type=LeaveProjectPayload,
        description="Stop being a collaborator of a project.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def leave_project(self, info: Info, input: LeaveProjectInput) -> Outcome[LeftProject]:
        """Leave."""
        return await collaborators.leave(info.context, project_key(input.project_id, "input.projectId"))

    @strawberry.mutation(
        graphql_type=TransferProjectPayload,
        description="Give a project to another owner, whose it is at once. It stays in its company and "
        "leaves its folder.",
        metadata=needs(Permission.PROJECT_DELETE),
    )
    async def transfer_project(self, info: Info, input: TransferProjectInput) -> Outcome[stored.Project]:
        """Give away."""
        return await collaborators.transfer(
            info.context,
            project_key(input.project_id, "input.projectId"),
            document_id(input.user_id, "User", "input.userId"),
            former=input.former_owner,
        )
