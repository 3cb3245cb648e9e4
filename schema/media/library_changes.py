"""Tagging what is in the library, and taking something out of it."""

import strawberry

import documents.media.library_entry as stored
import documents.projects.project as stored_project
import documents.tree.script as stored_script
from access.permissions import Permission
from resolvers.context import Context
from resolvers.media import library, library_reuse
from resolvers.media.library_reuse import Taken
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id, project_id, tree_ref
from schema.media.library import LibraryEntry
from schema.projects.project import Project
from schema.tree.frame import Frame
from schema.tree.scene import Scene

Info = strawberry.Info[Context, None]


@strawberry.input(description="What to change of an entry.")
class UpdateLibraryEntryInput:
    """Unpacked by `LibraryMutations.update_library_entry`."""

    entry_id: strawberry.ID = strawberry.field(description="Id of the entry.")
    tags: list[str] = strawberry.field(description="All its tags; at most 30, of 1 to 60 characters.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The entry's revision as the client knows it; null to change it anyhow."
    )


@strawberry.input(description="What is taken out of the library, and where it goes: exactly one place.")
class ReuseAssetInput:
    """Unpacked by `LibraryMutations.reuse_asset`."""

    entry_id: strawberry.ID = strawberry.field(description="Id of the entry.")
    frame_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Frame that gets a picture as a candidate, a voice in its own's place, or a sound more.",
    )
    scene_id: strawberry.ID | None = strawberry.field(
        default=None, description="Scene that gets a clip as a candidate."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None, description="Project that gets music in its own's place."
    )
    choose: bool = strawberry.field(default=True, description="Whether a candidate is shown from now on.")


@strawberry.type(description="What came of changing an entry.")
class UpdateLibraryEntryPayload(Payload):
    """Over `Outcome[LibraryEntry]`."""

    entry = result_field(
        LibraryEntry, "The entry as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of taking something out of the library.")
class ReuseAssetPayload(Payload):
    """Over `Outcome[Taken]`."""

    @strawberry.field(graphql_type=Project | None, description="The project as it is now; null if refused.")
    def project(self, root: strawberry.Parent[Outcome[Taken]]) -> stored_project.Project | None:
        """The project."""
        return None if root.result is None else root.result.project

    @strawberry.field(graphql_type=Scene | None, description="The scene that it went to; null for music.")
    def scene(self, root: strawberry.Parent[Outcome[Taken]]) -> stored_script.Scene | None:
        """The scene."""
        return None if root.result is None else root.result.scene

    @strawberry.field(graphql_type=Frame | None, description="The frame that it went to, if it went to one.")
    def frame(self, root: strawberry.Parent[Outcome[Taken]]) -> stored_script.Frame | None:
        """The frame."""
        return None if root.result is None else root.result.frame


@strawberry.type
class LibraryMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateLibraryEntryPayload,
        description="Give an entry of the library tags.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_library_entry(
        self, info: Info, input: UpdateLibraryEntryInput
    ) -> Outcome[stored.LibraryEntry]:
        """Change."""
        return await library.update(
            info.context,
            document_id(input.entry_id, "LibraryEntry", "input.entryId"),
            input.tags,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=ReuseAssetPayload,
        description="Take something out of the library into a frame, a scene or a project. It costs nothing; "
        "the project gets a copy of its own.",
        metadata={"cost": 10} | needs(Permission.PROJECT_EDIT),
    )
    async def reuse_asset(self, info: Info, input: ReuseAssetInput) -> Outcome[Taken]:
        """Take."""
        entry_id = document_id(input.entry_id, "LibraryEntry", "input.entryId")
        frame = None if input.frame_id is None else tree_ref(input.frame_id, "Frame", "input.frameId")
        scene = None if input.scene_id is None else tree_ref(input.scene_id, "Scene", "input.sceneId")
        whole = None if input.project_id is None else project_id(input.project_id, "input.projectId")
        return await library_reuse.take(
            info.context,
            entry_id,
            frame=None if frame is None else (frame.project_id, frame.node_id),
            scene=None if scene is None else (scene.project_id, scene.node_id),
            project_id=whole,
            choose=input.choose,
        )
