"""Earlier scripts of a project, and bringing one of them back."""

from datetime import datetime

import strawberry

import documents.tree.script as stored_script
import documents.tree.script_version as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import script
from schema.connection import connection_of
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.newest_first import cursor
from schema.tree.script import Script

Info = strawberry.Info[Context, None]


@strawberry.type(description="What one scene of an earlier script told.")
class SceneVersion:
    """Made by `ScriptVersion.scenes`."""

    title: str = strawberry.field(description="Its title.")
    narrations: list[str] = strawberry.field(description="What was said in its frames, in their order.")


@strawberry.type(
    description="A script that another one took the place of, kept with its pictures, voices and clips. A "
    f"project keeps its last {stored.KEPT}."
)
class ScriptVersion:
    """Read from `documents.tree.script_version.ScriptVersion`."""

    title: str = strawberry.field(description="Its title.")
    replaced_at: datetime = strawberry.field(description="When another one took its place.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Id, for `restoreScript`.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.ScriptVersion]) -> str:
        """Kind and key."""
        return document_gid("ScriptVersion", root.id)

    @strawberry.field(description="How many scenes it has.")
    def scene_count(self, root: strawberry.Parent[stored.ScriptVersion]) -> int:
        """How many."""
        return root.scenes

    @strawberry.field(description="How many frames they have.")
    def frame_count(self, root: strawberry.Parent[stored.ScriptVersion]) -> int:
        """How many."""
        return root.frames

    @strawberry.field(
        description="What it told, scene by scene, to look at before it is brought back.",
        metadata={"cost": 5},
    )
    async def scenes(self, root: strawberry.Parent[stored.ScriptVersion]) -> list[SceneVersion]:
        """Its words."""
        told = await stored.ScriptVersion.narration(root.id)
        return [SceneVersion(title=title, narrations=said) for title, said in told]


ScriptVersionConnection = connection_of(
    ScriptVersion,
    "A page of earlier scripts, the one that was replaced last first.",
    one="version",
    place=lambda each: cursor(each.replaced_at, each.id),
)


@strawberry.input(description="An earlier script to bring back.")
class RestoreScriptInput:
    """Unpacked by `ScriptVersionMutations.restore_script`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    version_id: strawberry.ID = strawberry.field(description="Id of the version.")
    expected_revision: int | None = strawberry.field(
        default=None,
        description="Revision of the script that goes, as the client knows it; null to replace it anyhow.",
    )


@strawberry.type(description="What came of bringing back an earlier script.")
class RestoreScriptPayload(Payload):
    """Over `Outcome[Script]`."""

    script = result_field(
        Script, "The script as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type
class ScriptVersionMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=RestoreScriptPayload,
        description="Bring back an earlier script with its pictures, voices and clips, as it was. The one "
        "that it takes the place of becomes a version in its turn, so nothing is lost.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def restore_script(self, info: Info, input: RestoreScriptInput) -> Outcome[stored_script.Script]:
        """Bring back."""
        return await script.restore(
            info.context,
            document_id(input.project_id, "Project", "input.projectId"),
            document_id(input.version_id, "ScriptVersion", "input.versionId"),
            expected_revision=input.expected_revision,
        )
