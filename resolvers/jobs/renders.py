"""Renders: starting one alone, and finding those that are finished."""

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.jobs.job import Estimate, Job, JobKind
from documents.jobs.render import Render
from documents.newest_first import Page, Window, page
from rendering.timeline import Profile
from resolvers.context import Context
from resolvers.jobs.generation import new_job, start_one
from resolvers.jobs.idempotency import replayed
from resolvers.jobs.providers import registry_for
from resolvers.outcome import Outcome, UserErrorCode
from tasks.job_engine.work import Hopeless
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import ProductionStage
from tasks.rendering.timeline import snapshot


async def start(
    context: Context,
    project_id: PydanticObjectId,
    *,
    profile: Profile,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Render the timeline as it is when a worker takes the job up; nothing is made for it.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
        Forbidden: the viewer may not produce it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    if known := await replayed(context, idempotency_key, JobKind.RENDER, project_id):
        return known
    try:
        snapshot(project, profile)
    except Hopeless as missing:
        return Outcome.refused(UserErrorCode.INVALID, missing.message, at="input.projectId")
    job = new_job(context, JobKind.RENDER, project_id, key=idempotency_key, payload={"profile": profile.name})
    expected = await context.services.estimator.estimate(
        project,
        ProductionMode.MISSING,
        ProductionStage.RENDER,
        await registry_for(context, project),
        profile.name,
    )
    rendering = [stage for stage in expected.stages if stage.stage is ProductionStage.RENDER]
    job.estimate = Estimate(duration_s=sum(stage.duration_s for stage in rendering))
    return await start_one(context, job)


async def of_project(context: Context, project_id: PydanticObjectId, window: Window) -> Page[Render]:
    """A page of a project's renders, the newest first.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
    """
    await context.projects.check(project_id, Permission.PROJECT_VIEW)
    return await page(Render, {"project_id": project_id}, window, by="created_at")


async def by_id(render_id: PydanticObjectId | None) -> Render | None:
    """A render of a project that the viewer has loaded."""
    return None if render_id is None else await Render.get(render_id)


async def visible(context: Context, render_id: PydanticObjectId) -> Render | None:
    """A render; None if there is none, or its project is not the viewer's to see."""
    render = await Render.get(render_id)
    if render is None:
        return None
    try:
        await context.projects.check(render.project_id, Permission.PROJECT_VIEW)
    except NotFound:
        return None
    return render
