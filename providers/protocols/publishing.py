"""Words that go with a video to the platforms."""

from dataclasses import dataclass
from typing import Protocol

from providers.protocols.offer import Provides, Usage
from providers.protocols.persona import Persona


@dataclass(frozen=True, slots=True)
class MetadataRequest:
    """A video to find words for: its title and the whole narration."""

    title: str
    narration: str
    language: str
    audience: str | None = None
    tone: str | None = None
    persona: Persona | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """Hashtags come without `#`.

    `title` has at most 100 characters and `description` at most 5,000 (YouTube's limits); `tiktok_text` and
    `instagram_text` at most 2,200 with their hashtags; each list at most 30. `youtube_tags` are what people
    search for, 500 characters together.
    """

    title: str
    description: str
    shorts_hashtags: tuple[str, ...]
    youtube_tags: tuple[str, ...]
    tiktok_text: str
    tiktok_hashtags: tuple[str, ...]
    instagram_text: str
    instagram_hashtags: tuple[str, ...]
    usage: Usage


class MetadataWriter(Provides, Protocol):
    """Writes title, description and hashtags for each platform."""

    async def describe(self, request: MetadataRequest) -> Metadata:
        """Find the words."""
        ...
