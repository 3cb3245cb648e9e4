"""Who is looking at a project, or editing it, as clients see it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

import strawberry
from beanie import PydanticObjectId

from access.permissions import Permission
from events.presence import Activity
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.live import presence
from resolvers.live.presence import Attendance
from resolvers.outcome import Outcome
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import any_ref, document_gid, document_id, tree_gid
from schema.ids import project_id as project_key

Info = strawberry.Info[Context, None]

_NODES: Final = frozenset({"Scene", "Frame", "Image", "Voiceover", "Clip", "TimelineClip"})
_NODE: Final = "a scene, frame, image, voiceover, clip or timeline clip"
_TAB: Final = "What the client calls this tab: 1 to 64 letters, digits, hyphens and underscores."

describe(
    Activity,
    "What somebody does at a node.",
    {
        Activity.LOOKING: "They have it before them.",
        Activity.EDITING: "They are changing it. Nobody else is kept from it: that takes the edit lock.",
    },
    name="PresenceActivity",
)


@strawberry.type(description="Somebody who is present in a project: one tab of theirs.")
class Presence:
    """Over `resolvers.live.presence.Attendance`."""

    name: str = strawberry.field(
        description="Of a user, the account's; of a guest, as the guest gave it, which proves nothing."
    )
    is_mine: bool = strawberry.field(description="Whether it is of the session, or the guest, that asks.")

    @strawberry.field(description="The same for as long as the tab is there, and of no other one.")
    def key(self, root: strawberry.Parent[Attendance]) -> str:
        """A digest: the name of the seat holds ids of sessions, which are nobody's business."""
        return sha256(f"{root.project_id}:{root.present.seat.name}".encode()).hexdigest()[:32]

    @strawberry.field(description="Whether it is a guest of a review link, without an account.")
    def is_guest(self, root: strawberry.Parent[Attendance]) -> bool:
        """Whether it is a guest."""
        return root.user_id is None

    @strawberry.field(description="Id of the user; null for a guest.")
    def user_id(self, root: strawberry.Parent[Attendance]) -> strawberry.ID | None:
        """The user."""
        return None if root.user_id is None else strawberry.ID(document_gid("User", root.user_id))

    @strawberry.field(
        description=f"Id of the node where they are: {_NODE}, which may be gone by now; null for the project "
        "as a whole."
    )
    def node_id(self, root: strawberry.Parent[Attendance]) -> strawberry.ID | None:
        """The node."""
        node = root.present.node
        return None if node is None else strawberry.ID(tree_gid(node[0], root.project_id, node[1]))

    @strawberry.field(description="What they do there.")
    def activity(self, root: strawberry.Parent[Attendance]) -> Activity:
        """What they do."""
        return root.present.activity

    @strawberry.field(description="Since when they are at this node and do this.")
    def since(self, root: strawberry.Parent[Attendance]) -> datetime:
        """Since when."""
        return root.present.since

    @strawberry.field(description="When they are gone unless they report again; do not show them beyond it.")
    def expires_at(self, root: strawberry.Parent[Attendance]) -> datetime:
        """Until when."""
        return root.present.expires_at


@strawberry.input(description="Where one is, and what one does there.")
class ReportPresenceInput:
    """Unpacked by `PresenceMutations.report_presence`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    node_id: strawberry.ID | None = strawberry.field(
        default=None, description=f"Id of {_NODE} of the project; null for the project as a whole."
    )
    activity: Activity = strawberry.field(
        description="What one does there. `EDITING` is for those who may edit the project."
    )
    tab_id: str = strawberry.field(description=_TAB)


@strawberry.input(description="The tab that leaves a project.")
class EndPresenceInput:
    """Unpacked by `PresenceMutations.end_presence`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    tab_id: str = strawberry.field(description=_TAB)


@strawberry.type(description="What came of reporting where one is.")
class ReportPresencePayload(Payload):
    """Over `Outcome[Attendance]`."""

    presence = result_field(Presence, "As others see it; null if it was refused.")


@strawberry.type(description="What came of leaving.")
class EndPresencePayload(Payload):
    """Over `Outcome[bool]`."""

    was_present = result_field(bool, "Whether the tab was there.")


@strawberry.type
class PresenceQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=list[Presence],
        description="Who is present in a project now: one entry for each tab, at most 100, those who are "
        "longest at their node first. Whose session, review link or right to see the project ended is not "
        "there.",
        metadata={"cost": 10, **needs(Permission.PROJECT_VIEW)},
    )
    async def presence(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
    ) -> Sequence[Attendance]:
        """Who is there."""
        return await presence.of_project(info.context, document_id(project_id, "Project", "projectId"))


@strawberry.type
class PresenceMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ReportPresencePayload,
        description="Show others where one is in a project, for 30 seconds; send it again every 10 seconds, "
        "and at once when one moves. For sessions and for guests of review links, not for API keys. "
        "`LIMIT_EXCEEDED` if 100 tabs are present already. It locks nothing, and keeps no lock.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def report_presence(self, info: Info, input: ReportPresenceInput) -> Outcome[Attendance]:
        """Say where one is."""
        project = project_key(input.project_id, "input.projectId")
        return await presence.report(
            info.context,
            project,
            node=None if input.node_id is None else _node(input.node_id, project),
            activity=input.activity,
            tab=input.tab_id,
        )

    @strawberry.mutation(
        graphql_type=EndPresencePayload,
        description="Be no longer present in a project with one tab. Send it when the tab is closed; a tab "
        "that cannot is gone after 30 seconds.",
        metadata=needs(Permission.PROJECT_VIEW),
    )
    async def end_presence(self, info: Info, input: EndPresenceInput) -> Outcome[bool]:
        """Go."""
        project = project_key(input.project_id, "input.projectId")
        return await presence.end(info.context, project, tab=input.tab_id)


def _node(value: str, project: PydanticObjectId) -> tuple[str, PydanticObjectId]:
    ref = any_ref(value, "input.nodeId")
    if ref.kind not in _NODES or ref.project_id != project:
        raise BadUserInput("input.nodeId", f"Send the id of {_NODE} of this project.")
    return ref.kind, ref.oid
