"""Live events of projects and jobs, for those who may see them and as long as they may."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import timedelta

from beanie import PydanticObjectId
from pymongo.errors import PyMongoError

from access.permissions import Permission
from documents.jobs.job import Job
from events.cursor import Cursor
from events.event import Event, ResyncRequired
from resolvers.context import Context
from resolvers.jobs import jobs
from resolvers.live import live_events
from resolvers.live.following import RECHECK_S, follow
from resolvers.live.following import place as place_of
from resolvers.live.live_events import (
    EventsLost,
    JobAdvanced,
    JobStateChanged,
    JobTold,
    LiveEvent,
    TreeChanged,
)
from tasks.job_engine.announce import project_topic, topic_of

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

    async def look() -> None:
        await context.renew()
        await context.projects.check(project_id, Permission.PROJECT_VIEW)

    topic = project_topic(project_id)
    async with aclosing(follow(context, topic, after=after, look=look, recheck_s=recheck_s)) as stream:
        async for news in stream:
            event = _read(context, project_id, news)
            if isinstance(event, TreeChanged) and event.is_of_project:
                with suppress(PyMongoError):  # what cannot be looked at now is looked at the next time
                    await look()
            yield event


def _read(context: Context, project_id: PydanticObjectId, event: Event | ResyncRequired) -> LiveEvent:
    if isinstance(event, ResyncRequired):
        return live_events.lost(event.reason, event.cursor, context.services.now())
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
    place = None if after is None else place_of(after)
    now = await context.services.hub.cursor(topic_of(job))
    # Read again: what it says is at least as new as the cursor.
    job = await jobs.load(context, job_id, Permission.PROJECT_VIEW)
    if place is None:
        yield _as_it_is(context, job, now)
    if job.state.is_over and _is_behind(place, now):
        if place is not None:
            yield _as_it_is(context, job, now)
        return
    was_over = job.state.is_over
    start = str(place or now)
    stream = (
        _of_own_job(context, job, after=start)
        if job.project_id is None
        else of_project(context, job.project_id, after=start)
    )
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


async def _of_own_job(context: Context, job: Job, *, after: str) -> AsyncGenerator[LiveEvent, None]:
    """What is told of jobs on the topic of one outside of projects, as long as it is the viewer's to see."""

    async def look() -> None:
        await context.renew()
        await jobs.load(context, job.id, Permission.PROJECT_VIEW)

    async with aclosing(follow(context, topic_of(job), after=after, look=look)) as stream:
        async for news in stream:
            if isinstance(news, ResyncRequired):
                yield live_events.lost(news.reason, news.cursor, context.services.now())
            elif (told := live_events.read_job(news, None)) is not None:
                yield told


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
        project_id=job.project_id,
        cursor=str(place),
        at=context.services.now(),
        job_id=job.id,
        root_id=job.root_id,
        parent_id=job.parent_id,
        node_id=job.node_id,
        node_kind=job.node_kind,
        kind=job.kind,
        state=job.state,
        progress=job.progress,
        stage=job.stage,
        units_done=job.units_done,
        units_total=job.units_total,
        error=job.error,
    )
