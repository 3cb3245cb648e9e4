"""What a job does about children that failed."""

from collections.abc import Sequence

from documents.jobs.job import Job, JobState
from tasks.job_engine.work import Hopeless


def refuse_failed(children: Sequence[Job]) -> None:
    """End the parent if something that it still needs was tried and is not there.

    Raises:
        Hopeless: with the first failed child's own error.
    """
    failed = [child for child in children if child.state is JobState.FAILED]
    if failed:
        error = failed[0].error
        code, message = (error.code, error.message) if error else ("INTERNAL", "A step failed.")
        others = f" ({len(failed)} steps failed.)" if len(failed) > 1 else ""
        raise Hopeless(code, f"{failed[0].kind.value.capitalize()}: {message}{others}")
    if any(child.state is JobState.CANCELED for child in children):
        raise Hopeless("STEP_CANCELED", "A step was canceled. Retry the whole to do it after all.")
