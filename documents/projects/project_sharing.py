"""Who may see a project besides its owner: writes inside the transactions that change it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.media import library
from documents.projects.change_event import ChangeKind
from documents.projects.project import Collaborator, Project
from documents.tree import place as places
from documents.tree.edit import Change, change

MOST_PEOPLE: Final = 100
"""Collaborators of one project, those who are invited included."""


async def hold(project_id: PydanticObjectId, *, session: AsyncClientSession) -> bool:
    """Make transactions that share one project run one after another; False if it is gone or deleted."""
    result = await Project.get_pymongo_collection().update_one(
        {"_id": project_id, "deleted_at": None}, {"$inc": {"sharing_turns": 1}}, session=session
    )
    return result.matched_count == 1


async def read(project_id: PydanticObjectId, *, session: AsyncClientSession) -> Project:
    """A project that is held, without its tree."""
    light = dict.fromkeys(("script", "timeline", "outbox"), 0)
    raw = await Project.get_pymongo_collection().find_one({"_id": project_id}, light, session=session)
    project: Project = Project.model_validate(raw)
    return project


async def set_people(
    project_id: PydanticObjectId,
    people: Sequence[Collaborator],
    *,
    now: datetime,
    session: AsyncClientSession,
    **values: Any,
) -> Project:
    """Write who shares a project that is held; its viewers are told.

    Args:
        project_id: the project.
        people: all collaborators.
        now: time of the change.
        session: the transaction that holds it.
        values: fields of the project that change along.

    Returns:
        The project without its tree.
    """
    stored = [{**each.stored(), "role": each.role.value} for each in people]
    changed = await change(
        project_id,
        places.project(),
        Change(values={"collaborators": stored, **values}),
        now=now,
        kind=ChangeKind.PROJECT_CHANGED,
        session=session,
    )
    if "owner_id" in values:
        await library.follow([project_id], session=session)
    assert isinstance(changed.node, Project)  # noqa: S101 - what the place of a project reads back
    return changed.node
