"""Asking what is in a script."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from providers.language.prompts.character_sheet import SheetDraft
from providers.language.sheet import Prompt, Sheet
from providers.protocols.analysis import AnalysisRequest, SceneToAnalyse

SYSTEM = """\
You read the script of a short video closely, as a director's assistant who prepares its pictures.

- For each numbered scene say where and when it is, who is in it, which things matter, and what its \
pictures share. Answer with exactly as many scenes, in the same order.
- `heading`, `action` and `dialogue` are as in a screenplay, such as "INT. KITCHEN - NIGHT".
- `hook` of a scene is a line of at most eight words that stands on the screen as it begins and makes people \
stay; null where the scene needs none.
- Say null, or give an empty list, where the text is silent; do not invent.
- `characters` are all who appear in person, each once, with an outward description that an image model \
can draw: face, hair, build, clothes. Known characters keep their names.
- `hook_score` says from 0 to 10 how well the first seconds hold a viewer. `suggestions` are up to five \
short sentences on how to make the script better.
- `summary`, `genre`, `kind`, `hook` and `suggestions` are in the script's language; everything else is in \
English, for image models. Names stay as they are."""

PART_RULE = """\
The script is long and is read in parts. `summary` tells the whole story so far, the parts before \
included."""


class SceneFindings(BaseModel):
    """What a scene needs to be shown."""

    visual_description: str = Field(description="What all pictures of the scene share.")
    location: str | None = None
    time_of_day: str | None = None
    heading: str | None = None
    action: str | None = None
    dialogue: str | None = None
    hook: str | None = Field(default=None, description="At most eight words on the screen.")
    props: list[str] = Field(default_factory=list)
    characters: list[str] = Field(default_factory=list, description="Names of those who appear.")


class ScriptFindings(BaseModel):
    """What is in a script."""

    summary: str = Field(description="Two or three sentences.")
    genre: str | None = Field(default=None, description="One or two words.")
    kind: str | None = Field(default=None, description="Such as explainer, story, advertisement or list.")
    scenes: list[SceneFindings]
    characters: list[SheetDraft] = Field(default_factory=list)
    hook_score: int | None = Field(default=None, description="0 to 10.")
    suggestions: list[str] = Field(default_factory=list)


def analysis_prompt(
    request: AnalysisRequest, scenes: Sequence[SceneToAnalyse], *, before: str, is_part: bool
) -> Prompt:
    """The question for some of the scenes; `before` tells what was found in the ones before."""
    sheet = (
        Sheet()
        .fact("Language", request.language)
        .fact("Scenes", len(scenes))
        .material("title", request.title)
        .listed("known characters", request.known_characters)
        .material("story so far", before)
        .numbered("scenes", (f"{scene.title}: {scene.narration}" for scene in scenes))
    )
    return sheet.prompt(f"{SYSTEM}\n\n{PART_RULE}" if is_part else SYSTEM)
