"""Where sentences begin, and which full stops end none: those of titles, initials and short forms."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from sentencex import segment

# What never ends a sentence though sentencex takes it for an end, in some languages or beside some words.
_ANYWHERE: Final = "dr prof"
_SHORT_FORMS: Final[Mapping[str, str]] = {
    "de": "fr hr inkl nr",
    "el": "αγ",  # noqa: RUF001 - Greek
    "en": "approx capt col gen lt mr mrs ms rev sen sgt",
    "es": "aprox d dña dra sr sra srta",
    "fi": "os tri",
    "fr": "ing m mgr mlle mm mme pr st ste",
    "hr": "sv",
    "hu": "id ifj szt",
    "id": "hj ir",
    "it": "avv dott ing n sig",
    "nl": "d.w.z dhr mevr o.a",
    "pl": "hab inż ks mgr św",
    "pt": "aprox dra ex profa sr sra",
    "ro": "dl dna sf",
    "ru": "им св",
    "sv": "t.ex",
    "tr": "av sn",
    "vi": "gs pgs ths ts",
}


def sentence_starts(text: str, language: str) -> frozenset[int]:
    """Places in the text at which a sentence begins, by the language (a BCP-47 tag); 0 is one."""
    parts = segment(language.lower().split("-")[0], text)
    return frozenset({0, *accumulate(len(part) for part in parts)})


def is_short_form(word: str, language: str) -> bool:
    """Whether a word with a full stop is an initial, or written short in front of what it belongs to."""
    bare = word.removesuffix(".")
    if len(bare) == 1 and bare.isupper():
        return True
    known = f"{_ANYWHERE} {_SHORT_FORMS.get(language.lower().split('-')[0], '')}"
    return bare.lower() in known.split()
