"""Text as a font sees it: what can be drawn at all, the clusters that belong together, and their scripts."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from fontTools import unicodedata as scripts

_ZERO_WIDTH_JOINER: Final = "\u200d"
_KEPT_FORMATS: Final = frozenset("\u200c\u200d")  # they shape Persian, Indic scripts and emoji
_EMOJI_PRESENTATION: Final = "\ufe0f"
_CJK_SCRIPTS: Final = frozenset({"Hani", "Hira", "Kana", "Hang", "Bopo"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_EXTENDERS: Final = (
    range(0x1F3FB, 0x1F400),  # skin tones
    range(0xE0020, 0xE0080),  # tags of regional flags
)
_CJK_SYMBOLS: Final = (
    range(0x3000, 0x3040),
    range(0x30FB, 0x30FD),
    range(0x3200, 0x3400),
    range(0xFE10, 0xFE20),
    range(0xFE30, 0xFE50),
    range(0xFF00, 0xFFF0),
)
_REGIONAL_INDICATORS: Final = range(0x1F1E6, 0x1F200)
_PICTOGRAPHS: Final = range(0x1F000, 0x20000)


def plain_text(text: str) -> str:
    """Compose the text (NFC), make each stretch of white space one space, drop what cannot be seen.

    Control characters, and format characters that would reorder or hide the text around them, are dropped.
    """
    seen = "".join(
        sign
        for sign in text
        if sign.isspace()
        or sign in _KEPT_FORMATS
        or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
        or _is_in(sign, _EXTENDERS)
    )
    # After dropping: what is dropped may have stood between a letter and its mark, or between two spaces.
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def clusters(text: str) -> Iterator[str]:
    """Cut the text into what must be drawn by one font: a sign with its marks, an emoji with its parts."""
    cluster = ""
    for sign in text:
        if cluster and _extends(cluster, sign):
            cluster += sign
        else:
            if cluster:
                yield cluster
            cluster = sign
    if cluster:
        yield cluster


def glyphs_needed(cluster: str) -> Iterator[str]:
    """Yield the characters for which a font must have glyphs; joiners and selectors have none."""
    return (
        sign
        for sign in cluster
        if not sign.isspace() and unicodedata.category(sign) != "Cf" and not 0xFE00 <= ord(sign) <= 0xFE0F  # noqa: PLR2004 - the variation selectors
    )


def script_of(cluster: str) -> str:
    """Return the ISO 15924 code of the cluster's script; `Zyyy` for signs that all scripts share."""
    return str(scripts.script(cluster[0]))


def script_name(cluster: str) -> str:
    """Return the English name of the cluster's script."""
    return str(scripts.script_name(script_of(cluster), default="Unknown"))


def is_cjk(cluster: str) -> bool:
    """Whether the cluster is Chinese, Japanese or Korean, punctuation and full-width forms included."""
    return script_of(cluster) in _CJK_SCRIPTS or _is_in(cluster[0], _CJK_SYMBOLS)


def is_emoji(cluster: str) -> bool:
    """Whether the cluster asks to be drawn as a pictograph."""
    return _EMOJI_PRESENTATION in cluster or ord(cluster[0]) in _PICTOGRAPHS


def is_punctuation(cluster: str) -> bool:
    """Whether the cluster is neither a letter nor a digit nor a pictograph."""
    return unicodedata.category(cluster[0])[0] in "PSZ" and not is_emoji(cluster)


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" after the first letter that has a direction, or "" if none has."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in _RIGHT_TO_LEFT:
            return "rtl"
        if kind == "L":
            return "ltr"
    return ""


def _extends(cluster: str, sign: str) -> bool:
    joined = cluster.endswith(_ZERO_WIDTH_JOINER) and is_emoji(sign)
    flag = len(cluster) == 1 and ord(cluster) in _REGIONAL_INDICATORS and ord(sign) in _REGIONAL_INDICATORS
    mark = unicodedata.category(sign) in {"Mn", "Mc", "Me"} or sign in _KEPT_FORMATS
    return joined or flag or mark or _is_in(sign, _EXTENDERS)


def _is_in(sign: str, ranges: tuple[range, ...]) -> bool:
    return any(ord(sign) in part for part in ranges)
