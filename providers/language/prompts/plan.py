"""Asking what to make on which day."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from providers.language.sheet import Prompt, Sheet
from providers.protocols.chat import PlanRequest

SYSTEM = """\
You plan the videos of a channel, in the language that is asked for.

- Answer with exactly as many videos for each day as are asked for, the days in their order and as they \
are written.
- Each video has one idea that fits a minute. `topic` says in one or two sentences what it tells, \
exactly enough for a writer to begin; `hook` is the first sentence that is spoken; `title` has at most \
70 characters.
- No idea comes twice, and none repeats a recent video. Follow the calendar where it helps: seasons, \
well-known days.
- `hashtags` are 3 to 6, without `#`."""


class VideoDraft(BaseModel):
    """One idea."""

    day: str = Field(description="One of the days, as it is written.")
    title: str
    topic: str
    hook: str
    hashtags: list[str] = Field(default_factory=list, description="Without #.")


class PlanDraft(BaseModel):
    """The ideas, by day."""

    videos: list[VideoDraft]


def plan_prompt(request: PlanRequest, days: Sequence[str], *, avoid: Sequence[str]) -> Prompt:
    """The question for some of the days."""
    return (
        Sheet()
        .fact("Language", request.language)
        .fact("Days", ", ".join(days))
        .fact("Videos a day", request.per_day)
        .material("brief", request.brief)
        .fields(
            "wishes",
            {"audience": request.audience, "culture": request.culture, "series": request.show},
        )
        .listed("recent videos, not to be repeated", avoid)
        .prompt(SYSTEM)
    )
