"""Telling the viewers: what is written is published, then struck from the outbox.

Dying in between is harmless: the sweeper publishes what an outbox still holds, and a topic takes an event
with the same id only once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from beanie import PydanticObjectId
from pydantic import ValidationError
from redis.exceptions import RedisError

from documents.jobs.job import Job, JobKind, JobNotice
from documents.notice import Notice, NoticeKind
from documents.projects.change_event import ChangeEvent
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.edit import Changed
from events.event import EventDraft, Json
from events.publisher import Publisher
from tasks.job_engine.kill_points import KillPoint, KillPoints

log = structlog.get_logger()

JOB_CHANGED = "JOB_CHANGED"
JOB_PROGRESSED = "JOB_PROGRESSED"
PRESENCE_CHANGED = "PRESENCE_CHANGED"
ANSWER_STARTED = "ANSWER_STARTED"
ANSWER_PIECE = "ANSWER_PIECE"

ACCESS_TOPIC = "access"
"""Whose rights changed, for every process: the type of each event is the id of a user or review link."""


def viewer_topic(user_id: PydanticObjectId) -> str:
    """The topic of one user's own news and of jobs that belong to no project."""
    return f"viewer:{user_id}"


def chat_topic(chat_id: PydanticObjectId) -> str:
    """The topic of what is said in a chat; it tells the ends of the jobs that answer, too."""
    return f"chat:{chat_id}"


def project_topic(project_id: PydanticObjectId) -> str:
    """The topic of all that happens in a project, its jobs included."""
    return f"project:{project_id}"


def _change_draft(event: ChangeEvent, revision: int | None) -> EventDraft:
    payload: dict[str, Json] = {
        "nodeKind": event.node_kind,
        "nodeId": None if event.node_id is None else str(event.node_id),
        "revision": revision,
        "at": event.at.isoformat(),
    }
    return EventDraft(id=str(event.id), type=event.kind.value, payload=payload)


def _job_payload(job: Job) -> dict[str, Json]:
    return {
        "jobId": str(job.id),
        "rootId": str(job.root_id),
        "parentId": None if job.parent_id is None else str(job.parent_id),
        "kind": job.kind.value,
        "nodeId": None if job.node_id is None else str(job.node_id),
        "nodeKind": job.node_kind,
        "state": job.state.value,
        "progress": job.progress,
        "stage": job.stage,
        "unitsDone": job.units_done,
        "unitsTotal": job.units_total,
    }


def _notice_draft(job: Job, notice: JobNotice) -> EventDraft:
    payload = _job_payload(job) | {
        "state": notice.state.value,
        "progress": notice.progress,
        "stage": notice.stage,
        "at": notice.at.isoformat(),
        "error": None if job.error is None else job.error.model_dump(mode="json"),
    }
    return EventDraft(id=str(notice.id), type=JOB_CHANGED, payload=payload)


def topic_of(job: Job) -> str:
    """Where a job's news are told."""
    if job.kind is JobKind.CHAT_REPLY and job.node_id is not None:
        return chat_topic(job.node_id)
    return viewer_topic(job.owner_id) if job.project_id is None else project_topic(job.project_id)


class Announcer:
    """Publishes changes of projects and jobs, and people's news."""

    def __init__(self, publisher: Publisher, kill_points: KillPoints | None = None) -> None:
        self._publisher = publisher
        self._kill_points = kill_points or KillPoints()

    async def changed(self, change: Changed) -> None:
        """Publish one change that was just written."""
        revision = getattr(change.node, "revision", None)
        if change.event.node_kind == "Project":
            revision = change.project_revision
        await self._tell_changes(change.project_id, [(change.event, revision)])

    async def project(self, project_id: PydanticObjectId) -> None:
        """Publish all that a project's outbox holds."""
        projects = Project.get_pymongo_collection()
        raw = await projects.find_one({"_id": project_id}, {"outbox": 1})
        events = [ChangeEvent.model_validate(each) for each in (raw or {}).get("outbox", ())]
        if not events:
            return
        wanted: dict[str, Any] = {"_id": 1} | {
            f"revision{index}": {
                "$getField": {
                    "field": "revision",
                    "input": places.of(event.node_kind, event.node_id).expression,
                }
            }
            for index, event in enumerate(events)
            if event.is_of_tree
        }
        revisions: dict[str, Any] = await projects.find_one({"_id": project_id}, wanted) or {}
        await self._tell_changes(
            project_id, [(event, revisions.get(f"revision{index}")) for index, event in enumerate(events)]
        )

    async def step(self, job: Job) -> None:
        """Publish what a step of a job has changed: all that its project's outbox and its own hold."""
        if job.project_id is not None:
            await self.project(job.project_id)
        await self.job(job)

    async def job(self, job: Job) -> None:
        """Publish all that a job's outbox holds, as it was read."""
        await self.jobs([job])

    async def jobs(self, jobs: Sequence[Job]) -> None:
        """Publish all that the outboxes of one topic's jobs hold, as they were read."""
        told = [(job, notice) for job in jobs for notice in job.outbox]
        if told and await self._publish(
            topic_of(told[0][0]), [_notice_draft(job, notice) for job, notice in told]
        ):
            await Job.get_pymongo_collection().update_many(
                {"_id": {"$in": [job.id for job, _ in told]}},
                {"$pull": {"outbox": {"_id": {"$in": [notice.id for _, notice in told]}}}},
            )

    async def notices(self, *notices: Notice) -> None:
        """Publish news that were just written; each is struck off once its reader can have it."""
        for notice in notices:
            payload: dict[str, Json] = {**notice.payload, "at": notice.at.isoformat()}
            draft = EventDraft(id=str(notice.id), type=notice.kind.value, payload=payload)
            if notice.kind is NoticeKind.ACCESS_CHANGED:
                alarm = EventDraft(id=str(notice.id), type=str(notice.user_id), payload={})
                if not await self._publish(ACCESS_TOPIC, [alarm]):
                    continue
            if await self._publish(viewer_topic(notice.user_id), [draft]):
                await Notice.get_pymongo_collection().delete_one({"_id": notice.id})

    async def progressed(self, job: Job, *, remaining_s: float | None, now: datetime) -> None:
        """Publish how far a job has come; a lost one is followed by the next, so nothing keeps it."""
        payload = _job_payload(job) | {"remainingS": remaining_s, "at": now.isoformat()}
        draft = EventDraft(id=str(PydanticObjectId()), type=JOB_PROGRESSED, payload=payload)
        await self._publish(topic_of(job), [draft])

    async def answer(
        self, chat_id: PydanticObjectId, kind: str, payload: Mapping[str, Json], *, now: datetime
    ) -> None:
        """Publish a piece of an answer, or that one begins; the whole answer makes up for a lost one."""
        told = {**payload, "at": now.isoformat()}
        await self._publish(chat_topic(chat_id), [EventDraft(str(PydanticObjectId()), kind, told)])

    async def presence(
        self, project_id: PydanticObjectId, *, now: datetime, event_id: str | None = None
    ) -> None:
        """Publish that others are present in a project than before; nothing keeps one that is lost.

        Args:
            project_id: which project.
            now: when it happened.
            event_id: of which several processes may publish one; it is told once.
        """
        payload: dict[str, Json] = {"at": now.isoformat()}
        draft = EventDraft(id=event_id or str(PydanticObjectId()), type=PRESENCE_CHANGED, payload=payload)
        await self._publish(project_topic(project_id), [draft])

    async def sweep(self, now: datetime, *, older_than: timedelta) -> int:
        """Publish what was written and not published since; returns how many had something to tell."""
        overdue = {"outbox.at": {"$lt": now - older_than}}
        told = 0
        async for raw in Project.get_pymongo_collection().find(overdue, {"_id": 1}).limit(500):
            try:
                await self.project(raw["_id"])
            except (ValidationError, KeyError) as error:  # a newer version of the program may have written it
                log.warning(
                    "a project's news are unreadable here", project_id=str(raw["_id"]), error=str(error)
                )
            told += 1
        heavy = {"checkpoint": 0, "payload": 0}
        async for raw in Job.get_pymongo_collection().find(overdue, heavy).limit(500):
            job = Job.readable(raw)
            if job is not None:
                await self.job(job)
                told += 1
        notices = await Notice.find({"at": {"$lt": now - older_than}}).limit(500).to_list()
        await self.notices(*notices)
        told += len(notices)
        return told

    async def _tell_changes(
        self, project_id: PydanticObjectId, events: list[tuple[ChangeEvent, int | None]]
    ) -> None:
        drafts = [_change_draft(event, revision) for event, revision in events]
        if await self._publish(project_topic(project_id), drafts):
            await Project.get_pymongo_collection().update_one(
                {"_id": project_id},
                {"$pull": {"outbox": {"_id": {"$in": [event.id for event, _ in events]}}}},
            )

    async def _publish(self, topic: str, drafts: list[EventDraft]) -> bool:
        self._kill_points.reach(KillPoint.BEFORE_PUBLISH)
        try:
            await self._publisher.publish(topic, drafts)
        except (RedisError, OSError) as error:
            log.warning("events not published yet", topic=topic, error=str(error))
            return False
        self._kill_points.reach(KillPoint.AFTER_PUBLISH)
        return True
