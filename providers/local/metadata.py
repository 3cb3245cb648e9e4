"""Publishing texts without a network: the video's own words, shortened. Nothing is added to what it says."""

import time
from collections import Counter

from sentencex import segment

from providers.language.hashtags import hashtags
from providers.language.search_words import search_words
from providers.language.shortened import shortened
from providers.local.scripts.keywords import EDGES, MIN_LETTERS, STOP_WORDS
from providers.local.tokens import tokens
from providers.protocols.offer import Capability, Offer, Usage
from providers.protocols.publishing import Metadata, MetadataRequest

MODEL = "own-words"
TITLE_CHARACTERS = 100
DESCRIPTION_CHARACTERS = 300
TIKTOK_CHARACTERS = 150
MAX_SENTENCES = 3
MAX_HASHTAGS = 8
MAX_TAGS = 12
_FORBIDDEN = str.maketrans("<>", "  ")  # YouTube takes no angle brackets


class LocalMetadataWriter:
    """The script's title, its first sentences, and hashtags of the words that it says most."""

    offer = Offer(
        capability=Capability.METADATA,
        provider="local",
        models=(MODEL,),
        models_are_all=True,
        is_free=True,
        knows_facts=False,
    )

    async def describe(self, request: MetadataRequest) -> Metadata:
        """Take the words out of the script. One that says nothing gives its title alone."""
        began = time.perf_counter()
        narration = _on_one_line(request.narration)
        title = _on_one_line(request.title) or shortened(narration, TITLE_CHARACTERS)
        opening = _opening(narration, request.language)
        telling = _telling_words(f"{title} {narration}", request.language)
        tags = hashtags(telling)[:MAX_HASHTAGS]
        description = shortened(opening, DESCRIPTION_CHARACTERS) if opening else title
        return Metadata(
            title=shortened(title, TITLE_CHARACTERS),
            description=description,
            shorts_hashtags=hashtags(["Shorts", *tags]),
            youtube_tags=search_words(telling[:MAX_TAGS]),
            tiktok_text=shortened(title, TIKTOK_CHARACTERS),
            tiktok_hashtags=tags,
            instagram_text=description,
            instagram_hashtags=tags,
            usage=Usage(
                provider="local", model=MODEL, duration_ms=round((time.perf_counter() - began) * 1000)
            ),
        )


def _on_one_line(text: str) -> str:
    return " ".join(text.translate(_FORBIDDEN).split())


def _opening(narration: str, language: str) -> str:
    """The first sentences, as many whole ones as fit; at least one."""
    end = 0
    for sentence in list(segment(language.partition("-")[0].lower(), narration))[:MAX_SENTENCES]:
        next_end = narration.index(sentence.strip(), end) + len(sentence.strip())
        if end and next_end > DESCRIPTION_CHARACTERS:
            break
        end = next_end
    return narration[:end]


def _telling_words(text: str, language: str) -> list[str]:
    """Words that are no grammar, those that come often before the rest, long ones before short ones.

    Names and other words are written as they first stand; words that differ in case alone are one.
    """
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for token in tokens(text, language):
        word = EDGES.sub("", token.text)
        key = word.casefold()
        if key in STOP_WORDS or (word.isascii() and len(word) < MIN_LETTERS):
            continue
        first.setdefault(key, word)
        counts[key] += 1
    order = list(first)
    ranked = sorted(order, key=lambda key: (-counts[key], -min(len(key), 12), order.index(key)))
    return [first[key] for key in ranked]
