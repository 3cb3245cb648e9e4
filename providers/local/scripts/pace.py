"""How long a text takes to read aloud, estimated without speaking it."""

from collections.abc import Iterable

# Letters per second of the local voices, measured on the topic templates with pauses set apart; a language
# that is not here is close to the mean. Silent ones follow reading speed.
LETTERS_PER_S = {
    "en": 16.6,
    "de": 15.8,
    "es": 16.2,
    "pt": 15.2,
    "fr": 18.0,
    "it": 16.5,
    "ja": 7.0,
    "zh": 4.2,
    "yue": 4.2,
    "ko": 6.5,
    "th": 12.0,
    "hi": 11.0,
    "ar": 10.0,
}
DEFAULT_LETTERS_PER_S = 15.0
DIGIT_LETTERS = 4  # "7" is read as a word
SENTENCE_PAUSE_S = 0.45
CLAUSE_PAUSE_S = 0.28
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", "۔")  # noqa: RUF001  they are meant
CLAUSE_ENDS = (",", ";", ":", "—", "–", "、", "，", "；", "：", "،", "؛")  # noqa: RUF001  they are meant
CLOSERS = "\"'»”’)]}」』）"  # noqa: RUF001  they are meant


def ends_sentence(word: str) -> bool:
    """Whether a written word closes a sentence, quotes and brackets after its full stop included."""
    return word.rstrip(CLOSERS).endswith(SENTENCE_ENDS)


def ends_clause(word: str) -> bool:
    """Whether a written word closes a clause, so that a cut behind it is not heard as one."""
    return word.rstrip(CLOSERS).endswith(CLAUSE_ENDS)


def seconds(words: Iterable[str], language: str) -> float:
    """Spoken length of written words, at the language's natural pace; no pause after the last one."""
    primary = language.replace("_", "-").lower().split("-")[0]
    letters = 0
    pauses_s = pause_s = 0.0
    for word in words:
        letters += 1 + sum(DIGIT_LETTERS if c.isdigit() else 1 for c in word if c.isalnum())
        pauses_s += pause_s
        pause_s = SENTENCE_PAUSE_S if ends_sentence(word) else CLAUSE_PAUSE_S if ends_clause(word) else 0.0
    return letters / LETTERS_PER_S.get(primary, DEFAULT_LETTERS_PER_S) + pauses_s
