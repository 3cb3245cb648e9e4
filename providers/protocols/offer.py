"""What a provider says about itself, and what each of its answers says about its making.

Requests and results of all protocols are frozen values. A request is complete (an answer depends on nothing
else), a result carries its own usage, and no provider sees an id of ours, a database or a path. Durations are
seconds, sizes are pixels, money is in millionths of the currency's major unit ("micros"), so that sums of
small calls stay exact. Every method raises the errors of `providers.errors` alone, never blocks the event
loop, and stops its work when it is cancelled.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from providers.prices import Price


class Capability(StrEnum):
    """A kind of work that a provider may offer."""

    SCRIPT = "script"
    REWRITE = "rewrite"
    ANALYSIS = "analysis"
    CHARACTER = "character"
    PROMPT = "prompt"
    METADATA = "metadata"
    MUSIC_WORDS = "music_words"
    TRANSLATION = "translation"
    CHAT = "chat"
    PLAN = "plan"
    IMAGE = "image"
    IMAGE_EDIT = "image_edit"
    SPEECH = "speech"
    TRANSCRIPTION = "transcription"
    SOUND_EFFECT = "sound_effect"
    MUSIC = "music"
    CLIP = "clip"
    LIP_SYNC = "lip_sync"


Gender = Literal["female", "male", "neutral"]
WhoseKey = Literal["USER", "COMPANY", "INSTALLATION"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one call took.

    Args:
        provider: its name.
        model: that answered.
        duration_ms: from the question to the whole answer.
        cost_micros: its price; 0 for what is free.
        is_priced: False where the provider charges and no price is set: then `cost_micros` means nothing.
        input_tokens, output_tokens, characters, images, seconds: what was counted, 0 for what was not.
        provider_id: the provider's own id of the request or prediction.
    """

    provider: str
    model: str
    duration_ms: int
    cost_micros: int = 0
    currency: str = "USD"
    is_priced: bool = True
    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    images: int = 0
    seconds: float = 0.0
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class VoiceOffer:
    """A voice: `id` is what a `SpeechRequest` names, `language` a BCP-47 tag, empty where it speaks all.

    `preview_url` is a public recording of it at the provider's, None where there is none.
    """

    id: str
    name: str
    language: str
    gender: Gender
    preview_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What is known of one model that makes pictures, sound or moving pictures.

    `takes_seeds`: the same seed and the same words make the same again. `takes_negative_prompts`: in an input
    of their own; else what must not appear is said in words. `takes_first_image`: it makes clips that begin
    with a picture. `lengths_s` are the only lengths that it makes, `shortest_s` and `longest_s` bound any;
    `aspect_ratios` are the only ones, as `9:16`. Empty and None: anything goes, or nobody knows.
    """

    model: str
    takes_seeds: bool = False
    takes_negative_prompts: bool = False
    takes_references: bool = False
    takes_first_image: bool = False
    lengths_s: tuple[float, ...] = ()
    shortest_s: float | None = None
    longest_s: float | None = None
    aspect_ratios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What one provider can do of one capability, here and now.

    `models` begins with the default; `models_are_all` where it takes no other. `languages` are BCP-47 tags
    that it handles well; empty means that language does not matter to it; `languages_are_all` where its
    default model takes no other. `reason_unavailable` says what is missing and which setting or key provides
    it; it is None when `available`. `is_free` is True where a call costs nothing; `prices` are the known ones
    by model, `*` for any other. `whose_key` says who pays. `knows_facts` is False for a writer that only
    structures words and knows nothing about the world.
    `max_text_characters` and `max_topic_characters` bound what a writer takes of a brief, white space at the
    ends apart; None for no bound beyond the brief's own. `takes_references` says that pictures or
    clips may be made after reference pictures, `takes_masks` that an
    editor of pictures keeps to a mask, `times_words` that a speaker says when each word is heard.
    `facts` are those of its models, as far as they are known, for what is drawn, composed or animated.
    `is_default` is set in a list for somebody: who does it unless another is named.
    """

    capability: Capability
    provider: str
    models: tuple[str, ...]
    voices: tuple[VoiceOffer, ...] = ()
    languages: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    available: bool = True
    reason_unavailable: str | None = None
    is_free: bool = False
    whose_key: WhoseKey = "INSTALLATION"
    prices: tuple[tuple[str, Price], ...] = ()
    knows_facts: bool = True
    max_text_characters: int | None = None
    max_topic_characters: int | None = None
    takes_references: bool = False
    takes_masks: bool = False
    times_words: bool = False
    models_are_all: bool = False
    languages_are_all: bool = False
    facts: tuple[ModelFacts, ...] = ()
    is_default: bool = False


class Provides(Protocol):
    """What every implementation says about itself."""

    @property
    def offer(self) -> Offer:
        """What it can do here; constant for the life of the object."""
        ...
