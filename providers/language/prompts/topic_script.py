"""Asking for a script about a topic, part by part where it is long."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from providers.language.pace import count_for, counted_in
from providers.language.sheet import Prompt, Sheet
from providers.protocols.script import ScriptBrief, WrittenScene

SYSTEM = """\
You write scripts for short vertical videos. A script has scenes; a scene has frames; a frame is one \
picture's time on screen with the words that a narrator says over it.

How to write:
- Narration and titles are in the language that is asked for, whatever language the topic is in. Picture \
prompts and scene summaries are in English, for an image model.
- The first sentence makes people stay: a surprising fact, a question, a contradiction. No greeting, no \
"in this video". The last frame closes the thought; it does not beg for likes unless the wishes ask for \
it.
- Say true things. Give names, numbers and examples where you are sure of them; where you are not, say \
something that you are sure of. Never invent sources or quotations.
- Write for the ear: short sentences, plain words, numbers as they are spoken. No headings, lists, \
emojis, stage directions or marks of any kind inside the narration.
- A frame's narration is one or two sentences, two to seven seconds of speech. All frames together have \
the length that is asked for; count.
- A picture prompt describes one picture that shows what is being said: subject, setting, light, \
viewpoint. No text, letters or logos in pictures. Keep people, places and light the same within a scene. \
Where a character that is listed appears, name them in the scene's `characters` and describe them in the \
prompt with the same words each time.
- `on_screen_text` is at most five words that deserve to be read, in the narration's language, for few \
frames; null for the others.
- A scene's `summary` tells in one English sentence what all its pictures share."""

PART_RULE = """\
The script is long and is written in parts. Write the part that is asked for and nothing of the others; \
begin where the part before ended, without a summary or a new greeting; only the last part closes the \
thought."""


class FrameDraft(BaseModel):
    """One picture's time on screen."""

    narration: str = Field(description="What the narrator says over the picture, ready to be spoken.")
    picture_prompt: str = Field(description="What the picture shows, in English.")
    on_screen_text: str | None = Field(default=None, description="At most five words, or null.")


class SceneDraft(BaseModel):
    """Frames that belong together."""

    title: str = Field(description="A few words, in the narration's language.")
    summary: str = Field(description="What all pictures of the scene share, in one English sentence.")
    location: str | None = Field(default=None, description="Where it is, in English, or null.")
    time_of_day: str | None = Field(default=None, description="When it is, in English, or null.")
    characters: list[str] = Field(
        default_factory=list, description="Names of the listed characters that appear."
    )
    frames: list[FrameDraft]


class ScriptDraft(BaseModel):
    """A whole script, or one part of it."""

    title: str = Field(description="The video's title, in the narration's language, at most 60 characters.")
    scenes: list[SceneDraft]


def topic_prompt(
    brief: ScriptBrief,
    *,
    part_s: float,
    scenes: int | None,
    part: tuple[int, int] = (1, 1),
    before: Sequence[WrittenScene] = (),
) -> Prompt:
    """The question for one part.

    Args:
        brief: of the whole script.
        part_s: how long this part shall be.
        scenes: how many scenes it shall have; None lets the model decide.
        part: its number, from 1, and the number of parts.
        before: the scenes of the parts before.
    """
    number, parts = part
    sheet = (
        Sheet()
        .fact("Language", brief.language)
        .fact("Seconds", round(part_s))
        .fact(f"Length in {counted_in(brief.language)}", count_for(part_s, brief.language))
        .fact("Scenes", scenes)
        .fact("Scenes at most", brief.max_scenes)
        .fact("Frames in a scene at most", brief.max_frames_per_scene)
    )
    if parts > 1:
        sheet.fact("Part", f"{number} of {parts}")
    sheet.material("topic", brief.topic).fields(
        "wishes",
        {
            "tone": brief.tone,
            "audience": brief.audience,
            "culture and setting": brief.culture,
            "look of the pictures": brief.style,
            "other": brief.instructions,
        },
    )
    sheet.listed("characters", brief.characters)
    sheet.listed("recent videos, not to be repeated", brief.avoid)
    if before:
        sheet.listed("scenes so far", (f"{scene.title}: {scene.summary}" for scene in before))
        sheet.material("last words so far", before[-1].frames[-1].narration)
    return sheet.prompt(f"{SYSTEM}\n\n{PART_RULE}" if parts > 1 else SYSTEM)
