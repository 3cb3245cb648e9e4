"""Writing a whole script by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from beanie import PydanticObjectId

from access.permissions import Permission
from access.viewer import Guest
from documents import newest_first
from documents.newest_first import Page, Window
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.brief import Brief
from documents.tree.script import Scene, Script
from documents.tree.script_version import ScriptVersion
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.changes import answer, editor, set_fields
from resolvers.tree.scenes import read_scene


async def write(
    context: Context,
    project_id: PydanticObjectId,
    values: Mapping[str, Any],
    scenes: Sequence[Mapping[str, Any]],
    *,
    expected_revision: int | None,
) -> Outcome[Script]:
    """Put scenes in the place of all that the script had.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    edit = await editor(context, project_id)
    good, faults = checked(Script, values, at="input")
    read: list[Scene] = []
    for index, given in enumerate(scenes):
        scene, wrong = read_scene(given, at=f"input.scenes.{index}")
        faults += wrong
        if scene is not None:
            read.append(scene)
    if faults:
        return Outcome(user_errors=faults)
    script = Script(**good, scenes=read)
    return await answer(context, edit.replace_script(script, expected_revision=expected_revision))


async def give_text(context: Context, project_id: PydanticObjectId, text: str) -> Outcome[Script]:
    """Keep a finished text in the brief, for a writer to cut into scenes; the script stays as it is.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    outcome = await set_fields(
        context, project_id, places.section(Brief), {"text": text}, expected_revision=None
    )
    if outcome.user_errors:
        return outcome
    project = await context.projects.load(project_id, Permission.PROJECT_VIEW)
    return Outcome(project.script)


async def versions(context: Context, project: Project, window: Window) -> Page[ScriptVersion]:
    """Scripts that a project had before, the last one first, without their scenes; none to guests."""
    if isinstance(context.require_principal(), Guest):
        return Page([], has_more=False, window=window)
    wanted = {"project_id": project.id}
    return await newest_first.page(ScriptVersion, wanted, window, by="replaced_at", without=("script",))


async def restore(
    context: Context,
    project_id: PydanticObjectId,
    version_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[Script]:
    """Put an earlier script in the place of the one that there is.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
        NodeMissing: the project has no such version.
    """
    edit = await editor(context, project_id)
    return await answer(context, edit.restore_script(version_id, expected_revision=expected_revision))


def neither_or_both() -> Outcome[Script]:
    """The refusal of a script given as scenes and as text, or as nothing."""
    return Outcome.refused(UserErrorCode.INVALID, "Give either `scenes` or `text`.", at="input.scenes")
