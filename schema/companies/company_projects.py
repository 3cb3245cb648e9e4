"""Bringing projects into a company."""

import strawberry

import documents.projects.project as stored
from access.permissions import Permission
from resolvers.companies import company_projects
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.projects.project import Project

Info = strawberry.Info[Context, None]


@strawberry.input(description="The project to bring into the viewer's company.")
class MoveProjectToCompanyInput:
    """Unpacked by `CompanyProjectMutations.move_project_to_company`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project, one that you own.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The project's revision as the client knows it; null to go on anyhow."
    )


@strawberry.type(description="What came of bringing a project into the company.")
class MoveProjectToCompanyPayload(Payload):
    """Over `Outcome[Project]`."""

    project = result_field(
        Project, "The project as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type
class CompanyProjectMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=MoveProjectToCompanyPayload,
        description="Let a project of yours belong to your company, too. You stay its owner; who may see or "
        "do everything in the company's projects may in this one. `INVALID`: it is the company's already.",
        metadata={"cost": 10} | needs(Permission.PROJECT_DELETE),
    )
    async def move_project_to_company(
        self, info: Info, input: MoveProjectToCompanyInput
    ) -> Outcome[stored.Project]:
        """Bring in."""
        return await company_projects.bring_in(
            info.context,
            project_id(input.project_id, "input.projectId"),
            expected_revision=input.expected_revision,
        )
