"""Measuring text with the shaping engine that libass uses too, so that the picture keeps to the layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import uharfbuzz as harfbuzz  # type: ignore[import-untyped] # it ships no annotations

from rendering.fonts import Face
from rendering.fonts_text import clusters, is_punctuation

_EMOJI_SELECTOR: Final = "\ufe0f"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one face draws."""

    face: Face
    text: str


@dataclass(frozen=True, slots=True)
class Extent:
    """The room a text takes, in em: its advance, and its line's reach above and below the baseline.

    `anchor` is the point, from the left end, that libass puts where a centred text is asked for. It is the
    middle, save where a mark leads its letter and stands aside of it, as under a final Arabic yeh.
    """

    width: float
    anchor: float
    ascent: float
    descent: float


class Typesetter:
    """Splits texts into runs and measures them.

    Args:
        faces: the faces to try for each character, in order; at least one. A character that none covers is
            left to the first.
        language: BCP 47 tag; it selects regional glyph forms.
    """

    def __init__(self, faces: Sequence[Face], language: str) -> None:
        self.faces = tuple(faces)
        self.language = language
        self._fonts: dict[Face, harfbuzz.Font] = {}
        self._extents: dict[str, Extent] = {}

    def runs(self, text: str) -> tuple[Run, ...]:
        """Return the text's runs in reading order."""
        parts = list(clusters(text))
        # Punctuation joins the letters before it, or at the start those after it: no bracket of another font.
        first = next((self._face_for(part) for part in parts if not is_punctuation(part)), None)
        chosen: list[tuple[Face, str]] = []
        for part in parts:
            neighbour = chosen[-1][0] if chosen else first
            if neighbour is not None and is_punctuation(part) and neighbour.covers(part):
                chosen.append((neighbour, part))
            else:
                chosen.append((self._face_for(part), part))
        return tuple(
            # libass cuts a sequence at a variation selector; the fonts here join it without one as well.
            Run(face, "".join(cluster for _, cluster in group).replace(_EMOJI_SELECTOR, ""))
            for face, group in groupby(chosen, key=lambda pair: pair[0])
        )

    def extent(self, text: str) -> Extent:
        """Measure the text, set in one line."""
        if text not in self._extents:
            runs = self.runs(text)
            width, anchor = self._advance(runs)
            self._extents[text] = Extent(
                width=width,
                anchor=anchor,
                ascent=max((run.face.ascent for run in runs), default=0.0),
                descent=max((run.face.descent for run in runs), default=0.0),
            )
        return self._extents[text]

    def _face_for(self, cluster: str) -> Face:
        return next((face for face in self.faces if face.covers(cluster)), self.faces[0])

    def _advance(self, runs: Sequence[Run]) -> tuple[float, float]:
        """Return the runs' advance, and the middle of the box that libass puts around their clusters."""
        pen = 0.0
        edges: list[float] = []
        for run in runs:
            font = self._font(run.face)
            buffer = harfbuzz.Buffer()
            buffer.add_str(run.text)
            buffer.guess_segment_properties()
            buffer.language = self.language
            harfbuzz.shape(font, buffer)
            glyphs = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
            for _, cluster in groupby(glyphs, key=lambda glyph: glyph[0].cluster):
                positions = [position for _, position in cluster]
                # libass takes the first glyph's offset for that of the whole cluster.
                start = pen + positions[0].x_offset / font.face.upem
                advance = sum(position.x_advance for position in positions) / font.face.upem
                edges += (start, start + advance)
                pen += advance
        return pen, (min(edges) + max(edges)) / 2 if edges else 0.0

    def _font(self, face: Face) -> harfbuzz.Font:
        if face not in self._fonts:
            data = harfbuzz.Blob.from_file_path(str(face.path))
            self._fonts[face] = harfbuzz.Font(harfbuzz.Face(data))
        return self._fonts[face]
