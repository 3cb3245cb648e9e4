"""A given text in pieces that are each short enough for one picture, so that a model need only group them."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers.local.scripts.frame_cutting import narrations
from providers.local.scripts.sections import outline
from providers.local.tokens import phrase_parser

PIECE_S = 4.5


@dataclass(frozen=True, slots=True)
class TextPieces:
    """A text's pieces in their order.

    Attributes:
        title: the author's own, empty for none.
        texts: laid end to end they are the text without its headings, but for white space.
        headings: of the author's own sections, by the index of the piece that begins each; a section without
            a heading has an empty one.
        joint: what stands between two pieces: a space, or nothing where the language has none.
    """

    title: str
    texts: tuple[str, ...]
    headings: Mapping[int, str]
    joint: str


def text_pieces(text: str, language: str) -> TextPieces:
    """Cut a text at the ends of sentences and clauses; headings and rules become sections."""
    plan = outline(text)
    texts: list[str] = []
    headings: dict[int, str] = {}
    for section in plan.sections:
        if plan.explicit:
            headings[len(texts)] = section.title
        for paragraph in section.paragraphs:
            texts.extend(narrations(paragraph, language, ideal_s=PIECE_S))
    return TextPieces(plan.title, tuple(texts), headings, "" if phrase_parser(language) else " ")


def letters(text: str) -> str:
    """A text without its white space: what must not change when it is cut."""
    return "".join(text.split())


def told(text: str) -> str:
    """The letters of all that a text tells, headings left out."""
    return letters(
        "".join(paragraph for section in outline(text).sections for paragraph in section.paragraphs)
    )
