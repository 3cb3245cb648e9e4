"""How many words are spoken in so many seconds, by language."""

from providers.local.tokens import phrase_parser, tokens

# Words a minute in narration at an unhurried pace; a language that is not here is close to the mean.
WORDS_PER_MINUTE = {
    "ar": 125,
    "cs": 130,
    "de": 130,
    "en": 150,
    "es": 155,
    "fi": 105,
    "fr": 155,
    "hi": 145,
    "hu": 120,
    "it": 150,
    "ko": 105,
    "nl": 145,
    "pl": 125,
    "pt": 150,
    "ru": 120,
    "sv": 145,
    "tr": 115,
    "uk": 120,
    "vi": 170,
}
DEFAULT_WORDS_PER_MINUTE = 140
# Where words are not set apart by spaces, characters are counted.
CHARACTERS_PER_MINUTE = {"ja": 330, "zh": 260, "yue": 260, "th": 600}
DEFAULT_CHARACTERS_PER_MINUTE = 300


def counted_in(language: str) -> str:
    """What the length of a text in this language is counted in: `words` or `characters`."""
    return "characters" if phrase_parser(language) else "words"


def count_for(duration_s: float, language: str) -> int:
    """How many words, or characters, fill that time; at least 1."""
    return max(1, round(duration_s * _per_minute(language) / 60))


def spoken_s(text: str, language: str) -> float:
    """How long the text takes to say, in seconds."""
    if phrase_parser(language):
        count = sum(character.isalnum() for character in text)
    else:
        count = sum(any(c.isalnum() for c in token.text) for token in tokens(text, language))
    return count * 60 / _per_minute(language)


def _per_minute(language: str) -> int:
    primary = language.replace("_", "-").lower().split("-")[0]
    if phrase_parser(language):
        return CHARACTERS_PER_MINUTE.get(primary, DEFAULT_CHARACTERS_PER_MINUTE)
    return WORDS_PER_MINUTE.get(primary, DEFAULT_WORDS_PER_MINUTE)
