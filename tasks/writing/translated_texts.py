"""The words of a project that are translated: read out in order, and put back in the same order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from documents.projects.project import Project
from tasks.writing.wording import line, paragraph, search_tags, tags

_SHOWN_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class Spot:
    """One text of a stored project.

    Args:
        text: as it stands there.
        put: puts another one in its place.
    """

    text: str
    put: Callable[[str], None]


def spots(project: Project) -> list[Spot]:
    """All texts that viewers read or hear, and those that people read to know what a scene is."""
    return [spot for spot in _spots(project) if spot.text.strip()]


def _spots(project: Project) -> Iterator[Spot]:
    yield _line(project, "title")
    yield _paragraph(project, "description")
    yield _line(project.script, "title")
    for scene in project.script.scenes:
        for name in ("title", "heading", "hook_text"):
            yield _line(scene, name)
        for name in ("summary", "action", "dialogue"):
            yield _paragraph(scene, name)
        for frame in scene.frames:
            yield _paragraph(frame, "narration")
            yield _paragraph(frame.voiceover, "text")
            for effect in frame.text_effects:
                yield _spot(effect, "text", lambda text: paragraph(text)[:_SHOWN_LENGTH])
    texts = project.publishing
    yield _line(texts, "title")
    yield _paragraph(texts, "description")
    yield _paragraph(texts, "tiktok_text")
    yield _paragraph(texts, "instagram_text")
    for hashtags in (texts.shorts_hashtags, texts.tiktok_hashtags, texts.instagram_hashtags):
        yield from (_tag(hashtags, index, tags) for index in range(len(hashtags)))
    yield from (_tag(texts.youtube_tags, index, search_tags) for index in range(len(texts.youtube_tags)))


def _line(node: Any, name: str) -> Spot:
    return _spot(node, name, lambda text: line(text) or "")


def _paragraph(node: Any, name: str) -> Spot:
    return _spot(node, name, paragraph)


def _spot(node: Any, name: str, read: Callable[[str], str]) -> Spot:
    before = getattr(node, name) or ""

    def put(text: str) -> None:
        setattr(node, name, read(text) or before)

    return Spot(before, put)


def _tag(kept: list[str], index: int, read: Callable[[list[str]], list[str]]) -> Spot:
    def put(text: str) -> None:
        kept[index] = next(iter(read([text])), kept[index])

    return Spot(kept[index], put)
