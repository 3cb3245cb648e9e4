"""The numbers that the job engine works by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobPolicy:
    """How long, how often, how many; times in seconds.

    Args:
        lease_s: a worker that is silent for this long loses its job.
        sweep_interval_s: pause between two sweeps.
        silence_s: an admitted job that nobody took for this long is sent again.
        messages_per_user: how many jobs of one user are with the broker at a time.
        unfinished_per_user: how many orders of one user may be unfinished; what they start of themselves is
            not counted.
        max_attempts: a job that does not say how often it is tried is tried this often.
        max_deaths: a job that takes this many workers with it fails.
        backoff_s: delay before the first retry; it doubles with each further one.
        max_backoff_s: the longest such delay.
    """

    lease_s: float = 30.0
    sweep_interval_s: float = 2.0
    silence_s: float = 15.0
    messages_per_user: int = 8
    unfinished_per_user: int = 1_000
    max_attempts: int = 5
    max_deaths: int = 2
    backoff_s: float = 2.0
    max_backoff_s: float = 300.0
