"""Captions burned into the picture: the words as they are spoken, the spoken one standing out.

Each word is placed by itself, so that a word can grow or change colour and nothing else moves. Pictographs
are drawn in one colour, like letters.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from rendering.captions_ass import (
    SHADOW_ALPHA,
    AssDocument,
    Event,
    centiseconds,
    colour,
    document,
    rounded_box,
    set_text,
)
from rendering.captions_effects import PlacedText, text_effect_events
from rendering.captions_layout import PlacedRow, PlacedWord, place_rows, row_width, safe_area
from rendering.captions_lines import CaptionLine, break_lines
from rendering.captions_words import caption_words, shown
from rendering.fonts import Face
from rendering.fonts_shaping import Typesetter
from rendering.timeline import CaptionPreset, CaptionStyle, VideoFormat, Word

_BOX_LAYER: Final = 10
_WORD_LAYER: Final = 11
_SPOKEN_LAYER: Final = 12

# Shares of the em.
_OUTLINE: Final = 0.085
_SHADOW: Final = 0.05
_BOX_PADDING: Final = 0.3
_BOX_RADIUS: Final = 0.28
_OUTLINE_OVERHANG: Final = 0.25
_POP_OVERHANG: Final = 0.5

_POP_SHARE: Final = 0.13
_POP_IN: Final = r"\fscx82\fscy82\t(0,90,\fscx100\fscy100)"


def caption_lines(
    utterances: Iterable[Sequence[Word]],
    style: CaptionStyle,
    video_format: VideoFormat,
    *,
    faces: Sequence[Face],
    language: str,
) -> tuple[CaptionLine, ...]:
    """Break speech into the lines that are shown.

    Args:
        utterances: the words of each voiceover, with times in seconds **of the timeline**. An utterance's
            lines depend on no other one, save that a line ends where the next begins.
        style: how captions look; preset NONE gives no lines.
        video_format: the frame, which bounds the lines.
        faces: what `FontShelf.faces_for` gave for all of the text.
        language: BCP 47 tag of the text.
    """
    if style.preset is CaptionPreset.NONE:
        return ()
    typesetter = Typesetter(faces, language)
    em = _em(style, video_format)
    words = (caption_words(utterance, language) for utterance in utterances)
    if style.uppercase:
        words = (tuple(shown(word, language) for word in utterance) for utterance in words)
    return break_lines(
        words,
        max_words=style.max_words,
        max_width=safe_area(video_format).width / em - _overhang(style),
        measure=lambda row: row_width(row, typesetter),
    )


def ass_document(
    lines: Iterable[CaptionLine],
    style: CaptionStyle,
    video_format: VideoFormat,
    *,
    from_s: float,
    to_s: float,
    faces: Sequence[Face],
    language: str,
    texts: Iterable[PlacedText] = (),
) -> AssDocument:
    """Write what shows during [from_s, to_s), in timeline seconds, as one ASS document.

    An event that began earlier or ends later keeps its own times, so that an animation goes on across a cut.

    Args:
        lines: what `caption_lines` gave; lines outside of the interval are left out.
        style: how captions look.
        video_format: the frame.
        from_s: start of the interval.
        to_s: end of the interval, not included.
        faces: what `FontShelf.faces_for` gave for all of the text.
        language: BCP 47 tag of the text.
        texts: titles and the like, drawn under the captions.
    """
    typesetter = Typesetter(faces, language)
    events = [
        *text_effect_events(
            (text for text in texts if text.start_s < to_s and text.end_s > from_s), video_format, typesetter
        ),
        *(
            event
            for line in lines
            # A centisecond of slack, since events are cut at rounded times.
            if line.start_s < to_s + 0.01 and line.end_s > from_s - 0.01
            for event in _line_events(line, style, video_format, typesetter)
        ),
    ]
    return document(events, video_format, language=language, from_s=from_s, to_s=to_s)


def _em(style: CaptionStyle, video_format: VideoFormat) -> float:
    return style.size * min(video_format.width, video_format.height)


def _overhang(style: CaptionStyle) -> float:
    """Return how far the outline and a popping word reach beyond a row, at both sides together, in em."""
    return _OUTLINE_OVERHANG + _POP_OVERHANG * (style.preset is CaptionPreset.POP)


def _line_events(
    line: CaptionLine, style: CaptionStyle, video_format: VideoFormat, typesetter: Typesetter
) -> Iterator[Event]:
    rows = place_rows(
        line.rows,
        em=_em(style, video_format),
        overhang=_overhang(style),
        area=safe_area(video_format),
        position=style.position,
        typesetter=typesetter,
    )
    start, end = centiseconds(line.start_s), centiseconds(line.end_s)
    if style.background is not None:
        yield Event(_BOX_LAYER, start, end, _boxes(rows, style.background))
    placed = [word for row in rows for word in row.words]
    turns = [min(max(centiseconds(word.start_s), start), end) for word in line.words]
    for word, (turn, next_turn) in zip(placed, pairwise([start, *turns[1:], end]), strict=True):
        yield from _word_events(word, style, typesetter, times=(start, turn, next_turn, end))


def _word_events(
    placed: PlacedWord, style: CaptionStyle, typesetter: Typesetter, *, times: tuple[int, int, int, int]
) -> Iterator[Event]:
    """Yield the word as it waits, as it is spoken, and afterwards."""
    start, turn, next_turn, end = times
    text, faces = set_text(placed.word.text, typesetter, placed.em)
    if style.preset is CaptionPreset.PLAIN:
        yield Event(_WORD_LAYER, start, end, _look(placed, style, style.colour) + text, faces)
        return
    pops = style.preset is CaptionPreset.POP
    plain, spoken = _look(placed, style, style.colour), _look(placed, style, style.highlight)
    up, down, into = (*_pop(placed), _POP_IN) if pops else ("", "", "")
    phases = (
        (_WORD_LAYER, start, turn, plain, into),
        (_SPOKEN_LAYER, turn, next_turn, spoken, up if turn > start else _POP_IN * pops + up),
        (_WORD_LAYER, next_turn, end, plain, down),
    )
    for layer, first, last, look, motion in phases:
        if first < last:
            yield Event(layer, first, last, f"{look[:-1]}{motion}}}{text}", faces)


def _pop(placed: PlacedWord) -> tuple[str, str]:
    """Return how the word grows and how it shrinks back; a long one grows less, to stay in its room."""
    growth = min(_POP_SHARE, _POP_OVERHANG * placed.em / max(placed.width, placed.em))
    peak, rest = round(100 * (1 + growth)), round(100 * (1 + growth / 2))
    up = f"\\t(0,70,\\fscx{peak}\\fscy{peak})\\t(70,150,\\fscx{rest}\\fscy{rest})"
    return up, f"\\fscx{rest}\\fscy{rest}\\t(0,90,\\fscx100\\fscy100)"


def _look(placed: PlacedWord, style: CaptionStyle, fill: str) -> str:
    outline, shadow = (_OUTLINE, _SHADOW) if style.background is None else (0.0, 0.0)
    return (
        f"{{\\an5\\pos({placed.x:.2f},{placed.y:.2f})\\c{colour(fill)}\\3c{colour(style.outline)}"
        f"\\bord{outline * placed.em:.2f}\\xshad0\\yshad{shadow * placed.em:.2f}\\4a{SHADOW_ALPHA}\\blur0.6}}"
    )


def _boxes(rows: Sequence[PlacedRow], fill: str) -> str:
    shapes = []
    for row in rows:
        em = row.words[0].em
        padding, radius = _BOX_PADDING * em, _BOX_RADIUS * em
        grow = 0.06 * em
        shapes.append(
            rounded_box(row.left - padding, row.top - grow, row.right + padding, row.bottom + grow, radius)
        )
    # One shape for all rows: where they meet, a see-through colour is not laid on twice.
    return f"{{\\an7\\pos(0,0)\\bord0\\shad0\\c{colour(fill)}\\1a&H18&\\p1}}{' '.join(shapes)}"
