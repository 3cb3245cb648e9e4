"""Measuring text with the shaping engine that libass uses too, so that the picture keeps to the layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import uharfbuzz as harfbuzz  # type: ignore[import-untyped] # it ships no annotations

from rendering.fonts import Face
from rendering.fonts_text import clusters, is_punctuation


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one face draws."""

    face: Face
    text: str


@dataclass(frozen=True, slots=True)
class Extent:
    """The room a text takes, in em: its advance, and its line's reach above and below the baseline."""

    width: float
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
        chosen: list[tuple[Face, str]] = []
        for cluster in clusters(text):
            before = chosen[-1][0] if chosen else None
            if before is not None and is_punctuation(cluster) and before.covers(cluster):
                chosen.append((before, cluster))
            else:
                chosen.append((self._face_for(cluster), cluster))
        return tuple(
            Run(face, "".join(cluster for _, cluster in group))
            for face, group in groupby(chosen, key=lambda pair: pair[0])
        )

    def extent(self, text: str) -> Extent:
        """Measure the text, set in one line."""
        if text not in self._extents:
            runs = self.runs(text)
            self._extents[text] = Extent(
                width=sum(self._advance(run) for run in runs),
                ascent=max((run.face.ascent for run in runs), default=0.0),
                descent=max((run.face.descent for run in runs), default=0.0),
            )
        return self._extents[text]

    def _face_for(self, cluster: str) -> Face:
        return next((face for face in self.faces if face.covers(cluster)), self.faces[0])

    def _advance(self, run: Run) -> float:
        font = self._fonts.get(run.face)
        if font is None:
            font = harfbuzz.Font(harfbuzz.Face(harfbuzz.Blob.from_file_path(str(run.face.path))))
            self._fonts[run.face] = font
        buffer = harfbuzz.Buffer()
        buffer.add_str(run.text)
        buffer.guess_segment_properties()
        buffer.language = self.language
        harfbuzz.shape(font, buffer)
        return float(sum(position.x_advance for position in buffer.glyph_positions) / font.face.upem)
