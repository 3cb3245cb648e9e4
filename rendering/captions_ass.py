"""The pieces of an ASS document: escaped text, colours, times, shapes and events."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Final

from rendering.fonts import Face
from rendering.fonts_shaping import Typesetter
from rendering.timeline import VideoFormat

# An invisible sign that keeps a typed backslash from forming a code (`\n`, `\h`, `\{`) with what follows it.
_CODE_BREAKER: Final = "\u200b"
SHADOW_ALPHA: Final = "&H60&"
_EMOJI_JOINERS: Final = frozenset("\u200d\u20e3")
_CORNER_CURVE: Final = 0.5523  # of a quarter circle drawn as one Bézier curve
_STYLE: Final = {
    "Name": "Text",
    "Fontname": "Roboto Black",
    "Fontsize": "64",
    "PrimaryColour": "&H00FFFFFF",
    "SecondaryColour": "&H00FFFFFF",
    "OutlineColour": "&H00000000",
    "BackColour": "&H00000000",
    "Bold": "-1",
    "Italic": "0",
    "Underline": "0",
    "StrikeOut": "0",
    "ScaleX": "100",
    "ScaleY": "100",
    "Spacing": "0",
    "Angle": "0",
    "BorderStyle": "1",
    "Outline": "0",
    "Shadow": "0",
    "Alignment": "5",
    "MarginL": "0",
    "MarginR": "0",
    "MarginV": "0",
    "Encoding": "-1",  # each text's own first letter says in which direction it runs
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing drawn for a time, in centiseconds of the timeline; higher layers are drawn later."""

    layer: int
    start_cs: int
    end_cs: int
    text: str
    faces: frozenset[Face] = frozenset()

    def touches(self, from_s: float, to_s: float) -> bool:
        """Whether the event shows at some time of the half-open interval."""
        return self.start_cs < self.end_cs and self.start_cs < to_s * 100 and self.end_cs > from_s * 100


@dataclass(frozen=True, slots=True)
class AssDocument:
    """An ASS document and the faces that it needs, ordered by family.

    With no events there is nothing to burn in.
    """

    text: str
    faces: tuple[Face, ...]
    event_count: int


def centiseconds(time_s: float) -> int:
    """Round a time as ASS stores it. All times are rounded alike, so neighbours stay neighbours."""
    return floor(time_s * 100 + 0.5)


def escaped(text: str) -> str:
    """Return text that libass shows exactly as it is given."""
    return text.replace("\\", f"\\{_CODE_BREAKER}").replace("{", "\\{").replace("}", "\\}")


def colour(rgb: str) -> str:
    """Return `#RRGGBB` as ASS writes colours."""
    return f"&H{rgb[5:7]}{rgb[3:5]}{rgb[1:3]}&".upper()


def number(value: float) -> str:
    """Return a length, at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def set_text(text: str, typesetter: Typesetter, em: float) -> tuple[str, frozenset[Face]]:
    """Return the text in its faces, with letters of `em` pixels, and the faces that this takes."""
    runs = typesetter.runs(text)
    parts = [
        f"{{\\fn{run.face.family}\\fs{number(run.face.size_per_em * em)}}}{escaped(run.text)}" for run in runs
    ]
    faces = {run.face for run in runs}
    if _EMOJI_JOINERS.intersection(text) and not any(sign.isalpha() for sign in text):
        # libass shapes signs of the scripts Common and Inherited apart unless a letter lends both its script:
        # families and keycaps would fall to pieces. This letter is not seen, and half a pixel wide.
        (letter,) = typesetter.runs("a")
        parts.insert(0, f"{{\\fn{letter.face.family}\\fs1\\alpha&HFF&}}a{{\\alpha&H00&\\4a{SHADOW_ALPHA}}}")
        faces.add(letter.face)
    return "".join(parts), frozenset(faces)


def rounded_box(left: float, top: float, right: float, bottom: float, radius: float) -> str:
    """Return drawing commands for a box with round corners, in pixels of the frame."""
    bend = radius * (1 - _CORNER_CURVE)

    def curve(*points: float) -> str:
        return "b " + " ".join(number(point) for point in points)

    return " ".join(
        (
            f"m {number(left + radius)} {number(top)} l {number(right - radius)} {number(top)}",
            curve(right - bend, top, right, top + bend, right, top + radius),
            f"l {number(right)} {number(bottom - radius)}",
            curve(right, bottom - bend, right - bend, bottom, right - radius, bottom),
            f"l {number(left + radius)} {number(bottom)}",
            curve(left + bend, bottom, left, bottom - bend, left, bottom - radius),
            f"l {number(left)} {number(top + radius)}",
            curve(left, top + bend, left + bend, top, left + radius, top),
        )
    )


def document(
    events: Iterable[Event], video_format: VideoFormat, *, language: str, from_s: float, to_s: float
) -> AssDocument:
    """Write the events that touch the interval [from_s, to_s), with their whole timeline times.

    The same events give the same text, whatever else the timeline holds.
    """
    touching = [event for event in events if event.touches(from_s, to_s)]
    faces = sorted(
        frozenset[Face]().union(*(event.faces for event in touching)),
        key=lambda face: (face.family, face.sha256),
    )
    # libass looks up the style's own font even for a box, which has no letters: it must be one that is there.
    style = _STYLE | ({"Fontname": faces[0].family} if faces else {})
    head = (
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {video_format.width}",
        f"PlayResY: {video_format.height}",
        "WrapStyle: 2",
        "ScaledBorderAndShadow: yes",
        "YCbCr Matrix: None",
        "Kerning: yes",
        f"Language: {language}",
        "",
        "[V4+ Styles]",
        f"Format: {', '.join(_STYLE)}",
        f"Style: {','.join(style.values())}",
        "",
        "[Events]",
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    )
    lines = (
        f"Dialogue: {event.layer},{_timestamp(event.start_cs)},{_timestamp(event.end_cs)},"
        f"Text,,0,0,0,,{event.text}"
        for event in touching
    )
    return AssDocument(
        text="\n".join((*head, *lines)) + "\n",
        faces=tuple(faces),
        event_count=len(touching),
    )


def _timestamp(time_cs: int) -> str:
    seconds, cs = divmod(time_cs, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{cs:02}"
