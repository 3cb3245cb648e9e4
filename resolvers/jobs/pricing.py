"""What ordered jobs should take and cost: written into them, and held against the project's ceiling."""

import asyncio
from collections.abc import Sequence

from beanie import PydanticObjectId

from documents.jobs.job import Job
from documents.projects.cast import Cast, cast_of
from documents.projects.project import Project
from documents.tree.script import Frame, Scene
from providers.errors import CapabilityUnsupported
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.jobs.personal_spending import limit_fault
from resolvers.jobs.providers import registry_for
from resolvers.outcome import UserError, UserErrorCode
from resolvers.projects.budgets import over_ceiling
from tasks.buying.capabilities import CAPABILITY_OF
from tasks.buying.estimate import Bill
from tasks.buying.order import beyond_installation
from tasks.buying.steps import Step, step_for


async def price(context: Context, project: Project, jobs: Sequence[Job]) -> UserError | None:
    """Give each job its estimate; why all together may not be started, None if they may.

    Args:
        context: of the request.
        project: with its tree, where the jobs are for nodes of it.
        jobs: that are about to be started.
    """
    registry, cast = await registry_for(context, project), await cast_of(project)
    steps = await asyncio.to_thread(_steps, project, cast, jobs)  # figures take a while to be read
    return await price_steps(context, registry, project, jobs, steps)


def _steps(project: Project, cast: Cast, jobs: Sequence[Job]) -> list[Step | None]:
    places: dict[PydanticObjectId | None, tuple[Scene | None, Frame | None]] = {None: (None, None)}
    places |= {scene.id: (scene, None) for scene in project.script.scenes}
    places |= {frame.id: (scene, frame) for scene, frame in project.frames()}
    return [
        step_for(
            project,
            cast,
            job.kind,
            *places.get(job.node_id, (None, None)),
            seconds=job.payload.get("duration_s"),
        )
        for job in jobs
    ]


async def price_steps(
    context: Context,
    registry: ProviderRegistry,
    project: Project | None,
    jobs: Sequence[Job],
    steps: Sequence[Step | None],
) -> UserError | None:
    """Give each job the estimate of its step; why all together may not be started, None if they may.

    Args:
        context: of the request.
        registry: who would do the steps.
        project: that pays; None for none.
        jobs: that are about to be started.
        steps: in the jobs' order; None for what takes and costs nothing.
    """
    if why := next((why for step in steps if step and (why := _beyond(registry, step))), None):
        return UserError(UserErrorCode.UNSUPPORTED, None, why)
    estimates = await context.services.estimator.each(steps, registry)
    for job, estimate in zip(jobs, estimates, strict=True):
        job.estimate = estimate.of_job
    needed = sum((estimate.needed for estimate in estimates), Bill())
    if project is not None and (fault := over_ceiling(needed, project)):
        return fault
    return await limit_fault(context, sum((estimate.by_installation for estimate in estimates), Bill()))


def _beyond(registry: ProviderRegistry, step: Step) -> str | None:
    try:
        offer = registry.offer(CAPABILITY_OF[step.kind], step.provider)
    except (CapabilityUnsupported, KeyError):  # its own check says so
        return None
    return beyond_installation(offer, step.model)
