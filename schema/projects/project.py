"""A project: one video in the making."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import strawberry
from strawberry import relay

import documents.media.upload as stored_upload
import documents.projects.project as stored
import documents.tree.script as stored_script
import documents.tree.timeline as stored_timeline
import documents.writers_room.character as stored_character
from access.permissions import Permission
from documents.jobs.job import Job as StoredJob
from documents.jobs.render import Render as StoredRender
from documents.newest_first import Page
from documents.projects.project import AssetReuse, ProjectStatus
from documents.projects.project_role import ProjectRole
from documents.tree.lexicon import Pronunciation
from documents.tree.script_version import ScriptVersion
from resolvers import people
from resolvers.context import Context
from resolvers.jobs import jobs, renders
from resolvers.media import uploads
from resolvers.projects import collaborators, lengths, projects
from resolvers.projects.collaborators import SharedWith
from resolvers.tree import script as scripts
from resolvers.writers_room import characters
from schema.enums import describe
from schema.guarding.rules import needs
from schema.ids import document_gid
from schema.ids import project_id as project_key
from schema.media.upload import Upload
from schema.newest_first import After, Before, First, Last, window
from schema.person import Person
from schema.projects.budget import Budget
from schema.projects.length import Length
from schema.tree.brief import Brief
from schema.tree.lexicon import Lexicon
from schema.tree.music import Music
from schema.tree.publishing_texts import PublishingTexts
from schema.tree.script import Script
from schema.tree.script_version import ScriptVersionConnection
from schema.tree.style import Style
from schema.tree.timeline import Timeline
from schema.writers_room.character import Character

if TYPE_CHECKING:
    from schema.jobs.job import Job
    from schema.jobs.render import Render

Info = strawberry.Info[Context, None]

describe(
    ProjectStatus,
    "How far a project has come.",
    {
        ProjectStatus.DRAFT: "Nobody works on it but people.",
        ProjectStatus.PRODUCING: "A production makes what is missing.",
        ProjectStatus.PAUSED: "Its production is paused.",
        ProjectStatus.COMPLETED: "Its last production ended with a video.",
        ProjectStatus.FAILED: "Its last production failed.",
    },
)
describe(
    AssetReuse,
    "Whether what exists already may be used instead of made anew.",
    {
        AssetReuse.NEVER: "Each frame gets assets of its own.",
        AssetReuse.WITHIN_PROJECT: "What another frame was given for the same words may be used.",
        AssetReuse.WITHIN_LIBRARY: "What one has, or one's company has, for the same words may be used.",
    },
)
describe(
    ProjectRole,
    "What a person is to a project.",
    {
        ProjectRole.OWNER: "Whose it is: may do everything, sharing and deleting included.",
        ProjectRole.EDITOR: "May change it and make things.",
        ProjectRole.COMMENTER: "May see it and comment on it.",
        ProjectRole.VIEWER: "May see it.",
    },
)


@strawberry.type(description="A person who may see or change a project, besides its owner.")
class Collaborator:
    """Over `resolvers.projects.collaborators.SharedWith`."""

    role: ProjectRole = strawberry.field(description="What the person may do.")

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the person.")
    def user_id(self, root: strawberry.Parent[SharedWith]) -> str:
        """Global id of the user."""
        return document_gid("User", root.person.user_id)

    @strawberry.field(graphql_type=Person, description="The person.")
    def person(self, root: strawberry.Parent[SharedWith]) -> people.Person:
        """Who it is."""
        return root.person


def _reference(name: str, kind: str, description: str) -> Any:
    """A field that has the global id of a document that the project points at."""

    def reference(root: strawberry.Parent[stored.Project]) -> str | None:
        found = getattr(root, name)
        return None if found is None else document_gid(kind, found)

    return strawberry.field(resolver=reference, graphql_type=strawberry.ID | None, description=description)


@strawberry.type(description="One video in the making.")
class Project(relay.Node):
    """Read from `documents.projects.project.Project`.

    Script and timeline may not have been loaded with the rest; then they are now, once.
    """

    id: relay.NodeID[str]
    title: str = strawberry.field(description="1 to 200 characters.")
    description: str = strawberry.field(description="At most 5,000 characters.")
    tags: list[str] = strawberry.field(description="At most 30, of 1 to 60 characters.")
    status: ProjectStatus = strawberry.field(description="How far it has come.")
    is_archived: bool = strawberry.field(description="Whether it is put away, out of the working lists.")
    asset_reuse: AssetReuse = strawberry.field(description="Whether what exists may be used again.")
    episode_number: int | None = strawberry.field(description="Which episode of its show it is.")
    persona_version: int | None = strawberry.field(description="Version of the persona that writes it.")
    budget: Budget = strawberry.field(description="What it may cost and has cost at providers.")
    brief: Brief = strawberry.field(description="What it is about and for whom.")
    style: Style = strawberry.field(description="How it looks and sounds.")
    music: Music = strawberry.field(description="Its background music.")
    publishing: PublishingTexts = strawberry.field(description="Words that go with it to the platforms.")
    revision: int = strawberry.field(description="Raised with each change anywhere in the project.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When anything of it was last changed.")
    deleted_at: datetime | None = strawberry.field(
        description="When it was deleted; it can be restored for 30 days."
    )
    company_id = _reference("company_id", "Company", "Id of the company that it belongs to.")
    folder_id = _reference("folder_id", "Folder", "Id of the folder that it lies in.")
    show_id = _reference("show_id", "Show", "Id of the show that it is an episode of.")
    channel_id = _reference("channel_id", "Channel", "Id of the channel that it is made for.")
    persona_id = _reference("persona_id", "Persona", "Id of the persona that writes it.")
    translated_from_id = _reference(
        "translated_from", "Project", "Id of the project that it says in another language."
    )
    production_id = _reference(
        "production_id", "Job", "Id of the production that works on it now; null when none does."
    )
    latest_render_id = _reference("latest_render_id", "Render", "Id of its newest finished render.")

    @strawberry.field(
        graphql_type=list[Character],
        description="Those who appear in its scenes, each once, in the order of the scenes.",
        metadata={"cost": 5},
    )
    async def characters(
        self, root: strawberry.Parent[stored.Project], info: Info
    ) -> Sequence[stored_character.Character]:
        """Characters that scenes name."""
        return await characters.of_project(info.context, root)

    @strawberry.field(
        graphql_type=Annotated["Job", strawberry.lazy("schema.jobs.job")] | None,
        description="The production that works on it now; null when none does.",
        metadata={"cost": 5},
    )
    async def production(self, root: strawberry.Parent[stored.Project]) -> StoredJob | None:
        """The job that holds the project."""
        return await jobs.by_id(root.production_id)

    @strawberry.field(
        graphql_type=Annotated["Render", strawberry.lazy("schema.jobs.render")] | None,
        description="Its newest finished render; `renders` has the older ones.",
        metadata={"cost": 5},
    )
    async def latest_render(self, root: strawberry.Parent[stored.Project]) -> StoredRender | None:
        """The newest video."""
        return await renders.by_id(root.latest_render_id)

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.Project]) -> str:
        """Kind and key."""
        return document_gid("Project", root.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the user whose it is.")
    def owner_id(self, root: strawberry.Parent[stored.Project]) -> str:
        """Global id of the owner."""
        return document_gid("User", root.owner_id)

    @strawberry.field(
        graphql_type=list[Collaborator],
        description="Whom it is shared with, besides its owner, at most 100; none to guests.",
        metadata={"cost": 5},
    )
    async def collaborators(
        self, root: strawberry.Parent[stored.Project], info: Info
    ) -> Sequence[SharedWith]:
        """The collaborators."""
        return await collaborators.of_project(info.context, root)

    @strawberry.field(graphql_type=Lexicon, description="How words are said in it.")
    def lexicon(self, root: strawberry.Parent[stored.Project]) -> Pronunciation:
        """Its own entries."""
        return root.pronunciation

    @strawberry.field(graphql_type=ProjectRole, description="What the viewer is to it.")
    def viewer_role(self, root: strawberry.Parent[stored.Project], info: Info) -> ProjectRole:
        """The viewer's standing."""
        return projects.viewer_role(info.context, root)

    @strawberry.field(
        graphql_type=Length,
        description="How long its video is as things stand, and whether that fits the brief.",
        metadata={"cost": 5},
    )
    async def length(self, root: strawberry.Parent[stored.Project], info: Info) -> lengths.Length:
        """Its length."""
        whole, cast = await projects.with_cast(info.context, root)
        return await asyncio.to_thread(lengths.length_of, whole, cast)  # figures take a while to be read

    @strawberry.field(
        graphql_type=ScriptVersionConnection,
        description="Scripts that it had before, the one that was replaced last first; none to guests.",
        metadata={"cost": 5},
    )
    async def script_versions(
        self,
        root: strawberry.Parent[stored.Project],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[ScriptVersion]:
        """A page of them."""
        return await scripts.versions(info.context, root, window(first, after, last, before))

    @strawberry.field(graphql_type=Script, description="What it tells.", metadata={"cost": 5})
    async def script(self, root: strawberry.Parent[stored.Project], info: Info) -> stored_script.Script:
        """The story."""
        return (await projects.with_tree(info.context, root)).script

    @strawberry.field(
        graphql_type=Timeline | None, description="What it shows; null while that follows the script."
    )
    async def timeline(
        self, root: strawberry.Parent[stored.Project], info: Info
    ) -> stored_timeline.Timeline | None:
        """The arrangement, if there is one."""
        return (await projects.with_tree(info.context, root)).timeline

    @strawberry.field(
        graphql_type=list[Upload],
        description="Files on their way into it, and those that came: the newest 200, in the order "
        "of their coming.",
        metadata={"cost": 5},
    )
    async def uploads(self, root: strawberry.Parent[stored.Project]) -> Sequence[stored_upload.Upload]:
        """The uploads."""
        return await uploads.of_project(root)

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored projects are shown as they are."""
        return isinstance(obj, stored.Project)


TREE_FIELDS: Final = frozenset({"script", "timeline"})
"""Fields of `Project` that need its whole tree."""


@strawberry.type
class ProjectQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=Project,
        description="A project by its id. `NOT_FOUND`: the viewer may not see it.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def project(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
    ) -> stored.Project:
        """One project."""
        return await projects.project(info.context, project_key(id, "id"))
