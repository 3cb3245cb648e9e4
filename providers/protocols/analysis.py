"""What is in a script, and who a character is."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage


@dataclass(frozen=True, slots=True)
class SceneToAnalyse:
    """One scene as it is told."""

    title: str
    narration: str


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """A script to be read closely; `known_characters` are names that it may mention."""

    title: str
    scenes: tuple[SceneToAnalyse, ...]
    language: str
    known_characters: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class AnalysedScene:
    """What a scene needs to be shown: where, when, who, with what. None and empty where the text is silent.

    `heading`, `action` and `dialogue` are as in a screenplay; `visual_description` is what all pictures of
    the scene share; `hook` is a line on the screen as it begins, which makes people stay.
    """

    visual_description: str
    location: str | None
    time_of_day: str | None
    heading: str | None
    action: str | None
    dialogue: str | None
    hook: str | None
    props: tuple[str, ...]
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CharacterSheet:
    """Who somebody is and what they look like, in words that serve in picture prompts.

    `description` is outward appearance alone: face, hair, build, clothes. The rest is None where unknown.
    """

    name: str
    description: str
    age: str | None = None
    gender: str | None = None
    role: str | None = None
    cultural_context: str | None = None


@dataclass(frozen=True, slots=True)
class ScriptAnalysis:
    """What was found; `scenes` are in the order of the request's, one for each.

    `hook_score` says from 0 to 10 how well the first seconds hold a viewer; `suggestions` how to do better.
    """

    summary: str
    genre: str | None
    kind: str | None
    scenes: tuple[AnalysedScene, ...]
    characters: tuple[CharacterSheet, ...]
    hook_score: int | None
    suggestions: tuple[str, ...]
    usage: Usage


class ScriptAnalyst(Provides, Protocol):
    """Reads a script closely."""

    async def analyse(self, request: AnalysisRequest) -> ScriptAnalysis:
        """Find out what is in the script."""
        ...


@dataclass(frozen=True, slots=True)
class CharacterRequest:
    """Somebody to be described: from what is said about them, from pictures of them, or both.

    `pictures` are encoded images with their MIME types.
    """

    name: str
    text: str
    language: str
    pictures: tuple[tuple[bytes, str], ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class AnalysedCharacter:
    """The sheet that was made."""

    sheet: CharacterSheet
    usage: Usage


class CharacterAnalyst(Provides, Protocol):
    """Says what somebody looks like, so that they look the same from picture to picture."""

    async def analyse(self, request: CharacterRequest) -> AnalysedCharacter:
        """Describe the character."""
        ...


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """A picture prompt that shall be said better for a picture model."""

    prompt: str
    narration: str
    scene: str
    style: str
    characters: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class OptimisedPrompt:
    """The prompt to send, and what must not appear."""

    prompt: str
    negative_prompt: str
    usage: Usage


class PromptWriter(Provides, Protocol):
    """Says picture prompts better."""

    async def optimise(self, request: PromptRequest) -> OptimisedPrompt:
        """Rewrite the prompt; what it shows stays the same."""
        ...
