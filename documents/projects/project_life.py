"""The beginning and the end of a project: made, deleted softly, restored, swept away."""

from datetime import datetime, timedelta
from typing import Any

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.media import library
from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.projects.project import Project
from documents.tree.edit import Change, Changed, change
from documents.tree.place import project as project_place

RESTORABLE_FOR = timedelta(days=30)


async def create(project: Project, *, session: AsyncClientSession | None = None) -> None:
    """Store a new project."""
    values: dict[str, Any] = project.model_dump(by_alias=True, exclude={"revision_id"})
    await Project.get_pymongo_collection().insert_one(values, session=session)


async def delete(
    project_id: PydanticObjectId,
    *,
    now: datetime,
    expected_revision: int | None,
    session: AsyncClientSession | None = None,
) -> Changed:
    """Take a project out of every list; it can be restored for 30 days.

    Raises:
        NodeMissing, RevisionStale: nothing was written.
    """
    changed = await change(
        project_id,
        project_place(),
        Change(values={"deleted_at": now}),
        now=now,
        kind=ChangeKind.PROJECT_CHANGED,
        expected_revision=expected_revision,
        session=session,
    )
    await library.follow([project_id], session=session)
    return changed


async def restore(
    project_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession | None = None
) -> Changed:
    """Bring a deleted project back.

    Raises:
        NodeMissing: it is not deleted, or its 30 days are over.
    """
    event = ChangeEvent(kind=ChangeKind.PROJECT_CHANGED, node_kind="Project", at=now)
    raw: dict[str, Any] | None = await Project.get_pymongo_collection().find_one_and_update(
        {"_id": project_id, "deleted_at": {"$gt": now - RESTORABLE_FOR}},
        {
            "$set": {"deleted_at": None, "updated_at": now},
            "$inc": {"revision": 1},
            "$push": {"outbox": event.stored()},
        },
        projection=dict.fromkeys(("script", "timeline", "outbox"), 0),
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if raw is None:
        raise NodeMissing("Project")
    await library.follow([project_id], session=session)
    return Changed(project_id, raw["revision"], Project.model_validate(raw), event)


async def erase(project_id: PydanticObjectId, *, session: AsyncClientSession) -> bool:
    """Remove the document of a project for good; False if somebody else has done so."""
    result = await Project.get_pymongo_collection().delete_one({"_id": project_id}, session=session)
    return result.deleted_count == 1
