"""Following what happens: subscriptions, and the place to begin at."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from access.permissions import Permission
from resolvers.context import Context
from resolvers.live import events
from resolvers.live.live_events import EventsLost, JobAdvanced, JobStateChanged, LiveEvent
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.live.event import JobEvent, ProjectEvent

Info = strawberry.Info[Context, None]

_AFTER = (
    "Cursor of the last event that was received, or of `eventCursor`: what happened since comes first. "
    "Null to begin "
    "now."
)


@strawberry.type
class EventQueries:
    """Part of the query root."""

    @strawberry.field(
        description="The place after a project's last event. Ask for it before, or together with and in "
        "front of, what "
        "you show of the project, then subscribe with it as `after`: nothing falls in between.",
        metadata={"cost": 5} | needs(Permission.PROJECT_VIEW),
    )
    async def event_cursor(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
    ) -> str:
        """Where the project's events stand."""
        return await events.cursor(info.context, document_id(project_id, "Project", "projectId"))


@strawberry.type
class EventSubscriptions:
    """Part of the subscription root."""

    @strawberry.subscription(
        graphql_type=ProjectEvent,
        description="All that happens in a project, each event once and in order. Ends with `NOT_FOUND` "
        "when the "
        "viewer may no longer see the project, and with `UNAVAILABLE` when events are not taken in time: "
        "subscribe "
        "again with the last cursor.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def project_events(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        after: Annotated[str | None, strawberry.argument(description=_AFTER)] = None,
    ) -> AsyncGenerator[LiveEvent, None]:
        """Follow a project."""
        oid = document_id(project_id, "Project", "projectId")
        async with aclosing(events.of_project(info.context, oid, after=after)) as stream:
            async for event in stream:
                yield event

    @strawberry.subscription(
        graphql_type=JobEvent,
        description="What happens to a job and to all that it started, until the job is over; then the "
        "stream "
        "completes. Without `after`, the job as it is comes first.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def job_events(
        self,
        info: Info,
        job_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the job.")],
        after: Annotated[str | None, strawberry.argument(description=_AFTER)] = None,
    ) -> AsyncGenerator[EventsLost | JobStateChanged | JobAdvanced, None]:
        """Follow a job."""
        oid = document_id(job_id, "Job", "jobId")
        async with aclosing(events.of_job(info.context, oid, after=after)) as stream:
            async for event in stream:
                yield event
