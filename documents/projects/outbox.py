"""What viewers of a project are told of that is no change of its tree."""

from collections.abc import Mapping
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.projects.change_event import ChangeEvent
from documents.projects.project import Project


async def tell(
    project_id: PydanticObjectId,
    event: ChangeEvent,
    *,
    session: AsyncClientSession,
    condition: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Leave an event for a project's viewers; neither revision nor time of the project changes.

    Args:
        project_id: the project.
        event: what happened; published by `Announcer.project`, or by the sweeper.
        session: the transaction of what happened.
        condition: a filter on the project's own fields.
        values: fields of the project that are set along.

    Returns:
        Whether the project is there and the condition holds.
    """
    update: dict[str, Any] = {"$push": {"outbox": event.stored()}}
    if values:
        update["$set"] = dict(values)
    result = await Project.get_pymongo_collection().update_one(
        {"_id": project_id, "deleted_at": None, **(condition or {})}, update, session=session
    )
    return result.matched_count == 1
