"""What each stretch of the video shows: a frame's picture, its scene's clip, or its own lip-synced one."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.projects.project import Project
from documents.tree.look import Transition
from documents.tree.script import Clip, Frame, Image, MediaKind, Scene
from documents.tree.timeline import TimelineClip
from tasks.job_engine.work import Hopeless


@dataclass(frozen=True, slots=True)
class Take:
    """One stretch of the video before it becomes a shot.

    Args:
        duration_s: a length set by hand; None follows the voice.
        trim_start_s: how much of a clip's beginning is left out.
        trim_end_s: how much of its end is left out.
        goes_on: whether it is the scene's clip, which plays on from frame to frame.
    """

    shot_id: str
    scene: Scene
    frame: Frame
    source: Image | Clip
    duration_s: float | None
    transition: Transition
    trim_start_s: float = 0.0
    trim_end_s: float = 0.0
    goes_on: bool = False

    @property
    def has_moving_lips(self) -> bool:
        """Whether what is shown speaks with the frame's voice."""
        return self.frame.lip_sync is not None and self.source.id == self.frame.lip_sync.id

    def goes_on_in(self, following: "Take | None") -> bool:
        """Whether one clip plays on from here into the next take."""
        return (
            following is not None
            and self.goes_on
            and following.goes_on
            and following.source.id == self.source.id
        )


def takes_of(project: Project) -> Sequence[Take]:
    """What is shown, in order: as it was arranged by hand, or as the script tells.

    Raises:
        Hopeless: a frame has nothing to show.
    """
    if project.timeline is not None:
        return _arranged(project, project.timeline.clips)
    takes, missing = [], []
    for scene, frame in project.shown_frames():
        clip = _moving(scene, frame)
        source = clip or frame.chosen_image
        if source is None:
            missing.append(frame)
            continue
        is_scenes = clip is not None and clip is not frame.lip_sync
        takes.append(
            Take(
                str(frame.id),
                scene,
                frame,
                source,
                frame.duration_s,
                frame.transition,
                goes_on=is_scenes,
            )
        )
    if missing:
        raise assets_missing("picture", missing)
    return takes


def _moving(scene: Scene, frame: Frame) -> Clip | None:
    """The moving picture that a frame shows; None where it shows its picture."""
    if frame.media_kind is not MediaKind.CLIP:
        return None
    return frame.lip_sync or scene.chosen_clip


def _arranged(project: Project, clips: Sequence[TimelineClip]) -> list[Take]:
    frames = {frame.id: (scene, frame) for scene, frame in project.frames()}
    takes = []
    for clip in clips:
        if clip.frame_id not in frames:
            continue
        scene, frame = frames[clip.frame_id]
        moving = [*scene.clips, *([frame.lip_sync] if frame.lip_sync else [])]
        image = next((each for each in frame.images if each.id == clip.image_id), frame.chosen_image)
        source = next((each for each in moving if each.id == clip.clip_id), image)
        if source is None:
            raise assets_missing("picture", [frame])
        takes.append(
            Take(
                str(clip.id),
                scene,
                frame,
                source,
                clip.duration_s,
                clip.transition,
                trim_start_s=clip.trim_start_s,
                trim_end_s=clip.trim_end_s,
            )
        )
    return takes


def assets_missing(what: str, frames: Sequence[Frame]) -> Hopeless:
    """Why these frames cannot be shown."""
    names = ", ".join(str(frame.id) for frame in frames[:5])
    return Hopeless(
        "ASSETS_MISSING",
        f"{len(frames)} frames have no {what} ({names}, …)."
        " Start a production, or generate or choose them, then render.",
    )
