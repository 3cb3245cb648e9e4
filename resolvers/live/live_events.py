"""What happens in a project, as a subscriber is told: read out of what the announcer publishes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from beanie import PydanticObjectId

from documents.jobs.job import JobError, JobKind, JobState
from documents.projects.change_event import COMMENT, EDIT_LOCK, ChangeKind
from events.cursor import Cursor
from events.event import Event, ResyncReason
from tasks.job_engine.announce import JOB_CHANGED, JOB_PROGRESSED, PRESENCE_CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What every event says.

    Args:
        cursor: the place right after it.
        at: when it happened.
    """

    cursor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldInProject(Told):
    """What every event of a project says."""

    project_id: PydanticObjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeChanged(ToldInProject):
    """A change of the tree.

    Args:
        change: what happened.
        node_kind: `Project`, a section such as `Brief`, or a node such as `Frame`.
        node_id: None for the project and its sections.
        revision: of the node when this was published, or a newer one; None if it is gone.
    """

    change: ChangeKind
    node_kind: str
    node_id: PydanticObjectId | None
    revision: int | None

    @property
    def is_of_project(self) -> bool:
        """Whether the project's own fields changed, and with them perhaps who may see it."""
        return self.node_kind == "Project" and self.change is not ChangeKind.ASSET_READY


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentTold(ToldInProject):
    """A comment was written, changed or answered, or taken away."""

    change: ChangeKind
    comment_id: PydanticObjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTold(ToldInProject):
    """The project's edit lock was taken, renewed or let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceTold(ToldInProject):
    """Somebody came, moved or went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTold(Told):
    """What both events of a job say: how it was when this was published.

    Args:
        project_id: None for a job outside of projects.
    """

    project_id: PydanticObjectId | None
    job_id: PydanticObjectId
    root_id: PydanticObjectId
    parent_id: PydanticObjectId | None
    node_id: PydanticObjectId | None
    node_kind: str | None
    kind: JobKind
    state: JobState
    progress: float
    stage: str | None
    units_done: int
    units_total: int

    def concerns(self, job_id: PydanticObjectId) -> bool:
        """Whether it is about this job or one that descends from it."""
        return job_id in {self.job_id, self.parent_id, self.root_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStateChanged(JobTold):
    """A job was queued, started, handed its work on, or ended; `error` says why it failed."""

    error: JobError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobAdvanced(JobTold):
    """A running job came on; `remaining_s` is a guess, None where there is nothing to guess from."""

    remaining_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsLost(Told):
    """The subscriber has to fetch anew what it holds."""

    reason: ResyncReason


LiveEvent: TypeAlias = (
    TreeChanged | CommentTold | LockTold | PresenceTold | JobStateChanged | JobAdvanced | EventsLost
)


def read(event: Event, project_id: PydanticObjectId) -> LiveEvent:
    """An event of a project's topic.

    Raises:
        ValueError: the announcer writes no such thing.
    """
    told_of_job = read_job(event, project_id)
    if told_of_job is not None:
        return told_of_job
    payload = cast("dict[str, Any]", event.payload)
    told: dict[str, Any] = {"project_id": project_id, **_told(event)}
    if event.type == PRESENCE_CHANGED:
        return PresenceTold(**told)
    if payload["nodeKind"] == EDIT_LOCK:
        return LockTold(**told)
    if payload["nodeKind"] == COMMENT:
        return CommentTold(
            **told, change=ChangeKind(event.type), comment_id=PydanticObjectId(payload["nodeId"])
        )
    return TreeChanged(
        **told,
        change=ChangeKind(event.type),
        node_kind=payload["nodeKind"],
        node_id=_oid(payload["nodeId"]),
        revision=payload["revision"],
    )


def read_job(event: Event, project_id: PydanticObjectId | None) -> JobStateChanged | JobAdvanced | None:
    """An event of a job, in a project or in none; None for any other event."""
    payload = cast("dict[str, Any]", event.payload)
    if event.type == JOB_CHANGED:
        error = payload["error"]
        return JobStateChanged(
            project_id=project_id,
            **_told(event),
            **_of_job(payload),
            error=None if error is None else JobError.model_validate(error),
        )
    if event.type == JOB_PROGRESSED:
        remaining_s = payload["remainingS"]
        return JobAdvanced(project_id=project_id, **_told(event), **_of_job(payload), remaining_s=remaining_s)
    return None


def lost(reason: ResyncReason, cursor: Cursor, at: datetime) -> EventsLost:
    """The news that events were lost, and from where on they follow again."""
    return EventsLost(cursor=str(cursor), at=at, reason=reason)


def _told(event: Event) -> dict[str, Any]:
    payload = cast("dict[str, Any]", event.payload)
    return {"cursor": str(event.cursor), "at": datetime.fromisoformat(payload["at"])}


def _of_job(payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "job_id": PydanticObjectId(payload["jobId"]),
        "root_id": PydanticObjectId(payload["rootId"]),
        "parent_id": _oid(payload["parentId"]),
        "node_id": _oid(payload["nodeId"]),
        "node_kind": payload.get("nodeKind"),
        "kind": JobKind(payload["kind"]),
        "state": JobState(payload["state"]),
        "progress": payload["progress"],
        "stage": payload["stage"],
        "units_done": payload["unitsDone"],
        "units_total": payload["unitsTotal"],
    }


def _oid(text: str | None) -> PydanticObjectId | None:
    return None if text is None else PydanticObjectId(text)
