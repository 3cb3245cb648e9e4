"""The voices of an account there: asked for once in a while, page by page."""

import asyncio
import time
from dataclasses import dataclass

from elevenlabs.types.voice import Voice

from providers.elevenlabs.client import Connection
from providers.elevenlabs.errors import RightMissing
from providers.elevenlabs.models import code_of
from providers.protocols.offer import Gender, VoiceOffer

FIRST_VOICE = "JBFqnCBsd6RMkjVDRZzb"  # "George", one of those that every account has
_FRESH_S = 600.0
_PAGE = 100
_MOST_PAGES = 20
_GENDERS: dict[str, Gender] = {"female": "female", "male": "male"}


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """A voice, and the languages that were tried with it, the one of its speaker first."""

    offer: VoiceOffer
    languages: tuple[str, ...]


class VoiceList:
    """Keeps the list for ten minutes.

    Args:
        connection: with the key.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: tuple[KnownVoice, ...] = ()
        self._until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def all(self) -> tuple[KnownVoice, ...]:
        """Every voice. Raises ProviderUnavailable and KeyRefused."""
        async with self._one_at_a_time:
            if time.monotonic() >= self._until:
                self._known = await self._asked()
                self._until = time.monotonic() + _FRESH_S
        return self._known

    async def first_of(self, language: str) -> str:
        """The id of the voice that suits a language best: its speaker's own, else one tried with it.

        A key that may not list voices has the one that every account has.
        """
        code = code_of(language)
        try:
            voices = await self.all()
        except RightMissing:
            return FIRST_VOICE
        own = [voice for voice in voices if voice.languages[:1] == (code,)]
        tried = [voice for voice in voices if code in voice.languages]
        return next((voice.offer.id for voice in [*own, *tried, *voices]), FIRST_VOICE)

    async def _asked(self) -> tuple[KnownVoice, ...]:
        found: dict[str, KnownVoice] = {}
        token: str | None = None
        for _ in range(_MOST_PAGES):
            async with self._connection.call() as client:
                page = await client.voices.search(
                    page_size=_PAGE,
                    next_page_token=token,
                    sort="name",
                    sort_direction="asc",
                    include_total_count=False,
                    request_options=self._connection.once,
                )
                found |= {voice.voice_id: _known(voice) for voice in page.voices}
                token = page.next_page_token if page.has_more else None
            if token is None:
                break
        return tuple(found.values())


def _known(voice: Voice) -> KnownVoice:
    labels = voice.labels or {}
    own = [code_of(labels["language"])] if labels.get("language") else []
    tried = [code_of(each.language) for each in voice.verified_languages or ()]
    languages = tuple(dict.fromkeys([*own, *tried]))
    previews = [each.preview_url for each in voice.verified_languages or () if each.preview_url]
    return KnownVoice(
        VoiceOffer(
            id=voice.voice_id,
            name=voice.name or voice.voice_id,
            language=languages[0] if len(languages) == 1 else "",
            gender=_GENDERS.get(labels.get("gender", ""), "neutral"),
            preview_url=next(iter([voice.preview_url or "", *previews]), None) or None,
        ),
        languages,
    )
