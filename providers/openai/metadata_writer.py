"""The words that go with a video to the platforms, within their limits."""

from collections.abc import Sequence
from typing import ClassVar

from providers.language.hashtags import hashtags
from providers.language.prompts.metadata import MetadataDraft, metadata_prompt
from providers.language.search_words import search_words
from providers.language.shortened import shortened
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import is_said, one_line
from providers.protocols.offer import Capability
from providers.protocols.publishing import Metadata, MetadataRequest

TITLE_CHARACTERS = 100  # YouTube's, as the next one
DESCRIPTION_CHARACTERS = 5_000
CAPTION_CHARACTERS = 2_200  # TikTok's and Instagram's, hashtags included
_FORBIDDEN = str.maketrans("", "", "<>")  # YouTube takes no angle brackets


class OpenAiMetadataWriter(Maker):
    """Writes title, description and hashtags for each platform."""

    capability: ClassVar[Capability] = Capability.METADATA

    async def describe(self, request: MetadataRequest) -> Metadata:
        """Find the words."""
        model = request.model or self._model
        meter = self._connection.meter(model)
        draft = await ask(
            self._connection,
            meter,
            metadata_prompt(request),
            MetadataDraft,
            wish=Wish(model, request.persona),
            check=_complaint,
        )
        on_tiktok, on_instagram = hashtags(draft.tiktok_hashtags), hashtags(draft.instagram_hashtags)
        return Metadata(
            title=shortened(one_line(draft.title.translate(_FORBIDDEN)), TITLE_CHARACTERS),
            description=shortened(draft.description.translate(_FORBIDDEN).strip(), DESCRIPTION_CHARACTERS),
            shorts_hashtags=hashtags(draft.shorts_hashtags),
            youtube_tags=search_words(draft.youtube_tags),
            tiktok_text=shortened(one_line(draft.tiktok_text), _room_beside(on_tiktok)),
            tiktok_hashtags=on_tiktok,
            instagram_text=shortened(draft.instagram_text.strip(), _room_beside(on_instagram)),
            instagram_hashtags=on_instagram,
            usage=meter.usage(),
        )


def _room_beside(tags: Sequence[str]) -> int:
    return CAPTION_CHARACTERS - sum(len(tag) + 2 for tag in tags)  # a space and # for each


def _complaint(draft: MetadataDraft) -> Complaint:
    for name in ("title", "description", "tiktok_text", "instagram_text"):
        if not is_said(getattr(draft, name)):
            return Complaint(f"{name} is empty.")
    return NO_COMPLAINT
