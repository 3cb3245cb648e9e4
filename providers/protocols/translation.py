"""A project's words in another language."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """Texts that belong together, in their order; languages are BCP-47 tags.

    `terms` are words and names that stay as they are.
    """

    texts: tuple[str, ...]
    from_language: str
    to_language: str
    culture: str | None = None
    terms: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts in their order, one for each that was given; empty ones stay empty."""

    texts: tuple[str, ...]
    usage: Usage


class Translator(Provides, Protocol):
    """Translates texts for speaking aloud."""

    async def translate(self, request: TranslationRequest) -> Translation:
        """Translate all texts, each by itself but in the light of the others."""
        ...
