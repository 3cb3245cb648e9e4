"""Times for the words that nobody heard, between those that somebody did."""

from collections.abc import Sequence

from providers.local.tokens import weight
from providers.protocols.speech import SpokenWord

SHORTEST_WORD_S = 0.05
Span = tuple[float, float]


def filled(
    written: Sequence[str], known: Sequence[Span | None], *, duration_s: float
) -> tuple[SpokenWord, ...]:
    """Each word with its time, half-open, in order and within the duration.

    Words without a time of their own share the gap they stand in, in proportion to their letters; where the
    gap is too short for them, the word before gives from its own time. Before the first known word and after
    the last one they take no more time than the known words would.
    """
    spans = _in_order(known, duration_s)
    if not any(spans):
        return spread(written, 0.0, duration_s)
    pace_s = _pace_s(written, spans)
    done: list[Span] = []
    index = 0
    while index < len(written):
        span = spans[index]
        if span is not None:
            done.append(span)
            index += 1
            continue
        end = next((later for later in range(index, len(written)) if spans[later]), len(written))
        following = spans[end] if end < len(written) else None
        needed_s = sum(weight(word) for word in written[index:end]) * pace_s
        to_s = following[0] if following else min(duration_s, done[-1][1] + needed_s)
        from_s = done[-1][1] if done else max(0.0, to_s - needed_s)
        first = index
        if to_s - from_s < SHORTEST_WORD_S * (end - index) and done:
            first, from_s = index - 1, done.pop()[0]
        done.extend(_shared(written[first:end], from_s, to_s))
        index = end
    return _timed(written, done)


def spread(written: Sequence[str], from_s: float, to_s: float) -> tuple[SpokenWord, ...]:
    """The words over a stretch of time, each as long as its letters make it against the others."""
    return _timed(written, _shared(written, from_s, to_s))


def _in_order(known: Sequence[Span | None], duration_s: float) -> list[Span | None]:
    """The same spans within the duration, none beginning before the one before, none overlapping."""
    spans: list[Span | None] = []
    start_s, last = 0.0, -1
    for index, span in enumerate(known):
        if span is None or span[0] >= duration_s:
            spans.append(None)
            continue
        start_s = max(start_s, span[0])
        spans.append((start_s, min(duration_s, max(start_s, span[1]))))
        before = spans[last] if last >= 0 else None
        if before is not None and before[1] > start_s:
            spans[last] = before[0], start_s
        last = index
    return spans


def _pace_s(written: Sequence[str], spans: Sequence[Span | None]) -> float:
    """Seconds for one unit of weight, as the known words take them."""
    heard = [(span[1] - span[0], weight(word)) for word, span in zip(written, spans, strict=True) if span]
    return sum(length_s for length_s, _ in heard) / sum(units for _, units in heard)


def _shared(words: Sequence[str], from_s: float, to_s: float) -> list[Span]:
    total = sum(weight(word) for word in words)
    spans: list[Span] = []
    passed = 0
    for word in words:
        start_s = min(to_s, from_s + (to_s - from_s) * passed / total)
        passed += weight(word)
        spans.append((start_s, min(to_s, from_s + (to_s - from_s) * passed / total)))
    return spans


def _timed(written: Sequence[str], spans: Sequence[Span]) -> tuple[SpokenWord, ...]:
    return tuple(SpokenWord(word, *span) for word, span in zip(written, spans, strict=True))
