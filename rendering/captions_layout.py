"""Where the words of a caption stand: inside the safe area, row by row, in the order of reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rendering.captions_words import CaptionWord
from rendering.fonts_shaping import Extent, Typesetter
from rendering.fonts_text import direction_of
from rendering.timeline import CaptionPosition, VideoFormat

_TALL: Final = 0.7  # width by height below which a format is shown full-screen on phones, under buttons
_SQUARISH: Final = 1.2
_SPACE_EM: Final = 0.27
_ROW_PITCH_EM: Final = (1.2, 1.5)
_PITCH_OF_LINE_HEIGHT: Final = 0.86


@dataclass(frozen=True, slots=True)
class SafeArea:
    """The part of the frame that no platform covers, in pixels from the frame's left and top."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """The room for a row, in pixels."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and the point on which libass centres it, in pixels; `em` is its letters' size in pixels."""

    word: CaptionWord
    x: float
    y: float
    em: float
    width: float


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """One row of words in reading order, and the box around it in pixels."""

    words: tuple[PlacedWord, ...]
    left: float
    top: float
    right: float
    bottom: float


def safe_area(video_format: VideoFormat) -> SafeArea:
    """Return where text stays clear of the platforms' own buttons, names and progress bars.

    Tall formats keep 14 % clear at the top, 25 % at the bottom and 10 % at either side, which suits TikTok
    (its ads manager's safe zone), Instagram and Facebook Reels (Meta's business help centre: 14 % and 6 %;
    its 35 % at the bottom is for advertisements) and YouTube Shorts. Square and nearly square ones keep 7 %.
    Wide ones keep the 5 % of EBU R 95 at the sides, and 8 % at the bottom for the players' controls.
    """
    width, height = video_format.width, video_format.height
    if width / height < _TALL:
        side, top, bottom = 0.10, 0.14, 0.25
    elif width / height < _SQUARISH:
        side, top, bottom = 0.07, 0.07, 0.09
    else:
        side, top, bottom = 0.05, 0.07, 0.08
    return SafeArea(width * side, height * top, width * (1 - side), height * (1 - bottom))


def row_width(words: Sequence[CaptionWord], typesetter: Typesetter) -> float:
    """Return the width of words set in one row, in em."""
    spaces = sum(not word.joined for word in words[1:])
    return sum(typesetter.extent(word.text).width for word in words) + spaces * _SPACE_EM


def place_rows(
    rows: Sequence[Sequence[CaptionWord]],
    *,
    em: float,
    overhang: float,
    area: SafeArea,
    position: CaptionPosition,
    typesetter: Typesetter,
    align_left: bool = False,
) -> tuple[PlacedRow, ...]:
    """Give each word its place. Rows that are too wide are set smaller, all of them alike.

    Args:
        rows: words in reading order.
        em: the letters' size in pixels.
        overhang: what reaches beyond a row's letters at both sides together, in em.
        area: the room.
        position: where in the room the block of rows stands.
        typesetter: measures the words.
        align_left: whether rows begin at the left edge instead of standing in the middle.
    """
    widths = [row_width(row, typesetter) for row in rows]
    em = min(em, area.width / (overhang + max(widths)))
    extents = [[typesetter.extent(word.text) for word in row] for row in rows]
    ascent = max(extent.ascent for row in extents for extent in row)
    descent = max(extent.descent for row in extents for extent in row)
    pitch = em * min(max(_ROW_PITCH_EM[0], (ascent + descent) * _PITCH_OF_LINE_HEIGHT), _ROW_PITCH_EM[1])
    # The letters of a row stand in the middle of its band.
    top = _block_top(pitch * len(rows), area, position)
    placed = []
    for number, (row, width, row_extents) in enumerate(zip(rows, widths, extents, strict=True)):
        band_top = top + pitch * number
        baseline = band_top + pitch * 0.5 + em * _cap_middle(ascent, descent)
        left = area.left + overhang * em / 2 if align_left else (area.left + area.right - width * em) / 2
        words = _place_row(row, row_extents, left=left, baseline=baseline, em=em)
        placed.append(PlacedRow(words, left, band_top, left + width * em, band_top + pitch))
    return tuple(placed)


def _block_top(height: float, area: SafeArea, position: CaptionPosition) -> float:
    if position is CaptionPosition.TOP:
        return area.top
    if position is CaptionPosition.BOTTOM:
        return area.bottom - height
    return (area.top + area.bottom - height) / 2


def _cap_middle(ascent: float, descent: float) -> float:
    """Return how far the baseline lies below the middle of a row, in em, for faces of that reach.

    Capitals reach 0.71 em up; tall scripts hang lower and rise higher, and are centred by their line box.
    """
    line_box = (ascent - descent) / 2
    return min(max(line_box, 0.36), 0.44)


def _place_row(
    row: Sequence[CaptionWord], extents: Sequence[Extent], *, left: float, baseline: float, em: float
) -> tuple[PlacedWord, ...]:
    order = visual_order([word.text for word in row])
    places: dict[int, PlacedWord] = {}
    x = left
    for before, index in zip([None, *order], order, strict=False):
        if before is not None and not row[max(before, index)].joined:
            x += _SPACE_EM * em
        extent = extents[index]
        # libass centres the line box on the given point: undo it, so that all words share one baseline.
        y = baseline - em * (extent.ascent - extent.descent) / 2
        places[index] = PlacedWord(row[index], x + extent.anchor * em, y, em, extent.width * em)
        x += extent.width * em
    return tuple(places[index] for index in range(len(row)))


def visual_order(words: Sequence[str]) -> list[int]:
    """Return the indexes of words from left to right, after the Unicode bidirectional algorithm.

    A word takes the direction of its first letter. Words without letters, numbers among them, follow the word
    before them, or else the row's direction, which is that of its first word with a letter.
    """
    known = [direction_of(word) for word in words]
    row_direction = next((direction for direction in known if direction), "ltr")
    directions: list[str] = []
    for index, direction in enumerate(known):
        follows = directions[index - 1] if index else row_direction
        has_number = any(sign.isdigit() for sign in words[index])
        later = next((one for one in known[index + 1 :] if one), row_direction)
        if direction:
            directions.append(direction)
        elif has_number or later == follows:
            directions.append(follows)
        else:
            directions.append(row_direction)
    order: list[int] = []
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and directions[end] == directions[start]:
            end += 1
        stretch = list(range(start, end))
        if directions[start] == "rtl":
            stretch.reverse()
        order = stretch + order if row_direction == "rtl" else order + stretch
        start = end
    return order
