"""What moving pictures and sounds are asked for: complete, comparable, hashed, as in `inputs`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.asset import StoredFile
from documents.tree.clip_prompt import clip_prompt
from documents.tree.inputs import hash_of, named_things, video_size
from documents.tree.look import SoundEffect
from documents.tree.script import Clip, ClipStart, Frame, Image, LipSyncSource, MediaKind, Scene
from documents.writers_room.character import Character

SHORTEST_CLIP_S, LONGEST_CLIP_S = 1.0, 60.0
_LEAST_S, _MOST_S = 3, 10
_SILENT_S = 3.0
_AIR_S = 0.5
_LETTERS_PER_SECOND = 14.0


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """What a clip begins with: a stored picture, or the last one of a stored clip."""

    file: StoredFile
    is_last_of_clip: bool = False

    @property
    def name(self) -> str:
        """Tells it from every other first picture."""
        return f"last of {self.file.sha256}" if self.is_last_of_clip else self.file.sha256


def first_picture(project: Project, scene: Scene, start: ClipStart) -> FirstPicture | None:
    """What a clip of this scene would begin with now; None for words alone, and where it is not there.

    A scene that goes on from the one before begins with that one's chosen seed frame, or with the last
    picture of its chosen clip; another one with its own chosen seed frame.
    """
    if start is ClipStart.TEXT:
        return None
    if start is ClipStart.PICTURE:
        shown = scene.shown_frames
        image = shown[0].chosen_image if shown else None
        return None if image is None else FirstPicture(image.file)
    before = scene_before(project, scene) if scene.use_seed_frame else None
    seed = (before or scene).chosen_seed_frame
    if seed is not None:
        return FirstPicture(seed.file)
    clip = before.chosen_clip if before is not None else None
    return None if clip is None else FirstPicture(clip.file, is_last_of_clip=True)


def scene_before(project: Project, scene: Scene) -> Scene | None:
    """The scene that is shown right before this one."""
    shown = [each for each in project.script.scenes if each.shown_frames or each.id == scene.id]
    index = next((number for number, each in enumerate(shown) if each.id == scene.id), 0)
    return shown[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class ClipInputs:
    """What a clip is made from.

    Args:
        prompt: all that is said, as `documents.tree.clip_prompt` puts it together.
        picture: names the one that the clip begins with; None for words alone.
        references: SHA-256 of one picture of each who appears, where no first picture shows them.
        things: title and SHA-256 of each picture of something that must look as it does, likewise.
    """

    prompt: str
    negative_prompt: str
    start: str
    picture: str | None
    width: int
    height: int
    duration_s: float
    seed: int
    provider: str | None
    model: str | None
    references: tuple[str, ...] = ()
    things: tuple[tuple[str, str], ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("clip", self)


def clip_inputs(
    project: Project, scene: Scene, cast: Cast, start: ClipStart, duration_s: float
) -> ClipInputs:
    """What a clip of this scene would be made from now."""
    style = project.style
    width, height = video_size(style)
    picture = first_picture(project, scene, start)
    told = clip_prompt(project, scene, cast)
    return ClipInputs(
        prompt=told.prompt,
        negative_prompt=told.negative_prompt,
        start=start.value,
        picture=None if picture is None else picture.name,
        width=width,
        height=height,
        duration_s=duration_s,
        seed=style.seed,
        provider=style.clip_provider,
        model=scene.clip_model or style.clip_model,
        references=tuple(each.images[0].file.sha256 for each in shown_to_clips(scene, cast, start)),
        things=named_things(project, scene) if start is ClipStart.TEXT else (),
    )


def shown_to_clips(scene: Scene, cast: Cast, start: ClipStart) -> Sequence[Character]:
    """Those whose pictures a maker of clips is shown: makers take them or a first picture, never both."""
    return [each for each in cast.of(scene) if each.images] if start is ClipStart.TEXT else []


def clip_seconds(scene: Scene) -> float:
    """How long a clip should be to last through the frames that show it, in whole seconds from 3 to 10."""
    shown = scene.shown_frames
    moving = [frame for frame in shown if shows_clip(frame)] or shown
    return float(min(_MOST_S, max(_LEAST_S, math.ceil(sum(_seconds(frame) for frame in moving)))))


def _seconds(frame: Frame) -> float:
    recording = frame.voiceover.recording
    letters = len(frame.voiceover.text or frame.narration)
    spoken = recording.duration_s if recording else letters / _LETTERS_PER_SECOND
    return max(frame.duration_s or 0.0, spoken + _AIR_S if letters else _SILENT_S)


def shows_clip(frame: Frame) -> bool:
    """Whether a frame is to show its scene's clip, and no moving picture of its own."""
    return frame.media_kind is MediaKind.CLIP and frame.lip_sync is None and frame.lip_sync_from is None


def clip_is_stale(project: Project, scene: Scene, clip: Clip, cast: Cast) -> bool:
    """Whether a generated clip was made from something else than would be asked for now."""
    made_from = clip.provenance.inputs_hash
    if made_from is None or clip.start is None or clip.wanted_s is None:
        return False
    return made_from != clip_inputs(project, scene, cast, clip.start, clip.wanted_s).hash


@dataclass(frozen=True, slots=True)
class EditInputs:
    """What an edited picture is made from; `picture` is the hash of the one that is changed.

    `mask` is the hash of what says where it may change; None for everywhere.
    """

    picture: str
    instruction: str
    width: int
    height: int
    provider: str | None
    model: str | None
    mask: str | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("edit", self)


def edit_inputs(project: Project, image: Image, instruction: str, mask: str | None) -> EditInputs:
    """What a picture that is changed as the words say would be made from now."""
    style = project.style
    width, height = video_size(style)
    return EditInputs(
        image.file.sha256, instruction, width, height, style.image_provider, style.image_model, mask
    )


@dataclass(frozen=True, slots=True)
class EffectInputs:
    """What a sound effect is made from."""

    prompt: str
    duration_s: float | None
    seed: int
    provider: str | None

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("sound effect", self)


def effect_inputs(project: Project, prompt: str, wanted_s: float | None) -> EffectInputs:
    """What a sound would be made from now."""
    style = project.style
    return EffectInputs(prompt, wanted_s, style.seed, style.sound_effect_provider)


def effect_is_stale(project: Project, effect: SoundEffect) -> bool:
    """Whether a generated sound was made from something else than would be asked for now."""
    made_from = effect.provenance.inputs_hash if effect.provenance else None
    return made_from is not None and made_from != effect_inputs(project, effect.prompt, effect.wanted_s).hash


@dataclass(frozen=True, slots=True)
class LipSyncInputs:
    """What moving lips are made from: a picture or a clip, and a voice, by their hashes."""

    picture: str | None
    speech: str | None
    provider: str | None
    model: str | None

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("lip-sync", self)


def lip_sync_picture(scene: Scene, frame: Frame, source: LipSyncSource) -> StoredFile | None:
    """The picture or clip whose lips would move."""
    moved = frame.chosen_image if source is LipSyncSource.PICTURE else scene.chosen_clip
    return None if moved is None else moved.file


def lip_sync_inputs(project: Project, scene: Scene, frame: Frame, source: LipSyncSource) -> LipSyncInputs:
    """What this frame's lips would be moved from now."""
    picture, recording = lip_sync_picture(scene, frame, source), frame.voiceover.recording
    return LipSyncInputs(
        picture=None if picture is None else picture.sha256,
        speech=None if recording is None else recording.file.sha256,
        provider=project.style.lip_sync_provider,
        model=project.style.lip_sync_model,
    )


def lip_sync_is_stale(project: Project, scene: Scene, frame: Frame) -> bool:
    """Whether a frame's lips follow another voice, or are in another picture, than they would now."""
    made_from = frame.lip_sync.provenance.inputs_hash if frame.lip_sync else None
    return made_from is not None and made_from not in {
        lip_sync_inputs(project, scene, frame, source).hash for source in LipSyncSource
    }
