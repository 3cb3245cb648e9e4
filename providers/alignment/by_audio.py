"""When each word is heard in somebody's speech, found by comparing it with a reading of our own."""

from collections.abc import Sequence

import numpy as np

from providers.alignment.features import SHIFT_S, features
from providers.alignment.sound import Sound, voiced_part
from providers.alignment.warping import warped
from providers.protocols.speech import SpokenWord

HIGHEST_HZ = 7_600.0
SHORTEST_WORD_S = 0.01


def words_in(speech: Sound, reading: Sound, words: Sequence[SpokenWord]) -> tuple[SpokenWord, ...]:
    """The words of the reading, with the times at which they are heard in `speech`.

    Both are the same text, spoken by different voices at their own pace. Silence before and after is left
    out of the comparison. A word ends when the next one starts, the last one when the speaking ends. Where
    one of the two is silent the words are spread over the speech as they are over the reading.

    The work is bounded by the length of both; it blocks, and belongs in a thread.
    """
    if not words:
        return ()
    theirs, ours = voiced_part(speech), voiced_part(reading)
    whole = (0.0, speech.duration_s)
    reading_s = [word.start_s for word in words]
    if theirs is None or ours is None:
        span = ours or (words[0].start_s, words[-1].end_s)
        starts_s = np.interp(reading_s, span, theirs or whole)
        return _one_after_another(words, starts_s.tolist(), (theirs or whole)[1])
    highest_hz = min(HIGHEST_HZ, speech.rate_hz / 2, reading.rate_hz / 2)
    way = warped(
        features(reading.between(*ours), highest_hz=highest_hz),
        features(speech.between(*theirs), highest_hz=highest_hz),
    )
    rows = (np.asarray(reading_s) - ours[0]) / SHIFT_S
    starts_s = theirs[0] + np.interp(rows, np.arange(len(way)), way) * SHIFT_S
    return _one_after_another(words, starts_s.tolist(), theirs[1])


def _one_after_another(
    words: Sequence[SpokenWord], starts_s: list[float], end_s: float
) -> tuple[SpokenWord, ...]:
    """The words with these starts, none of them shorter than can be shown."""
    latest_s = end_s
    for index in range(len(words) - 1, -1, -1):  # from the end: there is a word's time before each next one
        latest_s = max(0.0, latest_s - SHORTEST_WORD_S)
        starts_s[index] = latest_s = min(max(0.0, starts_s[index]), latest_s)
    ends_s = [*starts_s[1:], end_s]
    return tuple(
        SpokenWord(word.text, start_s, until_s)
        for word, start_s, until_s in zip(words, starts_s, ends_s, strict=True)
    )
