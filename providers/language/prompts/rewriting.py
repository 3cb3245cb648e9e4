"""Asking for a part of a script in other words."""

from pydantic import BaseModel

from providers.language.prompts.topic_script import FrameDraft
from providers.language.sheet import Prompt, Sheet
from providers.protocols.script import RewriteRequest

SYSTEM = """\
You rewrite a part of the script of a short video as the customer wishes. The part is given as numbered \
frames; a frame is one picture's time on screen with the words that a narrator says over it.

- Answer with exactly as many frames, in the same order. Each new frame takes the place of the old one.
- The narration is in the language that is asked for, joins what is said before and after without \
repeating it, and is about as long as the old one unless the wishes say otherwise.
- Keep what is true: facts, names and numbers stay unless the wishes change them.
- Write for the ear: short sentences, plain words; no headings, lists, emojis, stage directions or \
marks.
- `picture_prompt` is in English and shows what the new narration says; keep the old one where it still \
fits. No text, letters or logos in pictures.
- `on_screen_text` is at most five words in the narration's language, or null."""


class Rewriting(BaseModel):
    """The frames in other words."""

    frames: list[FrameDraft]


def rewriting_prompt(request: RewriteRequest) -> Prompt:
    """The question."""
    return (
        Sheet()
        .fact("Language", request.language)
        .fact("Frames", len(request.frames))
        .fields(
            "wishes",
            {
                "change": request.instruction,
                "tone": request.tone,
                "audience": request.audience,
                "culture and setting": request.culture,
            },
        )
        .material("scene", request.scene_title)
        .material("said before", request.before)
        .numbered("frames", (frame.narration for frame in request.frames))
        .numbered("pictures", (frame.picture_prompt for frame in request.frames))
        .material("said after", request.after)
        .prompt(SYSTEM)
    )
