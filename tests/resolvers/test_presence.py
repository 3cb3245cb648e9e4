"""Presence: who is shown where, for how long, and that nobody is shown who went or may not be there."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from beanie import PydanticObjectId
from redis.asyncio import Redis

from access.errors import Forbidden, NotFound
from access.viewer import Guest
from documents.accounts.session import Session, SessionEnd
from documents.accounts.user import User
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.projects.review_link import ReviewLink
from events.errors import EventsUnavailable
from events.presence import MOST_PER_PROJECT, Activity, PresenceBoard
from resolvers.accounts import sessions
from resolvers.context import Context
from resolvers.live import events, presence
from resolvers.live.live_events import LiveEvent, PresenceTold
from resolvers.live.presence import LASTS, Attendance
from resolvers.live.presence_watch import PresenceWatch
from resolvers.outcome import UserErrorCode
from resolvers.projects import collaborators, review_links
from resolvers.tree import edit_locks
from tasks.job_engine.background import in_background
from tests.resolvers.test_edit_locks import film, signed_in
from tests.studio import Studio


async def report(
    context: Context,
    project: Project,
    *,
    tab: str = "tab",
    activity: Activity = Activity.LOOKING,
    node: tuple[str, PydanticObjectId] | None = None,
) -> Attendance:
    outcome = await presence.report(context, project.id, node=node, activity=activity, tab=tab)
    assert outcome.result is not None, outcome.user_errors
    return outcome.result


async def shown(context: Context, project: Project) -> list[tuple[PydanticObjectId | None, str]]:
    found = await presence.of_project(context, project.id)
    return [(each.user_id, each.present.activity.value) for each in found]


def later(context: Context, by: timedelta) -> Context:
    """The same person, with a clock that is ahead."""
    now = context.services.now
    return replace_services(context, now=lambda: now() + by)


def replace_services(context: Context, **values: object) -> Context:
    services = replace(context.services, **values)  # type: ignore[arg-type]  # by the fields' names
    return Context(services, context.request, "request", "192.0.2.1", viewer=context.viewer)


async def by_link(studio: Studio, owner: Context, project: Project, name: str = "Ana") -> Context:
    """A guest of a new review link."""
    link = ReviewLink(
        project_id=project.id,
        role=ProjectRole.VIEWER,
        created_by=owner.require_viewer().user_id,
        created_at=studio.services.now(),
    )
    values = link.model_dump(by_alias=True, exclude={"revision_id"})
    await ReviewLink.get_pymongo_collection().insert_one({**values, "role": "VIEWER"})
    context = studio.context()
    context.viewer = None
    context.guest = Guest(link.id, project.id, ProjectRole.VIEWER, name, PydanticObjectId())
    return context


@asynccontextmanager
async def followed(context: Context, project: Project) -> AsyncIterator[list[LiveEvent]]:
    """What is told of a project meanwhile."""
    told: list[LiveEvent] = []
    stream = events.of_project(context, project.id, after=await events.cursor(context, project.id))

    async def follow() -> None:
        async for event in stream:
            told.append(event)  # noqa: PERF401 - it is looked at meanwhile

    task = asyncio.create_task(follow())
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.wait({task})
        await stream.aclose()


async def heard(told: Sequence[LiveEvent], count: int) -> None:
    """Wait until presence changed so many times."""
    async with asyncio.timeout(10):
        while sum(isinstance(each, PresenceTold) for each in told) < count:
            await asyncio.sleep(0.02)


async def test_people_and_guests_are_seen_where_they_are(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    guest = await by_link(studio, owner, project)
    await report(owner, project)
    await report(editor, project, tab="one", activity=Activity.EDITING)
    await report(editor, project, tab="two")
    await report(guest, project)
    editor_id = editor.require_viewer().user_id
    expected = {
        (owner.require_viewer().user_id, "LOOKING"),
        (editor_id, "EDITING"),
        (editor_id, "LOOKING"),
        (None, "LOOKING"),
    }
    for context in (owner, editor, guest):
        found = await shown(context, project)
        assert len(found) == len(expected)
        assert set(found) == expected
    seen = await presence.of_project(guest, project.id)
    assert [each.name for each in seen if each.is_mine] == ["Ana"]
    assert [each.is_mine for each in await presence.of_project(editor, project.id)].count(True) == 2


async def test_renewing_keeps_since_and_is_not_told_but_moving_is(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    async with followed(owner, project) as told:
        first = await report(editor, project)
        await heard(told, 1)
        second = await report(later(editor, timedelta(seconds=5)), project)
        moved = await report(later(editor, timedelta(seconds=6)), project, activity=Activity.EDITING)
        await heard(told, 2)
        assert (await presence.end(editor, project.id, tab="tab")).result is True
        assert (await presence.end(editor, project.id, tab="tab")).result is False
        await heard(told, 3)
        await asyncio.sleep(0.1)
        assert len(told) == 3
    assert abs(second.present.since - first.present.since) < timedelta(milliseconds=2)
    assert second.present.expires_at - first.present.expires_at >= timedelta(seconds=5)
    assert moved.present.since > second.present.since
    assert await shown(owner, project) == []


async def test_nobody_is_shown_from_the_expiry_on(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    entry = (await report(editor, project)).present
    instant = timedelta(milliseconds=1)
    for at, count in ((entry.expires_at - 2 * instant, 1), (entry.expires_at, 0)):
        reader = replace_services(owner, now=lambda at=at: at)
        assert len(await shown(reader, project)) == count


async def test_who_falls_silent_is_told_of_once(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    async with followed(owner, project) as told:
        await report(later(editor, timedelta(seconds=0.2) - LASTS), project)
        await heard(told, 2)
        assert await shown(owner, project) == []
        await asyncio.sleep(1.5)
        assert len(told) == 2


@pytest.mark.parametrize("end", ["signed out", "ended behind us", "removed", "suspended", "erased"])
async def test_who_may_not_be_there_is_gone_at_once(studio: Studio, end: str) -> None:
    owner, editor, project = await film(studio)
    viewer, at = editor.require_viewer(), studio.services.now()
    assert viewer.session_id is not None
    async with followed(owner, project) as told:
        await report(editor, project)
        await heard(told, 1)
        if end == "signed out":
            await sessions.sign_out(editor, scope=sessions.SignOutScope.THIS_SESSION)
        elif end == "ended behind us":
            await Session.end(viewer.session_id, SessionEnd.REVOKED, now=at)
        elif end == "removed":
            await collaborators.remove(owner, project.id, viewer.user_id)
        elif end == "suspended":
            await User.set_suspended(viewer.user_id, is_suspended=True, now=at)
        else:
            await User.get_pymongo_collection().update_one(
                {"_id": viewer.user_id}, {"$set": {"deleted_at": at}}
            )
        assert await shown(owner, project) == []
        if end in {"signed out", "removed"}:
            await heard(told, 2)


async def test_the_other_session_of_somebody_stays(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    elsewhere = await signed_in(studio, editor.require_viewer().user_id)
    await report(editor, project)
    await report(elsewhere, project)
    await sessions.sign_out(editor, scope=sessions.SignOutScope.THIS_SESSION)
    assert len(await shown(owner, project)) == 1


async def test_who_may_no_longer_edit_is_looking(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    user_id = editor.require_viewer().user_id
    await report(editor, project, activity=Activity.EDITING)
    await collaborators.change_role(owner, project.id, user_id, role=ProjectRole.VIEWER)
    assert await shown(owner, project) == [(user_id, "LOOKING")]
    with pytest.raises(Forbidden):
        await report(editor, project, activity=Activity.EDITING)


async def test_guests_go_with_their_link(studio: Studio) -> None:
    owner, _, project = await film(studio)
    guest = await by_link(studio, owner, project)
    async with followed(owner, project) as told:
        await report(guest, project)
        await heard(told, 1)
        assert guest.guest is not None
        await review_links.revoke(owner, guest.guest.link_id)
        assert await shown(owner, project) == []
        await heard(told, 2)


async def test_presence_keeps_no_lock(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    await edit_locks.take(editor, project.id)
    ahead = timedelta(seconds=61)
    await report(later(editor, ahead), project, activity=Activity.EDITING)
    assert await edit_locks.by_project(later(owner, ahead), project.id) is None
    assert (await edit_locks.take(later(owner, ahead), project.id)).result is not None


async def test_strangers_neither_see_nor_are_seen(studio: Studio) -> None:
    owner, _, project = await film(studio)
    stranger = await signed_in(studio)
    with pytest.raises(NotFound):
        await presence.of_project(stranger, project.id)
    with pytest.raises(NotFound):
        await report(stranger, project)
    with pytest.raises(NotFound):
        await presence.end(stranger, project.id, tab="tab")
    with pytest.raises(NotFound):
        await report(owner, project, node=("Frame", PydanticObjectId()))
    assert await shown(owner, project) == []


async def test_a_program_is_not_present(studio: Studio) -> None:
    owner, _, project = await film(studio)
    owner.viewer = replace(owner.require_viewer(), session_id=None, api_key_id=PydanticObjectId())
    with pytest.raises(Forbidden):
        await report(owner, project)


@pytest.mark.parametrize("tab", ["", "a b", "x" * 65, "tab\n", "a:b", "*"])
async def test_names_of_tabs_are_short_and_plain(studio: Studio, tab: str) -> None:
    owner, _, project = await film(studio)
    outcome = await presence.report(owner, project.id, node=None, activity=Activity.LOOKING, tab=tab)
    assert [each.code for each in outcome.user_errors] == [UserErrorCode.INVALID]
    assert (await presence.end(owner, project.id, tab=tab)).user_errors


async def test_a_project_has_room_for_so_many_and_those_who_went_make_room(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    early = later(owner, timedelta(seconds=3) - LASTS)
    await report(early, project, tab="silent-soon")
    for number in range(MOST_PER_PROJECT - 1):
        await report(owner, project, tab=f"tab-{number}")
    outcome = await presence.report(editor, project.id, node=None, activity=Activity.LOOKING, tab="t")
    assert [each.code for each in outcome.user_errors] == [UserErrorCode.LIMIT_EXCEEDED]
    await report(owner, project, tab="tab-0", activity=Activity.EDITING)  # who is there may move
    await report(later(editor, timedelta(seconds=4)), project, tab="t")
    assert len(await shown(later(owner, timedelta(seconds=4)), project)) == MOST_PER_PROJECT


async def test_without_redis_nothing_is_said_rather_than_that_nobody_is_there(studio: Studio) -> None:
    owner, _, project = await film(studio)
    redis = Redis.from_url("redis://127.0.0.1:1/0")
    away = replace_services(owner, presence=PresenceBoard(redis, "x"))
    with pytest.raises(EventsUnavailable):
        await presence.of_project(away, project.id)
    with pytest.raises(EventsUnavailable):
        await report(away, project)
    await redis.aclose()


async def test_of_many_processes_one_tells_who_went(studio: Studio) -> None:
    owner, editor, project = await film(studio)
    services = studio.services
    others = [PresenceWatch(services.presence, services.announcer, now=services.now) for _ in range(2)]
    async with AsyncExitStack() as running, followed(owner, project) as told:
        for watch in others:
            await running.enter_async_context(in_background(partial(watch.run, services.hub)))
        await asyncio.sleep(0.3)
        await report(editor, project)
        await report(later(owner, timedelta(seconds=0.1) - LASTS), project)
        await sessions.sign_out(editor, scope=sessions.SignOutScope.THIS_SESSION)
        await heard(told, 4)  # two came, one signed out, one fell silent
        await asyncio.sleep(1.5)
        assert sum(isinstance(each, PresenceTold) for each in told) == 4


async def test_the_watch_outlives_a_redis_that_is_away(studio: Studio) -> None:
    redis = Redis.from_url("redis://127.0.0.1:1/0")
    watch = PresenceWatch(PresenceBoard(redis, "x"), studio.services.announcer, now=studio.services.now)
    task = asyncio.create_task(watch.run(studio.services.hub))
    await asyncio.sleep(1.3)
    assert not task.done()
    task.cancel()
    await asyncio.wait({task})
    await redis.aclose()
