"""The models that speak, and their languages, as ElevenLabs publishes them."""

from collections.abc import Mapping

_MULTILINGUAL = (
    "en", "ja", "zh", "de", "hi", "fr", "ko", "pt", "it", "es", "id", "nl", "tr", "fil", "pl", "sv", "bg",
    "ro", "ar", "cs", "el", "fi", "hr", "ms", "sk", "da", "ta", "uk", "ru",
)  # fmt: skip
_QUICK = (*_MULTILINGUAL, "hu", "no", "vi")

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "eleven_multilingual_v2": _MULTILINGUAL,
    "eleven_turbo_v2_5": _QUICK,
    "eleven_flash_v2_5": _QUICK,
}
TOLD_THE_LANGUAGE = frozenset({"eleven_turbo_v2_5", "eleven_flash_v2_5"})  # the others find it out
_SAME = {"nb": "no", "nn": "no", "tl": "fil", "iw": "he", "in": "id", "yue": "zh", "cmn": "zh"}


def languages_of(model: str) -> tuple[str, ...]:
    """What a model speaks; empty where that is not known."""
    return LANGUAGES.get(model, ())


def code_of(language: str) -> str:
    """A BCP-47 tag as ElevenLabs calls the language: its first part, two letters where there are two."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return _SAME.get(primary, primary)
