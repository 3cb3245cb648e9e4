"""The library: what was made and sent before, found by its words and used again."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.media.library_entry as stored
from access.permissions import Permission
from documents.media.library_entry import LibraryKind
from documents.newest_first import Page
from resolvers.context import Context
from resolvers.media import library
from schema.connection import connection_of
from schema.enums import describe
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id, tree_gid
from schema.newest_first import After, Before, First, Last, cursor, window
from schema.tree.media import Provenance, StoredFile

Info = strawberry.Info[Context, None]


class LibraryScope(StrEnum):
    """Values of the argument `scope`."""

    MINE = "MINE"
    COMPANY = "COMPANY"


describe(
    LibraryKind,
    "What an entry of the library is.",
    {
        LibraryKind.IMAGE: "A picture.",
        LibraryKind.CLIP: "A moving picture.",
        LibraryKind.VOICEOVER: "A voice.",
        LibraryKind.MUSIC: "Music.",
        LibraryKind.SOUND_EFFECT: "A sound.",
    },
)
describe(
    LibraryScope,
    "Whose library is looked through.",
    {
        LibraryScope.MINE: "What is in the viewer's own projects.",
        LibraryScope.COMPANY: "What is in the projects of the viewer's company.",
    },
)


@strawberry.type(
    description="A picture, clip, voice, music or sound of a project. It stands as long as its file does: it "
    "goes some time after nothing of the project holds the file any more, and with the project."
)
class LibraryEntry(relay.Node):
    """Read from `documents.media.library_entry.LibraryEntry`."""

    id: relay.NodeID[str]
    kind: LibraryKind = strawberry.field(description="What it is.")
    text: str = strawberry.field(
        description="What it shows or says: narration, prompt, titles of scene and project, a line each."
    )
    tags: list[str] = strawberry.field(description="People's own; at most 30, of 1 to 60 characters.")
    file: StoredFile = strawberry.field(description="The file.")
    width: int = strawberry.field(description="In pixels; 0 for a sound.")
    height: int = strawberry.field(description="In pixels; 0 for a sound.")
    duration_s: float = strawberry.field(description="In seconds; 0 for a picture.")
    provenance: Provenance = strawberry.field(description="Where it came from.")
    use_count: int = strawberry.field(description="How often it was used again.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used again.")
    created_at: datetime = strawberry.field(description="When it was made or sent.")
    revision: int = strawberry.field(description="Raised with each change of its tags.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.LibraryEntry]) -> str:
        """Kind and key."""
        return document_gid("LibraryEntry", root.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the project that it is in.")
    def project_id(self, root: strawberry.Parent[stored.LibraryEntry]) -> str:
        """Global id of the project."""
        return document_gid("Project", root.project_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of its scene, which may be gone; null for music."
    )
    def scene_id(self, root: strawberry.Parent[stored.LibraryEntry]) -> str | None:
        """Global id of the scene."""
        return None if root.scene_id is None else tree_gid("Scene", root.project_id, root.scene_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of its frame, which may be gone; null for clips and music.",
    )
    def frame_id(self, root: strawberry.Parent[stored.LibraryEntry]) -> str | None:
        """Global id of the frame."""
        return None if root.frame_id is None else tree_gid("Frame", root.project_id, root.frame_id)

    @strawberry.field(
        graphql_type=list[Annotated["LibraryEntry", strawberry.lazy("schema.media.library")]],
        description="Other entries with the very same bytes that the viewer may see, the newest 20.",
        metadata={"cost": 5},
    )
    async def duplicates(
        self, root: strawberry.Parent[stored.LibraryEntry], info: Info
    ) -> Sequence[stored.LibraryEntry]:
        """The same bytes."""
        return await library.duplicates(info.context, root)

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored entries are shown as they are."""
        return isinstance(obj, stored.LibraryEntry)


LibraryEntryConnection = connection_of(
    LibraryEntry,
    "A page of the library, the newest first.",
    one="entry",
    place=lambda each: cursor(each.created_at, each.id),
)


@strawberry.type
class LibraryQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=LibraryEntryConnection,
        description="What was made and sent before, the newest first.",
        metadata={"cost": 5} | needs(Permission.PROJECT_VIEW),
    )
    async def library(
        self,
        info: Info,
        *,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only entries whose text or tags hold each of these words whole, letter case and "
                "accents aside. At most 200 characters; null for all."
            ),
        ] = None,
        tags: Annotated[
            list[str] | None, strawberry.argument(description="Only entries with each of these tags.")
        ] = None,
        kinds: Annotated[
            list[LibraryKind] | None, strawberry.argument(description="Only entries of these kinds.")
        ] = None,
        scope: Annotated[
            LibraryScope, strawberry.argument(description="Whose library; means nothing with `projectId`.")
        ] = LibraryScope.MINE,
        project_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only entries of this project.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.LibraryEntry]:
        """A page of it."""
        return await library.entries(
            info.context,
            search=search,
            tags=tags or [],
            kinds=kinds or [],
            in_company=scope is LibraryScope.COMPANY,
            project_id=None if project_id is None else document_id(project_id, "Project", "projectId"),
            window=window(first, after, last, before),
        )
