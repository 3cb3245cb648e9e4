"""What is shown, once a person has taken it into their own hands."""

from typing import Annotated

from beanie import PydanticObjectId
from pydantic import Field

from documents.text import Line
from documents.tree.look import Transition
from documents.tree.node import Node, Section

Offset = Annotated[float, Field(ge=0, le=36_000, allow_inf_nan=False)]


class TimelineClip(Node):
    """A stretch of the video that shows one frame.

    Args:
        start_s: where it starts on the timeline, in seconds.
        duration_s: how long it is shown, in seconds.
        trim_start_s: how much of its beginning is left out.
        trim_end_s: how much of its end is left out.
        image_id: shown instead of the frame's chosen picture.
        clip_id: shown instead of the picture.
    """

    title: Line = ""
    scene_id: PydanticObjectId
    frame_id: PydanticObjectId
    image_id: PydanticObjectId | None = None
    clip_id: PydanticObjectId | None = None
    start_s: Offset
    duration_s: Annotated[float, Field(gt=0, le=3_600, allow_inf_nan=False)]
    trim_start_s: Offset = 0.0
    trim_end_s: Offset = 0.0
    transition: Transition = Field(default_factory=Transition)


class Timeline(Section):
    """Clips in the order in which they play; None in `Project.timeline` while it follows the script."""

    clips: list[TimelineClip] = Field(default_factory=list)
