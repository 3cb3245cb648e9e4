import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.errors import NotFound
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from events.errors import SlowSubscriber
from events.hub import Hub
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.live import events
from resolvers.live.live_events import LiveEvent, TreeChanged
from tests.studio import Studio, make_frame, make_project


async def retitle(studio: Studio, project: Project, title: str) -> None:
    editor = TreeEditor(project.id, studio.services.caps, studio.services.now())
    scene = project.script.scenes[0]
    await studio.services.announcer.changed(await editor.set_fields(places.scene(scene.id), {"title": title}))


async def first(stream: AsyncGenerator[Any, None]) -> Any:
    async with asyncio.timeout(10):
        return await anext(stream)


async def test_a_silent_subscription_ends_when_the_project_may_no_longer_be_seen(studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame()])
    async with aclosing(events.of_project(owner, project.id, after=None, recheck_s=0.05)) as stream:
        waiting = asyncio.create_task(first(stream))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await Project.get_pymongo_collection().update_one(
            {"_id": project.id}, {"$set": {"owner_id": PydanticObjectId()}}
        )
        with pytest.raises(NotFound):
            await waiting


async def test_looking_at_the_access_again_loses_no_event(studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame()])
    after = await events.cursor(owner, project.id)
    seen: list[LiveEvent] = []

    async def follow() -> None:
        async with aclosing(events.of_project(owner, project.id, after=after, recheck_s=0.001)) as stream:
            async for event in stream:
                seen.append(event)
                if len(seen) == 20:
                    return

    following = asyncio.create_task(follow())
    for number in range(20):
        await retitle(studio, project, f"Title {number}")
    async with asyncio.timeout(10):
        await following
    assert [event.revision for event in seen if isinstance(event, TreeChanged)] == list(range(1, 21))


async def test_a_subscriber_that_does_not_keep_up_is_let_go(studio: Studio, redis_url: str) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame()])
    async with Hub(redis_url, f"{studio.prefix}events:", capacity=8) as small:
        slow = Context(
            replace(studio.services, hub=small), owner.request, "request", "192.0.2.1", viewer=owner.viewer
        )
        async with aclosing(events.of_project(slow, project.id, after=None)) as stream:
            waiting = asyncio.create_task(first(stream))
            await asyncio.sleep(0.1)
            await retitle(studio, project, "Seen")
            await waiting
            for number in range(40):
                await retitle(studio, project, f"Missed {number}")
            await asyncio.sleep(0.2)
            with pytest.raises(SlowSubscriber):
                async for _ in stream:
                    pass


async def test_a_malformed_cursor_is_refused_before_anything_else(studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner)
    async with aclosing(events.of_project(owner, project.id, after="yesterday")) as stream:
        with pytest.raises(BadUserInput, match="after"):
            await first(stream)


async def test_strangers_learn_neither_cursor_nor_events(studio: Studio) -> None:
    project = await make_project(studio.context())
    stranger = studio.context()
    with pytest.raises(NotFound):
        await events.cursor(stranger, project.id)
    async with aclosing(events.of_project(stranger, project.id, after=None)) as stream:
        with pytest.raises(NotFound):
            await first(stream)
    async with aclosing(events.of_job(stranger, PydanticObjectId(), after=None)) as stream:
        with pytest.raises(NotFound):
            await first(stream)
