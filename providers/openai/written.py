"""A model's drafts as frames and scenes: words on one line, names as the brief spells them."""

from collections.abc import Iterable

from providers.language.prompts.topic_script import FrameDraft, SceneDraft
from providers.protocols.script import WrittenFrame, WrittenScene

TITLE_CHARACTERS = 100
SCREEN_CHARACTERS = 60


def one_line(text: str | None) -> str:
    """The text without line breaks and needless white space."""
    return " ".join((text or "").split())


def is_said(text: str) -> bool:
    """Whether there is anything to speak in it."""
    return any(character.isalnum() for character in text)


def on_screen(text: str | None) -> str | None:
    """What is read on a picture; None for nothing, and for more than can be read."""
    line = one_line(text)
    return line if line and len(line) <= SCREEN_CHARACTERS else None


def names(found: Iterable[str], listed: Iterable[str]) -> tuple[str, ...]:
    """Those listed, each as `name: what they look like`, that were found, in the list's order."""
    said = {one_line(name).casefold() for name in found}
    known = (one_line(character.partition(":")[0]) for character in listed)
    return tuple(name for name in known if name.casefold() in said)


def frame(draft: FrameDraft, *, otherwise: str) -> WrittenFrame:
    """A drafted frame; `otherwise` is what is seen where the draft does not say."""
    return WrittenFrame(
        narration=one_line(draft.narration),
        picture_prompt=one_line(draft.picture_prompt) or otherwise,
        on_screen_text=on_screen(draft.on_screen_text),
    )


def scene(draft: SceneDraft, listed: Iterable[str]) -> WrittenScene | None:
    """A drafted scene without its silent frames; None where nothing is said in it."""
    summary = one_line(draft.summary) or one_line(draft.title)
    frames = tuple(
        frame(each, otherwise=summary or one_line(each.narration))
        for each in draft.frames
        if is_said(each.narration)
    )
    if not frames:
        return None
    title = one_line(draft.title)[:TITLE_CHARACTERS] or frames[0].narration[:TITLE_CHARACTERS]
    return WrittenScene(
        title=title,
        summary=summary or title,
        frames=frames,
        location=one_line(draft.location) or None,
        time_of_day=one_line(draft.time_of_day) or None,
        characters=names(draft.characters, listed),
    )
