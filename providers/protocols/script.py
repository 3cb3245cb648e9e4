"""Scripts: written from a brief, and rewritten in part."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage
from providers.protocols.persona import Persona

MAX_SCENES = 200
MAX_FRAMES_PER_SCENE = 30


@dataclass(frozen=True, slots=True)
class ScriptBrief:
    """What a script shall be made of: a topic to write about, or a text to structure; the text wins.

    `language` is a BCP-47 tag; `target_duration_s` is the length of the video aimed at (5 to 3,600).
    `target_scenes` is a number of scenes aimed at. `characters` are people who may appear, each `name: what
    they look like`. `avoid` are titles and topics of one's recent videos, not to be repeated. `instructions`
    are whatever else the person asks for. `model` None takes the provider's default.
    """

    topic: str | None
    text: str | None
    language: str
    target_duration_s: float
    tone: str | None = None
    audience: str | None = None
    style: str | None = None
    max_scenes: int = MAX_SCENES
    max_frames_per_scene: int = MAX_FRAMES_PER_SCENE
    culture: str | None = None
    instructions: str | None = None
    target_scenes: int | None = None
    min_duration_s: float | None = None
    max_duration_s: float | None = None
    characters: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    persona: Persona | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenFrame:
    """One picture's time on screen: what is said and what is seen."""

    narration: str
    picture_prompt: str
    on_screen_text: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenScene:
    """Frames that belong together; `summary` says what they share, and serves as `scene_prompt`.

    `characters` are the names of those of the brief's who appear.
    """

    title: str
    summary: str
    frames: tuple[WrittenFrame, ...]
    location: str | None = None
    time_of_day: str | None = None
    characters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenScript:
    """A whole script.

    `language` is the language that the narration is in: not the brief's where the writer lacks that one.
    `knows_facts` is False when nothing in the script comes from knowledge of the topic.
    """

    title: str
    scenes: tuple[WrittenScene, ...]
    language: str
    knows_facts: bool
    usage: Usage


class ScriptWriter(Provides, Protocol):
    """Turns a brief into scenes and frames."""

    async def write(self, brief: ScriptBrief) -> WrittenScript:
        """Write the whole script. A given text is never changed: its words are the narration's words."""
        ...


@dataclass(frozen=True, slots=True)
class RewriteRequest:
    """A part of a script that shall be told differently.

    `before` and `after` are the narration around it, so that the new words join them; `frames` are the part's
    own frames, and as many come back. `instruction` is what the person asks for, such as `funnier`.
    """

    instruction: str
    frames: tuple[WrittenFrame, ...]
    scene_title: str
    before: str
    after: str
    language: str
    tone: str | None = None
    audience: str | None = None
    culture: str | None = None
    persona: Persona | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class RewrittenFrames:
    """The frames in their order, one for each that was given."""

    frames: tuple[WrittenFrame, ...]
    usage: Usage


class Rewriter(Provides, Protocol):
    """Tells a part of a script differently, in its context."""

    async def rewrite(self, request: RewriteRequest) -> RewrittenFrames:
        """Rewrite the frames."""
        ...
