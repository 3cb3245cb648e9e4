"""A user's own news: whom they reach, in which order, and when they end."""

import asyncio
from typing import Any

import pytest

from access.errors import Unauthenticated
from documents.notice import NoticeKind
from documents.projects.project_role import ProjectRole
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.live import viewer_events
from resolvers.live.viewer_events import NewsLost, NoticeTold
from resolvers.projects import collaborators
from tests.people import make_user
from tests.studio import Studio, make_project


async def take(context: Context, count: int, *, after: str | None) -> list[Any]:
    stream = viewer_events.of_viewer(context, after=after)
    found = [await asyncio.wait_for(anext(stream), 5) for _ in range(count)]
    await stream.aclose()
    return found


async def test_sharing_reaches_the_person_once_and_in_order_and_nobody_else(studio: Studio) -> None:
    owner = await studio.context_of((await make_user("Olga")).id)
    user, other = await make_user(), await make_user("Eve")
    context, stranger = await studio.context_of(user.id), await studio.context_of(other.id)
    project = await make_project(owner)
    place, elsewhere = await viewer_events.cursor(context), await viewer_events.cursor(stranger)
    await collaborators.add(owner, project.id, email=user.email, role=ProjectRole.EDITOR)
    await collaborators.remove(owner, project.id, user.id)
    told = await take(context, 4, after=place)
    assert all(isinstance(each, NoticeTold) for each in told)
    assert [each.kind for each in told] == [
        NoticeKind.ACCESS_CHANGED,
        NoticeKind.PROJECT_SHARED,
        NoticeKind.ACCESS_CHANGED,
        NoticeKind.PROJECT_UNSHARED,
    ]
    assert told[1].payload["byName"] == "Olga"
    assert await take(context, 2, after=told[1].cursor) == told[2:]
    assert await viewer_events.cursor(stranger) == elsewhere
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(take(stranger, 1, after=elsewhere), 0.3)


async def test_an_unknown_place_is_answered_by_a_resync_and_no_place_by_a_refusal(studio: Studio) -> None:
    context = await studio.context_of((await make_user()).id)
    (lost,) = await take(context, 1, after="elsewhere:5")
    assert isinstance(lost, NewsLost)
    with pytest.raises(BadUserInput):
        await take(context, 1, after="nonsense")


async def test_news_end_with_the_session(studio: Studio) -> None:
    user = await make_user()
    context = await studio.context_of(user.id)

    async def over(_: Context) -> None:
        if is_over:
            raise Unauthenticated

    is_over = False
    context.sign_in_again = over
    stream = viewer_events.of_viewer(context, after=None, recheck_s=60)
    following = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.2)
    is_over = True
    studio.services.rights.ring(user.id)
    with pytest.raises(Unauthenticated):
        await asyncio.wait_for(following, 5)
