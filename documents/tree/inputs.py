"""What each generated asset was asked for: complete, comparable, and hashed.

An asset is stale when the hash of what would be asked for now differs from the one in its provenance.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.brief import AspectRatio, Resolution, Style
from documents.tree.lexicon import touching
from documents.tree.reference_image import ReferenceImage
from documents.tree.script import Frame, Image, Scene

_SHORT_SIDE = {Resolution.P480: 480, Resolution.P720: 720, Resolution.P1080: 1080}
_LONG_TO_SHORT = {
    AspectRatio.PORTRAIT: (9, 16),
    AspectRatio.SQUARE: (1, 1),
    AspectRatio.FEED: (4, 5),
    AspectRatio.LANDSCAPE: (16, 9),
}


def video_size(style: Style) -> tuple[int, int]:
    """Width and height of the video in pixels, both even (yuv420p halves them)."""
    across, down = _LONG_TO_SHORT[style.aspect_ratio]
    short = _SHORT_SIDE[style.resolution]
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    return (long, short) if across > down else (short, long)


def hash_of(kind: str, inputs: Any) -> str:
    """SHA-256 of what is given of the inputs: a field that is None or empty is as if it were not there."""
    given = {name: value for name, value in asdict(inputs).items() if value not in (None, "", [], (), {})}
    return hashlib.sha256(kind.encode() + b"\0" + orjson.dumps(given)).hexdigest()


@dataclass(frozen=True, slots=True)
class ScriptInputs:
    """What a script is written from."""

    topic: str | None
    text: str | None
    language: str
    target_duration_s: float
    tone: str | None
    audience: str | None
    look: str
    target_scenes: int | None
    provider: str | None
    model: str | None
    instructions: str | None
    culture: str | None
    min_duration_s: float | None
    max_duration_s: float | None
    persona: str | None

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("script", self)


def script_inputs(project: Project) -> ScriptInputs:
    """What this project's script would be written from now."""
    brief = project.brief
    return ScriptInputs(
        topic=brief.topic,
        text=brief.text,
        language=brief.language,
        target_duration_s=brief.target_duration_s,
        tone=brief.tone,
        audience=brief.audience,
        look=project.style.look,
        target_scenes=brief.target_scenes,
        provider=project.style.writer_provider,
        model=project.style.writer_model,
        instructions=brief.prompt,
        culture=brief.culture,
        min_duration_s=brief.min_duration_s,
        max_duration_s=brief.max_duration_s,
        persona=None if project.persona_id is None else f"{project.persona_id}:{project.persona_version}",
    )


@dataclass(frozen=True, slots=True)
class ImageInputs:
    """What a picture is drawn from; where the frame stands in the script is no part of it.

    Args:
        edited_prompt: the whole prompt in somebody's own words; None where it is put together from the rest.
        characters: those who appear, each `name: what they look like`.
        character_description: who appears in the whole project, in the words of its brief.
        references: SHA-256 of one picture of each, in their order.
        things: title and SHA-256 of each picture of something that must look as it does.
    """

    prompt: str
    scene_prompt: str
    negative_prompt: str
    look: str
    palette: list[str]
    width: int
    height: int
    seed: int
    provider: str | None
    model: str | None
    edited_prompt: str | None = None
    location: str | None = None
    time_of_day: str | None = None
    characters: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    culture: str | None = None
    character_description: str | None = None
    things: tuple[tuple[str, str], ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("image", self)


def image_inputs(project: Project, scene: Scene, frame: Frame, cast: Cast) -> ImageInputs:
    """What a picture of this frame would be drawn from now."""
    style = project.style
    width, height = video_size(style)
    negatives = (style.negative_prompt, scene.negative_prompt, frame.negative_prompt)
    is_edited = bool(frame.optimised_prompt)
    appearing = cast.of(scene)
    return ImageInputs(
        prompt=frame.optimised_prompt or frame.picture_prompt or frame.narration or scene.title,
        scene_prompt=" ".join(
            part for part in (scene.visual_description, scene.summary, scene.title) if part
        ),
        negative_prompt=", ".join(part for part in negatives if part),
        look=style.look,
        palette=style.palette,
        width=width,
        height=height,
        seed=style.seed,
        provider=style.image_provider,
        model=style.image_model,
        edited_prompt=frame.optimised_prompt if is_edited else None,
        location=None if is_edited else scene.location,
        time_of_day=None if is_edited else scene.time_of_day,
        characters=() if is_edited else tuple(each.appearance for each in appearing),
        references=tuple(each.images[0].file.sha256 for each in appearing if each.images),
        culture=None if is_edited else project.brief.culture,
        character_description=None if is_edited else project.brief.character_description,
        things=named_things(project, scene),
    )


def things_of(project: Project, scene: Scene) -> list[ReferenceImage]:
    """Pictures of what must look as it does in a scene: its own, then those of the whole project."""
    return [*scene.reference_images, *project.style.reference_images]


def named_things(project: Project, scene: Scene) -> tuple[tuple[str, str], ...]:
    """What tells these pictures from others: title and SHA-256 of each."""
    return tuple((each.title, each.file.sha256) for each in things_of(project, scene))


@dataclass(frozen=True, slots=True)
class VoiceInputs:
    """What a voiceover is spoken from. The captions show `shown_text`: its words get the timings.

    Args:
        text: a text of its own, spoken as it stands; or `shown_text`, whose figures and short forms are
            spoken in words.
        lexicon: entries that the text may hold, as what is written and what is said, the first one first.
    """

    text: str
    shown_text: str
    language: str
    voice: str | None
    speed: float
    provider: str | None
    model: str | None
    lexicon: tuple[tuple[str, str], ...] = ()

    @property
    def has_own_text(self) -> bool:
        """Whether something else is spoken than what is shown."""
        return self.text != self.shown_text

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("voice", self)


def voice_inputs(project: Project, frame: Frame, cast: Cast) -> VoiceInputs:
    """What this frame's voiceover would be spoken from now.

    The frame's own voice goes before its speaker's, and that before the project's. A voice comes with its
    provider: an id means nothing to another one.
    """
    style, own = project.style, frame.voiceover
    speaker = cast.speaker_of(frame)
    theirs = speaker.voice if speaker is not None and own.voice is None and own.provider is None else None
    language = project.brief.language
    lexicon: tuple[tuple[str, str], ...] = ()
    if not own.text:
        entries = touching([*project.pronunciation.entries, *cast.lexicon], frame.narration, language)
        lexicon = tuple((entry.written, entry.spoken) for entry in entries)
    return VoiceInputs(
        text=own.text or frame.narration,
        shown_text=frame.narration,
        language=language,
        voice=own.voice or (theirs.voice if theirs else style.voice),
        speed=own.speed or (theirs and theirs.speed) or style.speech_speed,
        provider=own.provider or (theirs and theirs.provider) or style.speech_provider,
        model=style.speech_model,
        lexicon=lexicon,
    )


@dataclass(frozen=True, slots=True)
class MusicInputs:
    """What the music is composed from; its length is at least `duration_s`, and it may loop."""

    mood: str
    prompt: str | None
    seed: int
    provider: str | None
    model: str | None
    tempo_bpm: float | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal."""
        return hash_of("music", self)


def music_inputs(project: Project) -> MusicInputs:
    """What this project's music would be composed from now."""
    return MusicInputs(
        mood=project.music.mood,
        prompt=project.music.prompt,
        seed=project.style.seed,
        provider=project.style.music_provider,
        model=project.style.music_model,
        tempo_bpm=project.music.tempo_bpm,
    )


def image_is_stale(project: Project, scene: Scene, frame: Frame, image: Image, cast: Cast) -> bool:
    """Whether a generated picture was drawn from something else than would be asked for now."""
    made_from = image.drawn_from
    return made_from is not None and made_from != image_inputs(project, scene, frame, cast).hash


def voice_is_stale(project: Project, frame: Frame, cast: Cast) -> bool:
    """Whether the voiceover speaks something else than it would now; False where there is none."""
    recording = frame.voiceover.recording
    made_from = recording.provenance.inputs_hash if recording else None
    return made_from is not None and made_from != voice_inputs(project, frame, cast).hash


def music_is_stale(project: Project) -> bool:
    """Whether the music was composed from something else than would be asked for now."""
    made_from = project.music.track.provenance.inputs_hash if project.music.track else None
    return made_from is not None and made_from != music_inputs(project).hash


def script_is_stale(project: Project) -> bool:
    """Whether the written script was made from another brief."""
    made_from = project.script.provenance.inputs_hash if project.script.provenance else None
    return made_from is not None and made_from != script_inputs(project).hash
