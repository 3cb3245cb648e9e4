"""How far each stage of a production is, computed from what the API tells about its jobs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_OVER: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELED"})
_BY_COUNT: Final = {"SCRIPT": "script", "IMAGE": "pictures", "VOICEOVER": "voices", "MUSIC": "music"}


@dataclass(frozen=True, slots=True)
class Row:
    """One stage.

    Args:
        name: for people.
        done: in pieces or video frames.
        total: likewise; 0 while the stage has nothing to do.
    """

    name: str
    done: float
    total: float

    @property
    def share(self) -> float:
        """Part that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class Board:
    """The jobs below one production.

    Args:
        production: its job's id.
    """

    def __init__(self, production: str) -> None:
        self.id = production
        self._jobs: dict[str, Mapping[str, Any]] = {}
        self.remaining_s: float | None = None
        """Guess of the API, in seconds."""

    def take(self, event: Mapping[str, Any]) -> None:
        """Believe an event about a job; one about something else, or another production's, is passed over."""
        if event.get("rootId") != self.id:
            return
        self._jobs[event["jobId"]] = event
        if event["jobId"] == self.id:
            self.remaining_s = event.get("remainingS", self.remaining_s)

    def replace(self, jobs: Iterable[Mapping[str, Any]]) -> None:
        """Believe these as they are, and forget all others: events were lost."""
        self._jobs = {}
        for job in jobs:
            self.take(job)

    @property
    def production(self) -> Mapping[str, Any]:
        """The production itself; empty before its first event."""
        return self._jobs.get(self.id, {})

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.production.get("state") in _OVER

    @property
    def render(self) -> str | None:
        """Id of the render's job, once there is one."""
        return next((job["jobId"] for job in self._of("RENDER")), None)

    def rows(self) -> list[Row]:
        """The stages in their order."""
        rows = [
            Row(name, sum(job["state"] == "SUCCEEDED" for job in self._of(kind)), len(list(self._of(kind))))
            for kind, name in _BY_COUNT.items()
        ]
        segments = list(self._of("SEGMENT"))
        encoded = sum(_units_done(job) for job in segments)
        rows.append(Row("render", encoded, sum(job["unitsTotal"] for job in segments)))
        rows.append(next((_join_row(job) for job in self._of("RENDER")), Row("join", 0, 0)))
        return rows

    def _of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return (job for job in self._jobs.values() if job["kind"] == kind)


def _units_done(job: Mapping[str, Any]) -> float:
    return float(job["unitsTotal"] if job["state"] == "SUCCEEDED" else job["unitsDone"])


def _join_row(render: Mapping[str, Any]) -> Row:
    """Joining and checking are the render job's own work; before it, its progress is that of its segments."""
    if render["state"] == "SUCCEEDED":
        return Row("join", 100, 100)
    is_joining = render["stage"] in {"joining", "checking"} and render["unitsTotal"] > 0
    return Row("join", 100 * render["unitsDone"] / render["unitsTotal"] if is_joining else 0, 100)
