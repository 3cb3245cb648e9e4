"""The edit lock: whom it stops, whom it does not, and that it never outlives its holder."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.authentication import viewer
from access.errors import Forbidden
from documents.accounts.session import Session, SessionEnd
from documents.accounts.user import User
from documents.companies import membership
from documents.companies.company import Company
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from resolvers.context import Context
from resolvers.live import events
from resolvers.live.live_events import LockTold
from resolvers.outcome import UserErrorCode
from resolvers.projects import collaborators, projects
from resolvers.tree import edit_locks
from tests.people import make_user
from tests.studio import Studio, make_project


async def signed_in(studio: Studio, user_id: PydanticObjectId | None = None) -> Context:
    """Somebody with an open session."""
    user_id = user_id or (await make_user()).id
    context = studio.context(user_id)
    session = await Session.open(
        PydanticObjectId(),
        user_id,
        family_hash=b"f",
        refresh_hash=b"r",
        user_agent="",
        address="",
        now=studio.services.now(),
    )
    standing = await membership.standing(user_id)
    assert standing is not None
    context.viewer = viewer(user_id, standing, session_id=session.id)
    return context


async def film(studio: Studio) -> tuple[Context, Context, Project]:
    """The owner, an editor, and their project."""
    owner, editor = await signed_in(studio), await signed_in(studio)
    project = await make_project(owner)
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id},
        {"$push": {"collaborators": {"user_id": editor.require_viewer().user_id, "role": "EDITOR"}}},
    )
    return owner, editor, project


async def rename(context: Context, project: Project, title: str = "New") -> list[UserErrorCode]:
    outcome = await projects.update(context, project.id, {"title": title}, expected_revision=None)
    return [each.code for each in outcome.user_errors]


async def now(project: Project) -> dict[str, Any]:
    raw = await Project.get_pymongo_collection().find_one({"_id": project.id})
    assert raw is not None
    return dict(raw)


LOCKED = [UserErrorCode.PROJECT_LOCKED]


async def test_a_lock_stops_other_people_and_other_sessions_but_no_worker(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    elsewhere = await signed_in(studio, editor.require_viewer().user_id)
    taken = await edit_locks.take(editor, project.id)
    assert taken.result is not None
    before = await now(project)
    for context in (owner, elsewhere):
        assert await rename(context, project) == LOCKED
        assert [each.code for each in (await edit_locks.take(context, project.id)).user_errors] == LOCKED
    assert await now(project) == before
    assert await rename(editor, project, "Mine") == []
    worker = TreeEditor(project.id, studio.services.caps, studio.services.now())
    await worker.set_fields(places.project(), {"description": "made"})
    assert (await now(project))["description"] == "made"
    await edit_locks.release(editor, project.id)
    assert await rename(owner, project, "Theirs") == []


async def test_of_many_who_take_it_at_once_one_has_it(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    outcomes = await asyncio.gather(*(edit_locks.take(each, project.id) for each in (owner, editor) * 3))
    holders = {each.result.holder.user_id for each in outcomes if each.result is not None}
    assert len(holders) == 1


@pytest.mark.parametrize("end", ["signed out", "removed", "demoted", "suspended", "second factor", "expired"])
async def test_a_lock_never_outlives_its_holder(studio: Studio, end: str) -> None:
    owner, editor, project = await film(studio)
    holder = editor.require_viewer()
    assert holder.session_id is not None
    await edit_locks.take(editor, project.id)
    assert await rename(owner, project) == LOCKED
    at = studio.services.now()
    if end == "signed out":
        await Session.end(holder.session_id, SessionEnd.SIGNED_OUT, now=at)
    elif end == "removed":
        await collaborators.remove(owner, project.id, holder.user_id)
    elif end == "demoted":
        await collaborators.change_role(owner, project.id, holder.user_id, role=ProjectRole.VIEWER)
    elif end == "suspended":
        await User.set_suspended(holder.user_id, is_suspended=True, now=at)
    elif end == "second factor":
        company = await Company(name="Bees", created_by=holder.user_id, created_at=at, updated_at=at).insert()
        demands = {"$set": {"requires_second_factor": True}}
        await Company.get_pymongo_collection().update_one({"_id": company.id}, demands)
        belongs = {"$set": {"company_id": company.id}}
        await Project.get_pymongo_collection().update_one({"_id": project.id}, belongs)
        await User.get_pymongo_collection().update_one({"_id": holder.user_id}, belongs)
    else:
        past = {"$set": {"edit_lock.expires_at": at - timedelta(seconds=1)}}
        await Project.get_pymongo_collection().update_one({"_id": project.id}, past)
    assert await edit_locks.by_project(owner, project.id) is None
    assert await rename(owner, project) == []
    assert (await edit_locks.take(owner, project.id)).result is not None


async def test_renewing_keeps_the_time_of_taking_and_followers_are_told(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    place = await events.cursor(owner, project.id)
    first = await edit_locks.take(editor, project.id)
    second = await edit_locks.take(editor, project.id)
    assert first.result is not None
    assert second.result is not None
    drift = second.result.lock.taken_at - first.result.lock.taken_at
    assert abs(drift) < timedelta(milliseconds=2)
    assert second.result.lock.expires_at > first.result.lock.expires_at
    await edit_locks.release(editor, project.id)
    stream = events.of_project(owner, project.id, after=place)
    told = [await asyncio.wait_for(anext(stream), 5) for _ in range(3)]
    await stream.aclose()
    assert all(isinstance(each, LockTold) for each in told)
    assert (await now(project))["revision"] == project.revision


async def test_who_may_not_edit_takes_no_lock(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    await collaborators.change_role(
        owner, project.id, editor.require_viewer().user_id, role=ProjectRole.COMMENTER
    )
    with pytest.raises(Forbidden):
        await edit_locks.take(editor, project.id)
    assert (await edit_locks.release(owner, project.id)).result is False
