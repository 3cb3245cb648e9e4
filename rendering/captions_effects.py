"""Titles, hooks and lower thirds as ASS events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rendering.captions_ass import SHADOW_ALPHA, Event, centiseconds, colour, number, rounded_box, set_text
from rendering.captions_layout import PlacedRow, SafeArea, place_rows, row_width, safe_area
from rendering.captions_lines import split_rows
from rendering.captions_words import CaptionWord, caption_words
from rendering.fonts_shaping import Typesetter
from rendering.timeline import CaptionPosition, TextEffect, TextEffectKind, VideoFormat

_BOX_LAYER: Final = 0
_TEXT_LAYER: Final = 1
_FADE_MS: Final = 220
_RISE_MS: Final = 320


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text effect with its times in seconds of the timeline: shown from `start_s` until before `end_s`."""

    effect: TextEffect
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class _Look:
    """How a kind of text is set: sizes as shares of the frame's shorter side, the rest in em."""

    size: float
    rows: int
    position: CaptionPosition
    align_left: bool
    rise: float


_LOOKS: Final = {
    TextEffectKind.TITLE: _Look(0.12, 4, CaptionPosition.CENTER, align_left=False, rise=0.35),
    TextEffectKind.HOOK: _Look(0.088, 4, CaptionPosition.TOP, align_left=False, rise=-0.25),
    TextEffectKind.LOWER_THIRD: _Look(0.056, 3, CaptionPosition.BOTTOM, align_left=True, rise=0.0),
}
_SMALLEST: Final = 0.4
_STEP: Final = 0.92
# A lower third stands above the room of captions, which takes this share of the safe area's height.
_CAPTION_ROOM: Final = 0.25
_INSET_EM: Final = 0.35
_OVERHANG_EM: Final = 0.2  # of the outline on both sides


def text_effect_events(
    texts: Iterable[PlacedText], video_format: VideoFormat, typesetter: Typesetter
) -> Iterator[Event]:
    """Yield the events of texts, wrapped inside the safe area and set smaller where they are long."""
    for text in texts:
        yield from _events(text, video_format, typesetter)


def _events(text: PlacedText, video_format: VideoFormat, typesetter: Typesetter) -> Iterator[Event]:
    look = _LOOKS[text.effect.kind]
    words = caption_words([CaptionWord(text.effect.text, 0, 0)], typesetter.language)
    if not words:
        return
    area = _room(look, video_format, has_box=text.effect.background is not None)
    rows, em = _fit(words, look, area, look.size * min(video_format.width, video_format.height), typesetter)
    placed = place_rows(
        rows,
        em=em,
        overhang=_OVERHANG_EM,
        area=area,
        position=look.position,
        typesetter=typesetter,
        align_left=look.align_left,
    )
    start, end = centiseconds(text.start_s), centiseconds(text.end_s)
    if look.align_left or text.effect.background is not None:
        yield Event(_BOX_LAYER, start, end, _backdrop(placed, text.effect, look))
    for row in placed:
        for word in row.words:
            drawn, faces = set_text(word.word.text, typesetter, word.em)
            y = number(word.y)
            lift = number(word.y + look.rise * word.em)
            outline = 0.0 if text.effect.background is not None else 0.07
            tags = (
                f"\\an5\\move({number(word.x)},{lift},{number(word.x)},{y},0,{_RISE_MS})"
                f"\\fad({_FADE_MS},{_FADE_MS})\\c{colour(text.effect.colour)}\\3c&H000000&"
                f"\\bord{number(outline * word.em)}\\xshad0\\yshad{number(outline * word.em * 0.7)}"
                f"\\4a{SHADOW_ALPHA}\\blur0.6"
            )
            yield Event(_TEXT_LAYER, start, end, f"{{{tags}}}{drawn}", faces)


def _room(look: _Look, video_format: VideoFormat, *, has_box: bool) -> SafeArea:
    area = safe_area(video_format)
    inset = _INSET_EM * look.size * min(video_format.width, video_format.height)
    sides = inset if has_box or look.align_left else 0.0
    bottom = area.bottom
    if look.align_left:
        bottom -= (area.bottom - area.top) * _CAPTION_ROOM
    return SafeArea(area.left + sides, area.top + sides / 2, area.right - sides, bottom)


def _fit(
    words: Sequence[CaptionWord], look: _Look, area: SafeArea, em: float, typesetter: Typesetter
) -> tuple[tuple[tuple[CaptionWord, ...], ...], float]:
    """Return the rows and the largest size at which they fit; at the smallest size a word may stick out."""

    def measure(row: Sequence[CaptionWord]) -> float:
        return row_width(row, typesetter)

    smallest = em * _SMALLEST
    while em >= smallest:
        rows = split_rows(words, area.width / em - _OVERHANG_EM, measure, look.rows)
        if rows:
            return rows, em
        em *= _STEP
    for count in range(look.rows, len(words) + 1):
        rows = split_rows(words, area.width / em - _OVERHANG_EM, measure, count)
        if rows:
            return rows, em
    return (tuple(words),), em  # one word of 300 letters: `place_rows` makes it as small as it takes


def _backdrop(rows: Sequence[PlacedRow], effect: TextEffect, look: _Look) -> str:
    em = rows[0].words[0].em
    padding = _INSET_EM * em
    fade = f"\\fad({_FADE_MS},{_FADE_MS})\\an7\\pos(0,0)\\bord0\\shad0"
    if effect.background is None:
        bar = rounded_box(
            rows[0].left - padding, rows[0].top, rows[0].left - padding * 0.6, rows[-1].bottom, padding * 0.2
        )
        return f"{{{fade}\\c{colour(effect.colour)}\\p1}}{bar}"
    if look.align_left:
        right = max(row.right for row in rows)
        boxes = [
            rounded_box(
                rows[0].left - padding,
                rows[0].top - padding / 2,
                right + padding,
                rows[-1].bottom + padding / 2,
                padding * 0.6,
            )
        ]
    else:
        boxes = [
            rounded_box(
                row.left - padding,
                row.top - 0.05 * em,
                row.right + padding,
                row.bottom + 0.05 * em,
                0.25 * em,
            )
            for row in rows
        ]
    return f"{{{fade}\\c{colour(effect.background)}\\1a&H10&\\p1}}{' '.join(boxes)}"
