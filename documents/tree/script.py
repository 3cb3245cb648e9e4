"""What is told: a script has scenes, a scene has frames, a frame has candidate pictures and one voice."""

from enum import StrEnum
from typing import Annotated, Any

from beanie import PydanticObjectId
from pydantic import Field

from documents.text import Line, Manuscript, Paragraph
from documents.tree.asset import Provenance, StoredFile
from documents.tree.look import EFFECTS_MAX, Fraction01, Motion, SoundEffect, TextEffect, Transition
from documents.tree.node import Node, Section, Stored
from documents.tree.reference_image import REFERENCES_MAX, ReferenceImage
from documents.tree.script_analysis import ScriptAnalysis

Seconds = Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)]


class WordTiming(Stored):
    """A written word and when it is spoken, in seconds from the start of the voiceover's file."""

    text: str
    start_s: float
    end_s: float


class EditedFrom(Stored):
    """The candidate that an edited picture was made from.

    Args:
        inputs_hash: of what that one was drawn from; None for an upload.
    """

    image_id: PydanticObjectId
    inputs_hash: str | None


class Image(Node):
    """A candidate picture of a frame; width and height in pixels."""

    file: StoredFile
    width: int
    height: int
    provenance: Provenance
    edited_from: EditedFrom | None = None

    @property
    def drawn_from(self) -> str | None:
        """Hash of what it was drawn from, before all edits; None for an upload. Others make it stale."""
        return self.edited_from.inputs_hash if self.edited_from else self.provenance.inputs_hash

    def redate(self, drawn_from: str) -> None:
        """Say that it was drawn from inputs of this hash, unless somebody brought it."""
        if self.drawn_from is None:
            return
        if self.edited_from is not None:
            self.edited_from.inputs_hash = drawn_from
        else:
            self.provenance.inputs_hash = drawn_from


class WordTimes(StrEnum):
    """How it is known when each word of a recording is spoken."""

    PROVIDER = "PROVIDER"
    TRANSCRIPT = "TRANSCRIPT"
    ALIGNED = "ALIGNED"
    ESTIMATED = "ESTIMATED"


class VoiceRecording(Stored):
    """The sound of a voiceover.

    Args:
        word_times: how the words' times are known.
        is_spoken: False where no voice speaks the language and the words are shown at reading speed.
        speed: that was asked for; 1 is the voice's own pace.
    """

    file: StoredFile
    duration_s: float
    speed: float = 1.0
    words: list[WordTiming] = Field(default_factory=list)
    word_times: WordTimes = WordTimes.ESTIMATED
    is_spoken: bool = True
    provenance: Provenance


class Voiceover(Node):
    """A frame's voice.

    Args:
        text: what is spoken where it differs from the frame's narration; captions show the narration.
        voice: a voice's id; None takes the project's.
        provider: who speaks; None takes the project's.
        speed: 1 is the voice's own pace; None takes the project's.
    """

    text: Paragraph | None = None
    voice: Line | None = None
    provider: Line | None = None
    speed: Annotated[float, Field(ge=0.5, le=2, allow_inf_nan=False)] | None = None
    recording: VoiceRecording | None = None


class MediaKind(StrEnum):
    """Whether a frame shows its chosen picture, or what moves: its own lip-synced clip, or its scene's."""

    IMAGE = "IMAGE"
    CLIP = "CLIP"


class ClipStart(StrEnum):
    """What a clip begins from, besides its words."""

    TEXT = "TEXT"
    PICTURE = "PICTURE"
    SEED_FRAME = "SEED_FRAME"


class LipSyncSource(StrEnum):
    """Whose lips move: those of the frame's chosen picture, or of its scene's chosen clip."""

    PICTURE = "PICTURE"
    CLIP = "CLIP"


class Clip(Node):
    """A moving picture: a candidate of a scene, or a frame's own whose lips follow its voice.

    Args:
        start: what it was made from; None for an upload and for lips.
        wanted_s: length that was asked for; None where nobody asked.
        has_sound: whether there is a sound of its own in the file.
    """

    file: StoredFile
    width: int
    height: int
    duration_s: float
    has_sound: bool = False
    start: ClipStart | None = None
    wanted_s: float | None = None
    provenance: Provenance


class Frame(Node):
    """One picture's time on screen.

    Args:
        narration: what is said and shown as caption.
        picture_prompt: what the picture shows.
        optimised_prompt: the whole prompt as it is sent, in the place of the one that is put together.
        speaker_id: the character whose voice speaks it; None for the project's.
        duration_s: a length set by hand; None follows the voice.
        crop_x: centre of the visible part of a picture wider than the video, 0 (left) to 1 (right).
        lip_sync: shown before the scene's clip where `media_kind` is CLIP.
        lip_sync_from: what productions have the lips moved of; None for no lip-sync.
    """

    narration: Paragraph = ""
    picture_prompt: Paragraph = ""
    optimised_prompt: Paragraph | None = None
    negative_prompt: Paragraph | None = None
    speaker_id: PydanticObjectId | None = None
    media_kind: MediaKind = MediaKind.IMAGE
    duration_s: Seconds | None = None
    images: list[Image] = Field(default_factory=list)
    chosen_image_id: PydanticObjectId | None = None
    voiceover: Voiceover = Field(default_factory=Voiceover)
    motion: Motion = Field(default_factory=Motion)
    transition: Transition = Field(default_factory=Transition)
    text_effects: Annotated[list[TextEffect], Field(max_length=10)] = Field(default_factory=list)
    sound_effects: Annotated[list[SoundEffect], Field(max_length=EFFECTS_MAX)] = Field(default_factory=list)
    lip_sync: Clip | None = None
    lip_sync_from: LipSyncSource | None = None
    particle_overlay: Line | None = None
    crop_x: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.5
    is_skipped: bool = False

    def model_post_init(self, context: Any, /) -> None:
        """Give the voiceover the frame's own id: there is one for each, and events name it by its frame."""
        super().model_post_init(context)
        self.voiceover.id = self.id

    @property
    def chosen_image(self) -> Image | None:
        """The candidate that is shown."""
        return next((image for image in self.images if image.id == self.chosen_image_id), None)


class SeedFrame(Node):
    """A picture taken out of a clip, from which the next clip goes on.

    Args:
        frame_index: position in the clip, counted from 0.
    """

    file: StoredFile
    width: int
    height: int
    clip_id: PydanticObjectId
    frame_index: int
    provenance: Provenance


class Scene(Node):
    """Frames that belong together: one place, one time, one thought.

    Args:
        reference_images: of things that must look as they do in its pictures; they go before the style's.
        clip_volume: how loud the own sound of its clips is in the video, 0 (silent) to 1.
    """

    title: Line = ""
    summary: Paragraph = ""
    visual_description: Paragraph = ""
    location: Line | None = None
    time_of_day: Line | None = None
    heading: Line | None = None
    action: Paragraph | None = None
    dialogue: Paragraph | None = None
    hook_text: Line | None = None
    negative_prompt: Paragraph | None = None
    clip_prompt: Paragraph | None = None
    clip_model: Line | None = None
    clip_volume: Fraction01 = 0.0
    use_seed_frame: bool = False
    character_ids: Annotated[list[PydanticObjectId], Field(max_length=50)] = Field(default_factory=list)
    props: Annotated[list[Line], Field(max_length=50)] = Field(default_factory=list)
    frames: list[Frame] = Field(default_factory=list)
    clips: list[Clip] = Field(default_factory=list)
    chosen_clip_id: PydanticObjectId | None = None
    seed_frames: list[SeedFrame] = Field(default_factory=list)
    chosen_seed_frame_id: PydanticObjectId | None = None
    reference_images: Annotated[list[ReferenceImage], Field(max_length=REFERENCES_MAX)] = Field(
        default_factory=list
    )
    is_skipped: bool = False

    @property
    def chosen_clip(self) -> Clip | None:
        """The moving picture that is shown."""
        return next((clip for clip in self.clips if clip.id == self.chosen_clip_id), None)

    @property
    def chosen_seed_frame(self) -> SeedFrame | None:
        """The picture that the next clip goes on from."""
        return next((seed for seed in self.seed_frames if seed.id == self.chosen_seed_frame_id), None)

    @property
    def shown_frames(self) -> list[Frame]:
        """Those that are not skipped; none of a skipped scene."""
        return [] if self.is_skipped else [frame for frame in self.frames if not frame.is_skipped]


class Script(Section):
    """The whole story.

    Args:
        text: the words that it was made from, as given.
        analysis: what the last close reading found; None before the first.
        provenance: who wrote it; None where a person did.
    """

    title: Line = ""
    text: Manuscript | None = None
    genre: Line | None = None
    kind: Line | None = None
    analysis: ScriptAnalysis | None = None
    provenance: Provenance | None = None
    scenes: list[Scene] = Field(default_factory=list)
