"""A job: a unit of work that outlives processes. This document is the truth about it; messages are hints."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field, ValidationError
from pymongo import ASCENDING, DESCENDING, IndexModel

from documents.tree.node import Stored

_LEAST_PROGRESS = 0.02  # below it a guess from the pace would jump about
_TRUSTED_PROGRESS = 0.3  # from here on the pace alone tells


NEWEST_OF_NODE: Final = "newest_of_node"
"""The index of a node's jobs, newest first."""

MAIL_KEPT_S = 30 * 86_400
"""Seconds after which a mail, sent or given up, is forgotten: it names people who may have no account."""


class JobKind(StrEnum):
    """What a job makes."""

    PRODUCTION = "PRODUCTION"
    SCRIPT = "SCRIPT"
    IMAGE = "IMAGE"
    VOICEOVER = "VOICEOVER"
    MUSIC = "MUSIC"
    SCRIPT_ANALYSIS = "SCRIPT_ANALYSIS"
    CHARACTER_ANALYSIS = "CHARACTER_ANALYSIS"
    CHARACTER_IMAGE = "CHARACTER_IMAGE"
    REWRITE = "REWRITE"
    PROMPT = "PROMPT"
    METADATA = "METADATA"
    MUSIC_WORDS = "MUSIC_WORDS"
    TRANSLATION = "TRANSLATION"
    CHAT_REPLY = "CHAT_REPLY"
    WEEKLY_PLAN = "WEEKLY_PLAN"
    IMAGE_EDIT = "IMAGE_EDIT"
    CLIP = "CLIP"
    SEED_FRAME = "SEED_FRAME"
    SOUND_EFFECT = "SOUND_EFFECT"
    VOICE_PREVIEW = "VOICE_PREVIEW"
    LIP_SYNC = "LIP_SYNC"
    CALL_OFF = "CALL_OFF"
    RENDER = "RENDER"
    SEGMENT = "SEGMENT"
    UPLOAD_CHECK = "UPLOAD_CHECK"
    MAIL = "MAIL"
    ACCOUNT_MAIL = "ACCOUNT_MAIL"
    DATA_EXPORT = "DATA_EXPORT"


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen unless it is retried."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED}


class Queue(StrEnum):
    """Dramatiq's queues; each kind of worker process serves some of them."""

    GENERATE = "generate"
    RENDER = "render"
    PUBLISH = "publish"
    HOUSE = "house"


QUEUE_OF = {
    JobKind.PRODUCTION: Queue.HOUSE,
    JobKind.SCRIPT: Queue.GENERATE,
    JobKind.IMAGE: Queue.GENERATE,
    JobKind.VOICEOVER: Queue.GENERATE,
    JobKind.MUSIC: Queue.GENERATE,
    JobKind.SCRIPT_ANALYSIS: Queue.GENERATE,
    JobKind.CHARACTER_ANALYSIS: Queue.GENERATE,
    JobKind.CHARACTER_IMAGE: Queue.GENERATE,
    JobKind.REWRITE: Queue.GENERATE,
    JobKind.PROMPT: Queue.GENERATE,
    JobKind.METADATA: Queue.GENERATE,
    JobKind.MUSIC_WORDS: Queue.GENERATE,
    JobKind.TRANSLATION: Queue.GENERATE,
    JobKind.CHAT_REPLY: Queue.GENERATE,
    JobKind.WEEKLY_PLAN: Queue.GENERATE,
    JobKind.IMAGE_EDIT: Queue.GENERATE,
    JobKind.CLIP: Queue.GENERATE,
    JobKind.SEED_FRAME: Queue.GENERATE,
    JobKind.SOUND_EFFECT: Queue.GENERATE,
    JobKind.VOICE_PREVIEW: Queue.GENERATE,
    JobKind.LIP_SYNC: Queue.GENERATE,
    JobKind.CALL_OFF: Queue.HOUSE,
    JobKind.RENDER: Queue.RENDER,
    JobKind.SEGMENT: Queue.RENDER,
    JobKind.UPLOAD_CHECK: Queue.GENERATE,
    JobKind.MAIL: Queue.HOUSE,
    JobKind.ACCOUNT_MAIL: Queue.HOUSE,
    JobKind.DATA_EXPORT: Queue.HOUSE,
}


class Lease(Stored):
    """The right to work on a job, until it runs out.

    Args:
        token: raised with each claim; a result is taken only with the newest (a fencing token).
        session_id: MongoDB's logical session in which the owner writes the result.
    """

    owner: str
    token: int
    session_id: UUID | None = None
    expires_at: datetime


class JobError(Stored):
    """Why a job failed.

    Args:
        code: such as `PROVIDER_UNAVAILABLE` or `WORKER_LOST`.
        message: what happened and what to do, for the person who waits.
        is_retryable: whether trying again may help.
    """

    code: str
    message: str
    is_retryable: bool = False


class Estimate(Stored):
    """What a job is expected to take and to cost, in micros: millionths of the currency's major unit.

    Args:
        is_priced: False where something costs money and its price is not known.
    """

    duration_s: float = 0.0
    cost_micros: int = 0
    currency: str = "USD"
    is_priced: bool = True


class JobNotice(Stored):
    """A change of the job that viewers are told about."""

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    state: JobState
    progress: float
    stage: str | None
    at: datetime


class Job(Document):
    """One unit of work.

    Args:
        project_id: the project that it is about; None for one about an account or a company.
        paying_project_id: the project that pays for a job that is not its own: an answer in somebody's chat.
        node_kind: GraphQL type of the node, where the kind of job does not tell it.
        owner_id: who started it, and whose turns it takes.
        root_id: the job that a person started; its own id for that one.
        ordinal: tells siblings of one kind and node apart.
        priority: the higher goes first, within one user's jobs.
        admitted_at: when it was handed to the broker; None while it waits its turn.
        sends: how often a message went out since somebody last took it.
        send_again_at: when the next one is due if nobody takes it; None for at once.
        run_after: not before this time (back-off).
        is_waiting: it has handed its work to children and goes on when all of them are over.
        is_held: its root is paused.
        units_done: of `units_total`, in the job's own unit (video frames for a render).
        work_s: seconds that a provider or FFmpeg worked, once it is done.
        waits: how often a busy provider sent it away; these are no attempts.
        cost_micros: what it has bought, its children's purchases included.
        reserved_micros: money of the project that is set aside for it.
        installation_micros: set aside for it of what its owner may spend with the installation's keys.
        deaths: how many workers died while they worked on it.
        payload: what the work needs, fixed when the job was made.
        result: what came out, by id or key.
        checkpoint: what a takeover needs to go on instead of starting over.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    kind: JobKind
    queue: Queue
    state: JobState = JobState.QUEUED
    project_id: PydanticObjectId | None = None
    paying_project_id: PydanticObjectId | None = None
    node_id: PydanticObjectId | None = None
    node_kind: str | None = None
    owner_id: PydanticObjectId
    parent_id: PydanticObjectId | None = None
    root_id: PydanticObjectId
    ordinal: int = 0
    priority: int = 0
    admitted_at: datetime | None = None
    sends: int = 0
    send_again_at: datetime | None = None
    run_after: datetime | None = None
    is_waiting: bool = False
    is_held: bool = False
    progress: float = 0.0
    stage: str | None = None
    units_done: int = 0
    units_total: int = 0
    attempt: int = 0
    max_attempts: int = 3
    waits: int = 0
    deaths: int = 0
    fence: int = 0
    lease: Lease | None = None
    cancel_requested_at: datetime | None = None
    error: JobError | None = None
    estimate: Estimate = Field(default_factory=Estimate)
    cost_micros: int = 0
    reserved_micros: int = 0
    installation_micros: int = 0
    currency: str = "USD"
    work_s: float | None = None
    idempotency_key: str | None = None
    payload: dict[str, Any] = Field(default_factory=dict)
    result: dict[str, Any] = Field(default_factory=dict)
    checkpoint: dict[str, Any] = Field(default_factory=dict)
    queued_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outbox: list[JobNotice] = Field(default_factory=list)

    @classmethod
    def readable(cls, raw: Mapping[str, Any]) -> "Job | None":
        """A stored job, or None if this version of the program cannot read it: a newer one may be at work."""
        try:
            job: Job = cls.model_validate(raw)
        except ValidationError:
            return None
        return job

    @classmethod
    async def light(cls, job_id: PydanticObjectId) -> "Job | None":
        """A job without the frozen timeline that a render carries, which may be megabytes."""
        heavy = {"checkpoint.timeline": 0, "checkpoint.sources": 0}
        raw = await cls.get_pymongo_collection().find_one({"_id": job_id}, heavy)
        return None if raw is None else cls.model_validate(raw)

    @property
    def in_project(self) -> PydanticObjectId:
        """The project of a job of a kind that has one."""
        assert self.project_id is not None  # noqa: S101 - the job was made with it
        return self.project_id

    @property
    def payer_id(self) -> PydanticObjectId | None:
        """The project under whose ceiling it buys; None for none."""
        return self.paying_project_id or self.project_id

    def is_suspect(self, now: datetime) -> bool:
        """Whether a worker died while it worked on this, and it has not come further since."""
        lapsed = self.state is JobState.RUNNING and self.lease is not None and self.lease.expires_at <= now
        return self.deaths > 0 or lapsed

    def remaining_s(self, now: datetime) -> float | None:
        """Seconds that a running job should still take; None where there is nothing to guess from.

        At first the estimate tells, and more and more the pace so far: early steps are not like later ones.
        """
        if self.state is not JobState.RUNNING or self.started_at is None:
            return None
        left = 1.0 - self.progress
        expected_s = self.estimate.duration_s * left
        if self.progress < _LEAST_PROGRESS:
            return expected_s or None
        spent_s = (now - self.started_at).total_seconds()
        by_pace_s = spent_s / self.progress * left
        if not expected_s:
            return by_pace_s
        trust = min(1.0, self.progress / _TRUSTED_PROGRESS)
        return trust * by_pace_s + (1.0 - trust) * expected_s

    class Settings:
        """Where jobs live; every question that the engine asks has its index."""

        name = "jobs"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [
                    ("owner_id", ASCENDING),
                    ("queue", ASCENDING),
                    ("priority", DESCENDING),
                    ("_id", ASCENDING),
                ],
                name="to_admit_by_queue",
                partialFilterExpression={"state": "QUEUED", "admitted_at": None},
            ),
            IndexModel(
                [("owner_id", ASCENDING), ("queue", ASCENDING)],
                name="admitted",
                partialFilterExpression={"admitted_at": {"$type": "date"}, "finished_at": None},
            ),
            IndexModel([("state", ASCENDING), ("send_again_at", ASCENDING)], name="to_send_again_at"),
            IndexModel(
                [("lease.expires_at", ASCENDING)],
                name="leased",
                partialFilterExpression={"lease.expires_at": {"$exists": True}},
            ),
            IndexModel(
                [("owner_id", ASCENDING), ("kind", ASCENDING)],
                name="unfinished_orders",
                partialFilterExpression={"parent_id": None, "finished_at": None},
            ),
            IndexModel([("owner_id", ASCENDING), ("project_id", ASCENDING)], name="of_owner"),
            IndexModel(
                [("owner_id", ASCENDING), ("installation_micros", ASCENDING)],
                name="reserved",
                partialFilterExpression={"installation_micros": {"$gt": 0}},
            ),
            IndexModel([("parent_id", ASCENDING), ("state", ASCENDING)], name="children"),
            IndexModel([("root_id", ASCENDING), ("state", ASCENDING)], name="descendants"),
            IndexModel(
                [("project_id", ASCENDING), ("queued_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_project",
            ),
            IndexModel(
                [
                    ("project_id", ASCENDING),
                    ("node_id", ASCENDING),
                    ("queued_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name=NEWEST_OF_NODE,
                # Any id: the planner finds no id among those of a type.
                partialFilterExpression={"node_id": {"$gte": PydanticObjectId("0" * 24)}},
            ),
            IndexModel(
                [("parent_id", ASCENDING), ("queued_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_children",
            ),
            IndexModel(
                [("project_id", ASCENDING), ("kind", ASCENDING), ("state", ASCENDING)], name="by_kind"
            ),
            IndexModel(
                [("owner_id", ASCENDING), ("idempotency_key", ASCENDING)],
                name="idempotency",
                unique=True,
                partialFilterExpression={"idempotency_key": {"$type": "string"}},
            ),
            IndexModel(
                [("outbox.at", ASCENDING)],
                name="untold",
                # Not by type: a range of dates is no subset of that to the planner, and would not use it.
                partialFilterExpression={"outbox.at": {"$exists": True}},
            ),
            IndexModel(
                [("finished_at", ASCENDING), ("_id", ASCENDING)],
                name="ended_translations",
                partialFilterExpression={"kind": "TRANSLATION"},
            ),
            IndexModel([("is_held", ASCENDING)], name="is_held", partialFilterExpression={"is_held": True}),
            IndexModel(
                [("finished_at", ASCENDING)],
                name="mail_expiry",
                expireAfterSeconds=MAIL_KEPT_S,
                partialFilterExpression={"kind": {"$in": ["MAIL", "ACCOUNT_MAIL"]}},
            ),
            IndexModel(
                [("cancel_requested_at", ASCENDING)],
                name="to_cancel",
                partialFilterExpression={"cancel_requested_at": {"$type": "date"}, "finished_at": None},
            ),
        ]
