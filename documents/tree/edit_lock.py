"""The edit lock of a project: while one person holds it, no other person changes the tree."""

from datetime import datetime, timedelta
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.projects import outbox
from documents.projects.change_event import EDIT_LOCK, ChangeEvent, ChangeKind
from documents.projects.project import EditLock
from documents.tree.edit_hand import Hand

HELD_FOR: Final = timedelta(seconds=60)
"""How long a lock is held that nobody renews."""


async def take(project_id: PydanticObjectId, lock: EditLock, *, session: AsyncClientSession) -> bool:
    """Take or renew a lock; False if another session holds it, or the project is gone."""
    event = ChangeEvent(kind=ChangeKind.NODE_CHANGED, node_kind=EDIT_LOCK, at=lock.renewed_at)
    return await outbox.tell(
        project_id,
        event,
        session=session,
        condition=Hand(lock.session_id, lock.renewed_at).passes,
        values={"edit_lock": lock.stored()},
    )


async def release(
    project_id: PydanticObjectId, session_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
) -> bool:
    """Let go of the lock that a session holds; False if it holds none."""
    event = ChangeEvent(kind=ChangeKind.NODE_REMOVED, node_kind=EDIT_LOCK, at=now)
    return await outbox.tell(
        project_id,
        event,
        session=session,
        condition={"edit_lock.session_id": session_id},
        values={"edit_lock": None},
    )
