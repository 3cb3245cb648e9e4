"""What a persona gets to know in a chat: the talk so far and the project, neither without bounds."""

from collections.abc import Sequence
from typing import Final

from documents.projects.project import Project
from documents.writers_room.chat import ChatMessage, Speaker
from providers.protocols.chat import ChatTurn

HEARD_MESSAGES: Final = 200
"""Messages of a chat that are looked at for an answer."""

_TALK_TOKENS: Final = 12_000
_SCRIPT_TOKENS: Final = 6_000
_BRIEF_TOKENS: Final = 1_500
_BYTES_PER_TOKEN: Final = 3  # rather too few: English has four, most other writings about three


def tokens(text: str) -> int:
    """About how many tokens a text is, rather too many than too few."""
    return len(text.encode()) // _BYTES_PER_TOKEN + 1


def bounded_turns(heard: Sequence[ChatMessage]) -> tuple[ChatTurn, ...]:
    """The last turns of a talk that fit, beginning with one of the user's; the newest always stays.

    Args:
        heard: what was said, the oldest first.
    """
    kept: list[ChatMessage] = []
    left = _TALK_TOKENS
    for message in reversed(heard):
        left -= tokens(message.content)
        if left < 0 and kept:
            break
        kept.append(message)
    while len(kept) > 1 and kept[-1].speaker is Speaker.PERSONA:
        kept.pop()
    return tuple(
        ChatTurn("user" if each.speaker is Speaker.USER else "assistant", each.content)
        for each in reversed(kept)
    )


def about_project(project: Project) -> str:
    """A project in words: its brief, how far it has come, and its script as far as it fits."""
    brief = project.brief
    told = {
        "Title": project.title,
        "Status": project.status.value.lower(),
        "Topic": brief.topic,
        "Given text": brief.text,
        "Asked for": brief.prompt,
        "Language": brief.language,
        "Audience": brief.audience,
        "Tone": brief.tone,
        "Culture": brief.culture,
        "Target length": f"{brief.target_duration_s:g} seconds",
        "Look": project.style.look,
    }
    lines = [f"{name}: {_clipped(value, _BRIEF_TOKENS)}" for name, value in told.items() if value]
    script = _script(project)
    if script:
        lines += ["", "Script:", _clipped(script, _SCRIPT_TOKENS)]
    return "\n".join(lines)


def _script(project: Project) -> str:
    lines = []
    for number, scene in enumerate(project.script.scenes, 1):
        lines.append(f"Scene {number}: {scene.title}")
        lines += [f"- {frame.narration}" for frame in scene.frames if frame.narration]
    return "\n".join(lines)


def _clipped(text: str, most_tokens: int) -> str:
    """A text that fits, with a sign of what was left out."""
    if tokens(text) <= most_tokens:
        return text
    return text.encode()[: most_tokens * _BYTES_PER_TOKEN].decode(errors="ignore") + " […]"
