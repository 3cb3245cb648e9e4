"""Which languages there are, by their codes."""

from typing import Final

_TWO_LETTERS: Final = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz "
    "ia id ie ig ii ik in io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or "
    "os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta "
    "te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
"""ISO 639-1, with the older codes that RFC 5646 still takes."""

_KNOWN: Final = frozenset(_TWO_LETTERS.split())


def is_language(tag: str) -> bool:
    """Whether somebody speaks what a BCP-47 tag names; codes of three letters, thousands, are believed."""
    primary = tag.partition("-")[0]
    return primary in _KNOWN or len(primary) != 2  # noqa: PLR2004 - letters


def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language, whatever its regions and writings."""
    return one.partition("-")[0] == other.partition("-")[0]
