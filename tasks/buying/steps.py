"""Pieces of work, each with its size and what it will be charged for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from beanie import PydanticObjectId

from documents.jobs.job import JobKind
from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.brief import Style
from documents.tree.inputs import (
    VoiceInputs,
    image_inputs,
    music_inputs,
    script_inputs,
    video_size,
    voice_inputs,
)
from documents.tree.media_inputs import clip_seconds
from documents.tree.script import Frame, Scene
from tasks.buying.amounts import LETTERS_PER_SECOND, Amounts, script_amounts, text_amounts
from tasks.making.narration import spoken_letters

MUSIC_S = 40.0
"""Length of music that is asked for; the renderer loops it under a longer video."""
EFFECT_S = 3.0
_PROMPT_LETTERS = 1_200
_METADATA_LETTERS = 1_500
_MUSIC_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to make.

    Args:
        node_id: the frame or scene that it is for, if it is for one.
        inputs_hash: what it will be made from; other inputs are another step.
        provider: who is to make it; None for the default one.
        units: how much work it is, in the kind's unit: pictures in megapixels, voices in characters,
            moving pictures in seconds, everything else in pieces.
        model: with which model; None for the provider's.
        amounts: what will be charged for.
        transcript_s: seconds of a voice that a transcriber will be asked for, unless its speaker times the
            words itself; 0 for none.
        wave: begun when all steps of lower waves are done: it is made from what they make.
        payload: what its job needs to know besides.
    """

    kind: JobKind
    node_id: PydanticObjectId | None
    inputs_hash: str
    provider: str | None
    units: float
    ordinal: int = 0
    model: str | None = None
    amounts: Amounts = field(default_factory=dict)
    transcript_s: float = 0.0
    wave: int = 0
    payload: Mapping[str, Any] = field(default_factory=dict)


def script_step(project: Project) -> Step:
    """The writing of the script."""
    inputs = script_inputs(project)
    amounts = script_amounts(inputs)
    return Step(JobKind.SCRIPT, None, inputs.hash, inputs.provider, 1, model=inputs.model, amounts=amounts)


def image_step(project: Project, scene: Scene, frame: Frame, cast: Cast, *, ordinal: int = 0) -> Step:
    """The drawing of one picture."""
    inputs = image_inputs(project, scene, frame, cast)
    width, height = video_size(project.style)
    return Step(
        JobKind.IMAGE,
        frame.id,
        inputs.hash,
        inputs.provider,
        width * height / 1e6,
        ordinal,
        model=inputs.model,
        amounts={"images": 1},
    )


def voice_step(project: Project, frame: Frame, cast: Cast) -> Step:
    """The speaking of one frame's narration."""
    inputs = voice_inputs(project, frame, cast)
    letters = spoken_letters(inputs)
    return Step(
        JobKind.VOICEOVER,
        frame.id,
        inputs.hash,
        inputs.provider,
        letters,
        model=inputs.model,
        amounts={"characters": letters},
        transcript_s=transcript_seconds(project.style, letters, speed=inputs.speed),
    )


def transcript_seconds(style: Style, letters: float, *, speed: float) -> float:
    """Length of a voice that says so many letters, where the project wants it transcribed; else 0."""
    return letters / LETTERS_PER_SECOND / speed if style.transcribe_voices else 0.0


def music_step(project: Project) -> Step:
    """The composing of the music."""
    inputs = music_inputs(project)
    amounts: Amounts = {"seconds": MUSIC_S}
    return Step(JobKind.MUSIC, None, inputs.hash, inputs.provider, 1, model=inputs.model, amounts=amounts)


def step_for(
    project: Project,
    cast: Cast,
    kind: JobKind,
    scene: Scene | None,
    frame: Frame | None,
    *,
    seconds: float | None = None,
) -> Step | None:
    """The making of one thing of a kind for a node; None where the kind is not made for such a node.

    What is made for a scene has no frame, and what is made for the whole project has neither. `seconds` is
    the length that is asked for of a clip or a sound effect; None for the usual one.
    """
    if scene is not None and frame is not None:
        return _frame_step(project, cast, kind, scene, frame, seconds=seconds)
    if scene is not None:
        if kind is JobKind.CLIP:
            return clip_step(project, scene, seconds)
        return _rewriting(project, scene.id, scene.frames) if kind is JobKind.REWRITE else None
    of_project = _OF_PROJECT.get(kind)
    return None if of_project is None else of_project(project)


def _frame_step(
    project: Project, cast: Cast, kind: JobKind, scene: Scene, frame: Frame, *, seconds: float | None
) -> Step | None:
    if kind is JobKind.IMAGE:
        return image_step(project, scene, frame, cast)
    if kind is JobKind.VOICEOVER:
        return voice_step(project, frame, cast)
    if kind is JobKind.SOUND_EFFECT:
        return effect_step(project, frame, seconds)
    if kind is JobKind.LIP_SYNC:
        return lip_sync_step(project, frame, cast)
    of_frame = _OF_FRAME.get(kind)
    return None if of_frame is None else of_frame(project, scene, frame)


def _told(project: Project) -> int:
    return sum(len(frame.narration) for _, frame in project.shown_frames())


def _writing(project: Project, kind: JobKind, node_id: PydanticObjectId | None, amounts: Amounts) -> Step:
    style = project.style
    return Step(kind, node_id, "", style.writer_provider, 1, model=style.writer_model, amounts=amounts)


def _analysis(project: Project) -> Step:
    told = _told(project)
    return _writing(project, JobKind.SCRIPT_ANALYSIS, None, text_amounts(told, told * 2))


def _translation(project: Project) -> Step:
    told = _told(project)
    return _writing(project, JobKind.TRANSLATION, None, text_amounts(told, told * 2))


def _metadata(project: Project) -> Step:
    return _writing(project, JobKind.METADATA, None, text_amounts(_told(project), _METADATA_LETTERS))


def _music_words(project: Project) -> Step:
    return _writing(project, JobKind.MUSIC_WORDS, None, text_amounts(_told(project), _MUSIC_LETTERS))


def _rewriting(project: Project, node_id: PydanticObjectId, frames: Sequence[Frame]) -> Step:
    words = sum(len(frame.narration) + len(frame.picture_prompt) for frame in frames)
    return _writing(project, JobKind.REWRITE, node_id, text_amounts(_told(project), words))


def _prompt(project: Project, scene: Scene, frame: Frame) -> Step:  # noqa: ARG001 - one shape for a table
    return _writing(project, JobKind.PROMPT, frame.id, text_amounts(_PROMPT_LETTERS, _PROMPT_LETTERS))


def _edit(project: Project, scene: Scene, frame: Frame) -> Step:  # noqa: ARG001
    style = project.style
    amounts: Amounts = {"images": 1}
    return Step(
        JobKind.IMAGE_EDIT, frame.id, "", style.image_provider, 1, model=style.image_model, amounts=amounts
    )


def effect_step(project: Project, frame: Frame, seconds: float | None) -> Step:
    """The making of one sound effect."""
    provider, lasts_s = project.style.sound_effect_provider, seconds or EFFECT_S
    return Step(JobKind.SOUND_EFFECT, frame.id, "", provider, lasts_s, amounts={"seconds": lasts_s})


def lip_sync_step(project: Project, frame: Frame, cast: Cast) -> Step:
    """The moving of one frame's lips."""
    style, spoken_s = project.style, voice_seconds(project, frame, cast)
    return Step(
        JobKind.LIP_SYNC,
        frame.id,
        "",
        style.lip_sync_provider,
        spoken_s,
        model=style.lip_sync_model,
        amounts={"seconds": spoken_s},
    )


def voice_seconds(project: Project, frame: Frame, cast: Cast) -> float:
    """Length of a frame's voice: of the one that is there, else by the letters that are spoken."""
    if frame.voiceover.recording is not None:
        return frame.voiceover.recording.duration_s
    return spoken_seconds(voice_inputs(project, frame, cast))


def spoken_seconds(inputs: VoiceInputs) -> float:
    """Length of a voice that is not recorded, by the letters that are spoken."""
    return spoken_letters(inputs) / LETTERS_PER_SECOND / inputs.speed


def clip_step(project: Project, scene: Scene, seconds: float | None = None) -> Step:
    """The making of one moving picture of a scene."""
    style, lasts_s = project.style, seconds or clip_seconds(scene)
    return Step(
        JobKind.CLIP,
        scene.id,
        "",
        style.clip_provider,
        lasts_s,
        model=scene.clip_model or style.clip_model,
        amounts={"seconds": lasts_s},
    )


_OF_PROJECT: Mapping[JobKind, Callable[[Project], Step]] = {
    JobKind.SCRIPT: script_step,
    JobKind.MUSIC: music_step,
    JobKind.SCRIPT_ANALYSIS: _analysis,
    JobKind.TRANSLATION: _translation,
    JobKind.METADATA: _metadata,
    JobKind.MUSIC_WORDS: _music_words,
}
_OF_FRAME: Mapping[JobKind, Callable[[Project, Scene, Frame], Step]] = {
    JobKind.PROMPT: _prompt,
    JobKind.REWRITE: lambda project, _, frame: _rewriting(project, frame.id, [frame]),
    JobKind.IMAGE_EDIT: _edit,
}
