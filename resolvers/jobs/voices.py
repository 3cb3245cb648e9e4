"""Voices of a speaker as its provider lists them now, page by page: some have thousands."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from documents.projects.project import Project
from providers.errors import CapabilityUnsupported, ProviderUnavailable
from providers.protocols.offer import VoiceOffer
from resolvers.context import Context
from resolvers.errors import BadUserInput, Unavailable
from resolvers.jobs.providers import registry_for
from resolvers.projects.project_list import PAGE_SIZE, Paging

_LONGEST_SEARCH: Final = 200
_LONGEST_CURSOR: Final = 2_000
_Spot = tuple[str, str]


@dataclass(frozen=True, slots=True)
class VoiceFilter:
    """Which voices a list holds; None means no matter which.

    Args:
        language: speaks this language: a tag, such as `pt` or `pt-BR`. Voices that speak all are among them.
        search: all these words are in the voice's name, letter case aside.
    """

    language: str | None = None
    search: str | None = None

    def admits(self, voice: VoiceOffer) -> bool:
        """Whether the voice is in the list."""
        if self.language and voice.language and not _is_within(voice.language, self.language):
            return False
        name = voice.name.casefold()
        return all(word in name for word in (self.search or "").casefold().split())


@dataclass(frozen=True, slots=True)
class VoicePage:
    """Voices by name."""

    voices: Sequence[VoiceOffer]
    total: int
    has_next: bool
    has_previous: bool


async def page(
    context: Context, *, provider: str | None, project: Project | None, wanted: VoiceFilter, paging: Paging
) -> VoicePage:
    """A page of a speaker's voices.

    Args:
        context: the operation's.
        provider: whose voices; None for who speaks by default.
        project: in which they are to speak, for its company's keys.
        wanted: which.
        paging: the part.

    Raises:
        BadUserInput: nobody of that name speaks here, or sizes, cursors or the search make no sense.
        Unavailable: the provider does not answer, or does not take the key.
    """
    paging.check()
    if wanted.search is not None and len(wanted.search) > _LONGEST_SEARCH:
        raise BadUserInput("search", f"At most {_LONGEST_SEARCH} characters.")
    after, before = _read(paging.after, "after"), _read(paging.before, "before")
    try:
        known = await (await registry_for(context, project)).speaker(provider).voices()
    except CapabilityUnsupported as error:
        raise BadUserInput("provider", str(error)) from error
    except ProviderUnavailable as error:
        raise Unavailable(str(error)) from error
    found = sorted((voice for voice in known if wanted.admits(voice)), key=_spot)
    behind = [voice for voice in found if after is None or _spot(voice) > after]
    between = [voice for voice in behind if before is None or _spot(voice) < before]
    size = paging.last if paging.first is None else paging.first
    size = PAGE_SIZE if size is None else size
    from_end = paging.last is not None
    shown = between[max(0, len(between) - size) :] if from_end else between[:size]
    more = len(between) > len(shown)
    return VoicePage(
        shown,
        total=len(found),
        has_next=len(between) < len(behind) if from_end else more or len(between) < len(behind),
        has_previous=more or len(behind) < len(found) if from_end else len(behind) < len(found),
    )


def cursor(voice: VoiceOffer) -> str:
    """Where a voice stands in the list, for `after` and `before`."""
    return base64.urlsafe_b64encode(orjson.dumps(_spot(voice))).rstrip(b"=").decode()


def _is_within(spoken: str, asked: str) -> bool:
    """Whether one tag is the other or widens it: `pt` and `pt-BR` are one language, `pt-PT` another."""
    given, wanted = spoken.casefold().split("-"), asked.casefold().split("-")
    return all(one == other for one, other in zip(given, wanted, strict=False))


def _spot(voice: VoiceOffer) -> _Spot:
    return voice.name.casefold(), voice.id


def _read(text: str | None, at: str) -> _Spot | None:
    if text is None:
        return None
    malformed = BadUserInput(at, "This is no cursor of this list. Send one as the API returned it.")
    if len(text) > _LONGEST_CURSOR:
        raise malformed
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        name, voice_id = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError) as error:
        raise malformed from error
    if not (isinstance(name, str) and isinstance(voice_id, str)):
        raise malformed
    return name, voice_id
