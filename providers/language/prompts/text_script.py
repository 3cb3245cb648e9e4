"""Asking where a given text is to be cut, and what is seen: its words are never the model's to write."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from providers.language.sheet import Prompt, Sheet
from providers.protocols.script import ScriptBrief

SYSTEM = """\
You turn a finished text into the plan of a short video. The text is narrated word for word: you do not \
write, change or leave out any of it. It is given as numbered pieces. You decide which pieces share a \
picture, which pictures share a scene, and what each picture shows.

- A scene has frames; a frame is one picture's time on screen. Each frame names the number of the first \
piece that is heard over it; it lasts until the next frame begins. The first frame begins with piece 1, \
and numbers only grow. A frame has one piece, seldom two.
- A new scene begins where place, time or thought changes. A piece that is marked as a new section \
begins one.
- Picture prompts and summaries are in English, for an image model: one picture that shows what is being \
said; subject, setting, light, viewpoint. No text, letters or logos in pictures. Keep people, places and \
light the same within a scene, and describe a character with the same words each time.
- Titles and `on_screen_text` are in the text's language. `on_screen_text` is at most five words taken \
from the text, for few frames; null for the others.
- A scene's `summary` tells in one English sentence what all its pictures share."""

SECTION_MARK = "(new section)"


class FrameCut(BaseModel):
    """Where a picture begins and what it shows."""

    first_piece: int = Field(description="Number of the first piece that is heard over this picture.")
    picture_prompt: str = Field(description="What the picture shows, in English.")
    on_screen_text: str | None = Field(default=None, description="At most five words, or null.")


class SceneCut(BaseModel):
    """Frames that belong together."""

    title: str = Field(description="A few words, in the text's language.")
    summary: str = Field(description="What all pictures of the scene share, in one English sentence.")
    location: str | None = Field(default=None, description="Where it is, in English, or null.")
    time_of_day: str | None = Field(default=None, description="When it is, in English, or null.")
    characters: list[str] = Field(
        default_factory=list, description="Names of the listed characters that appear."
    )
    frames: list[FrameCut]


class TextPlan(BaseModel):
    """The plan of a text, or of one stretch of it."""

    title: str = Field(description="The video's title, in the text's language, at most 60 characters.")
    scenes: list[SceneCut]


def text_prompt(
    brief: ScriptBrief,
    pieces: Sequence[str],
    *,
    sections: frozenset[int],
    scenes: int | None,
    before: Sequence[str],
) -> Prompt:
    """The question for one stretch of the text.

    Args:
        brief: of the whole script.
        pieces: of the stretch, in their order.
        sections: numbers, from 1, of the pieces that begin a section of the author's own.
        scenes: how many scenes the stretch shall have; None lets the model decide.
        before: what the scenes before this stretch are about.
    """
    sheet = (
        Sheet()
        .fact("Language of the text", brief.language)
        .fact("Pieces", len(pieces))
        .fact("Scenes", scenes)
        .fact("Frames in a scene at most", brief.max_frames_per_scene)
        .fields(
            "wishes",
            {
                "subject": brief.topic,
                "culture and setting": brief.culture,
                "look of the pictures": brief.style,
                "other": brief.instructions,
            },
        )
        .listed("characters", brief.characters)
        .listed("scenes so far", before)
    )
    marked = (
        f"{SECTION_MARK} {piece}" if number in sections else piece for number, piece in enumerate(pieces, 1)
    )
    return sheet.numbered("pieces", marked).prompt(SYSTEM)
