"""Structure that an author put into a text: headings, "Scene 3:" lines, rules and blank lines."""

import re
from dataclasses import dataclass

MAX_HEADING_CHARACTERS = 80

HEADING = re.compile(r"#{1,6}[ \t]+(?P<title>\S.*?)[ \t]*#*$")
SCENE_LINE = re.compile(
    r"\**(?:scene|szene|escena|cena|scène|scena)[ \t]+\d{1,4}\**"
    r"(?:[ \t]*[:.\-–—][ \t]*|$)\**(?P<title>.*?)\**$",  # noqa: RUF001  dashes are meant
    re.IGNORECASE,
)
RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,}|={3,})$")


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under one heading; `title` is empty where the author gave none."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A text by its author's own structure. `explicit` when headings or scene lines cut it."""

    title: str
    sections: tuple[Section, ...]
    explicit: bool


def outline(text: str) -> Outline:
    """The text in sections, every word of it in a paragraph or a title.

    Only marks go: `#`, rules, and the number of a scene line. A heading with nothing under it, or one that
    reads like a sentence, is narration: nobody's words are dropped for looking like structure.
    """
    drafts: list[tuple[str, list[str]]] = [("", [])]
    lines: list[str] = []
    explicit = False

    def close_paragraph() -> None:
        if lines:
            drafts[-1][1].append(" ".join(lines))
            lines.clear()

    for line in (" ".join(raw.split()) for raw in text.splitlines()):
        if not line:
            close_paragraph()
        elif RULE.match(line):
            close_paragraph()
            drafts.append(("", []))
            explicit = True
        elif (mark := HEADING.match(line) or SCENE_LINE.match(line)) is not None:
            close_paragraph()
            title = mark["title"].strip()
            explicit = True
            if _is_title(title):
                drafts.append((title, []))
            else:
                drafts.append(("", []))
                if title:
                    lines.append(title)
        else:
            lines.append(line)
    close_paragraph()
    return _settled(drafts, explicit=explicit)


def _is_title(text: str) -> bool:
    return 0 < len(text) <= MAX_HEADING_CHARACTERS and not text.endswith((".", "!", "。", "…"))


def _settled(drafts: list[tuple[str, list[str]]], *, explicit: bool) -> Outline:
    """Empty sections resolved: the first title of several is the text's, any other becomes narration."""
    filled = [draft for draft in drafts if draft[0] or draft[1]]
    title = ""
    if len(filled) > 1 and filled[0][0] and not filled[0][1]:
        title = filled.pop(0)[0]
    sections = tuple(
        Section(heading if paragraphs else "", tuple(paragraphs or [heading]))
        for heading, paragraphs in filled
    )
    return Outline(title, sections, explicit)
