"""The script: what is told, scene by scene."""

import strawberry

import documents.tree.script as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import script
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.inputs import given
from schema.node import stale_field
from schema.tree.media import Provenance
from schema.tree.scene import Scene
from schema.tree.scene_changes import SceneInput
from schema.tree.script_analysis import ScriptAnalysis

Info = strawberry.Info[Context, None]


@strawberry.type(description="The whole story of a project.")
class Script:
    """Read from `documents.tree.script.Script`."""

    title: str = strawberry.field(description="At most 200 characters.")
    text: str | None = strawberry.field(
        description="The words that it was made from, as given; null where a topic or nothing was given."
    )
    genre: str | None = strawberry.field(description="Such as `documentary`.")
    kind: str | None = strawberry.field(description="Such as `story` or `advert`.")
    analysis: ScriptAnalysis | None = strawberry.field(
        description="What the last close reading found; null before `analyseScript`."
    )
    provenance: Provenance | None = strawberry.field(description="Who wrote it; null where a person did.")
    scenes: list[Scene] = strawberry.field(description="In the order in which they are told; at most 200.")
    revision: int = strawberry.field(
        description="Raised with each change to the script itself and to the list of its scenes."
    )
    is_stale = stale_field("Whether a provider wrote it from another brief than the project has now.")


@strawberry.input(description="A whole script.")
class WriteScriptInput:
    """Unpacked by `ScriptMutations.write_script`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    title: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line of at most 200 characters."
    )
    genre: str | None = strawberry.field(
        default=strawberry.UNSET, description="Such as `documentary`; at most 200 characters."
    )
    kind: str | None = strawberry.field(
        default=strawberry.UNSET, description="Such as `story` or `advert`; at most 200 characters."
    )
    scenes: list[SceneInput] | None = strawberry.field(
        default=None, description="All scenes in order, at most 200; null where `text` is given."
    )
    text: str | None = strawberry.field(
        default=None,
        description="A finished text of at most 500,000 characters, instead of `scenes`: it is kept in the "
        "brief, and `generateScript` or a production cuts it into scenes without changing a word.",
    )
    expected_revision: int | None = strawberry.field(
        default=None,
        description="The script's revision as the client knows it; null to replace it anyhow. Only with "
        "`scenes`.",
    )


@strawberry.type(description="What came of writing a script.")
class WriteScriptPayload(Payload):
    """Over `Outcome[Script]`."""

    script = result_field(
        Script, "The script as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type
class ScriptMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=WriteScriptPayload,
        description="Replace the script with scenes written by hand; the old one goes to `scriptVersions` "
        "with its pictures and voices. Or keep a finished text for a writer to cut into scenes.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def write_script(self, info: Info, input: WriteScriptInput) -> Outcome[stored.Script]:
        """Write."""
        of_project = project_id(input.project_id, "input.projectId")
        if input.scenes is not None and input.text is None:
            return await script.write(
                info.context,
                of_project,
                given(input, without=("project_id", "scenes", "text", "expected_revision")),
                [given(each) for each in input.scenes],
                expected_revision=input.expected_revision,
            )
        if input.text is not None and input.scenes is None:
            return await script.give_text(info.context, of_project, input.text)
        return script.neither_or_both()
