"""Which languages and voices the local speaker has, and how fast each language is read."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from providers.errors import InvalidRequest
from providers.protocols.offer import VoiceOffer

TABLE = Path(__file__).with_name("voices.toml")


@dataclass(frozen=True, slots=True)
class LocalVoice:
    """A voice as espeak-ng names it, and its natural pace in words per minute."""

    id: str
    espeak_name: str
    words_per_minute: int


class VoiceTable:
    """The table of voices.toml, read once."""

    def __init__(self) -> None:
        table: dict[str, Any] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
        self._languages: dict[str, dict[str, Any]] = table["languages"]
        self._variants: list[dict[str, Any]] = table["variants"]
        self._silent: dict[str, float] = table["silent_characters_per_s"]

    def languages(self) -> tuple[str, ...]:
        """Tags of the languages that are spoken, lower case."""
        return tuple(self._languages)

    def offers(self) -> tuple[VoiceOffer, ...]:
        """Every voice of every language, the default of a language first."""
        return tuple(
            VoiceOffer(_voice_id(tag, variant["id"]), variant["name"], tag, variant["gender"])
            for tag in self._languages
            for variant in self._variants
        )

    def choose(self, language: str, voice: str | None) -> LocalVoice | None:
        """The voice to read `language` with; None where the language has none here.

        A voice of another language is taken as asked for: an accent may be wanted.

        Raises:
            InvalidRequest: no voice has that id.
        """
        if voice is None:
            tag = self.spoken_tag(language)
            return None if tag is None else self._voice(tag, "")
        tag, _, variant = voice.partition("+")
        if tag not in self._languages or all(known["id"] != variant for known in self._variants):
            raise InvalidRequest(
                "voice", f"The local speaker has no voice {voice!r}; choose an id that its offer lists."
            )
        return self._voice(tag, variant)

    def spoken_tag(self, language: str) -> str | None:
        """The nearest language of the table: `pt-AO` is read as `pt`. None where there is none."""
        subtags = language.replace("_", "-").lower().split("-")
        for end in range(len(subtags), 0, -1):
            if (tag := "-".join(subtags[:end])) in self._languages:
                return tag
        return None

    def silent_characters_per_s(self, language: str) -> float:
        """How many characters of `language` are read in a second, by eye."""
        primary = language.replace("_", "-").lower().split("-")[0]
        return self._silent.get(primary, self._silent["default"])

    def _voice(self, tag: str, variant: str) -> LocalVoice:
        entry = self._languages[tag]
        name = entry["espeak"] if variant == "" else f"{entry['espeak']}+{variant}"
        return LocalVoice(_voice_id(tag, variant), name, entry["wpm"])


def _voice_id(tag: str, variant: str) -> str:
    return tag if variant == "" else f"{tag}+{variant}"
