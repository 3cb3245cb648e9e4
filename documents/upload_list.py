"""A project's uploads: announced, brought forward, forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents import place as places
from documents.change_event import ChangeEvent, ChangeKind
from documents.edit import Change, Changed, Limit, change, write
from documents.move import bookkeeping
from documents.upload import OPEN, Upload, UploadState

OPEN_PER_PROJECT: Final = 200
"""How many may be under way at once in a project: announced or checked, and not expired."""

OVER_PER_PROJECT: Final = 200
"""How many that are over a project shows at the most; the oldest are forgotten first."""

REMEMBERED_FOR: Final = timedelta(days=1)
"""How long an upload that is over is still shown."""


async def announce(project_id: PydanticObjectId, upload: Upload, *, now: datetime) -> Changed:
    """Add an upload; those that were over a day ago, or 200 uploads ago, are forgotten in the same update.

    Raises:
        NodeMissing: the project or the frame is gone.
        CapReached: too many at once; nothing was written.
    """
    event = ChangeEvent(kind=ChangeKind.NODE_ADDED, node_kind="Upload", node_id=upload.id, at=now)
    is_recent = {"$gte": ["$$upload.created_at", {"$literal": now - REMEMBERED_FOR}]}
    is_open = {"$in": ["$$upload.state", list(OPEN)]}
    over = _those({"$and": [is_recent, {"$not": [is_open]}]})
    shown = {"$slice": [{"$map": {"input": over, "as": "upload", "in": "$$upload._id"}}, -OVER_PER_PROJECT]}
    kept = _those({"$or": [is_open, {"$in": ["$$upload._id", shown]}]})
    under_way = _those({"$and": [is_open, {"$gt": ["$$upload.expires_at", {"$literal": now}]}]})
    return await write(
        project_id,
        places.project(),
        [
            {
                "$set": {
                    "uploads": {"$concatArrays": [kept, [{"$literal": upload.stored()}]]},
                    **bookkeeping(event),
                }
            }
        ],
        event=event,
        read=places.upload(upload.id),
        needs=places.frame(upload.frame_id),
        limits=[Limit("uploads under way", OPEN_PER_PROJECT, {"$add": [{"$size": under_way}, 1]})],
    )


def _those(condition: Any) -> dict[str, Any]:
    return {"$filter": {"input": "$uploads", "as": "upload", "cond": condition}}


async def advance(
    project_id: PydanticObjectId,
    upload_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    from_states: tuple[UploadState, ...],
    now: datetime,
    session: AsyncClientSession | None = None,
) -> Changed:
    """Bring an upload forward from one of some states.

    Raises:
        NodeMissing: it is not there, or in none of these states; nothing was written.
    """
    return await change(
        project_id,
        places.upload(upload_id),
        Change(values=values),
        now=now,
        condition={"state": {"$in": list(from_states)}},
        session=session,
    )


async def forget(project_id: PydanticObjectId, upload_id: PydanticObjectId, *, now: datetime) -> Changed:
    """Take an upload out of the list, whatever became of it.

    Raises:
        NodeMissing: it is not there.
    """
    event = ChangeEvent(kind=ChangeKind.NODE_REMOVED, node_kind="Upload", node_id=upload_id, at=now)
    others = _those({"$ne": ["$$upload._id", {"$literal": upload_id}]})
    return await write(
        project_id,
        places.upload(upload_id),
        [{"$set": {"uploads": others, **bookkeeping(event)}}],
        event=event,
        read=places.upload(upload_id),
    )
