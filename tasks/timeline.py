"""The timeline that a render shows: taken from the tree, or from the timeline that a person edited."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from documents.asset import StoredFile
from documents.brief import Music as StoredMusic
from documents.brief import Style
from documents.inputs import video_size
from documents.look import CaptionLook, CaptionPreset, MotionKind, TextSize, Transition, TransitionKind
from documents.overlay import Overlay
from documents.project import Project
from documents.script import Frame, Image, Scene
from rendering import timeline as shown
from tasks.work import Hopeless

LEAD_IN_S = 0.15
TAIL_S = 0.35
SILENT_FRAME_S = 3.0
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


@dataclass(frozen=True, slots=True)
class _Take:
    """One stretch of the video before it becomes a shot."""

    shot_id: str
    scene: Scene
    frame: Frame
    image: Image
    duration_s: float | None
    transition: Transition


def _takes(project: Project) -> Sequence[_Take]:
    if project.timeline is None:
        pairs = project.shown_frames()
        missing = [frame for _, frame in pairs if frame.chosen_image is None]
        if missing:
            raise _missing("picture", missing)
        return [
            _Take(str(frame.id), scene, frame, frame.chosen_image, frame.duration_s, frame.transition)
            for scene, frame in pairs
            if frame.chosen_image is not None
        ]
    frames = {frame.id: (scene, frame) for scene, frame in project.frames()}
    takes = []
    for clip in project.timeline.clips:
        if clip.frame_id not in frames:
            continue
        scene, frame = frames[clip.frame_id]
        image = next((i for i in frame.images if i.id == clip.image_id), frame.chosen_image)
        if image is None:
            raise _missing("picture", [frame])
        takes.append(_Take(str(clip.id), scene, frame, image, clip.duration_s, clip.transition))
    return takes


def _missing(what: str, frames: Sequence[Frame]) -> Hopeless:
    names = ", ".join(str(frame.id) for frame in frames[:5])
    return Hopeless(
        "ASSETS_MISSING",
        f"{len(frames)} frames have no {what} ({names}, …)."
        " Start a production, or generate or choose them, then render.",
    )


def snapshot(project: Project, profile: shown.Profile) -> Snapshot:
    """What a render of this project would show now.

    Raises:
        Hopeless: there is nothing to show, or something that it needs is missing.
    """
    takes = _takes(project)
    if not takes:
        raise Hopeless("ASSETS_MISSING", "The project has no frames to show. Write a script first.")
    silent = [
        take.frame for take in takes if take.frame.narration.strip() and not take.frame.voiceover.recording
    ]
    if silent:
        raise _missing("voiceover", silent)
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


def _shot(style: Style, takes: Sequence[_Take], position: int, keys: dict[str, str]) -> shown.Shot:
    take = takes[position]
    following = takes[position + 1] if position + 1 < len(takes) else None
    sha256, extension = _named(take.image.file, keys)
    voice = _voice(take.frame, keys)
    spoken_s = LEAD_IN_S + voice.duration_s + TAIL_S if voice else 0.0
    wanted_s = take.duration_s or (0.0 if voice else SILENT_FRAME_S)
    duration_s = max(spoken_s, wanted_s, SHORTEST_SHOT_S)
    return shown.Shot(
        id=take.shot_id,
        source=shown.Source(
            sha256=sha256,
            kind=shown.SourceKind.IMAGE,
            extension=extension,
            width=take.image.width,
            height=take.image.height,
        ),
        duration_s=duration_s,
        motion=_motion(take),
        transition=_transition(style, take, following),
        voice=voice,
        texts=tuple(
            shown.TextEffect(
                kind=shown.TextEffectKind(effect.kind.lower()),
                text=effect.text,
                start_s=min(effect.start_s, duration_s),
                duration_s=effect.duration_s,
                colour=effect.colour or "#FFFFFF",
            )
            for effect in take.frame.text_effects
            if effect.start_s < duration_s
        ),
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


def _motion(take: _Take) -> shown.Motion:
    """The camera's move; AUTO takes it from the picture, so that it stays when the frame is moved."""
    motion, picture = take.frame.motion, take.image.file.sha256
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


def _transition(style: Style, take: _Take, following: _Take | None) -> shown.Transition:
    if following is None:
        return shown.Transition(kind=shown.TransitionKind.CUT)
    own = take.transition
    if own.kind is not TransitionKind.AUTO:
        return shown.Transition(kind=shown.TransitionKind(own.kind.lower()), duration_s=own.duration_s)
    if style.transition in {TransitionKind.AUTO, TransitionKind.CUT}:
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
