"""The timeline that a render shows: taken from the tree, or from the timeline that a person edited."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from documents.projects.project import Project
from documents.tree.asset import StoredFile
from documents.tree.brief import Music as StoredMusic
from documents.tree.brief import Style
from documents.tree.inputs import video_size
from documents.tree.look import (
    CaptionLook,
    CaptionPreset,
    MotionKind,
    SoundEffect,
    TextEffect,
    TextEffectKind,
    TextSize,
    TransitionKind,
)
from documents.tree.overlay import Overlay
from documents.tree.script import Clip, Frame
from rendering import timeline as shown
from tasks.job_engine.work import Hopeless
from tasks.rendering.takes import Take, assets_missing, takes_of

LEAD_IN_S = 0.15
TAIL_S = 0.35
SILENT_FRAME_S = 3.0
HOOK_S = 3.0
SHORTEST_SHOT_S = 0.8
_MOVES = (
    shown.MotionKind.ZOOM_IN,
    shown.MotionKind.PAN_RIGHT,
    shown.MotionKind.ZOOM_OUT,
    shown.MotionKind.PAN_LEFT,
)
_SIZES = {TextSize.SMALL: 0.06, TextSize.MEDIUM: 0.075, TextSize.LARGE: 0.095}
_WORD_LENGTH = 200
_LOWEST_GAIN_DB = -30.0
_SHORTEST_SOUND_S = 0.01
_BETWEEN_SCENES_S = 0.6
_WITHIN_SCENE_S = 0.35


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A timeline and where its sources are stored: SHA-256 → key."""

    timeline: shown.Timeline
    keys: dict[str, str]

    @property
    def hash(self) -> str:
        """SHA-256 of the timeline."""
        return hashlib.sha256(self.timeline.model_dump_json().encode()).hexdigest()


def snapshot(project: Project, profile: shown.Profile) -> Snapshot:
    """What a render of this project would show now.

    Raises:
        Hopeless: there is nothing to show, or something that it needs is missing.
    """
    takes = takes_of(project)
    if not takes:
        raise Hopeless("ASSETS_MISSING", "The project has no frames to show. Write a script first.")
    silent = [
        take.frame for take in takes if take.frame.narration.strip() and not take.frame.voiceover.recording
    ]
    if silent:
        raise assets_missing("voiceover", silent)
    keys: dict[str, str] = {}
    width, height = video_size(project.style)
    timeline = shown.Timeline(
        format=shown.VideoFormat(width=width, height=height, fps=30),
        profile=profile,
        shots=tuple(_shot(project.style, takes, position, keys) for position in range(len(takes))),
        captions=_captions(project.style.captions),
        font=_font(project.style, keys),
        overlays=tuple(_overlay(each, keys) for each in project.style.overlays),
        music=_music(project.music, keys),
        voice_gain_db=_decibels(project.style.voice_volume),
        language=project.brief.language,
    )
    return Snapshot(timeline, keys)


def _decibels(volume: float) -> float:
    """A volume of 0 to 1 as a gain; 0 becomes the lowest that the renderer takes."""
    return max(_LOWEST_GAIN_DB, 20 * math.log10(volume)) if volume else _LOWEST_GAIN_DB


def _named(file: StoredFile, keys: dict[str, str]) -> tuple[str, str]:
    keys[file.sha256] = file.key
    return file.sha256, file.key.rpartition(".")[2]


def _shot(style: Style, takes: Sequence[Take], position: int, keys: dict[str, str]) -> shown.Shot:
    take = takes[position]
    following = takes[position + 1] if position + 1 < len(takes) else None
    voice = _voice(take.frame, keys)
    duration_s = _duration_s(take)
    return shown.Shot(
        id=take.shot_id,
        source=_source(take, keys),
        duration_s=duration_s,
        motion=_motion(take),
        transition=_transition(style, take, following),
        voice=voice,
        trim_start_s=_begins_s(takes, position),
        trim_end_s=take.trim_end_s,
        plays_at_s=_plays_at_s(takes, position),
        source_volume=_source_volume(take),
        sounds=tuple(
            _sound(effect, effect.file, keys)
            for effect in take.frame.sound_effects
            if effect.file is not None and effect.start_s < duration_s
        ),
        texts=tuple(
            shown.TextEffect(
                kind=shown.TextEffectKind(effect.kind.lower()),
                text=effect.text,
                start_s=min(effect.start_s, duration_s),
                duration_s=effect.duration_s,
                colour=effect.colour or "#FFFFFF",
            )
            for effect in _texts(takes, position)
            if effect.start_s < duration_s
        ),
    )


def _texts(takes: Sequence[Take], position: int) -> Sequence[TextEffect]:
    """What stands on the screen in a take: its frame's texts, and its scene's hook where the scene begins."""
    take, texts = takes[position], takes[position].frame.text_effects
    begins = position == 0 or takes[position - 1].scene.id != take.scene.id
    has_hook = any(effect.kind is TextEffectKind.HOOK for effect in texts)
    if not take.scene.hook_text or not begins or has_hook:
        return texts
    hook = TextEffect(kind=TextEffectKind.HOOK, text=take.scene.hook_text, duration_s=HOOK_S)
    return [hook, *texts]


def is_told(frame: Frame) -> bool:
    """Whether a frame's voice is heard: one without narration is silent."""
    return bool(frame.narration.strip())


def shot_seconds(voice_s: float | None, wanted_s: float | None) -> float:
    """How long a frame is shown.

    Args:
        voice_s: the length of its voice; None for silence.
        wanted_s: a length set by hand; None to follow the voice.
    """
    spoken_s = 0.0 if voice_s is None else LEAD_IN_S + voice_s + TAIL_S
    return max(spoken_s, wanted_s or (SILENT_FRAME_S if voice_s is None else 0.0), SHORTEST_SHOT_S)


def _duration_s(take: Take) -> float:
    recording = take.frame.voiceover.recording if is_told(take.frame) else None
    return shot_seconds(None if recording is None else recording.duration_s, take.duration_s)


def _source(take: Take, keys: dict[str, str]) -> shown.Source:
    source = take.source
    sha256, extension = _named(source.file, keys)
    is_clip = isinstance(source, Clip)
    return shown.Source(
        sha256=sha256,
        kind=shown.SourceKind.CLIP if is_clip else shown.SourceKind.IMAGE,
        extension=extension,
        width=source.width,
        height=source.height,
        duration_s=source.duration_s if isinstance(source, Clip) else None,
    )


def _begins_s(takes: Sequence[Take], position: int) -> float:
    """Where in its clip a take begins: where the take before has left off, if the clip plays on."""
    begins_s = takes[position].trim_start_s
    while position and takes[position - 1].goes_on_in(takes[position]):
        position -= 1
        begins_s += _duration_s(takes[position])
    return begins_s


def _plays_at_s(takes: Sequence[Take], position: int) -> float | None:
    """When a clip begins to play after its shot's start; None for at once, under a transition already."""
    take = takes[position]
    if take.has_moving_lips:
        return LEAD_IN_S
    return 0.0 if position and takes[position - 1].goes_on_in(take) else None


def _source_volume(take: Take) -> float:
    """How loud a clip's own sound is; that of moving lips is the frame's voice, which is heard anyhow."""
    source = take.source
    is_heard = isinstance(source, Clip) and source.has_sound and not take.has_moving_lips
    return take.scene.clip_volume if is_heard else 0.0


def _sound(effect: SoundEffect, file: StoredFile, keys: dict[str, str]) -> shown.SoundEffect:
    sha256, extension = _named(file, keys)
    return shown.SoundEffect(
        sha256=sha256,
        extension=extension,
        duration_s=max(effect.duration_s or 0.0, _SHORTEST_SOUND_S),
        start_s=effect.start_s,
        volume=effect.volume,
    )


def _voice(frame: Frame, keys: dict[str, str]) -> shown.Voice | None:
    recording = frame.voiceover.recording
    if recording is None or not frame.narration.strip():
        return None
    sha256, extension = _named(recording.file, keys)
    return shown.Voice(
        sha256=sha256,
        extension=extension,
        duration_s=recording.duration_s,
        lead_in_s=LEAD_IN_S,
        words=tuple(
            shown.Word(text=word.text[:_WORD_LENGTH], start_s=word.start_s, end_s=word.end_s)
            for word in recording.words
        ),
    )


def _motion(take: Take) -> shown.Motion:
    """The camera's move; AUTO takes it from the picture, so that it stays when the frame is moved."""
    motion, picture = take.frame.motion, take.source.file.sha256
    if isinstance(take.source, Clip):
        return shown.Motion(kind=shown.MotionKind.NONE, focus_x=take.frame.crop_x)
    easing = shown.Easing(motion.easing.lower())
    if motion.kind is MotionKind.RECTANGLES and motion.from_rectangle and motion.to_rectangle:
        return shown.Motion(
            kind=shown.MotionKind.RECTANGLES,
            easing=easing,
            focus_x=take.frame.crop_x,
            from_rect=_rectangle(
                motion.from_rectangle.x, motion.from_rectangle.y, motion.from_rectangle.width
            ),
            to_rect=_rectangle(motion.to_rectangle.x, motion.to_rectangle.y, motion.to_rectangle.width),
        )
    kind = (
        _MOVES[int(picture[:8], 16) % len(_MOVES)]
        if motion.kind is MotionKind.AUTO
        else shown.MotionKind(motion.kind.lower())
    )
    return shown.Motion(kind=kind, easing=easing, strength=motion.strength, focus_x=take.frame.crop_x)


def _rectangle(x: float, y: float, size: float) -> shown.Rect:
    size = max(size, 0.2)
    return shown.Rect(x=min(x, 1 - size), y=min(y, 1 - size), size=size)


def _transition(style: Style, take: Take, following: Take | None) -> shown.Transition:
    if following is None:
        return shown.Transition(kind=shown.TransitionKind.CUT)
    own = take.transition
    if own.kind is not TransitionKind.AUTO:
        return shown.Transition(kind=shown.TransitionKind(own.kind.lower()), duration_s=own.duration_s)
    if take.goes_on_in(following) or style.transition in {TransitionKind.AUTO, TransitionKind.CUT}:
        return shown.Transition(kind=shown.TransitionKind.CUT)
    within = following.scene.id == take.scene.id
    return shown.Transition(
        kind=shown.TransitionKind(style.transition.lower()),
        duration_s=_WITHIN_SCENE_S if within else _BETWEEN_SCENES_S,
    )


def _captions(look: CaptionLook) -> shown.CaptionStyle:
    boxed = look.preset is CaptionPreset.BOX
    preset = shown.CaptionPreset.PLAIN if boxed else shown.CaptionPreset(look.preset.lower())
    return shown.CaptionStyle(
        preset=preset,
        position=shown.CaptionPosition(look.placement.lower()),
        size=_SIZES[look.size],
        colour=look.colour,
        highlight=look.highlight,
        outline=look.outline,
        background=look.background or ("#000000" if boxed else None),
        uppercase=look.uppercase,
        max_words=look.max_words,
    )


def _font(style: Style, keys: dict[str, str]) -> shown.BrandFont | None:
    if style.caption_font is None:
        return None
    sha256, extension = _named(style.caption_font.file, keys)
    return shown.BrandFont(sha256=sha256, extension=extension)


def _overlay(overlay: Overlay, keys: dict[str, str]) -> shown.Overlay:
    sha256, extension = _named(overlay.file, keys)
    return shown.Overlay(
        sha256=sha256,
        extension=extension,
        width=overlay.width,
        height=overlay.height,
        corner=shown.Corner(overlay.corner.lower()),
        size=overlay.size,
        opacity=overlay.opacity,
    )


def _music(music: StoredMusic, keys: dict[str, str]) -> shown.Music | None:
    if not music.is_enabled or music.track is None or music.volume == 0:
        return None
    sha256, extension = _named(music.track.file, keys)
    return shown.Music(
        sha256=sha256, extension=extension, duration_s=music.track.duration_s, volume=music.volume
    )
