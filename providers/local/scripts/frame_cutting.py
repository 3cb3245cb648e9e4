"""A paragraph cut into narrations of one picture each: whole sentences where they fit, clauses where not."""

import math
import unicodedata
from collections.abc import Iterator, Sequence

import sentencex

from providers.local.scripts.pace import SENTENCE_PAUSE_S, ends_clause, ends_sentence, seconds
from providers.local.tokens import Token, phrase_parser, tokens

SHORTEST_S = 2.5
LONGEST_S = 7.0
LONGEST_CHARACTERS = 240  # of a part, whatever it is made of: even a word that never ends is told in parts
LONGEST_SIGN = 32  # characters that may make one sign, such as the parts of an emoji
CLAUSE_BONUS = 0.35  # of a share: how far from the even cut a clause's end may lie and still be taken

_JOINER = "\u200d"
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def narrations(paragraph: str, language: str, *, ideal_s: float) -> list[str]:
    """The paragraph in parts of about `ideal_s` seconds of speech, 2.5 to 7 where its sentences allow.

    Laid end to end they are the paragraph, but for the white space between them. None is longer than 240
    characters, or a few more where a sign is made of several.
    """
    pieces: list[str] = []
    for sentence in _sentences(paragraph, language):
        pieces.extend(_clauses(sentence, language, ideal_s))
    lengths_s = [_length_s(piece, language) for piece in pieces]
    joint = "" if phrase_parser(language) else " "
    packed: list[str] = []
    current: list[str] = []
    current_s = 0.0
    for piece, length_s in zip(pieces, lengths_s, strict=True):
        total_s = current_s + length_s
        if current and (total_s > LONGEST_S or (total_s > ideal_s and current_s >= SHORTEST_S)):
            packed.append(joint.join(current))
            current, current_s = [], 0.0
        current.append(piece)
        current_s += length_s + (SENTENCE_PAUSE_S if ends_sentence(piece) else 0.0)
    if packed and current_s < SHORTEST_S and _length_s(packed[-1], language) + current_s <= LONGEST_S:
        packed[-1] = joint.join([packed[-1], *current])
    elif current:
        packed.append(joint.join(current))
    return [part for narration in packed for part in _bounded(narration)]


def _bounded(narration: str) -> Iterator[str]:
    """The narration in parts that are not too long, also where no white space tells its words apart."""
    rest = narration
    while len(rest) > LONGEST_CHARACTERS:
        end = _last_end(rest[:LONGEST_CHARACTERS])
        for index in range(end, min(len(rest), end + LONGEST_SIGN)):
            if not _goes_on(rest[index - 1], rest[index]):
                break
            end = index + 1
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip()
    if rest:
        yield rest


def _last_end(window: str) -> int:
    """Where to cut: behind the last word, sentence or clause in its second half, else at its very end."""
    for ends in (str.isspace, ends_sentence, ends_clause):
        for end in range(len(window), len(window) // 2, -1):
            if ends(window[end - 1]):
                return end
    return len(window)


def _goes_on(before: str, after: str) -> bool:
    """Whether two characters are one sign: an accent, a vowel mark, or parts of one emoji."""
    joined = _JOINER in {before, after}
    return joined or unicodedata.category(after) in {"Mn", "Mc", "Me"} or after in _SKIN_TONES


def _length_s(text: str, language: str) -> float:
    return seconds((token.text for token in tokens(text, language)), language)


def _sentences(paragraph: str, language: str) -> Iterator[str]:
    primary = language.replace("_", "-").lower().split("-")[0]
    found = [part for part in sentencex.segment(primary, paragraph) if part]
    if "".join("".join(found).split()) != "".join(paragraph.split()):
        found = [paragraph]  # the author's words come before a splitter's opinion
    unspaced = phrase_parser(language) is not None
    sentence = ""
    for part in found:
        sentence += part
        # Where words have spaces a sentence ends at one: "v1.:x" is one word, whatever its full stop says.
        if unspaced or part[-1].isspace():
            yield sentence.strip()
            sentence = ""
    if sentence.strip():
        yield sentence.strip()


def _clauses(sentence: str, language: str, ideal_s: float) -> list[str]:
    """The sentence whole, or in parts of even length that end, where possible, with a clause."""
    words = tokens(sentence, language)
    total_s = seconds((word.text for word in words), language)
    if total_s <= LONGEST_S:
        return [sentence]
    parts = math.ceil(total_s / max(ideal_s, SHORTEST_S * 1.5))
    passed_s: list[float] = []
    for word in words:
        passed_s.append((passed_s[-1] if passed_s else 0.0) + seconds([word.text], language))
    share_s = passed_s[-1] / parts
    cuts = [0]
    for part in range(1, parts):
        cut = _best_cut(words, passed_s, cuts[-1] + 1, part * share_s, share_s)
        if cut is not None:
            cuts.append(cut)
    ends = [*(words[cut].at for cut in cuts[1:]), len(sentence)]
    return [sentence[words[cut].at : end].strip() for cut, end in zip(cuts, ends, strict=True)]


def _best_cut(
    words: Sequence[Token], passed_s: Sequence[float], first: int, aim_s: float, share_s: float
) -> int | None:
    """Index of the word that begins the next part; None when no word is left to begin it."""
    best: tuple[float, int] | None = None
    for index in range(first, len(words)):
        before = words[index - 1].text
        distance = abs(passed_s[index - 1] - aim_s) / share_s
        if best is not None and passed_s[index - 1] > aim_s and distance - CLAUSE_BONUS >= best[0]:
            break  # from here on it only grows
        if ends_clause(before) or ends_sentence(before):
            distance -= CLAUSE_BONUS
        if best is None or distance < best[0]:
            best = (distance, index)
    return None if best is None else best[1]
