"""The numbers that jobs and trees go by, out of the settings."""

from documents.tree.caps import Caps
from settings.sections import Settings
from tasks.job_engine.policy import JobPolicy


def job_policy(settings: Settings) -> JobPolicy:
    """The numbers that jobs run by."""
    jobs = settings.jobs
    return JobPolicy(
        lease_s=jobs.lease_s,
        sweep_interval_s=jobs.sweep_interval_s,
        silence_s=jobs.silence_s,
        messages_per_user=jobs.messages_per_user,
        unfinished_per_user=jobs.unfinished_jobs_per_user,
        max_attempts=jobs.max_attempts,
        max_deaths=jobs.max_deaths,
        backoff_s=jobs.backoff_s,
        max_backoff_s=jobs.max_backoff_s,
    )


def tree_caps(settings: Settings) -> Caps:
    """How large a project may grow."""
    return Caps(**settings.tree_caps.model_dump())


def redis_prefix(settings: Settings) -> str:
    """What all our keys in Redis begin with, so that several installations may share one."""
    return f"{settings.database.mongodb_database}:"
