"""The one mechanism behind all changes of a project: check, write once, tell the viewers, answer."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.errors import CapReached, ProjectHeld, RevisionStale
from documents.projects.project import Project
from documents.tree.changes import TreeEditor
from documents.tree.edit import Changed
from documents.tree.place import Place
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree import edit_locks


@dataclass(frozen=True, slots=True)
class Removed:
    """A node that is no longer there."""

    kind: str
    project_id: PydanticObjectId
    node_id: PydanticObjectId


async def editor(context: Context, project_id: PydanticObjectId) -> TreeEditor:
    """What changes a project's tree, for a viewer who may.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_EDIT)
    return await editor_of(context, project)


async def editor_of(context: Context, project: Project) -> TreeEditor:
    """What changes the tree of a project that was loaded for editing."""
    hand = await edit_locks.hand(context, project)
    return TreeEditor(project.id, context.services.caps, context.services.now(), hand=hand)


async def answer(context: Context, change: Awaitable[Changed]) -> Outcome[Any]:
    """Wait for one change and say what came of it; viewers are told of one that was written.

    Raises:
        NodeMissing: the node, or its project, is gone.
    """
    try:
        changed = await change
    except RevisionStale as stale:
        return Outcome.refused(
            UserErrorCode.REVISION_CONFLICT,
            f"{stale} Look at it as it is now and try again with its revision.",
            at="input.expectedRevision",
            result=stale.current,
        )
    except ProjectHeld as held:
        return Outcome.refused(UserErrorCode.PROJECT_LOCKED, str(held))
    except CapReached as cap:
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, str(cap))
    context.trees.forget(changed.project_id)
    await context.services.announcer.changed(changed)
    return Outcome(changed.node)


async def set_fields(
    context: Context,
    project_id: PydanticObjectId,
    place: Place,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
    at: str = "input",
) -> Outcome[Any]:
    """Set fields of one node, each checked against the stored model.

    Args:
        context: the operation's.
        project_id: the project that holds the node.
        place: the node.
        values: by the field's Python name, as the client gave them.
        expected_revision: the node's, as the client knows it.
        at: where the values stand in the operation.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
        NodeMissing: the node is gone.
    """
    edit = await editor(context, project_id)
    if not values:
        return nothing_given()
    good, faults = checked(place.model, values, at=at)
    if faults:
        return Outcome(user_errors=faults)
    return await answer(context, edit.set_fields(place, good, expected_revision=expected_revision))


async def remove(context: Context, gone: Removed, change: Awaitable[Changed]) -> Outcome[Any]:
    """Like `answer`, for a change that takes a node away; on a conflict the result is the node itself."""
    outcome = await answer(context, change)
    return outcome if outcome.user_errors else Outcome(gone)


def nothing_given() -> Outcome[Any]:
    """The answer to an update without a field."""
    return Outcome.refused(UserErrorCode.INVALID, "Give at least one field to change.", at="input")


def wrong_position(position: int | None) -> Outcome[Any] | None:
    """The refusal of a negative position, or None."""
    if position is None or position >= 0:
        return None
    text = f"{position} is no position: 0 is the first; beyond the end means at the end."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.position")
