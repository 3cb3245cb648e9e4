"""Looking at jobs, and what a person may do to one."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from beanie import PydanticObjectId

import documents.jobs.job as stored
from access.permissions import Permission
from documents.jobs.job import JobKind, JobState
from documents.jobs.job_list import JobFilter
from documents.newest_first import Page
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.jobs import jobs
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import any_ref, document_id
from schema.jobs.job import Job, JobConnection
from schema.newest_first import After, Before, First, Last, window

Info = strawberry.Info[Context, None]


@strawberry.input(name="JobFilter", description="Which jobs a list holds; what is left out does not matter.")
class JobFilterInput:
    """Unpacked by `JobQueries.jobs`."""

    state: list[JobState] | None = strawberry.field(default=None, description="In one of these states.")
    kind: list[JobKind] | None = strawberry.field(default=None, description="Of one of these kinds.")
    only_roots: bool = strawberry.field(
        default=False, description="Leave out what other jobs started, such as a production's steps."
    )

    node_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="For this node of the project: a `Frame`, a `Scene` or an `Upload`. All that was ever "
        "ordered for it, with state, tries and errors.",
    )

    def wanted(self, project_id: PydanticObjectId) -> JobFilter:
        """As documents know it. Raises BadUserInput if the node is none of the project's."""
        states: Sequence[JobState] | None = self.state
        node = None if self.node_id is None else any_ref(self.node_id, "filter.nodeId")
        if node is not None and node.project_id not in {project_id, None}:
            raise BadUserInput("filter.nodeId", "This is a node of another project than `projectId` names.")
        return JobFilter(
            states=states,
            kinds=self.kind,
            only_roots=self.only_roots,
            node_id=None if node is None else node.oid,
        )


@strawberry.input(description="Which job.")
class _JobInput:
    """What the inputs that name a job share."""

    job_id: strawberry.ID = strawberry.field(description="Id of the job.")

    def oid(self) -> PydanticObjectId:
        """The job's key."""
        return document_id(self.job_id, "Job", "input.jobId")


@strawberry.input(description="A job to end.")
class CancelJobInput(_JobInput):
    """Unpacked by `JobMutations.cancel_job`."""


@strawberry.input(description="A production to pause.")
class PauseJobInput(_JobInput):
    """Unpacked by `JobMutations.pause_job`."""


@strawberry.input(description="A paused production to go on with.")
class ResumeJobInput(_JobInput):
    """Unpacked by `JobMutations.resume_job`."""


@strawberry.input(description="A job to do again.")
class RetryJobInput(_JobInput):
    """Unpacked by `JobMutations.retry_job`."""


@strawberry.type(description="What came of canceling a job.")
class CancelJobPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(Job, "The job as it is now; a running one ends within a second.")


@strawberry.type(description="What came of pausing a production.")
class PauseJobPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(Job, "The job as it is now.")


@strawberry.type(description="What came of resuming a production.")
class ResumeJobPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(Job, "The job as it is now.")


@strawberry.type(description="What came of retrying a job.")
class RetryJobPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(
        Job, "The job as it is now; with `PROJECT_LOCKED` the production that holds the project."
    )


@strawberry.type
class JobQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=Job | None,
        description="A job; null when there is none to see.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def job(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the job.")],
    ) -> stored.Job | None:
        """One job."""
        return await jobs.visible(info.context, document_id(id, "Job", "id"))

    @strawberry.field(
        graphql_type=JobConnection,
        description="A project's jobs, those that were queued last first.",
        metadata={"cost": 5} | needs(Permission.PROJECT_VIEW),
    )
    async def jobs(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        *,
        filter: Annotated[
            JobFilterInput | None, strawberry.argument(description="Which of them; all by default.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.Job]:
        """A page of jobs."""
        found = document_id(project_id, "Project", "projectId")
        return await jobs.of_project(
            info.context,
            found,
            JobFilter() if filter is None else filter.wanted(found),
            window(first, after, last, before),
        )


@strawberry.type
class JobMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CancelJobPayload,
        description="End a job and all that it started. Running work stops within a second, FFmpeg included; "
        "what is attached already stays. `INVALID`: it has succeeded or failed.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def cancel_job(self, info: Info, input: CancelJobInput) -> Outcome[stored.Job]:
        """End a job."""
        return await jobs.cancel(info.context, input.oid())

    @strawberry.mutation(
        graphql_type=PauseJobPayload,
        description="Start no more of a production's steps; those that run finish. `INVALID`: it is no "
        "production, "
        "or over.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def pause_job(self, info: Info, input: PauseJobInput) -> Outcome[stored.Job]:
        """Hold a production."""
        return await jobs.pause(info.context, input.oid())

    @strawberry.mutation(
        graphql_type=ResumeJobPayload,
        description="Go on with a paused production. `INVALID`: it is no production, or over.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def resume_job(self, info: Info, input: ResumeJobInput) -> Outcome[stored.Job]:
        """Let a production go on."""
        return await jobs.resume(info.context, input.oid())

    @strawberry.mutation(
        graphql_type=RetryJobPayload,
        description="Do a failed or canceled job again. A production goes on where it was: what is there "
        "is not "
        "made twice. It is the viewer's job from then on, done with the viewer's keys. `INVALID`: it is in "
        "another state. `PROJECT_LOCKED`: another production runs.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def retry_job(self, info: Info, input: RetryJobInput) -> Outcome[stored.Job]:
        """Try again."""
        return await jobs.retry(info.context, input.oid())
