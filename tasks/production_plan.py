"""What a production still has to make: computed from the tree, so that it is right after any interruption."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from beanie import PydanticObjectId

from documents.inputs import (
    image_inputs,
    image_is_stale,
    music_inputs,
    music_is_stale,
    script_inputs,
    script_is_stale,
    video_size,
    voice_inputs,
    voice_is_stale,
)
from documents.job import JobKind
from documents.project import Project
from documents.script import Frame, Scene


class ProductionMode(StrEnum):
    """What is made: only what is not there, also what is out of date, or everything anew."""

    MISSING = "MISSING"
    STALE = "STALE"
    ALL = "ALL"


class ProductionStage(StrEnum):
    """The steps of a production, in their order."""

    SCRIPT = "SCRIPT"
    ASSETS = "ASSETS"
    RENDER = "RENDER"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to make.

    Args:
        node_id: the frame that it is for, if it is for one.
        inputs_hash: what it will be made from; other inputs are another step.
        units: how much work it is, in the kind's unit: pictures in megapixels, voices in characters,
            everything else in pieces.
    """

    kind: JobKind
    node_id: PydanticObjectId | None
    inputs_hash: str
    provider: str | None
    units: float
    ordinal: int = 0


def script_steps(project: Project, mode: ProductionMode) -> list[Step]:
    """The writing of the script, if it is due."""
    inputs = script_inputs(project)
    if not (inputs.text or inputs.topic):
        return []
    is_empty = not project.script.scenes
    is_due = {
        ProductionMode.MISSING: is_empty,
        ProductionMode.STALE: is_empty or script_is_stale(project),
        ProductionMode.ALL: is_empty or project.script.provenance is not None,
    }[mode]
    return [Step(JobKind.SCRIPT, None, inputs.hash, inputs.provider, 1)] if is_due else []


def asset_steps(project: Project, mode: ProductionMode) -> list[Step]:
    """Pictures, voices and music that are due."""
    return [
        *(
            step
            for scene, frame in project.shown_frames()
            for step in _frame_steps(project, scene, frame, mode)
        ),
        *_music_steps(project, mode),
    ]


def _frame_steps(project: Project, scene: Scene, frame: Frame, mode: ProductionMode) -> Iterator[Step]:
    chosen = frame.chosen_image
    is_stale = chosen is not None and image_is_stale(project, scene, frame, chosen)
    if chosen is None or mode is ProductionMode.ALL or (mode is ProductionMode.STALE and is_stale):
        inputs = image_inputs(project, scene, frame)
        width, height = video_size(project.style)
        ordinal = len(frame.images) if mode is ProductionMode.ALL else 0
        yield Step(JobKind.IMAGE, frame.id, inputs.hash, inputs.provider, width * height / 1e6, ordinal)
    voice = voice_inputs(project, frame)
    has_voice = frame.voiceover.recording is not None
    if not voice.text.strip():
        return
    is_stale = voice_is_stale(project, frame)
    if not has_voice or mode is ProductionMode.ALL or (mode is ProductionMode.STALE and is_stale):
        yield Step(JobKind.VOICEOVER, frame.id, voice.hash, voice.provider, len(voice.text))


def _music_steps(project: Project, mode: ProductionMode) -> Iterator[Step]:
    music = project.music
    is_due = (
        music.track is None
        or mode is ProductionMode.ALL
        or (mode is ProductionMode.STALE and music_is_stale(project))
    )
    if music.is_enabled and is_due:
        inputs = music_inputs(project)
        yield Step(JobKind.MUSIC, None, inputs.hash, inputs.provider, 1)
