"""Asking for a better picture prompt."""

from pydantic import BaseModel, Field

from providers.language.sheet import Prompt, Sheet
from providers.protocols.analysis import PromptRequest

SYSTEM = """\
You say picture prompts better for an image model. What the picture shows stays the same.

- `prompt` is in English, at most 120 words, one paragraph: subject and what it does, setting, \
composition and viewpoint for an upright picture, light, colours, then the style that is asked for.
- Keep every subject, character and place of the given prompt; add only what makes it clearer. Describe \
the listed characters with the words of the list.
- No text, letters, watermarks or logos in the picture; no names of living artists.
- `negative_prompt` lists, with commas, what must not appear; at most 30 words."""


class BetterPrompt(BaseModel):
    """A picture in better words."""

    prompt: str = Field(description="What the picture shows, in English.")
    negative_prompt: str = Field(description="What must not appear.")


def picture_prompt(request: PromptRequest) -> Prompt:
    """The question."""
    return (
        Sheet()
        .material("prompt", request.prompt)
        .material("what is said over the picture", request.narration)
        .material("scene", request.scene)
        .material("style", request.style)
        .listed("characters", request.characters)
        .prompt(SYSTEM)
    )
