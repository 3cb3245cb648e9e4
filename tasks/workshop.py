"""What the handlers work with: opened once by the worker's boot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from beanie import PydanticObjectId

from access.authentication import viewer
from access.permissions import GRANTS, Permission
from access.projects import role_in
from access.provider_choice import ProviderChoice
from documents.companies import membership
from documents.jobs.job import Job
from documents.projects.project import Project
from documents.tree.caps import Caps
from providers.errors import ProviderError
from providers.registry import ProviderRegistry
from rendering.engine import RenderEngine
from rendering.intake.desk import IntakeDesk
from storage.object_store import ObjectStore
from tasks.buying.provider_errors import for_engine
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Hopeless
from tasks.letters.correspondence import Correspondence

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Workshop:
    """The parts of a worker.

    Args:
        scratch: a folder of this machine for files on their way; it may be emptied whenever no worker runs.
        spending_per_user_micros: what each person may spend with the installation's keys; None for no limit.
    """

    objects: ObjectStore
    providers: ProviderChoice
    caps: Caps
    engine: RenderEngine
    intake: IntakeDesk
    scratch: Path
    kill_points: KillPoints
    now: Callable[[], datetime]
    correspondence: Correspondence
    spending_per_user_micros: int | None = None

    async def project(self, project_id: PydanticObjectId) -> Project:
        """The project that a job belongs to.

        Raises:
            Hopeless: it was deleted in the meantime.
        """
        project = await Project.get(project_id)
        if project is None or project.deleted_at is not None:
            raise Hopeless("PROJECT_GONE", "The project was deleted while this was being made.")
        return project

    async def registry(self, job: Job, project: Project | None) -> ProviderRegistry:
        """Who does what for this job: with its owner's keys, the company's, or the installation's.

        Raises:
            Hopeless: the project is a company's, and its owner may not have things made there any more.
        """
        if project is not None and not await _may_still(job, project):
            raise Hopeless(
                "FORBIDDEN",
                "Who ordered this may no longer have things made in this project. Whoever may can retry it.",
            )
        return await self.providers.registry(job.owner_id, project.company_id if project else None)


async def _may_still(job: Job, project: Project) -> bool:
    """Whether a job's owner still has the rights that the company's keys are used with."""
    if project.company_id is None:
        return True
    standing = await membership.standing(job.owner_id)
    if standing is None:  # gone or shut out: all that they have ordered is being canceled
        return True
    role = role_in(project, viewer(job.owner_id, standing))
    return role is not None and Permission.PROJECT_PRODUCE in GRANTS[role]


async def ask(answer: Awaitable[AnswerT]) -> AnswerT:
    """Wait for a provider and translate its refusals for the job engine.

    Raises:
        Retryable: it may answer later.
        Hopeless: it will not answer this.
    """
    try:
        return await answer
    except ProviderError as error:
        raise for_engine(error) from error
