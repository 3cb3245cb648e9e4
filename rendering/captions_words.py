"""Spoken words as captions show them: cut where lines may break, each with its own time."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, pairwise
from typing import Final

import budoux

from rendering.captions_sentences import is_short_form, sentence_starts
from rendering.fonts_text import clusters, is_cjk, plain_text, script_of
from rendering.timeline import Word

_UNSPACED: Final = frozenset({"Thai", "Laoo", "Khmr", "Mymr"})
_ENDERS: Final = ".!?…。！？．｡؟۔।॥"  # noqa: RUF001 - full-width signs are meant
_CLOSERS: Final = "\"'”’»›)]}）］｝」』】〉》"  # noqa: RUF001 - likewise
_OPENERS: Final = "\"'“‘„«‹([{（［｛「『【〈《¿¡"  # noqa: RUF001 - likewise
_CLINGING: Final = _ENDERS + _CLOSERS.replace('"', "").replace("'", "") + ",;:%、，；：・،؛ー々"  # noqa: RUF001 - likewise
_FRENCH_SPACED: Final = "!?;:»"
_NARROW_SPACE: Final = "\u202f"
_PAUSES: Final = ",;:—–、，；：،؛"  # noqa: RUF001 - likewise


@dataclass(frozen=True, slots=True)
class CaptionWord:
    """The smallest part of a caption: times in seconds on the timeline.

    Args:
        joined: it has no space before it, as in Japanese.
        ends_sentence: a sentence ends with it.
        clings: it belongs to the word after it, as `Dr.` and `Nr.` do.
    """

    text: str
    start_s: float
    end_s: float
    joined: bool = False
    ends_sentence: bool = False
    clings: bool = False


def caption_words(utterance: Iterable[Word | CaptionWord], language: str) -> tuple[CaptionWord, ...]:
    """Cut an utterance into words in the order of speech, with times that never run backwards.

    Languages written without spaces are cut into phrases; a part of a spoken word gets its share of the
    word's time. Signs that may not begin a line stay with the word before them.
    """
    pieces: list[CaptionWord] = []
    for unspaced, group in groupby(_tokens(utterance), key=lambda token: _is_unspaced(token.text)):
        tokens = tuple(group)
        pieces.extend(_phrases(tokens, language) if unspaced else tokens)
    glued: list[CaptionWord] = []
    for piece in pieces:
        if glued and all(sign in _CLINGING for sign in piece.text):
            glued[-1] = _glue(glued[-1], piece, language)
        else:
            glued.append(piece)
    return tuple(_with_sentences(tuple(_with_joins(_in_order(glued))), language))


def shown(word: CaptionWord, language: str) -> CaptionWord:
    """Return the word in capitals, as its language writes them."""
    main = language.lower().split("-")[0]
    text = word.text
    if main in {"tr", "az"}:
        text = text.replace("i", "İ")
    text = text.upper()
    if main == "el":  # Greek capitals carry no accent
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).replace("\u0301", ""))
    return replace(word, text=text)


def split_evenly(word: CaptionWord, parts: int) -> Iterator[CaptionWord]:
    """Cut one word into so many joined parts, each with its share of the time."""
    signs = list(clusters(word.text))
    edges = [len(signs) * part // parts for part in range(parts + 1)]
    share = (word.end_s - word.start_s) / len(signs)
    for first, last in pairwise(edges):
        if first < last:
            yield CaptionWord(
                "".join(signs[first:last]),
                word.start_s + share * first,
                word.start_s + share * last,
                joined=word.joined if first == 0 else True,
                ends_sentence=word.ends_sentence and last == len(signs),
                clings=word.clings and last == len(signs),
            )


def ends_clause(word: CaptionWord) -> bool:
    """Whether a speaker would draw breath after the word."""
    core = word.text.rstrip(_CLOSERS)
    return bool(core) and core[-1] in _PAUSES


def joined_text(words: Iterable[CaptionWord]) -> str:
    """Return the words as running text."""
    return "".join(word.text if word.joined else f" {word.text}" for word in words).strip()


def _with_sentences(words: Sequence[CaptionWord], language: str) -> Iterator[CaptionWord]:
    """Say of each word whether a sentence ends with it; a stop before a small letter ends none."""
    starts = sentence_starts(joined_text(words), language)
    at = 0
    for word, following in zip(words, [*words[1:], None], strict=False):
        at += len(word.text) + (0 if following is None or following.joined else 1)  # where that begins
        core = word.text.rstrip(_CLOSERS)
        if following is None or not core.endswith("."):
            yield replace(word, ends_sentence=bool(core) and core[-1] in _ENDERS)
            continue
        is_small = following.text.lstrip(_OPENERS)[:1].islower()
        is_short = is_short_form(core.lstrip(_OPENERS), language)
        ends = at in starts and not is_small and not is_short
        yield replace(word, ends_sentence=ends, clings=not ends and not is_small)


def _tokens(utterance: Iterable[Word | CaptionWord]) -> Iterator[CaptionWord]:
    for word in utterance:
        text = plain_text(word.text)
        if not text:
            continue
        share = (word.end_s - word.start_s) / len(text)
        at = 0
        for token in text.split(" "):
            start_s = word.start_s + share * at
            yield CaptionWord(token, start_s, start_s + share * len(token))
            at += len(token) + 1


def _is_unspaced(text: str) -> bool:
    return any(
        (is_cjk(cluster) and script_of(cluster) != "Hang") or script_of(cluster) in _UNSPACED
        for cluster in clusters(text)
    )


def _phrases(tokens: Sequence[CaptionWord], language: str) -> Iterator[CaptionWord]:
    """Cut tokens that touch one another into phrases."""
    signs: list[tuple[str, float, float]] = []
    for token in tokens:
        parts = list(clusters(token.text))
        share = (token.end_s - token.start_s) / len(parts)
        for place, part in enumerate(parts):
            signs.append((part, token.start_s + share * place, token.start_s + share * (place + 1)))
    text = "".join(sign for sign, _, _ in signs)
    edges = set()
    at = 0
    for phrase in _parser(_phrase_language(text, language)).parse(text):
        at += len(phrase)
        edges.add(at)
    at = 0
    current: list[tuple[str, float, float]] = []
    for sign in signs:
        at += len(sign[0])
        current.append(sign)
        if at in edges:
            yield CaptionWord("".join(one[0] for one in current), current[0][1], current[-1][2])
            current = []
    if current:
        yield CaptionWord("".join(one[0] for one in current), current[0][1], current[-1][2])


def _phrase_language(text: str, language: str) -> str:
    main, *rest = language.lower().split("-")
    scripts = {script_of(cluster) for cluster in clusters(text)}
    if scripts & _UNSPACED:
        return "th"
    if main == "ja" or scripts & {"Hira", "Kana"}:
        return "ja"
    return "zh-hant" if main == "yue" or {"tw", "hk", "mo", "hant"} & set(rest) else "zh-hans"


@cache  # the models are data that never changes
def _parser(language: str) -> budoux.Parser:
    if language == "th":
        return budoux.load_default_thai_parser()
    if language == "ja":
        return budoux.load_default_japanese_parser()
    if language == "zh-hant":
        return budoux.load_default_traditional_chinese_parser()
    return budoux.load_default_simplified_chinese_parser()


def _glue(word: CaptionWord, sign: CaptionWord, language: str) -> CaptionWord:
    french = language.lower().startswith("fr") and sign.text[0] in _FRENCH_SPACED
    text = f"{word.text}{_NARROW_SPACE if french else ''}{sign.text}"
    return replace(word, text=text, end_s=max(word.end_s, sign.end_s))


def _in_order(words: Iterable[CaptionWord]) -> Iterator[CaptionWord]:
    latest_s = 0.0
    for word in words:
        start_s = max(word.start_s, latest_s)
        latest_s = start_s
        yield replace(word, start_s=start_s, end_s=max(word.end_s, start_s))


def _with_joins(words: Iterable[CaptionWord]) -> Iterator[CaptionWord]:
    before: CaptionWord | None = None
    for word in words:
        touches = before is not None and (_is_unspaced(before.text[-1]) or _is_unspaced(word.text[0]))
        yield replace(word, joined=touches)
        before = word
