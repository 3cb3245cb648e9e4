"""Breaking speech into caption lines: a few words at a time, whole thoughts together, inside the width."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from rendering.captions_words import CaptionWord, ends_clause, joined_text, split_evenly

LINGER_S: Final = 0.3
_PAUSE_S: Final = 0.7
_MAX_ROWS: Final = 2

# What a break costs, in squared line widths: fewer lines first, then even ones, then good places to break.
_LINE_COST: Final = 3.0
_SECOND_ROW_COST: Final = 0.3
_CLAUSE_GAIN: Final = 0.6
_DANGLING_COST: Final = 0.35
_DANGLING_LENGTH: Final = 3
_PARTED_COST: Final = 4.0  # more than a line: rather one more than `Dr.` without the name

Measure = Callable[[Sequence[CaptionWord]], float]
"""The width of words set in one row, spaces included."""


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """Words that are on the screen together, from `start_s` until before `end_s`, in timeline seconds.

    `rows` are the same words by row, one or two rows.
    """

    words: tuple[CaptionWord, ...]
    rows: tuple[tuple[CaptionWord, ...], ...]
    start_s: float
    end_s: float

    @property
    def text(self) -> str:
        """The line as running text."""
        return joined_text(self.words)


def break_lines(
    utterances: Iterable[Sequence[CaptionWord]], *, max_words: int, max_width: float, measure: Measure
) -> tuple[CaptionLine, ...]:
    """Break utterances into lines of at most `max_words` words and two rows of at most `max_width`.

    No line holds words of two utterances or two sentences. A word wider than a row stands alone in its line;
    one wider than two rows is cut. A line stays until the next one begins, but no longer than `LINGER_S`
    after its last word.
    """
    groups = [
        group
        for utterance in utterances
        for phrase in _phrases(_cut_to_width(utterance, max_width, measure))
        for group in _break_phrase(phrase, max_words, max_width, measure)
    ]
    groups.sort(key=lambda group: group[0].start_s)
    lines = []
    for group, following in pairwise([*groups, None]):
        if group is None:
            break
        end_s = max(group[-1].end_s, group[-1].start_s) + LINGER_S
        if following is not None:
            end_s = min(end_s, following[0].start_s)
        start_s = group[0].start_s
        rows = split_rows(group, max_width, measure, _MAX_ROWS) or (group,)
        lines.append(CaptionLine(group, rows, start_s, max(start_s, end_s)))
    return tuple(lines)


def split_rows(
    words: Sequence[CaptionWord], max_width: float, measure: Measure, max_rows: int
) -> tuple[tuple[CaptionWord, ...], ...]:
    """Split words into the fewest rows that fit, as even as can be; no rows at all if none fit."""
    for count in range(1, max_rows + 1):
        best = _even_rows(tuple(words), count, max_width, measure)
        if best:
            return best
    return ()


def _even_rows(
    words: tuple[CaptionWord, ...], count: int, max_width: float, measure: Measure
) -> tuple[tuple[CaptionWord, ...], ...]:
    """Return `count` rows, the most even ones that part nothing; none if some row is too wide."""
    reached: dict[int, tuple[float, tuple[tuple[CaptionWord, ...], ...]]] = {0: (0.0, ())}
    for _ in range(count):
        following: dict[int, tuple[float, tuple[tuple[CaptionWord, ...], ...]]] = {}
        for first, (cost, rows) in reached.items():
            for last in range(first + 1, len(words) + 1):
                width = measure(words[first:last])
                if width > max_width:
                    break
                parted = last < len(words) and words[last - 1].clings
                squared = width * width + (max_width * max_width if parted else 0.0)
                option = (cost + squared, (*rows, words[first:last]))
                if last not in following or option[0] < following[last][0]:
                    following[last] = option
        reached = following
    return reached[len(words)][1] if len(words) in reached else ()


def _cut_to_width(words: Sequence[CaptionWord], max_width: float, measure: Measure) -> Iterator[CaptionWord]:
    for word in words:
        parts = ceil(measure([word]) / (max_width * _MAX_ROWS))
        if parts > 1:
            yield from split_evenly(word, parts)
        else:
            yield word


def _phrases(words: Iterable[CaptionWord]) -> Iterator[tuple[CaptionWord, ...]]:
    """Cut where a sentence ends or the speaker pauses."""
    phrase: list[CaptionWord] = []
    for word, following in pairwise([*words, None]):
        if word is None:
            break
        phrase.append(word)
        pauses = following is not None and following.start_s - word.end_s > _PAUSE_S
        if following is None or word.ends_sentence or pauses:
            yield tuple(phrase)
            phrase = []


def _break_phrase(
    words: tuple[CaptionWord, ...], max_words: int, max_width: float, measure: Measure
) -> Iterator[tuple[CaptionWord, ...]]:
    """Yield the cheapest way to cut the phrase into lines."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        options = []
        for start in range(end - 1, max(0, end - max_words) - 1, -1):
            line = words[start:end]
            width = measure(line)
            rows = split_rows(line, max_width, measure, _MAX_ROWS)
            if not rows and len(line) > 1:
                if width > max_width * _MAX_ROWS:
                    break
                continue
            cost = _LINE_COST + (width / max_width) ** 2 + _SECOND_ROW_COST * (len(rows) - 1)
            if end < len(words):
                cost += _break_cost(line[-1])
            options.append((best[start][0] + cost, start))
        best.append(min(options))
    cuts = [len(words)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    for start, end in pairwise(reversed(cuts)):
        yield words[start:end]


def _break_cost(last: CaptionWord) -> float:
    if last.clings:
        return _PARTED_COST
    if ends_clause(last):
        return -_CLAUSE_GAIN
    # "the", "of", "und", "que": a short word belongs to what follows it.
    return _DANGLING_COST if len(last.text) <= _DANGLING_LENGTH and last.text.isalpha() else 0.0
