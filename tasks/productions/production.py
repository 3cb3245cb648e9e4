"""A production: the whole way from brief to video, one stage of children after another.

Each call looks at the tree and at the children there are, and hands over to those that are due next. A
child's id follows from the production, the node and the inputs, so that a call that is repeated, or goes on
after a failure, asks for nothing twice.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from beanie import PydanticObjectId

from documents.jobs import job_list
from documents.jobs.job import QUEUE_OF, Estimate, Job, JobKind, JobState
from documents.projects.cast import Cast, cast_of
from documents.projects.project import Project
from tasks.buying.estimate import Estimator, default_seconds
from tasks.buying.steps import Step
from tasks.job_engine.derived import derived_id
from tasks.job_engine.failed_steps import refuse_failed
from tasks.job_engine.work import Done, HandOver, Hopeless, Report
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import ProductionStage, asset_steps, script_steps
from tasks.workshop import Workshop

_ORDER = tuple(ProductionStage)
_SHORTEST_S = 0.5
_REPEATED = (JobKind.MUSIC, JobKind.SOUND_EFFECT, JobKind.CLIP)


class ProductionWork:
    """The handler of production jobs."""

    def __init__(self, shop: Workshop, estimator: Estimator) -> None:
        self._shop = shop
        self._estimator = estimator

    async def __call__(self, job: Job, report: Report) -> Done | HandOver:  # noqa: ARG002 - it only hands over
        """Start the next stage that has something to do, or end."""
        project = await self._shop.project(job.in_project)
        cast = await cast_of(project)
        children = {child.id: child async for child in Job.find({"parent_id": job.id})}
        made = self._made(job, children.values())
        stop_after = ProductionStage(job.payload.get("stop_after", ProductionStage.RENDER))
        for stage in _ORDER[: _ORDER.index(stop_after) + 1]:
            due = await self._due(job, project, cast, stage, made)
            if due and job.checkpoint:
                refuse_failed([children[child.id] for child in due if child.id in children])
            if due:
                span = await self._span(job, project, stage)
                return HandOver(due, stage=stage.value, checkpoint={"progress_span": span})
        rendered = next((child for child in children.values() if child.kind is JobKind.RENDER), None)
        return Done(result=rendered.result if rendered else {})

    def _made(self, job: Job, children: Iterable[Job]) -> set[PydanticObjectId]:
        """Children whose work counts as done.

        On a fresh start the tree alone says so: what was made may have been removed since. In mode ALL it
        can't, since everything is due.
        """
        if not job.checkpoint and job.payload.get("mode") != ProductionMode.ALL:
            return set()
        return {child.id for child in children if child.state is JobState.SUCCEEDED}

    async def _due(
        self,
        job: Job,
        project: Project,
        cast: Cast,
        stage: ProductionStage,
        made: set[PydanticObjectId],
    ) -> list[Job]:
        """The children that a stage still needs and that can begin now: its lowest wave."""
        wanted = await self._wanted(job, project, cast, stage)
        due = [(wave, child) for wave, child in wanted if child.id not in made]
        first = min((wave for wave, _ in due), default=0)
        return [child for wave, child in due if wave == first]

    async def _wanted(
        self, job: Job, project: Project, cast: Cast, stage: ProductionStage
    ) -> list[tuple[int, Job]]:
        """All children of a stage, each with its wave."""
        mode = ProductionMode(job.payload.get("mode", ProductionMode.MISSING))
        if stage is ProductionStage.SCRIPT:
            steps = script_steps(project, mode)
            if not steps and not project.script.scenes:
                raise Hopeless(
                    "INVALID",
                    "There is nothing to produce: set a topic or a text in the brief, or write a script.",
                )
            return [(step.wave, self._child(job, step)) for step in steps]
        if stage is ProductionStage.ASSETS:
            return [(step.wave, self._child(job, step)) for step in await self._numbered(project, cast, mode)]
        render = Job(
            id=derived_id(job.id, "render"),
            kind=JobKind.RENDER,
            queue=QUEUE_OF[JobKind.RENDER],
            project_id=job.in_project,
            owner_id=job.owner_id,
            parent_id=job.id,
            root_id=job.id,
            priority=job.priority,
            max_attempts=job.max_attempts,
            payload={"profile": job.payload.get("profile", "STANDARD")},
            queued_at=self._shop.now(),
        )
        return [(0, render)]

    async def _numbered(self, project: Project, cast: Cast, mode: ProductionMode) -> list[Step]:
        """What is due of a project, nothing with an ordinal that something like it had before."""
        ordinals = await job_list.next_ordinals(project.id, *_REPEATED)
        return [
            replace(step, ordinal=ordinals[step.kind, step.node_id]) if step.kind in _REPEATED else step
            for step in await asyncio.to_thread(asset_steps, project, cast, mode)
        ]

    def _child(self, job: Job, step: Step) -> Job:
        # Ordinals grow with each thing that is made: they are no part of the child's id.
        return Job(
            id=derived_id(job.id, step.kind, step.node_id, step.inputs_hash),
            kind=step.kind,
            queue=QUEUE_OF[step.kind],
            project_id=job.in_project,
            node_id=step.node_id,
            owner_id=job.owner_id,
            parent_id=job.id,
            root_id=job.id,
            ordinal=step.ordinal,
            priority=job.priority,
            max_attempts=job.max_attempts,
            estimate=Estimate(duration_s=default_seconds(step)),
            payload=dict(step.payload),
            queued_at=self._shop.now(),
        )

    async def _span(self, job: Job, project: Project, stage: ProductionStage) -> tuple[float, float]:
        """Where a stage's progress begins in the whole, and how much of it the stage is."""
        stop_after = ProductionStage(job.payload.get("stop_after", ProductionStage.RENDER))
        mode = ProductionMode(job.payload.get("mode", ProductionMode.MISSING))
        registry = await self._shop.registry(job, project)
        expected = await self._estimator.estimate(project, mode, stop_after, registry)
        ahead = {each.stage: max(each.duration_s, _SHORTEST_S) for each in expected.stages}
        own = ahead.setdefault(stage, _SHORTEST_S)
        rest = sum(ahead[each] for each in _ORDER[_ORDER.index(stage) :] if each in ahead)
        return job.progress, (1.0 - job.progress) * own / rest
