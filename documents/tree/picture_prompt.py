"""What a model of pictures is told: the one place where a frame's prompt is put together.

The words are a function of `ImageInputs`, whose hash tells whether a picture is stale: what is not in the
inputs cannot be in the prompt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.inputs import ImageInputs, image_inputs
from documents.tree.script import Frame, Scene

LONGEST: Final = 5_000
"""Characters of a prompt; what stands behind them is left out, the least important last."""


@dataclass(frozen=True, slots=True)
class AssembledPrompt:
    """What is sent.

    Args:
        prompt: all that the picture shows, and how.
        negative_prompt: what must not appear; empty for nothing.
        is_edited: whether somebody (a person or `optimisePrompts`) said it in other words, which are sent as
            they are.
    """

    prompt: str
    negative_prompt: str
    is_edited: bool


def assembled_prompt(project: Project, scene: Scene, frame: Frame, cast: Cast) -> AssembledPrompt:
    """What would be sent for a picture of this frame now."""
    return assembled(image_inputs(project, scene, frame, cast))


def assembled(inputs: ImageInputs) -> AssembledPrompt:
    """What is sent for a picture that is drawn from these inputs."""
    if inputs.edited_prompt is not None:
        return AssembledPrompt(inputs.edited_prompt, inputs.negative_prompt, is_edited=True)
    prompt = " ".join(_sentence(part) for part in _parts(inputs) if part.strip())
    return AssembledPrompt(prompt[:LONGEST].rstrip(), inputs.negative_prompt, is_edited=False)


def _parts(inputs: ImageInputs) -> Iterator[str]:
    """The sentences of a prompt, the most important first."""
    yield inputs.prompt
    yield from who_appears(inputs.characters, inputs.character_description)
    if where := ", ".join(part for part in (inputs.location, inputs.time_of_day) if part):
        yield f"Setting: {where}"
    if inputs.scene_prompt:
        yield f"Scene: {inputs.scene_prompt}"
    if inputs.look:
        yield f"Style: {inputs.look}"
    if inputs.palette:
        yield f"Colours: {', '.join(inputs.palette)}"
    if inputs.culture:
        yield f"Cultural setting: {inputs.culture}"


def who_appears(characters: Sequence[str], throughout: str | None) -> Iterator[str]:
    """What they look like: the characters of a scene, and whoever the brief describes for all scenes."""
    if characters:
        yield f"Characters: {'; '.join(each.rstrip('.;') for each in characters)}"
    if throughout:
        yield f"Appearing throughout: {throughout}"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return f"{text}." if text[-1].isalnum() else text
