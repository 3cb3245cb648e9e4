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
    """The jobs right below one production.

    Args:
        production: its job's id.
    """

    def __init__(self, production: str) -> None:
        self.id = production
        self._jobs: dict[str, Mapping[str, Any]] = {}

    def take(self, event: Mapping[str, Any]) -> bool:
        """Believe an event; tell whether the production has gone on to another stage.

        Passed over are events about anything else, and those from before a job's end, once that is known.
        """
        if event.get("rootId") != self.id:
            return False
        known = self._jobs.get(event["jobId"], {})
        if known.get("state") in _OVER:
            return False
        self._jobs[event["jobId"]] = event
        is_production: bool = event["jobId"] == self.id
        return is_production and event["stage"] != known.get("stage")

    def replace(self, jobs: Iterable[Mapping[str, Any]]) -> None:
        """Believe these as they are, and forget all others: events were lost, or not seen yet."""
        self._jobs = {}
        for job in jobs:
            self.take(job)

    @property
    def production(self) -> Mapping[str, Any]:
        """The production itself; empty before its first event."""
        return self._jobs.get(self.id, {})

    @property
    def render(self) -> Mapping[str, Any] | None:
        """The render's job, once there is one."""
        return next(self._of("RENDER"), None)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.production.get("state") in _OVER

    def rows(self) -> list[Row]:
        """The stages in their order."""
        rows = []
        for kind, name in _BY_COUNT.items():
            states = [job["state"] for job in self._of(kind)]
            rows.append(Row(name, states.count("SUCCEEDED"), len(states)))
        return rows if self.render is None else [*rows, *_render_rows(self.render)]

    def _of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return (job for job in self._jobs.values() if job["kind"] == kind)


def _render_rows(render: Mapping[str, Any]) -> tuple[Row, Row]:
    """Encoding counts video frames over all segments; joining and checking follow it."""
    if render["state"] == "SUCCEEDED":
        return Row("render", 1, 1), Row("join", 1, 1)
    done, total = render["unitsDone"], render["unitsTotal"]
    if render["stage"] in {"joining", "checking"}:
        return Row("render", 1, 1), Row("join", done, total)
    return Row("render", done, total), Row("join", 0, 0)
