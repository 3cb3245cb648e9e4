"""What a production still has to make: computed from the tree, so that it is right after any interruption."""

from collections.abc import Iterator
from enum import StrEnum

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.inputs import (
    image_is_stale,
    music_is_stale,
    script_inputs,
    script_is_stale,
    voice_is_stale,
)
from documents.tree.media_inputs import shows_clip
from documents.tree.script import Frame, Scene
from tasks.buying.steps import Step, image_step, music_step, script_step, voice_step
from tasks.making.media_steps import clip_steps, effect_steps, lip_sync_steps
from tasks.productions.production_mode import ProductionMode
from tasks.rendering.timeline import is_told


class ProductionStage(StrEnum):
    """The steps of a production, in their order."""

    SCRIPT = "SCRIPT"
    ASSETS = "ASSETS"
    RENDER = "RENDER"


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
    return [script_step(project)] if is_due else []


def asset_steps(project: Project, cast: Cast, mode: ProductionMode) -> list[Step]:
    """Pictures, voices, sounds and music that are due, and in later waves what is made from these."""
    frames = project.shown_frames()
    return [
        *(step for scene, frame in frames for step in _frame_steps(project, scene, frame, cast, mode)),
        *_music_steps(project, mode),
        *clip_steps(project, cast, mode),
        *lip_sync_steps(project, cast, mode),
    ]


def _frame_steps(
    project: Project, scene: Scene, frame: Frame, cast: Cast, mode: ProductionMode
) -> Iterator[Step]:
    # Of frames that show their scene's clip only the first one's picture is needed: the clip begins with it.
    if not shows_clip(frame) or frame.id == scene.shown_frames[0].id:
        yield from _picture_steps(project, scene, frame, cast, mode)
    yield from _voice_steps(project, frame, cast, mode)
    yield from effect_steps(project, frame, mode)


def _picture_steps(
    project: Project, scene: Scene, frame: Frame, cast: Cast, mode: ProductionMode
) -> Iterator[Step]:
    chosen = frame.chosen_image
    is_stale = chosen is not None and image_is_stale(project, scene, frame, chosen, cast)
    if chosen is None or mode is ProductionMode.ALL or (mode is ProductionMode.STALE and is_stale):
        ordinal = len(frame.images) if mode is ProductionMode.ALL else 0
        yield image_step(project, scene, frame, cast, ordinal=ordinal)


def _voice_steps(project: Project, frame: Frame, cast: Cast, mode: ProductionMode) -> Iterator[Step]:
    has_voice = frame.voiceover.recording is not None
    if not is_told(frame):
        return
    is_stale = voice_is_stale(project, frame, cast)
    if not has_voice or mode is ProductionMode.ALL or (mode is ProductionMode.STALE and is_stale):
        yield voice_step(project, frame, cast)


def _music_steps(project: Project, mode: ProductionMode) -> Iterator[Step]:
    music = project.music
    is_due = (
        music.track is None
        or mode is ProductionMode.ALL
        or (mode is ProductionMode.STALE and music_is_stale(project))
    )
    if music.is_enabled and is_due:
        yield music_step(project)
