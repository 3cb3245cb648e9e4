"""Live events, as subscribers see them."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry

import documents.jobs.job as stored
from documents.jobs.job import JobKind, JobState
from documents.projects.change_event import ChangeKind
from events.event import ResyncReason
from resolvers.context import Context
from resolvers.jobs import jobs
from resolvers.live import presence
from resolvers.live.live_events import (
    CommentTold,
    EventsLost,
    JobAdvanced,
    JobStateChanged,
    JobTold,
    LockTold,
    PresenceTold,
    TreeChanged,
)
from resolvers.live.presence import Attendance
from resolvers.projects import comment_threads
from resolvers.projects.comment_threads import Thread
from resolvers.tree import edit_locks
from resolvers.tree.edit_locks import HeldLock
from schema.enums import describe
from schema.ids import document_gid, tree_gid
from schema.jobs.job import Job, JobError, job_node_id
from schema.live.presence import Presence
from schema.projects.comment import Comment
from schema.tree.edit_lock import EditLock

describe(
    ResyncReason,
    "Why events were lost to a subscriber.",
    {
        ResyncReason.HISTORY_TRIMMED: "The cursor is older than what is kept.",
        ResyncReason.EPOCH_CHANGED: "The history that the cursor belongs to is gone.",
        ResyncReason.GAP: "The cursor lies ahead of the history, or an event could not be read.",
    },
)


class NodeChange(Enum):
    """What happened to a node."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    MOVED = "MOVED"
    REMOVED = "REMOVED"


describe(
    NodeChange,
    "What happened to a node.",
    {
        NodeChange.ADDED: "It is new.",
        NodeChange.CHANGED: "Some of its own fields have other values.",
        NodeChange.MOVED: "It stands at another place.",
        NodeChange.REMOVED: "It is gone, with all that it held.",
    },
)

_NODE_CHANGES = {
    ChangeKind.NODE_ADDED: NodeChange.ADDED,
    ChangeKind.NODE_CHANGED: NodeChange.CHANGED,
    ChangeKind.NODE_MOVED: NodeChange.MOVED,
    ChangeKind.NODE_REMOVED: NodeChange.REMOVED,
}


@strawberry.interface(description="What every live event says.")
class LiveEvent:
    """Over `resolvers.live.live_events.Told`."""

    cursor: str = strawberry.field(
        description="The place right after this event: pass the last one as `after` to miss nothing and "
        "get nothing "
        "twice."
    )
    at: datetime = strawberry.field(description="When it happened.")


@strawberry.interface(description="An event about a part of the project's tree.")
class TreeEvent(LiveEvent):
    """Over `resolvers.live.live_events.TreeChanged`."""

    node_kind: str = strawberry.field(
        description="What it is about: a type with an id of its own (`Scene`, `Frame`, `Image`, …), or a "
        "section "
        "of the project (`Project`, `Brief`, `Style`, `Script`, `Music`, …)."
    )
    revision: int | None = strawberry.field(
        description="The part's revision when this was published; drop the event if you hold a newer "
        "one. Null when "
        "the part is gone."
    )

    @strawberry.field(description="Id of the node; for a section, of the project.")
    def node_id(self, root: strawberry.Parent[TreeChanged]) -> strawberry.ID:
        """The node."""
        if root.node_id is None:
            return strawberry.ID(document_gid("Project", root.project_id))
        return strawberry.ID(tree_gid(root.node_kind, root.project_id, root.node_id))


@strawberry.type(
    description="A node or section of the tree changed: fetch it, or its parent, if you show it."
)
class NodeChanged(TreeEvent):
    """Over `TreeChanged` of a node."""

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Changes of nodes."""
        return isinstance(obj, TreeChanged) and obj.change in _NODE_CHANGES and not obj.is_of_project

    @strawberry.field(description="What happened to it.")
    def change(self, root: strawberry.Parent[TreeChanged]) -> NodeChange:
        """What happened."""
        return _NODE_CHANGES[root.change]


@strawberry.type(
    description="Something that was made is there: a picture, a voiceover, music; of kind `Project`, a "
    "render."
)
class AssetReady(TreeEvent):
    """Over `TreeChanged` by a finished job."""

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Assets."""
        return isinstance(obj, TreeChanged) and obj.change is ChangeKind.ASSET_READY


@strawberry.type(
    description="The project's own fields changed: title, status, collaborators, the production that "
    "holds it."
)
class ProjectChanged(TreeEvent):
    """Over `TreeChanged` of the project."""

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Changes of the project itself."""
        return isinstance(obj, TreeChanged) and obj.is_of_project


@strawberry.interface(description="An event about a job: how it was when this was published.")
class JobEventFields(LiveEvent):
    """Over `resolvers.live.live_events.JobTold`."""

    kind: JobKind = strawberry.field(description="What the job makes.")
    state: JobState = strawberry.field(description="How far it has come.")
    progress: float = strawberry.field(description="Part that is done, 0 to 1.")
    stage: str | None = strawberry.field(description="What is being done, in a word.")
    units_done: int = strawberry.field(description="Units that are done; of a render, video frames.")
    units_total: int = strawberry.field(description="Units that there are to do; 0 while that is not known.")

    @strawberry.field(description="Id of the job.")
    def job_id(self, root: strawberry.Parent[JobTold]) -> strawberry.ID:
        """The job."""
        return strawberry.ID(document_gid("Job", root.job_id))

    @strawberry.field(description="Id of the job that a person started; its own for that one.")
    def root_id(self, root: strawberry.Parent[JobTold]) -> strawberry.ID:
        """The job above all."""
        return strawberry.ID(document_gid("Job", root.root_id))

    @strawberry.field(description="Id of the job that started it; null for one that a person started.")
    def parent_id(self, root: strawberry.Parent[JobTold]) -> strawberry.ID | None:
        """The parent."""
        return None if root.parent_id is None else strawberry.ID(document_gid("Job", root.parent_id))

    @strawberry.field(description="Id of the node that it is for; null when it is for the whole project.")
    def node_id(self, root: strawberry.Parent[JobTold]) -> strawberry.ID | None:
        """The node."""
        return job_node_id(root.kind, root.project_id, root.node_id, root.node_kind)


@strawberry.type(description="A job was queued, started, handed on to others, or ended.")
class JobChanged(JobEventFields):
    """Over `resolvers.live.live_events.JobStateChanged`."""

    error: JobError | None = strawberry.field(
        description="Why it failed, was canceled, or is tried again; null otherwise."
    )

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Changes of state."""
        return isinstance(obj, JobStateChanged)

    @strawberry.field(
        graphql_type=Job | None,
        description="The job as it is now, which may be further than the event says; null if it is gone.",
        metadata={"cost": 5},
    )
    async def job(self, root: strawberry.Parent[JobStateChanged]) -> stored.Job | None:
        """The job."""
        return await jobs.by_id(root.job_id)


@strawberry.type(description="A running job came on; twice a second while FFmpeg runs.")
class JobProgressed(JobEventFields):
    """Over `resolvers.live.live_events.JobAdvanced`."""

    remaining_s: float | None = strawberry.field(
        description="Seconds that it should still take; null while there is nothing to guess from."
    )

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Progress."""
        return isinstance(obj, JobAdvanced)


@strawberry.type(description="A comment on the project was written, changed, answered or taken away.")
class CommentChanged(LiveEvent):
    """Over `resolvers.live.live_events.CommentTold`."""

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Comments."""
        return isinstance(obj, CommentTold)

    @strawberry.field(description="What happened to it; an answer changes the comment that it answers.")
    def change(self, root: strawberry.Parent[CommentTold]) -> NodeChange:
        """What happened."""
        return _NODE_CHANGES[root.change]

    @strawberry.field(description="Id of the comment.")
    def comment_id(self, root: strawberry.Parent[CommentTold]) -> strawberry.ID:
        """The comment."""
        return strawberry.ID(document_gid("Comment", root.comment_id))

    @strawberry.field(
        graphql_type=Comment | None,
        description="The comment as it is now; null if it is gone.",
        metadata={"cost": 5},
    )
    async def comment(self, root: strawberry.Parent[CommentTold]) -> Thread | None:
        """The comment."""
        return await comment_threads.by_id(root.comment_id)


@strawberry.type(
    description="The project's edit lock was taken, renewed or let go. One that runs out is not told of: "
    "its `expiresAt` says when."
)
class EditLockChanged(LiveEvent):
    """Over `resolvers.live.live_events.LockTold`."""

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Locks."""
        return isinstance(obj, LockTold)

    @strawberry.field(
        graphql_type=EditLock | None,
        description="The lock as it is now; null when nobody holds it.",
        metadata={"cost": 5},
    )
    async def lock(
        self, root: strawberry.Parent[LockTold], info: strawberry.Info[Context, None]
    ) -> HeldLock | None:
        """The lock."""
        return await edit_locks.by_project(info.context, root.project_id)


@strawberry.type(
    description="Somebody came to the project, moved in it, or went: by saying so, in silence, or with their "
    "rights. Who stays where they are is not told of. Such an event may be lost: `presence` is always right."
)
class PresenceChanged(LiveEvent):
    """Over `resolvers.live.live_events.PresenceTold`."""

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Presence."""
        return isinstance(obj, PresenceTold)

    @strawberry.field(
        graphql_type=list[Presence],
        description="Who is present now, as the query `presence` tells it.",
        metadata={"cost": 10},
    )
    async def presence(
        self, root: strawberry.Parent[PresenceTold], info: strawberry.Info[Context, None]
    ) -> Sequence[Attendance]:
        """Who is there."""
        return await presence.of_project(info.context, root.project_id)


@strawberry.type(
    description="Events were lost: fetch anew what you show. The events that follow lie behind `cursor`, "
    "so what is "
    "fetched after this one holds all that was missed."
)
class ResyncRequired(LiveEvent):
    """Over `resolvers.live.live_events.EventsLost`."""

    reason: ResyncReason = strawberry.field(description="Why.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Losses."""
        return isinstance(obj, EventsLost)


ProjectEvent = Annotated[
    NodeChanged
    | AssetReady
    | ProjectChanged
    | CommentChanged
    | EditLockChanged
    | PresenceChanged
    | JobChanged
    | JobProgressed
    | ResyncRequired,
    strawberry.union("ProjectEvent", description="Something that happened in a project."),
]
JobEvent = Annotated[
    JobChanged | JobProgressed | ResyncRequired,
    strawberry.union("JobEvent", description="Something that happened to a job or to one that it started."),
]
