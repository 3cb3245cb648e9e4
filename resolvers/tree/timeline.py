"""The timeline: arranged by hand, or following the script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.errors import NodeMissing
from documents.projects.project import Project
from documents.tree import timeline_edit
from documents.tree.script import Frame, Scene
from documents.tree.timeline import Timeline, TimelineClip
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree import edit_locks
from resolvers.tree.changes import answer


@dataclass(frozen=True, slots=True)
class ClipDraft:
    """One clip as a client gives it.

    Args:
        frame: project and node that the frame's id names.
        image: likewise for a picture that is shown instead of the chosen one.
        clip: likewise for a moving picture.
        values: of the other fields, by their Python names.
    """

    frame: tuple[PydanticObjectId, PydanticObjectId]
    image: tuple[PydanticObjectId, PydanticObjectId] | None
    clip: tuple[PydanticObjectId, PydanticObjectId] | None
    values: Mapping[str, Any]


async def arrange(
    context: Context,
    project_id: PydanticObjectId,
    drafts: Sequence[ClipDraft],
    *,
    expected_revision: int | None,
) -> Outcome[Timeline]:
    """Show these clips one after the other, whatever the script says.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    most = context.services.caps.frames_per_project
    if len(drafts) > most:
        return Outcome.refused(
            UserErrorCode.LIMIT_EXCEEDED, f"At most {most} clips in a timeline.", at="input.clips"
        )
    if not drafts:
        return Outcome.refused(UserErrorCode.INVALID, "A timeline has a clip or more.", at="input.clips")
    faults: list[UserError] = []
    clips: list[TimelineClip] = []
    start_s = 0.0
    frames = {frame.id: (scene, frame) for scene, frame in project.frames()}
    for index, draft in enumerate(drafts):
        clip = _clip(project, frames, draft, start_s, faults, at=f"input.clips.{index}")
        if clip is not None:
            clips.append(clip)
            start_s += clip.duration_s
    if faults:
        return Outcome(user_errors=faults)
    change = timeline_edit.arrange(
        project_id,
        Timeline(clips=clips),
        now=context.services.now(),
        tree_bytes=context.services.caps.tree_bytes,
        expected_revision=expected_revision,
        hand=await edit_locks.hand(context, project),
    )
    return await _answered(context, change, project_id, expected_revision)


async def follow_script(
    context: Context, project_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[Timeline | Project]:
    """Drop what was arranged; the result is the project, or on a conflict the timeline.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_EDIT)
    change = timeline_edit.follow_script(
        project_id,
        now=context.services.now(),
        expected_revision=expected_revision,
        hand=await edit_locks.hand(context, project),
    )
    outcome = await _answered(context, change, project_id, expected_revision)
    if outcome.user_errors:
        return outcome
    return Outcome(await context.projects.check(project_id, Permission.PROJECT_VIEW))


async def _answered(
    context: Context, change: Any, project_id: PydanticObjectId, expected_revision: int | None
) -> Outcome[Any]:
    try:
        return await answer(context, change)
    except NodeMissing:
        if expected_revision is None:
            raise
        await context.projects.check(project_id, Permission.PROJECT_EDIT)  # or the project is gone
        return Outcome.refused(
            UserErrorCode.REVISION_CONFLICT,
            "The timeline follows the script now, so it has no revision: leave out `expectedRevision`.",
            at="input.expectedRevision",
        )


def _clip(
    project: Project,
    frames: Mapping[PydanticObjectId, tuple[Scene, Frame]],
    draft: ClipDraft,
    start_s: float,
    faults: list[UserError],
    *,
    at: str,
) -> TimelineClip | None:
    known = len(faults)
    good, wrong = checked(TimelineClip, draft.values, at=at)
    faults += wrong
    in_project, frame_id = draft.frame
    found = frames.get(frame_id) if in_project == project.id else None
    if found is None:
        faults.append(UserError(UserErrorCode.INVALID, f"{at}.frameId", "The project has no such frame."))
        return None
    scene, frame = found
    if draft.image is not None and draft.image[1] not in {image.id for image in frame.images}:
        text = "The frame has no such picture."
        faults.append(UserError(UserErrorCode.INVALID, f"{at}.imageId", text))
    own = [] if frame.lip_sync is None else [frame.lip_sync]
    if draft.clip is not None and draft.clip[1] not in {clip.id for clip in (*scene.clips, *own)}:
        text = "Neither the frame's scene nor the frame itself has such a clip."
        faults.append(UserError(UserErrorCode.INVALID, f"{at}.clipId", text))
    if len(faults) > known:
        return None
    return TimelineClip(
        **good,
        scene_id=scene.id,
        frame_id=frame.id,
        image_id=None if draft.image is None else draft.image[1],
        clip_id=None if draft.clip is None else draft.clip[1],
        start_s=start_s,
    )
