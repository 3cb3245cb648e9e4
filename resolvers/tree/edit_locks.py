"""The edit lock: taken, renewed and released by people, and never kept by who is gone.

A lock counts only while its holder's session is open and the holder may edit the project: whoever finds one
in the way looks at that, and takes a lock away that has lost its holder. So it makes no difference what ended
the session, or whether the process died that did.
"""

from dataclasses import dataclass

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access import authentication
from access.errors import Forbidden
from access.permissions import Permission
from access.projects import may
from documents.accounts.session import Session
from documents.projects.project import EditLock, Project
from documents.transaction import in_transaction
from documents.tree import edit_lock
from documents.tree.edit_hand import Hand
from documents.tree.edit_lock import HELD_FOR
from resolvers import people
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.people import Person


@dataclass(frozen=True, slots=True)
class HeldLock:
    """A lock and who holds it."""

    lock: EditLock
    holder: Person


async def current(context: Context, project: Project) -> HeldLock | None:
    """The lock that holds a project which the viewer sees; None if none does."""
    lock = project.edit_lock
    if lock is None or not await _counts(context, project, lock):
        return None
    return HeldLock(lock, (await people.named([lock.user_id]))[lock.user_id])


async def by_project(context: Context, project_id: PydanticObjectId) -> HeldLock | None:
    """The lock that holds a project."""
    return await current(context, await context.projects.check(project_id, Permission.PROJECT_VIEW))


async def take(context: Context, project_id: PydanticObjectId) -> Outcome[HeldLock]:
    """Take the lock of a project, or hold it for another minute.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it, or has no session.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_EDIT)
    viewer = context.require_viewer()
    if viewer.session_id is None:
        raise Forbidden("Only a session holds a lock: sign in instead of using an API key.")
    await hand(context, project)
    now = context.services.now()
    known = project.edit_lock
    is_own = known is not None and known.session_id == viewer.session_id and known.expires_at > now
    lock = EditLock(
        user_id=viewer.user_id,
        session_id=viewer.session_id,
        taken_at=known.taken_at if is_own and known is not None else now,
        renewed_at=now,
        expires_at=now + HELD_FOR,
    )

    async def work(session: AsyncClientSession) -> bool:
        return await edit_lock.take(project_id, lock, session=session)

    if not await in_transaction(work):
        return Outcome.refused(
            UserErrorCode.PROJECT_LOCKED, "Somebody else is editing this project.", at="input.projectId"
        )
    await context.services.announcer.project(project_id)
    return Outcome(HeldLock(lock, (await people.named([lock.user_id]))[lock.user_id]))


async def release(context: Context, project_id: PydanticObjectId) -> Outcome[bool]:
    """Let go of the lock; the result is whether this session held it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    await context.projects.check(project_id, Permission.PROJECT_EDIT)
    session_id = context.require_viewer().session_id
    if session_id is None:
        return Outcome(result=False)
    return Outcome(await _release(context, project_id, session_id))


async def hand(context: Context, project: Project) -> Hand:
    """With what the viewer changes a project's tree; a lock that has lost its holder is taken away first."""
    viewer = context.require_viewer()
    lock, now = project.edit_lock, context.services.now()
    is_others = lock is not None and lock.session_id != viewer.session_id and lock.expires_at > now
    if lock is not None and is_others and not await _counts(context, project, lock):
        await _release(context, project.id, lock.session_id)
    return Hand(viewer.session_id, now)


async def _release(context: Context, project_id: PydanticObjectId, session_id: PydanticObjectId) -> bool:
    async def work(session: AsyncClientSession) -> bool:
        return await edit_lock.release(project_id, session_id, now=context.services.now(), session=session)

    was_held = await in_transaction(work)
    if was_held:
        await context.services.announcer.project(project_id)
    return was_held


async def _counts(context: Context, project: Project, lock: EditLock) -> bool:
    """Whether the holder is still signed in and may still edit the project."""
    now = context.services.now()
    if lock.expires_at <= now:
        return False
    standing = await Session.standing(lock.session_id, lock.user_id, now=now)
    if standing is None:
        return False
    holder = authentication.viewer(lock.user_id, standing, session_id=lock.session_id)
    return may(project, holder, Permission.PROJECT_EDIT)
