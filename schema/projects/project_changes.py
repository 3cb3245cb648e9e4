"""What can be changed of a project as a whole."""

from typing import Any

import strawberry

import documents.projects.project as stored
from access.permissions import Permission
from documents.projects.project import AssetReuse
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import projects
from resolvers.projects.projects import NewProject
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.inputs import given
from schema.projects.project import Project
from schema.tree.brief import BriefFields
from schema.tree.music import MusicInput
from schema.tree.style import StyleInput

Info = strawberry.Info[Context, None]
_OWN = ("title", "description", "tags")
_EXPECTED = "The project's revision as the client knows it; null to go on anyhow."


@strawberry.input(description="A new project: with a topic, with a finished text, or empty.")
class CreateProjectInput(BriefFields):
    """Unpacked by `ProjectMutations.create_project`."""

    title: str | None = strawberry.field(
        default=None, description="1 to 200 characters; null to take it from the topic or the text."
    )
    description: str = strawberry.field(default="", description="At most 5,000 characters.")
    tags: list[str] = strawberry.field(default_factory=list, description="At most 30, of 1 to 60 characters.")
    in_company: bool = strawberry.field(
        default=True,
        description="Whether a member's project is the company's, too: who may see or do everything in the "
        "company's projects may in this one. Means nothing outside of companies.",
    )
    style: StyleInput | None = strawberry.field(default=None, description="How it looks and sounds.")
    music: MusicInput | None = strawberry.field(default=None, description="Its background music.")


@strawberry.input(description="What to change of a project itself; what is left out stays.")
class UpdateProjectInput:
    """Unpacked by `ProjectMutations.update_project`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    title: str | None = strawberry.field(
        default=strawberry.UNSET, description="1 to 200 characters, one line."
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="At most 5,000 characters."
    )
    tags: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="At most 30, of 1 to 60 characters."
    )
    is_archived: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it is put away, out of the working lists."
    )
    asset_reuse: AssetReuse | None = strawberry.field(
        default=strawberry.UNSET, description="Whether what exists may be used again."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The project to delete.")
class DeleteProjectInput:
    """Unpacked by `ProjectMutations.delete_project`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The project to restore.")
class RestoreProjectInput:
    """Unpacked by `ProjectMutations.restore_project`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")


@strawberry.type
class _ProjectPayload(Payload):
    """What the payloads of changes of a project share."""

    project = result_field(
        Project, "The project as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type(description="What came of making a project.")
class CreateProjectPayload(_ProjectPayload):
    """Over `Outcome[Project]`."""


@strawberry.type(description="What came of changing a project.")
class UpdateProjectPayload(_ProjectPayload):
    """Over `Outcome[Project]`."""


@strawberry.type(description="What came of deleting a project.")
class DeleteProjectPayload(_ProjectPayload):
    """Over `Outcome[Project]`."""


@strawberry.type(description="What came of restoring a project.")
class RestoreProjectPayload(_ProjectPayload):
    """Over `Outcome[Project]`."""


@strawberry.type
class ProjectMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateProjectPayload,
        description="Make a project. Nothing is produced yet: `startProduction` does that, or scenes are "
        "written by hand.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def create_project(self, info: Info, input: CreateProjectInput) -> Outcome[stored.Project]:
        """Make."""
        return await projects.create(
            info.context,
            NewProject(
                own={name: getattr(input, name) for name in _OWN},
                brief=given(input, without=(*_OWN, "in_company", "style", "music")),
                style=_given_or_nothing(input.style),
                music=_given_or_nothing(input.music),
            ),
            in_company=input.in_company,
        )

    @strawberry.mutation(
        graphql_type=UpdateProjectPayload,
        description="Change title, description, tags, and whether the project is archived.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_project(self, info: Info, input: UpdateProjectInput) -> Outcome[stored.Project]:
        """Change."""
        return await projects.update(
            info.context,
            project_id(input.project_id, "input.projectId"),
            given(input, without=("project_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteProjectPayload,
        description="Take a project out of every list and end the work on it. `restoreProject` brings it "
        "back for 30 days; then it is removed with all its files.",
        metadata=needs(Permission.PROJECT_DELETE),
    )
    async def delete_project(self, info: Info, input: DeleteProjectInput) -> Outcome[stored.Project]:
        """Delete."""
        return await projects.delete(
            info.context,
            project_id(input.project_id, "input.projectId"),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=RestoreProjectPayload,
        description="Bring a deleted project back. `NOT_FOUND`: it is not deleted, or its 30 days are over.",
        metadata=needs(Permission.PROJECT_DELETE),
    )
    async def restore_project(self, info: Info, input: RestoreProjectInput) -> Outcome[stored.Project]:
        """Restore."""
        return await projects.restore(info.context, project_id(input.project_id, "input.projectId"))


def _given_or_nothing(input: StyleInput | MusicInput | None) -> dict[str, Any]:
    return {} if input is None else given(input)
