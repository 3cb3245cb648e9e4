"""Shows and their episodes, as clients see them and list them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.projects.project as stored_project
import documents.writers_room.show as stored
from access.permissions import Permission
from documents.newest_first import Page
from documents.tree.style_preset import StylePreset
from resolvers.context import Context
from resolvers.projects.project_list import Paging
from resolvers.writers_room import shows
from resolvers.writers_room.shows import EpisodePage
from schema.connection import connection_of, page_info
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.newest_first import After, Before, First, Last, cursor, window
from schema.paging_arguments import PageAfter, PageBefore, PageFirst, PageLast
from schema.projects.project import Project
from schema.tree import style_preset as _style_preset  # noqa: F401 - describes the presets

Info = strawberry.Info[Context, None]


@strawberry.type(description="An episode in a list.")
class EpisodeEdge:
    """One member of a page."""

    def __init__(self, page: EpisodePage, node: stored_project.Project) -> None:
        self.page = page
        self.project = node

    @strawberry.field(graphql_type=Project, description="The episode.")
    def node(self, root: strawberry.Parent["EpisodeEdge"]) -> stored_project.Project:
        """The project."""
        return root.project

    @strawberry.field(description="Where it stands in the list, for `after` and `before`.")
    def cursor(self, root: strawberry.Parent["EpisodeEdge"]) -> str:
        """Its place."""
        return root.page.cursor(root.project)


@strawberry.type(description="A page of a show's episodes, by their numbers: those that the viewer sees.")
class EpisodeConnection:
    """Over `resolvers.writers_room.shows.EpisodePage`."""

    @strawberry.field(graphql_type=list[EpisodeEdge], description="The episodes with their places.")
    def edges(self, root: strawberry.Parent[EpisodePage]) -> list[EpisodeEdge]:
        """Episode by episode."""
        return [EpisodeEdge(root, project) for project in root.projects]

    @strawberry.field(graphql_type=list[Project], description="The episodes alone.")
    def nodes(self, root: strawberry.Parent[EpisodePage]) -> Sequence[stored_project.Project]:
        """Episode by episode."""
        return root.projects

    @strawberry.field(graphql_type=relay.PageInfo, description="Whether and where there is more.")
    def page_info(self, root: strawberry.Parent[EpisodePage]) -> relay.PageInfo:
        """The page's borders."""
        return page_info(root, root.projects, root.cursor)


@strawberry.type(description="A series of videos that look, sound and talk alike. Its episodes are projects.")
class Show(relay.Node):
    """Read from `documents.writers_room.show.Show`."""

    id: relay.NodeID[str]
    name: str = strawberry.field(description="1 to 200 characters.")
    description: str = strawberry.field(description="What it is about, at most 5,000 characters.")
    style_preset: StylePreset = strawberry.field(description="What its pictures look like.")
    visual_prompt: str = strawberry.field(
        description="Words for the pictures besides the preset's, at most 120 characters."
    )
    look: str = strawberry.field(
        description="All words for the pictures together: the `look` of a new episode's style."
    )
    speech_provider: str | None = strawberry.field(description="Who speaks; null for the usual provider.")
    voice: str | None = strawberry.field(description="The voice; null for the language's first.")
    language: str = strawberry.field(description="BCP 47 tag of the language that is spoken.")
    audience: str | None = strawberry.field(description="For whom it is.")
    culture: str | None = strawberry.field(description="Which culture it keeps to.")
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.Show]) -> str:
        """Kind and key."""
        return document_gid("Show", root.id)

    @strawberry.field(description="Whether it is the company's, and not the viewer's own.")
    def is_company(self, root: strawberry.Parent[stored.Show]) -> bool:
        """Whose it is."""
        return root.company_id is not None

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the persona that writes new episodes; null for none.",
    )
    def persona_id(self, root: strawberry.Parent[stored.Show]) -> str | None:
        """Global id of the persona."""
        return None if root.persona_id is None else document_gid("Persona", root.persona_id)

    @strawberry.field(
        graphql_type=EpisodeConnection,
        description="Its episodes by their numbers, as far as the viewer sees them.",
        metadata={"cost": 3},
    )
    async def episodes(
        self,
        root: strawberry.Parent[stored.Show],
        info: Info,
        *,
        first: PageFirst = None,
        after: PageAfter = None,
        last: PageLast = None,
        before: PageBefore = None,
    ) -> EpisodePage:
        """A page of them."""
        return await shows.episodes(info.context, root, Paging(first, after, last, before))

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored shows are shown as they are."""
        return isinstance(obj, stored.Show)


ShowConnection = connection_of(
    Show,
    "A page of shows, the newest first.",
    one="show",
    place=lambda each: cursor(each.created_at, each.id),
)


@strawberry.type
class ShowQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=ShowConnection,
        description="The viewer's own shows and the company's.",
        metadata={"cost": 2} | needs(Permission.ACCOUNT_VIEW),
    )
    async def shows(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Page[stored.Show]:
        """A page of them."""
        return await shows.listed(info.context, window(first, after, last, before))

    @strawberry.field(graphql_type=Show, description="One show.", metadata=needs(Permission.ACCOUNT_VIEW))
    async def show(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Id of the show.")]
    ) -> stored.Show:
        """The show."""
        return await shows.load(info.context, document_id(id, "Show", "id"))
