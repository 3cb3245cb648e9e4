"""The timeline: what is shown, once a person has taken it into their own hands."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from beanie import PydanticObjectId

import documents.tree.timeline as stored
from access.permissions import Permission
from documents.projects.project import Project as StoredProject
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import timeline
from resolvers.tree.timeline import ClipDraft
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id, tree_gid, tree_ref
from schema.inputs import given
from schema.node import TreeNode
from schema.tree.look import Transition, TransitionInput

if TYPE_CHECKING:
    from schema.projects.project import Project

Info = strawberry.Info[Context, None]
_Project = Annotated["Project", strawberry.lazy("schema.projects.project")]


@strawberry.type(description="A stretch of the video that shows one frame.")
class TimelineClip(TreeNode):
    """Read from `documents.tree.timeline.TimelineClip`."""

    shows = stored.TimelineClip

    title: str = strawberry.field(description="A name for it; at most 200 characters.")
    start_s: float = strawberry.field(
        description="Where it starts, in seconds: the sum of the durations before it. A render that has to "
        "wait for a longer voice moves it back."
    )
    duration_s: float = strawberry.field(description="How long it is shown, in seconds; at most 3,600.")
    trim_start_s: float = strawberry.field(description="Left out of the clip's beginning, in seconds.")
    trim_end_s: float = strawberry.field(description="Left out of the clip's end, in seconds.")
    transition: Transition = strawberry.field(description="How it gives way to the next.")

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the frame's scene.")
    def scene_id(self, root: strawberry.Parent[stored.TimelineClip]) -> str | None:
        """Global id of the scene."""
        return _gid("Scene", root, root.scene_id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the frame that is shown.")
    def frame_id(self, root: strawberry.Parent[stored.TimelineClip]) -> str | None:
        """Global id of the frame."""
        return _gid("Frame", root, root.frame_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the picture that is shown instead of the frame's chosen one.",
    )
    def image_id(self, root: strawberry.Parent[stored.TimelineClip]) -> str | None:
        """Global id of the picture."""
        return _gid("Image", root, root.image_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the clip that is shown instead of a picture."
    )
    def clip_id(self, root: strawberry.Parent[stored.TimelineClip]) -> str | None:
        """Global id of the clip."""
        return _gid("Clip", root, root.clip_id)


def _gid(kind: str, root: stored.TimelineClip, node_id: PydanticObjectId | None) -> str | None:
    if node_id is None or root.project_id is None:
        return None
    return tree_gid(kind, root.project_id, node_id)


@strawberry.type(description="Clips in the order in which they play.")
class Timeline:
    """Read from `documents.tree.timeline.Timeline`."""

    clips: list[TimelineClip] = strawberry.field(description="One after the other, without gaps.")
    revision: int = strawberry.field(description="Raised with each arrangement.")


@strawberry.input(description="A stretch of the video.")
class TimelineClipInput:
    """Unpacked by `TimelineMutations.arrange_timeline`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame that is shown.")
    duration_s: float = strawberry.field(
        description="How long it is shown, in seconds, at most 3,600; longer where the voice is."
    )
    image_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of a picture of the frame; null for the chosen one."
    )
    clip_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Id of a clip of the frame's scene, or of its `lipSync`; null to show a picture.",
    )
    title: str = strawberry.field(default="", description="A name for it; at most 200 characters.")
    trim_start_s: float = strawberry.field(
        default=0.0, description="Left out of the clip's beginning, in seconds, 0 to 36,000."
    )
    trim_end_s: float = strawberry.field(
        default=0.0, description="Left out of the clip's end, in seconds, 0 to 36,000."
    )
    transition: TransitionInput | None = strawberry.field(
        default=strawberry.UNSET, description="How it gives way to the next; left out, as the style says."
    )


@strawberry.input(description="What to show.")
class ArrangeTimelineInput:
    """Unpacked by `TimelineMutations.arrange_timeline`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    clips: list[TimelineClipInput] = strawberry.field(
        description="All of them, in the order in which they play; a frame may appear several times."
    )
    expected_revision: int | None = strawberry.field(
        default=None,
        description="The timeline's revision as the client knows it; null to replace it anyhow.",
    )


@strawberry.input(description="Whose timeline follows the script again.")
class FollowScriptInput:
    """Unpacked by `TimelineMutations.follow_script`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The timeline's revision as the client knows it; null to drop it anyhow."
    )


@strawberry.type(description="What came of arranging a timeline.")
class ArrangeTimelinePayload(Payload):
    """Over `Outcome[Timeline]`."""

    timeline = result_field(
        Timeline, "The timeline as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type(description="What came of dropping an arrangement.")
class FollowScriptPayload(Payload):
    """Over `Outcome[Timeline | Project]`."""

    @strawberry.field(graphql_type=_Project | None, description="The project; null if it was refused.")
    def project(self, root: strawberry.Parent[Outcome[Any]]) -> StoredProject | None:
        """The project as it is now."""
        return root.result if isinstance(root.result, StoredProject) else None

    @strawberry.field(graphql_type=Timeline | None, description="The timeline as it is, on a conflict.")
    def timeline(self, root: strawberry.Parent[Outcome[Any]]) -> stored.Timeline | None:
        """What stands in the way."""
        return root.result if isinstance(root.result, stored.Timeline) else None


@strawberry.type
class TimelineMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ArrangeTimelinePayload,
        description="Show these clips, whatever the script says; until `followScript`.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def arrange_timeline(self, info: Info, input: ArrangeTimelineInput) -> Outcome[stored.Timeline]:
        """Arrange."""
        of_project = project_id(input.project_id, "input.projectId")
        drafts = [_draft(each, f"input.clips.{index}") for index, each in enumerate(input.clips)]
        return await timeline.arrange(
            info.context, of_project, drafts, expected_revision=input.expected_revision
        )

    @strawberry.mutation(
        graphql_type=FollowScriptPayload,
        description="Drop the arrangement: show what the script tells.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def follow_script(
        self, info: Info, input: FollowScriptInput
    ) -> Outcome[stored.Timeline | StoredProject]:
        """Drop."""
        return await timeline.follow_script(
            info.context,
            project_id(input.project_id, "input.projectId"),
            expected_revision=input.expected_revision,
        )


def _draft(input: TimelineClipInput, at: str) -> ClipDraft:
    def ref(value: str | None, kind: str, field: str) -> tuple[PydanticObjectId, PydanticObjectId] | None:
        if value is None:
            return None
        found = tree_ref(value, kind, f"{at}.{field}")
        return found.project_id, found.node_id

    frame = tree_ref(input.frame_id, "Frame", f"{at}.frameId")
    return ClipDraft(
        frame=(frame.project_id, frame.node_id),
        image=ref(input.image_id, "Image", "imageId"),
        clip=ref(input.clip_id, "Clip", "clipId"),
        values=given(input, without=("frame_id", "image_id", "clip_id")),
    )
