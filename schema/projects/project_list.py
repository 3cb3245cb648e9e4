"""Lists of projects, page by page."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import strawberry
from strawberry import relay
from strawberry.types.nodes import SelectedField, Selection

import documents.projects.project as stored
from access.permissions import Permission
from documents.projects.project import ProjectStatus
from documents.projects.project_list import ProjectFilter, ProjectOrder, ProjectScope
from resolvers.context import Context
from resolvers.projects import project_list
from resolvers.projects.project_list import Paging, ProjectPage
from schema.connection import page_info
from schema.enums import describe
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.paging_arguments import PageAfter, PageBefore, PageFirst, PageLast
from schema.projects.project import TREE_FIELDS, Project

Info = strawberry.Info[Context, None]

describe(
    ProjectScope,
    "Whose projects.",
    {
        ProjectScope.MINE: "Those that the viewer owns.",
        ProjectScope.COMPANY: "All of the viewer's company. Takes `COMPANY_PROJECTS_VIEW`.",
        ProjectScope.SHARED: "Those that others share with the viewer.",
    },
)
describe(
    ProjectOrder,
    "How projects are ordered.",
    {
        ProjectOrder.UPDATED_AT: "The last changed one first.",
        ProjectOrder.CREATED_AT: "The newest one first.",
        ProjectOrder.TITLE: "By title, letter by letter: capitals before small letters.",
    },
)


@strawberry.input(description="Which projects; all conditions hold.", name="ProjectFilter")
class ProjectFilterInput:
    """Turned into `documents.projects.project_list.ProjectFilter`."""

    status: ProjectStatus | None = strawberry.field(
        default=None, description="How far they have come; null for no matter how far."
    )
    is_archived: bool | None = strawberry.field(
        default=None, description="Whether they are put away; null for no matter whether."
    )
    is_deleted: bool = strawberry.field(
        default=False,
        description="Deleted ones that can still be restored, instead of the others; with `MINE` alone.",
    )
    tag: str | None = strawberry.field(default=None, description="A tag that they have, exactly.")
    folder_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the folder that they lie in."
    )


@strawberry.type(description="A project in a list.")
class ProjectEdge:
    """One member of a page."""

    def __init__(self, page: ProjectPage, node: stored.Project) -> None:
        self.page = page
        self.project = node

    @strawberry.field(graphql_type=Project, description="The project.")
    def node(self, root: strawberry.Parent["ProjectEdge"]) -> stored.Project:
        """The project."""
        return root.project

    @strawberry.field(description="Where it stands in the list, for `after` and `before`.")
    def cursor(self, root: strawberry.Parent["ProjectEdge"]) -> str:
        """Its place."""
        return root.page.cursor(root.project)


@strawberry.type(description="A page of a list of projects.")
class ProjectConnection:
    """Over `resolvers.projects.project_list.ProjectPage`."""

    @strawberry.field(graphql_type=list[ProjectEdge], description="The projects with their places.")
    def edges(self, root: strawberry.Parent[ProjectPage]) -> list[ProjectEdge]:
        """Project by project."""
        return [ProjectEdge(root, project) for project in root.projects]

    @strawberry.field(graphql_type=list[Project], description="The projects alone.")
    def nodes(self, root: strawberry.Parent[ProjectPage]) -> Sequence[stored.Project]:
        """Project by project."""
        return root.projects

    @strawberry.field(graphql_type=relay.PageInfo, description="Whether and where there is more.")
    def page_info(self, root: strawberry.Parent[ProjectPage]) -> relay.PageInfo:
        """What Relay needs to go on."""
        return page_info(root, root.projects, root.cursor)


def field_names(selections: Sequence[Selection]) -> Iterator[str]:
    """Names of all fields that are asked for, at any depth."""
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection.name
        yield from field_names(selection.selections)


@strawberry.type
class ProjectListQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=ProjectConnection,
        description="Projects of the viewer. What a page holds stays right however the list changes in "
        "between: it goes on from a place and not from a count.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def projects(
        self,
        info: Info,
        *,
        scope: Annotated[ProjectScope, strawberry.argument(description="Whose.")] = ProjectScope.MINE,
        filter: Annotated[
            ProjectFilterInput | None, strawberry.argument(description="Which of them; null for all.")
        ] = None,
        order_by: Annotated[
            ProjectOrder, strawberry.argument(description="In which order.")
        ] = ProjectOrder.UPDATED_AT,
        first: PageFirst = None,
        after: PageAfter = None,
        last: PageLast = None,
        before: PageBefore = None,
    ) -> ProjectPage:
        """A page; trees are loaded only where they are asked for."""
        wanted = filter or ProjectFilterInput()
        return await project_list.projects(
            info.context,
            scope=scope,
            wanted=ProjectFilter(
                status=wanted.status,
                is_archived=wanted.is_archived,
                is_deleted=wanted.is_deleted,
                tag=wanted.tag,
                folder_id=None
                if wanted.folder_id is None
                else document_id(wanted.folder_id, "Folder", "filter.folderId"),
            ),
            order=order_by,
            paging=Paging(first, after, last, before),
            with_trees=not TREE_FIELDS.isdisjoint(field_names(info.selected_fields)),
        )
