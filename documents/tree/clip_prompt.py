"""What a model of moving pictures is told: the one place where a scene's prompt is put together.

The words are part of `ClipInputs`, whose hash tells whether a clip is stale.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.picture_prompt import LONGEST, who_appears
from documents.tree.script import Scene


@dataclass(frozen=True, slots=True)
class ClipPrompt:
    """What is sent, besides the picture that the clip begins with.

    Args:
        prompt: what happens, who appears, where, and how it looks.
        negative_prompt: what must not appear; empty for nothing.
    """

    prompt: str
    negative_prompt: str


def clip_prompt(project: Project, scene: Scene, cast: Cast) -> ClipPrompt:
    """What would be sent for a clip of this scene now."""
    said = [part.strip().rstrip(".") for part in _parts(project, scene, cast) if part.strip()]
    if look := project.style.look:
        said.append(f"Style: {look}")  # as it stands: clips that were made before are stale otherwise
    negatives = (project.style.negative_prompt, scene.negative_prompt)
    return ClipPrompt(
        prompt=". ".join(said)[:LONGEST].rstrip(),
        negative_prompt=", ".join(part for part in negatives if part)[:LONGEST],
    )


def _parts(project: Project, scene: Scene, cast: Cast) -> Iterator[str]:
    """The sentences of a prompt, the most important first.

    `clip_prompt` goes before what the scene's first frame shows.
    """
    frame = next(iter(scene.shown_frames), None)
    shown = frame.picture_prompt or frame.narration if frame else ""
    yield scene.clip_prompt or shown or scene.summary or scene.title
    appearances = [each.appearance for each in cast.of(scene)]
    yield from who_appears(appearances, project.brief.character_description)
    yield scene.visual_description
