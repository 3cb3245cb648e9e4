"""Subtitles beside the picture: whole sentences as WebVTT and SubRip files, whatever is burned in.

The files are written here rather than by pysubs2, which takes braces and backslashes in a text for ASS codes.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from math import floor
from typing import Final

from rendering.captions_lines import CaptionLine, break_lines
from rendering.captions_words import CaptionWord, caption_words, joined_text
from rendering.timeline import Word

MAX_COLUMNS: Final = 42
_MAX_WORDS: Final = MAX_COLUMNS  # no more words than that have room in two rows of so many columns
_WIDE: Final = frozenset("WF")

# SubRip knows no escapes. Players take these for markup; an invisible sign inside makes them plain text.
_SUBRIP_MARKUP: Final = re.compile(r"(?<=<)(?=[/A-Za-z])|(?<=\{)(?=\\)|(?<=--)(?=>)")
_ZERO_WIDTH_SPACE: Final = "\u200b"


def subtitle_lines(utterances: Iterable[Sequence[Word]], language: str) -> tuple[CaptionLine, ...]:
    """Break speech into cues of at most two rows of `MAX_COLUMNS` columns; wide characters take two.

    Args:
        utterances: the words of each voiceover, with times in seconds of the timeline.
        language: BCP 47 tag of the text.
    """
    return break_lines(
        (caption_words(utterance, language) for utterance in utterances),
        max_words=_MAX_WORDS,
        max_width=MAX_COLUMNS,
        measure=_columns,
    )


def web_vtt(lines: Iterable[CaptionLine]) -> str:
    """Write a WebVTT file."""
    cues = (
        f"{_timestamp(start_ms, '.')} --> {_timestamp(end_ms, '.')}\n{_web_vtt_text(text)}\n"
        for start_ms, end_ms, text in _cues(lines)
    )
    return "\n".join(("WEBVTT\n", *cues))


def srt(lines: Iterable[CaptionLine]) -> str:
    """Write a SubRip file."""
    return "\n".join(
        f"{number}\n{_timestamp(start_ms, ',')} --> {_timestamp(end_ms, ',')}\n"
        f"{_SUBRIP_MARKUP.sub(_ZERO_WIDTH_SPACE, text)}\n"
        for number, (start_ms, end_ms, text) in enumerate(_cues(lines), start=1)
    )


def _columns(words: Sequence[CaptionWord]) -> float:
    return sum(
        1 + (unicodedata.east_asian_width(sign) in _WIDE)
        for sign in joined_text(words)
        if not unicodedata.combining(sign)
    )


def _cues(lines: Iterable[CaptionLine]) -> Iterable[tuple[int, int, str]]:
    for line in lines:
        start_ms = floor(line.start_s * 1000 + 0.5)
        # A cue must last; words that a provider put at one instant would give an invalid one.
        end_ms = max(floor(line.end_s * 1000 + 0.5), start_ms + 1)
        yield start_ms, end_ms, "\n".join(joined_text(row) for row in line.rows)


def _web_vtt_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _timestamp(time_ms: int, point: str) -> str:
    seconds, ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"
