"""Sounds, clips and moving lips that a production still has to make."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.inputs import voice_inputs
from documents.tree.look import SoundEffect
from documents.tree.media_inputs import (
    clip_inputs,
    clip_is_stale,
    clip_seconds,
    effect_inputs,
    effect_is_stale,
    lip_sync_inputs,
    lip_sync_is_stale,
    scene_before,
    shows_clip,
)
from documents.tree.script import ClipStart, Frame, LipSyncSource, MediaKind, Scene
from tasks.buying.steps import Step, clip_step, effect_step, lip_sync_step
from tasks.productions.production_mode import ProductionMode


def effect_steps(project: Project, frame: Frame, mode: ProductionMode) -> Iterator[Step]:
    """The sounds of a frame that are due: those that are described in words."""
    for effect in frame.sound_effects:
        is_stale = effect.file is not None and effect_is_stale(project, effect)
        if effect.prompt.strip() and _is_due(effect.file is None, is_stale, mode):
            inputs = effect_inputs(project, effect.prompt, effect.wanted_s)
            yield replace(
                effect_step(project, frame, effect.wanted_s),
                inputs_hash=f"{effect.id} {inputs.hash}",
                payload=effect_order(effect, is_new=False),
            )


def effect_order(effect: SoundEffect, *, is_new: bool) -> dict[str, Any]:
    """What a job needs to know of the sound that it makes.

    Args:
        effect: as it is asked for.
        is_new: whether it stands in no frame before its file is there.
    """
    asked = effect.model_dump(
        by_alias=True, include={"id", "name", "prompt", "start_s", "volume", "wanted_s"}
    )
    return {"effect": asked, "is_new": is_new, "duration_s": effect.wanted_s}


def clip_start(project: Project, scene: Scene) -> ClipStart:
    """What a production begins a scene's clip with."""
    if not scene.use_seed_frame:
        return ClipStart.PICTURE if scene.chosen_seed_frame is None else ClipStart.SEED_FRAME
    before = scene_before(project, scene)
    is_followed = before is not None and (
        before.chosen_seed_frame is not None or before.chosen_clip is not None or _wants_clip(before)
    )
    return ClipStart.SEED_FRAME if is_followed else ClipStart.PICTURE


def clip_order(start: ClipStart, duration_s: float) -> dict[str, Any]:
    """What a job needs to know of the clip that it makes."""
    return {"start": start.value, "duration_s": duration_s}


def clip_steps(project: Project, cast: Cast, mode: ProductionMode) -> Iterator[Step]:
    """The clips that are due, of scenes that show one; each after the one that it goes on from."""
    wave = 0
    for scene in project.script.scenes:
        start = clip_start(project, scene)
        follows = start is ClipStart.SEED_FRAME and scene.use_seed_frame
        wave = wave + 1 if follows else 1
        if not _wants_clip(scene):
            continue
        chosen = scene.chosen_clip
        is_stale = chosen is not None and clip_is_stale(project, scene, chosen, cast)
        if _is_due(chosen is None, is_stale, mode):
            wanted_s = clip_seconds(scene)
            yield replace(
                clip_step(project, scene, wanted_s),
                inputs_hash=clip_inputs(project, scene, cast, start, wanted_s).hash,
                wave=wave,
                payload=clip_order(start, wanted_s),
            )


def lip_sync_steps(project: Project, cast: Cast, mode: ProductionMode) -> Iterator[Step]:
    """The moving lips that are due, of frames that ask for them and speak; after all clips."""
    for scene, frame in project.shown_frames():
        source = frame.lip_sync_from
        speaks = bool(voice_inputs(project, frame, cast).text.strip())
        if source is None or frame.media_kind is not MediaKind.CLIP or not speaks:
            continue
        if _is_due(frame.lip_sync is None, lip_sync_is_stale(project, scene, frame), mode):
            yield replace(
                lip_sync_step(project, frame, cast),
                inputs_hash=lip_sync_inputs(project, scene, frame, source).hash,
                wave=len(project.script.scenes) + 1,
                payload={"source": source.value},
            )


def _wants_clip(scene: Scene) -> bool:
    frames = scene.shown_frames
    return any(shows_clip(frame) or _moves_lips_of_clip(frame) for frame in frames)


def _moves_lips_of_clip(frame: Frame) -> bool:
    return frame.media_kind is MediaKind.CLIP and frame.lip_sync_from is LipSyncSource.CLIP


def _is_due(is_missing: bool, is_stale: bool, mode: ProductionMode) -> bool:  # noqa: FBT001 - read as a row
    return is_missing or mode is ProductionMode.ALL or (mode is ProductionMode.STALE and is_stale)
