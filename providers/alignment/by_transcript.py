"""When each written word is heard, by a transcript's times: the words stay as they are written."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from providers.alignment.filling import filled
from providers.alignment.letters import Letters
from providers.alignment.matching import same_letters
from providers.protocols.speech import SpokenWord

SAME_TEXT_FROM = 0.4  # a share from which a transcript is one of the written text
HEARD_FROM = 0.6  # share of its letters that a word must have in common with what was heard
DRAWN_APART = 1.5  # over how many times its own length they may be spread


@dataclass(frozen=True, slots=True)
class Matched:
    """The written words with times, and which share of their letters was heard: 0 is another text."""

    words: tuple[SpokenWord, ...]
    share: float


def words_heard(written: Sequence[str], heard: Sequence[SpokenWord], *, duration_s: float) -> Matched:
    """Each written word once, in order, with times that never go back and never pass the end.

    What was heard may lack words, have more of them, spell them otherwise, run them together or cut them up:
    letters are compared, not words. A word that was not heard as it is written, such as a number in digits,
    shares the time between its neighbours in proportion to its letters.
    """
    ours, theirs = Letters.of(written), Letters.of([word.text for word in heard])
    pairs = same_letters(ours, theirs)
    lengths = Counter(ours.owners)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in pairs:
        found[ours.owners[pair[0]]].append(pair)
    moments = _moments(heard, theirs)
    known: list[tuple[float, float] | None] = [None] * len(written)
    place = heard_letters = 0
    for index in range(len(written)):
        own = found[index]
        if own and _is_heard(own, lengths[index]):
            heard_letters += len(own)
            before = own[0][0] - place
            after = place + lengths[index] - 1 - own[-1][0]
            first = _back_in_word(theirs, own[0][1], before)
            last = _on_in_word(theirs, own[-1][1], after)
            known[index] = moments[first][0], moments[last][1]
        place += lengths[index]
    share = heard_letters / len(ours.letters) if ours.letters else 0.0
    return Matched(filled(written, known, duration_s=duration_s), share)


def _is_heard(pairs: list[tuple[int, int]], length: int) -> bool:
    """Whether enough of a word's letters were heard, near to one another."""
    reach = pairs[-1][1] - pairs[0][1] + 1
    return len(pairs) >= HEARD_FROM * length and reach <= DRAWN_APART * length


def _back_in_word(theirs: Letters, letter: int, steps: int) -> int:
    """Up to so many letters before this one, in the same word: they were heard, if otherwise spelt."""
    while steps and letter and theirs.owners[letter - 1] == theirs.owners[letter]:
        letter, steps = letter - 1, steps - 1
    return letter


def _on_in_word(theirs: Letters, letter: int, steps: int) -> int:
    """Up to so many letters after this one, in the same word."""
    while steps and letter + 1 < len(theirs.owners) and theirs.owners[letter + 1] == theirs.owners[letter]:
        letter, steps = letter + 1, steps - 1
    return letter


def _moments(heard: Sequence[SpokenWord], letters: Letters) -> list[tuple[float, float]]:
    """When each letter of what was heard begins and ends: a word's time is shared by its letters."""
    counts = Counter(letters.owners)
    moments: list[tuple[float, float]] = []
    for index, word in enumerate(heard):
        for letter in range(counts[index]):
            length_s = (word.end_s - word.start_s) / counts[index]
            moments.append((word.start_s + letter * length_s, word.start_s + (letter + 1) * length_s))
    return moments
