"""Jobs: looking at them, and what a person may do to one."""

from collections.abc import Awaitable, Callable

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import Job, JobKind, JobState
from documents.jobs.job_list import JobFilter
from documents.jobs.render import Render
from documents.newest_first import Page, Window
from documents.projects.project import Project
from resolvers.context import Context
from resolvers.jobs import job_room
from resolvers.outcome import Outcome, UserErrorCode
from tasks.job_engine.dispatch import ProjectLocked

_UNSEEN = frozenset({JobKind.MAIL, JobKind.ACCOUNT_MAIL, JobKind.CALL_OFF, JobKind.DATA_EXPORT})


async def load(context: Context, job_id: PydanticObjectId, permission: Permission) -> Job:
    """A job of a project that the viewer may do this with, or the viewer's own outside of projects.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: the viewer may see the project but not do this.
    """
    projects = context.projects
    job = await Job.get(job_id)
    if job is None or job.kind in _UNSEEN:
        raise NotFound("Job")
    if job.project_id is None:
        if job.owner_id != context.require_viewer().user_id:
            raise NotFound("Job")
        return job
    try:
        await projects.check(job.project_id, permission)
    except NotFound:
        raise NotFound("Job") from None
    return job


async def visible(context: Context, job_id: PydanticObjectId) -> Job | None:
    """A job; None if there is none, or it is not the viewer's to see."""
    try:
        return await load(context, job_id, Permission.PROJECT_VIEW)
    except NotFound:
        return None


async def of_project(
    context: Context, project_id: PydanticObjectId, wanted: JobFilter, window: Window
) -> Page[Job]:
    """A page of a project's jobs, those that were queued last first.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
    """
    await context.projects.check(project_id, Permission.PROJECT_VIEW)
    return await job_list.of_project(project_id, wanted, window)


async def children(job: Job, window: Window) -> Page[Job]:
    """A page of a job's children; whoever got the job may see them."""
    return await job_list.of_parent(job.id, window)


async def by_id(job_id: PydanticObjectId | None) -> Job | None:
    """A job of a project that the viewer has something of already."""
    return None if job_id is None else await Job.get(job_id)


async def project(context: Context, job: Job) -> Project | None:
    """The project that a job belongs to, without its tree; a page of jobs loads it once."""

    async def load(project_id: PydanticObjectId) -> Project:
        return await context.projects.check(project_id, Permission.PROJECT_VIEW)

    return None if job.project_id is None else await context.trees.light(job.project_id, load)


async def created_project(context: Context, job: Job) -> Project | None:
    """The project that a translation made, if the viewer sees it."""
    made = job.result.get("project_id") if job.kind is JobKind.TRANSLATION else None
    if made is None:
        return None
    try:
        return await context.projects.check(PydanticObjectId(made), Permission.PROJECT_VIEW)
    except NotFound:
        return None


async def render(job: Job) -> Render | None:
    """What came out of a render, or of a production that went to its end."""
    render_id = job.result.get("render_id")
    return None if render_id is None else await Render.get(PydanticObjectId(render_id))


async def cancel(context: Context, job_id: PydanticObjectId) -> Outcome[Job]:
    """End a job and all that descends from it. One that is canceled already stays so."""
    job = await load(context, job_id, Permission.PROJECT_PRODUCE)
    if job.state in {JobState.SUCCEEDED, JobState.FAILED}:
        return _over(job, "There is nothing left to cancel.")
    if job.state is not JobState.CANCELED:
        await context.services.dispatcher.cancel(job)
    return Outcome(await Job.get(job_id))


async def pause(context: Context, job_id: PydanticObjectId) -> Outcome[Job]:
    """Start no more steps of a production. One that is paused already stays so."""
    dispatcher = context.services.dispatcher
    return await _steer(context, job_id, dispatcher.pause, JobState.PAUSED)


async def resume(context: Context, job_id: PydanticObjectId) -> Outcome[Job]:
    """Go on with a paused production. One that goes on already does so."""
    dispatcher = context.services.dispatcher
    return await _steer(context, job_id, dispatcher.resume, JobState.RUNNING, JobState.QUEUED)


async def _steer(
    context: Context,
    job_id: PydanticObjectId,
    how: Callable[[Job], Awaitable[Job | None]],
    *reached: JobState,
) -> Outcome[Job]:
    job = await load(context, job_id, Permission.PROJECT_PRODUCE)
    if job.kind is not JobKind.PRODUCTION:
        return Outcome.refused(
            UserErrorCode.INVALID,
            f"A {job.kind.value} job cannot be paused, only a PRODUCTION. Cancel it, and retry it later.",
            at="input.jobId",
            result=job,
        )
    changed = await how(job)
    if changed is not None:
        return Outcome(changed)
    current = await Job.get(job_id)
    if current is not None and current.state in reached and current.cancel_requested_at is None:
        return Outcome(current)
    return _over(current or job, "Start or retry a production instead.")


async def retry(context: Context, job_id: PydanticObjectId) -> Outcome[Job]:
    """Do a failed or canceled job again; on `PROJECT_LOCKED` the result is the production that runs.

    It is the viewer's from then on, who pays for it.
    """
    job = await load(context, job_id, Permission.PROJECT_PRODUCE)
    if full := await job_room.refusal(context, 1):
        return full
    try:
        again = await context.services.dispatcher.retry(job, by=context.require_viewer().user_id)
    except ProjectLocked as locked:
        return await refused_by_lock(locked)
    if again is not None:
        return Outcome(again)
    current = await Job.get(job_id) or job
    return Outcome.refused(
        UserErrorCode.INVALID,
        f"The job is {current.state.value}; one that is FAILED or CANCELED can be retried.",
        at="input.jobId",
        result=current,
    )


async def refused_by_lock(locked: ProjectLocked) -> Outcome[Job]:
    """The refusal that names the running production."""
    holder = None if locked.production_id is None else await Job.get(locked.production_id)
    return Outcome.refused(
        UserErrorCode.PROJECT_LOCKED,
        "A production of this project is running: wait for its end, or cancel it first.",
        result=holder,
    )


def _over(job: Job, advice: str) -> Outcome[Job]:
    return Outcome.refused(
        UserErrorCode.INVALID, f"The job is {job.state.value}. {advice}", at="input.jobId", result=job
    )
