"""Live events of projects and jobs, for those who may see them and as long as they may."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, suppress
from datetime import timedelta

from beanie import PydanticObjectId
from pymongo.errors import PyMongoError

from access.permissions import Permission
from documents.job import Job
from events.cursor import Cursor
from events.errors import MalformedCursor
from events.event import Event, ResyncRequired
from events.subscription import Subscription
from resolvers import jobs, live_events
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.live_events import EventsLost, JobAdvanced, JobStateChanged, JobTold, LiveEvent, TreeChanged
from tasks import background
from tasks.announce import project_topic

RECHECK_S = 15.0
"""How often a silent subscription's access is looked at again."""

_CLOCK_STEP = timedelta(milliseconds=5)  # MongoDB keeps milliseconds; a notice may know more


async def cursor(context: Context, project_id: PydanticObjectId) -> str:
    """The place after a project's last event.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
        EventsUnavailable: Redis could not be asked.
    """
    await context.projects.check(project_id, Permission.PROJECT_VIEW)
    return str(await context.services.hub.cursor(project_topic(project_id)))


async def of_project(
    context: Context, project_id: PydanticObjectId, *, after: str | None, recheck_s: float = RECHECK_S
) -> AsyncGenerator[LiveEvent, None]:
    """All that happens in a project, each once and in order.

    Args:
        context: whose access is looked at when the stream starts, when the project changes and now and then.
        project_id: which project.
        after: a cursor, to be told what was missed since; None to begin now.
        recheck_s: seconds.

    Raises:
        BadUserInput: `after` is none of our cursors.
        NotFound: the project is not there, or no longer the viewer's to see.
        Unauthenticated: the viewer is no longer signed in.
        SlowSubscriber: events were not taken in time.
        EventsUnavailable: Redis could not be asked where the project's events stand.
    """
    place = None if after is None else _place(after)
    async with AsyncExitStack() as opened:
        alarm = opened.enter_context(context.services.rights.alarm(context.subject_id))
        await context.renew()  # what changed before now did not ring
        await context.projects.check(project_id, Permission.PROJECT_VIEW)
        topic = context.services.hub.subscribe(project_topic(project_id), place)
        subscription = await opened.enter_async_context(topic)
        pending: asyncio.Task[Event | ResyncRequired] = asyncio.create_task(_next(subscription))
        try:
            while True:
                has_rung = await alarm.wait(recheck_s, pending)
                if has_rung or not pending.done():
                    await _look_again(context, project_id)
                    continue
                try:
                    event = _read(context, project_id, pending.result())
                except StopAsyncIteration:
                    return
                if isinstance(event, TreeChanged) and event.is_of_project:
                    await _look_again(context, project_id)
                yield event
                pending = asyncio.create_task(_next(subscription))
        finally:
            await background.end(pending)


async def _look_again(context: Context, project_id: PydanticObjectId) -> None:
    """See that the viewer may still see the project. Where it cannot be looked at now, it is the next time.

    Raises:
        NotFound: it is no longer the viewer's to see.
        Unauthenticated: the viewer is no longer signed in.
    """
    with suppress(PyMongoError):
        await context.renew()
        await context.projects.check(project_id, Permission.PROJECT_VIEW)


async def _next(subscription: Subscription) -> Event | ResyncRequired:
    return await anext(subscription)


def _read(context: Context, project_id: PydanticObjectId, event: Event | ResyncRequired) -> LiveEvent:
    if isinstance(event, ResyncRequired):
        return live_events.lost(project_id, event.reason, event.cursor, context.services.now())
    return live_events.read(event, project_id)


async def of_job(
    context: Context, job_id: PydanticObjectId, *, after: str | None
) -> AsyncGenerator[EventsLost | JobStateChanged | JobAdvanced, None]:
    """What happens to a job and to all that descends from it, until the job is over.

    Without `after` the job as it is comes first, so that nothing falls between a look at it and the stream.

    Raises:
        NotFound: the job is not there, or its project no longer the viewer's to see.
        BadUserInput, SlowSubscriber, EventsUnavailable: as for `of_project`.
    """
    job = await jobs.load(context, job_id, Permission.PROJECT_VIEW)
    place = None if after is None else _place(after)
    now = await context.services.hub.cursor(project_topic(job.in_project))
    # Read again: what it says is at least as new as the cursor.
    job = await jobs.load(context, job_id, Permission.PROJECT_VIEW)
    if place is None:
        yield _as_it_is(context, job, now)
    if job.state.is_over and _is_behind(place, now):
        if place is not None:
            yield _as_it_is(context, job, now)
        return
    was_over = job.state.is_over
    stream = of_project(context, job.in_project, after=str(place or now))
    async with aclosing(stream):
        async for event in stream:
            is_ours = isinstance(event, JobTold) and event.concerns(job_id)
            if is_ours or isinstance(event, EventsLost):
                yield event  # type: ignore[misc]  # a change of the tree is no JobTold
            if is_ours and await _is_last(job_id, event):
                return
            if isinstance(event, EventsLost) or (was_over and _is_behind(Cursor.parse(event.cursor), now)):
                current = await jobs.load(context, job_id, Permission.PROJECT_VIEW)
                if current.state.is_over:
                    yield _as_it_is(context, current, Cursor.parse(event.cursor))
                    return
                was_over = False


def _place(after: str) -> Cursor:
    """The place that a client names.

    Raises:
        BadUserInput: it is none of our cursors.
    """
    try:
        return Cursor.parse(after)
    except MalformedCursor as error:
        raise BadUserInput("after", str(error)) from error


def _is_behind(place: Cursor | None, now: Cursor) -> bool:
    """Whether nothing up to `now` is still to come; unknown places count as such."""
    return place is None or place.epoch != now.epoch or place.sequence >= now.sequence


async def _is_last(job_id: PydanticObjectId, event: LiveEvent) -> bool:
    """Whether this ended the job for good: one that was retried since goes on."""
    if not isinstance(event, JobStateChanged) or event.job_id != job_id or not event.state.is_over:
        return False
    job = await Job.get(job_id)
    if job is None:
        return True
    return job.state.is_over and (job.finished_at is None or event.at >= job.finished_at - _CLOCK_STEP)


def _as_it_is(context: Context, job: Job, place: Cursor) -> JobStateChanged:
    return JobStateChanged(
        project_id=job.in_project,
        cursor=str(place),
        at=context.services.now(),
        job_id=job.id,
        root_id=job.root_id,
        parent_id=job.parent_id,
        node_id=job.node_id,
        kind=job.kind,
        state=job.state,
        progress=job.progress,
        stage=job.stage,
        units_done=job.units_done,
        units_total=job.units_total,
        error=job.error,
    )
