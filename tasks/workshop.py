"""What the handlers work with: opened once by the worker's boot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from beanie import PydanticObjectId

from documents.caps import Caps
from documents.project import Project
from providers.errors import (
    CapabilityUnsupported,
    ContentRefused,
    InvalidRequest,
    ProviderError,
    ProviderUnavailable,
)
from providers.registry import ProviderRegistry
from rendering.engine import RenderEngine
from rendering.intake.desk import IntakeDesk
from storage.object_store import ObjectStore
from tasks.correspondence import Correspondence
from tasks.kill_points import KillPoints
from tasks.work import Hopeless, Retryable

AnswerT = TypeVar("AnswerT")

_LASTING_CODES: dict[type[ProviderError], str] = {
    ContentRefused: "CONTENT_REFUSED",
    CapabilityUnsupported: "UNSUPPORTED",
    InvalidRequest: "INVALID",
    ProviderUnavailable: "PROVIDER_UNAVAILABLE",
}


@dataclass(frozen=True, slots=True)
class Workshop:
    """The parts of a worker.

    Args:
        scratch: a folder of this machine for files on their way; it may be emptied whenever no worker runs.
    """

    objects: ObjectStore
    providers: ProviderRegistry
    caps: Caps
    engine: RenderEngine
    intake: IntakeDesk
    scratch: Path
    kill_points: KillPoints
    now: Callable[[], datetime]
    correspondence: Correspondence

    async def project(self, project_id: PydanticObjectId) -> Project:
        """The project that a job belongs to.

        Raises:
            Hopeless: it was deleted in the meantime.
        """
        project = await Project.get(project_id)
        if project is None or project.deleted_at is not None:
            raise Hopeless("PROJECT_GONE", "The project was deleted while this was being made.")
        return project


async def ask(answer: Awaitable[AnswerT]) -> AnswerT:
    """Wait for a provider and translate its refusals for the job engine.

    Raises:
        Retryable: it may answer later.
        Hopeless: it will not answer this.
    """
    try:
        return await answer
    except ProviderUnavailable as error:
        if error.retryable:
            raise Retryable("PROVIDER_UNAVAILABLE", str(error), after_s=error.retry_after_s) from error
        raise Hopeless("PROVIDER_UNAVAILABLE", str(error)) from error
    except ProviderError as error:
        raise Hopeless(_LASTING_CODES[type(error)], str(error)) from error
